//! `unusable-name`: a name that DNS, Kubernetes, Helm or SOPS does not take.

use std::collections::BTreeSet;

use diagnostics::{Problem, declare_rule};
use domain::DnsLabel;
use model::{Placement, SecretRef};
use source::Place;

use crate::facts::{HostFact, ManifestFact, Role, UserFact, WorkloadFact};
use crate::lab::Lab;

declare_rule! { pub UNUSABLE_NAME, "unusable-name", error, since "0.1", "a name that DNS, Kubernetes, Helm or SOPS does not take", page "unusable_name.md" }

/// The longest name of a release: Helm keeps the rest for itself.
const RELEASE: usize = 53;
/// The longest name of a job on a schedule: each run's name is longer.
const SCHEDULED: usize = 52;
/// The longest name of a job that runs once: what it does is behind it, in nine characters.
const ONCE: usize = 54;
/// The longest name of a stage: the release of its namespaces is called after it.
const STAGE: usize = RELEASE - "namespaces-".len();
/// The longest name of a user that programs of Linux take.
const LOGIN: usize = 31;
/// The longest name otherwise.
const LABEL: usize = 63;

/// Looks for names of hosts and of what is deployed that are too long or have other characters than a DNS label.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let hosts = lab.hosts.iter().map(|host| unusable_name("host", &host.name, LABEL, &host.place));
    let namespaces =
        lab.namespaces.iter().map(|one| unusable_name("namespace", &one.name, LABEL, &one.place));
    let workloads = lab.workloads.iter().map(|work| of_workload(work));
    let releases = lab
        .releases
        .iter()
        .map(|release| unusable_name("release", &release.placement.name, RELEASE, &release.placement.place));
    let in_charts = lab.releases.iter().filter_map(|release| in_chart(&release.placement));
    let secrets = lab.values().map(|(secret, value)| of_secret(&secret, &value.place));
    let made = lab.secrets.iter().filter(|secret| secret.values.is_empty());
    let made = made.map(|secret| of_secret(&SecretRef::whole(secret.name.as_str()), &secret.place));
    let values = lab.manifests.iter().map(|manifest| of_values(manifest));
    let users = lab.users.iter().map(|user| of_user(user));
    let stages = lab.stages.iter().map(|stage| unusable_name("stage", &stage.name, STAGE, &stage.place));
    let manifests = lab.manifests.iter().map(|manifest| of_manifest(manifest));
    let components = of_components(lab);
    let disks = lab.hosts.iter().flat_map(|host| of_disks(host));
    let names = hosts.chain(namespaces).chain(workloads).chain(releases);
    let names = names.chain(users).chain(stages).chain(manifests);
    names
        .chain(secrets)
        .chain(made)
        .chain(values)
        .flatten()
        .chain(disks)
        .chain(in_charts)
        .chain(components)
        .collect()
}

/// Charts write the names of their release and its namespace without quotes, so these must be texts to YAML as they are.
fn in_chart(placement: &Placement) -> Option<Problem> {
    let Placement { name, namespace, place, .. } = placement;
    let names = [("release", name), ("namespace of a release", namespace)];
    let (what, name) = names.into_iter().find(|(_, name)| yaml::key(name) != **name)?;
    let message =
        format!("the {what} cannot be called '{name}': YAML takes that for something else than a text");
    let help = "charts write this name without quotes: give it another one, such as one with a letter more";
    DnsLabel::parse(name).is_ok().then(|| Problem::new(&UNUSABLE_NAME, place.clone(), message).help(help))
}

/// Names of secrets are keys of YAML files, names of files, and parts of what SOPS authenticates.
fn of_secret(secret: &SecretRef, place: &Place) -> Option<Problem> {
    let mut names = [Some(&secret.name), secret.key.as_ref()].into_iter().flatten();
    let (cause, help) = if names.clone().any(|name| name.ends_with("_unencrypted")) {
        let cause = "SOPS leaves alone what ends in '_unencrypted', so that its value would be in plain";
        (cause, "let the name end in something else")
    } else if names.clone().any(|name| name == "sops" || name.starts_with("hlc_")) {
        ("SOPS and hlc keep what they need themselves under such names", "give it another name")
    } else if !names.all(|name| is_plain(name)) || secret.name.contains('.') {
        ("files and options are called by it", "names of secrets are made of A–Z, a–z, 0–9, '-' and '_'")
    } else {
        return None;
    };
    let message = format!("a secret cannot be called '{secret}': {cause}");
    Some(Problem::new(&UNUSABLE_NAME, place.clone(), message).help(help))
}

/// Accounts are called as Linux takes it.
fn of_user(user: &UserFact) -> Option<Problem> {
    let name = &user.name;
    let allowed =
        |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || matches!(char, '-' | '_');
    let is_fine = name.chars().all(allowed)
        && name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
        && name.len() <= LOGIN;
    if is_fine {
        return None;
    }
    let message = format!("a user cannot be called '{name}'");
    let help = "logins have at most 31 of a–z, 0–9, '-' and '_', and begin with a letter; a person's own name is the 'description'";
    Some(Problem::new(&UNUSABLE_NAME, user.place.clone(), message).help(help))
}

