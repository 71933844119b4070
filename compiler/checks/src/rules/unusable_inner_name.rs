//! `unusable-inner-name`: a name of a part of something deployed that Kubernetes does not take.

use diagnostics::{Problem, declare_rule};
use domain::DnsLabel;
use model::{App, Entity, Manifest, VolumeSource};
use source::Place;

use super::syntax::is_subdomain;
use crate::facts::{Pod, near};

declare_rule! { pub UNUSABLE_INNER_NAME, "unusable-inner-name", error, since "0.1", "a port, volume, ingress, variable, class or object with a name that Kubernetes does not take", page "unusable_inner_name.md" }

const LABEL_HELP: &str =
    "names have at most 63 of a–z, 0–9 and '-', and begin and end with a letter or digit";
const SUBDOMAIN_HELP: &str = "names are made of a–z, 0–9, '-' and '.', begin and end with a letter or digit, and have at most 253 characters";
const VARIABLE_HELP: &str =
    "names of variables are made of A–Z, a–z, 0–9, '_', '-' and '.', and begin with no digit";

/// Looks at the names inside of apps, jobs and manifests.
pub(crate) fn check(entity: &Entity) -> Vec<Problem> {
    let mut found = Vec::new();
    if let Some(of) = Pod::of(entity) {
        of_container(&of, &mut found);
    }
    match entity {
        Entity::App(app) => of_app(app, &mut found),
        Entity::Manifest(manifest) => found.extend(of_manifest(manifest)),
        _ => {}
    }
    found
}

fn of_container(of: &Pod<'_>, found: &mut Vec<Problem>) {
    let owner = &of.placement.place;
    for (name, volume) in &of.container.volumes {
        let place = near(&volume.place, owner);
        if !is_label(name) {
            found.push(unusable(&format!("a volume of {}", of.shown()), name, &place, LABEL_HELP));
        }
        if let VolumeSource::Claim { class: Some(class), .. } = &volume.source
            && !is_subdomain(class)
        {
            found.push(unusable("a storage class", class, &place, SUBDOMAIN_HELP));
        }
    }
    for (name, address) in &of.container.settings.host_names {
        if !is_subdomain(name) {
            let place = near(&address.place, owner);
            found.push(unusable("a host", name, &place, SUBDOMAIN_HELP));
        }
    }
    for side in &of.container.beside {
        let place = near(&side.place, owner);
        if !is_label(&side.name) {
            found.push(unusable(&format!("a container of {}", of.shown()), &side.name, &place, LABEL_HELP));
        }
        // In the pod, its volumes are called after it, too.
        for (name, volume) in &side.container.volumes {
            if !matches!(volume.source, VolumeSource::InPod(_)) && !is_label(&format!("{}-{name}", side.name))
            {
                let place = near(&volume.place, owner);
                found.push(unusable(&format!("a volume of {}", of.shown()), name, &place, LABEL_HELP));
            }
        }
    }
    for (name, value) in of.container.all().flat_map(|container| &container.env) {
        if !is_variable(name) {
            let place = near(&value.place, owner);
            found.push(unusable(&format!("a variable of {}", of.shown()), name, &place, VARIABLE_HELP));
        }
    }
}

fn of_app(app: &App, found: &mut Vec<Problem>) {
    let (name, owner) = (&app.placement.name, &app.placement.place);
    for (port, one) in &app.ports {
        if !is_label(port) {
            let place = near(&one.number.place, owner);
            found.push(unusable(&format!("a port of app '{name}'"), port, &place, LABEL_HELP));
        }
    }
    for (ingress, one) in &app.ingresses {
        let place = near(&one.host.place, owner);
        // An ingress alone is called like its app.
        if app.ingresses.len() > 1 && !is_subdomain(ingress) {
            found.push(unusable(&format!("an ingress of app '{name}'"), ingress, &place, SUBDOMAIN_HELP));
        }
        if let Some(class) = one.class.as_ref().filter(|class| !is_subdomain(class)) {
            found.push(unusable("an ingress class", class, &place, SUBDOMAIN_HELP));
        }
    }
}

