//! `no-host-fits`: an app or job that no host is made for.

use diagnostics::{Problem, declare_rule};
use model::Arch;
use source::Place;

use crate::facts::{HostFact, WhereTo, WorkloadFact};
use crate::lab::Lab;

declare_rule! { pub NO_HOST_FITS, "no-host-fits", error, since "0.1", "an app or job that no host is made for", page "no_host_fits.md" }

/// What labels of features are called that nothing but hosts can give.
const OWN: &str = "hlc/";

/// Looks for apps and jobs that ask for an architecture or features that no host has on which they can run.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let hosts = lab.pod_hosts();
    if hosts.is_empty() || !lab.is_whole {
        return Vec::new();
    }
    let asking = lab.workloads.iter().filter(|work| work.replicas > 0);
    asking.filter_map(|work| no_host_fits(work, &hosts)).collect()
}

fn no_host_fits(work: &WorkloadFact, hosts: &[&HostFact]) -> Option<Problem> {
    let pin = work.pin().map(|pin| pin.host);
    let open: Vec<&HostFact> =
        hosts.iter().filter(|host| pin.is_none_or(|pin| host.name == pin)).copied().collect();
    let asked = &work.where_to;
    if open.is_empty() || open.iter().any(|host| lacks(asked, host).is_none()) {
        return None;
    }
    let (what, place) = open.iter().find_map(|host| lacks(asked, host))?;
    let whom = match pin {
        Some(host) => format!("host '{host}'"),
        None => "no host".to_owned(),
    };
    let message = match (pin, what) {
        (Some(_), What::Arch(arch)) => format!("{} must run on {whom}, which is not '{arch}'", work.shown()),
        (Some(_), What::Label(label)) => {
            format!("{} must run on {whom}, which does not have what it asks for: '{label}'", work.shown())
        }
        (None, What::Arch(arch)) => {
            format!("no host has all that {} asks for, such as 'arch = {arch}'", work.shown())
        }
        (None, What::Label(label)) => {
            format!("no host has all that {} asks for, such as '{label}'", work.shown())
        }
    };
    let problem = Problem::new(&NO_HOST_FITS, place.clone(), message);
    Some(problem.help("say of a host what it has, in 'features' and 'arch', or ask for less"))
}

/// Something that a host does not have.
enum What<'a> {
    Arch(&'static str),
    Label(&'a str),
}

fn lacks<'a>(asked: &'a WhereTo, host: &HostFact) -> Option<(What<'a>, &'a Place)> {
    if let Some(arch) = asked.arch.as_ref().filter(|arch| arch.value != host.arch) {
        let word = match arch.value {
            Arch::X86_64 => "x86_64",
            Arch::Aarch64 => "aarch64",
        };
        return Some((What::Arch(word), &arch.place));
    }
    let missing = asked.features.iter().find(|feature| {
        let (key, value) = &feature.value;
        // What is called otherwise may be given by something in the cluster.
        host.labels.get(key).map_or(key.starts_with(OWN), |label| label.value != *value)
    })?;
    let name = missing.value.0.strip_prefix(OWN).unwrap_or(&missing.value.0);
    Some((What::Label(name), &missing.place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, cluster, machine, messages};
    use model::Entity;

    fn found(change: impl Fn(&mut model::App)) -> Vec<String> {
        let mut one = machine("a", "192.168.1.10");
        one.labels.insert("hlc/disk".into(), at("true".into()));
        let two = machine("b", "192.168.1.11");
        let mut web = app("web", "media");
        change(&mut web);
        let hosts = [one, two].map(|host| Entity::Host(Box::new(host)));
        let all = [cluster(&["a"], &["b"]).into_entity(), web.into_entity()];
        messages(&NO_HOST_FITS, &[hosts.to_vec(), all.to_vec()].concat())
    }

    #[test]
    fn hosts_have_what_is_asked_for() {
        let feature = |name: &str| at((format!("hlc/{name}"), "true".to_owned()));
        assert_eq!(found(|web| web.container.placing.features.push(feature("disk"))), [""; 0]);
        assert_eq!(
            found(|web| web.container.placing.features.push(feature("gpu"))),
            ["no host has all that app 'web' asks for, such as 'gpu'"]
        );
        assert_eq!(
            found(|web| {
                web.container.placing.features.push(feature("disk"));
                web.container.host = Some(at("b".into()));
            }),
            ["app 'web' must run on host 'b', which does not have what it asks for: 'disk'"]
        );
        assert_eq!(
            found(|web| web.container.placing.arch = Some(at(Arch::Aarch64))),
            ["no host has all that app 'web' asks for, such as 'arch = aarch64'"]
        );
    }
}