/// Alone in its directory, a manifest is a release of Helm's.
fn of_manifest(manifest: &ManifestFact) -> Option<Problem> {
    let Placement { name, component, place, .. } = &manifest.placement;
    (*name == component.name).then(|| unusable_name("manifest", name, RELEASE, place)).flatten()
}

/// What is no chart in a component is a release of Helm's, called after the component: after what is in it, as a rule, whose
/// name is looked at then.
fn of_components(lab: &Lab<'_>) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    let placements = lab.placements().filter(|(word, _)| !matches!(*word, "release" | "helmfile"));
    let placements = placements.map(|(_, placement)| placement);
    let others = placements.filter(|one| one.name != one.component.name && seen.insert(&one.component));
    let place = |one: &Placement| one.held.clone().unwrap_or_else(|| one.place.clone());
    others.filter_map(|one| unusable_name("component", &one.component.name, RELEASE, &place(one))).collect()
}

/// The values of Secrets and `ConfigMaps` are called as Kubernetes takes it: <https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-object>.
fn of_values(manifest: &ManifestFact) -> Option<Problem> {
    let name = manifest.values.iter().find(|name| !is_key(name))?;
    let message = format!("a value of a {} cannot be called '{name}'", manifest.kind);
    let problem = Problem::new(&UNUSABLE_NAME, manifest.placement.place.clone(), message);
    Some(problem.help("the keys of values are made of at most 253 of A–Z, a–z, 0–9, '-', '_' and '.'"))
}

/// Disks are called as their partitions are, whose names are cut at so many bytes.
fn of_disks(host: &HostFact) -> impl Iterator<Item = Problem> {
    let strange = host.disks.iter().filter(|(name, _)| !is_plain(name) || name.contains('.'));
    strange.map(|(name, device)| {
        let message = format!("a disk of host '{}' cannot be called '{name}'", host.name);
        Problem::new(&UNUSABLE_NAME, device.place.clone(), message)
            .help("names of disks are made of A–Z, a–z, 0–9, '-' and '_'")
    })
}

/// Whether a Secret or a `ConfigMap` may have such a key.
fn is_key(name: &str) -> bool {
    is_plain(name) && name.len() <= 253 && !name.starts_with("..")
}

fn is_plain(name: &str) -> bool {
    let allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.');
    name.chars().all(allowed) && !matches!(name, "" | "." | "..")
}

fn of_workload(work: &WorkloadFact) -> Option<Problem> {
    let (name, place) = (&work.placement.name, &work.placement.place);
    // Alone in its directory, an app is a release of Helm's.
    let is_release = *name == work.placement.component.name;
    let longest = match work.role {
        Role::Scheduled => SCHEDULED,
        _ if is_release => RELEASE,
        Role::Job => ONCE,
        Role::App => LABEL,
    };
    let problem = unusable_name(work.role.word(), name, longest, place);
    let is_digit = work.beside.service && name.starts_with(|first: char| first.is_ascii_digit());
    problem.or_else(|| {
        is_digit.then(|| {
            let message =
                format!("the service of app '{name}' cannot be called '{name}': it must begin with a letter");
            Problem::new(&UNUSABLE_NAME, place.clone(), message).help("let the name begin with a letter")
        })
    })
}