/// Roles and the like are called as people like; most other kinds as DNS has it.
fn of_manifest(manifest: &Manifest) -> Option<Problem> {
    let name = manifest.object_name();
    let (kind, group) = (manifest.kind.value.as_str(), manifest.group());
    let is_fine = match (group, kind) {
        ("rbac.authorization.k8s.io", _) => !matches!(name, "" | "." | "..") && !name.contains(['/', '%']),
        ("", "Service") => is_label(name) && name.starts_with(|first: char| first.is_ascii_lowercase()),
        ("", "Namespace") => is_label(name),
        // Called by the address itself, which may be one of IPv6.
        ("networking.k8s.io", "IPAddress") => true,
        _ => is_subdomain(name),
    };
    let help = if kind == "Service" || kind == "Namespace" { LABEL_HELP } else { SUBDOMAIN_HELP };
    (!is_fine).then(|| unusable(&format!("a {kind}"), name, &manifest.placement.place, help))
}

fn is_label(name: &str) -> bool {
    DnsLabel::parse(name).is_ok()
}

fn is_variable(name: &str) -> bool {
    let allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.');
    !name.is_empty() && name.chars().all(allowed) && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// The thing cannot be called that.
fn unusable(what: &str, name: &str, place: &Place, help: &str) -> Problem {
    Problem::new(&UNUSABLE_INNER_NAME, place.clone(), format!("{what} cannot be called '{name}'")).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, claim, ingress, manifest, messages, port};
    use model::{Access, EnvValue};

    fn found(change: impl Fn(&mut App)) -> Vec<String> {
        let mut app = app("web", "media");
        change(&mut app);
        messages(&UNUSABLE_INNER_NAME, &[app.into_entity()])
    }

    #[test]
    fn ports_and_volumes_are_labels() {
        for name in ["a_b", "Http", "-a", "", &"a".repeat(64)] {
            assert_eq!(found(|app| app.ports.extend([(name.to_owned(), port(80, None))])).len(), 1, "{name}");
            let volume =
                |app: &mut App| drop(app.container.volumes.insert(name.to_owned(), claim(Access::OneHost)));
            assert_eq!(found(volume), [format!("a volume of app 'web' cannot be called '{name}'")]);
        }
        for name in ["http", "9100", "a--b", &"a".repeat(63)] {
            assert_eq!(found(|app| app.ports.extend([(name.to_owned(), port(80, None))])), [""; 0], "{name}");
        }
    }

    #[test]
    fn an_ingress_alone_is_called_like_its_app() {
        let with = |names: &'static [&'static str]| {
            found(|app| {
                for name in names {
                    app.ingresses.insert((*name).to_owned(), ingress("web.home.example.net", "/"));
                }
            })
        };
        assert_eq!(with(&["A b"]), [""; 0]);
        assert_eq!(with(&["A b", "c"]), ["an ingress of app 'web' cannot be called 'A b'"]);
    }

    #[test]
    fn variables_are_words() {
        let with = |name: &str| {
            found(|app| drop(app.container.env.insert(name.to_owned(), at(EnvValue::Plain(String::new())))))
        };
        for name in ["TZ", "_a", "log.level", "a-b"] {
            assert_eq!(with(name), [""; 0], "{name}");
        }
        for name in ["1A", "A=B", "my var", ""] {
            assert_eq!(with(name).len(), 1, "{name}");
        }
    }

    #[test]
    fn objects_are_called_by_their_kind() {
        let with = |api: &str, kind: &str, name: &str| {
            messages(&UNUSABLE_INNER_NAME, &[manifest(name, "media", api, kind).into_entity()])
        };
        assert_eq!(with("v1", "ConfigMap", "a.b-c"), [""; 0]);
        assert_eq!(with("v1", "ConfigMap", "a_b"), ["a ConfigMap cannot be called 'a_b'"]);
        assert_eq!(with("v1", "Service", "a.b").len(), 1);
        assert_eq!(with("rbac.authorization.k8s.io/v1", "ClusterRole", "system:A_b"), [""; 0]);
    }
}