/// The name cannot be used as it is.
fn unusable_name(what: &str, name: &str, longest: usize, place: &Place) -> Option<Problem> {
    let length = name.chars().count();
    if length > longest {
        let message =
            format!("the name of {what} '{name}' is too long: {length} characters, {longest} are possible");
        return Some(Problem::new(&UNUSABLE_NAME, place.clone(), message).help("give it a shorter name"));
    }
    if DnsLabel::parse(name).is_ok() {
        return None;
    }
    let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    let message = format!("{article} {what} cannot be called '{name}'");
    let problem = Problem::new(&UNUSABLE_NAME, place.clone(), message)
        .help("names are made of a–z, 0–9 and '-', and begin and end with a letter or digit");
    Some(problem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        IntoEntity as _, app, host, job, keyed, manifest, messages, namespace, plain_secret, port, release,
    };
    use model::Entity;

    fn found(entity: Entity) -> Vec<String> {
        messages(&UNUSABLE_NAME, &[entity])
    }

    #[test]
    fn names_are_labels() {
        assert_eq!(found(namespace("my_apps")), ["a namespace cannot be called 'my_apps'"]);
        assert_eq!(found(host("NAS", "192.168.1.10")), ["a host cannot be called 'NAS'"]);
        assert_eq!(found(app("My app", "media").into_entity()), ["an app cannot be called 'My app'"]);
        assert_eq!(found(app("n8n", "media").into_entity()), [""; 0]);
        let mut proxy = app("3proxy", "media");
        assert_eq!(found(proxy.clone().into_entity()), [""; 0]);
        proxy.ports.insert("web".into(), port(80, None));
        assert_eq!(
            found(proxy.into_entity()),
            ["the service of app '3proxy' cannot be called '3proxy': it must begin with a letter"]
        );
    }

    #[test]
    fn logins_stages_and_manifests_have_names_that_programs_take() {
        let of_user = |name: &str| found(crate::testing::user(name, &[], &[]));
        assert_eq!((of_user("ana"), of_user("_x-1")), (Vec::new(), Vec::new()));
        for name in ["Ana", "ana maria", "a\\b", "1st", "", &"a".repeat(32)] {
            assert_eq!(of_user(name), [format!("a user cannot be called '{name}'")]);
        }
        let of_stage = |name: &str| found(Entity::Stage(crate::testing::stage(1, name)));
        assert_eq!(of_stage("set-up"), [""; 0]);
        assert_eq!(of_stage("set_up"), ["a stage cannot be called 'set_up'"]);
        assert_eq!(of_stage(&"a".repeat(43)).len(), 1);
        let of_manifest = |name: &str| found(manifest(name, "media", "v1", "ConfigMap").into_entity());
        assert_eq!(of_manifest("config"), [""; 0]);
        for name in ["", "my_config", "a/b", &"a".repeat(54)] {
            assert_eq!(of_manifest(name).len(), 1, "{name}");
        }
    }

    #[test]
    fn secrets_are_called_so_that_they_are_encrypted() {
        let cause =
            |entity| found(entity).first().map(|message| message.split(": ").nth(1).unwrap().to_owned());
        assert_eq!(cause(keyed("db-password_2", &["tls.key"])), None);
        assert!(cause(plain_secret("token_unencrypted")).unwrap().starts_with("SOPS leaves alone"));
        assert!(cause(keyed("db", &["user", "a_unencrypted"])).unwrap().starts_with("SOPS leaves alone"));
        for name in ["sops", "hlc_delivery"] {
            assert!(cause(plain_secret(name)).unwrap().starts_with("SOPS and hlc keep"));
        }
        for name in ["a:b", "a/b", "schlüssel", "a.b"] {
            assert_eq!(cause(plain_secret(name)).unwrap(), "files and options are called by it");
        }
    }

    #[test]
    fn values_of_a_secret_are_called_as_kubernetes_takes_it() {
        let of = |key: &str| {
            let mut secret = manifest("login", "media", "v1", "Secret");
            secret.fields.insert("stringData".into(), crate::testing::text(&[key], "x"));
            found(secret.into_entity())
        };
        assert_eq!(of("tls.key"), [""; 0]);
        assert_eq!(of("my key"), ["a value of a Secret cannot be called 'my key'"]);
        let of = |field: &str, key: &str| {
            let mut map = manifest("web", "media", "v1", "ConfigMap");
            map.fields.insert(field.into(), crate::testing::text(&[key], "eA=="));
            found(map.into_entity()).len()
        };
        for (key, problems) in
            [("a.conf", 0), ("..", 1), ("..a", 1), (".a", 0), ("12:30", 1), ("ä", 1), (&"a".repeat(254), 1)]
        {
            assert_eq!(
                (of("data", key), of("binaryData", key), of("other", key)),
                (problems, problems, 0),
                "{key}"
            );
        }
    }

    #[test]
    fn disks_are_called_as_partitions_are() {
        let of = |name: &str| {
            let mut host = crate::testing::machine("a", "192.168.1.10");
            host.disks.insert(name.into(), crate::testing::disk("/dev/disk/by-id/a"));
            found(model::Entity::Host(Box::new(host)))
        };
        assert_eq!(of("data_2-a"), [""; 0]);
        for name in ["ä", "a b", "a.b", ""] {
            assert_eq!(of(name), [format!("a disk of host 'a' cannot be called '{name}'")]);
        }
    }

    #[test]
    fn charts_write_names_without_quotes() {
        for name in ["off", "y", "null", "123", "1e3", "0x1f"] {
            let message = format!(
                "the release cannot be called '{name}': YAML takes that for something else than a text"
            );
            assert_eq!(found(release(name, "media", "chart").into_entity()), [message]);
            assert_eq!(found(release("web", name, "chart").into_entity()).len(), 1, "{name}");
            assert_eq!(found(app(name, "media").into_entity()).len(), 0, "{name}");
        }
        for name in ["office", "n8n", "1-a", "a1e3"] {
            assert_eq!(found(release(name, "media", "chart").into_entity()), [""; 0]);
        }
    }

    #[test]
    fn names_are_short() {
        let name = "a".repeat(53);
        let mut daily = job(&name, "media");
        assert_eq!(found(daily.clone().into_entity()), [""; 0]);
        daily.schedule = Some(domain::Cron::parse("0 4 * * *").unwrap());
        assert_eq!(
            found(daily.into_entity()),
            [format!("the name of job '{name}' is too long: 53 characters, 52 are possible")]
        );
        assert_eq!(found(release(&name, "media", "chart").into_entity()), [""; 0]);
        assert_eq!(found(release(&format!("{name}a"), "media", "chart").into_entity()).len(), 1);
        assert_eq!(found(namespace(&"a".repeat(63))), [""; 0]);
        assert_eq!(found(namespace(&"a".repeat(64))).len(), 1);
    }
}
