//! `pod-security`: a pod that its namespace does not let in.

use diagnostics::{Problem, declare_rule};

use source::Place;

use crate::facts::{Admits, NamespaceFact, WorkloadFact};
use crate::lab::Lab;

declare_rule! { pub POD_SECURITY, "pod-security", error, since "0.1", "a pod that its namespace does not let in", page "pod_security.md" }

/// Looks for apps and jobs that want more than the pod security label of their namespace allows.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let guarded: Vec<&NamespaceFact> =
        lab.namespaces.iter().filter(|one| one.admits != Admits::All).copied().collect();
    let refused = lab.workloads.iter().filter_map(|work| {
        if let Some(place) = &work.hardened {
            let demand = demand(lab, work).or(work.unrestricted)?;
            return Some(not_hardened(work, place, demand));
        }
        let namespace = guarded.iter().find(|one| one.name == work.placement.namespace)?;
        let demand = match namespace.admits {
            Admits::Restricted => demand(lab, work).or(work.unrestricted)?,
            _ => demand(lab, work)?,
        };
        Some(pod_security(work, namespace, demand))
    });
    refused.collect()
}

/// It says that it gives up all rights, and wants some.
fn not_hardened(work: &WorkloadFact, place: &Place, demand: &str) -> Problem {
    let message = format!("{} is 'hardened', and wants {demand}", work.shown());
    Problem::new(&POD_SECURITY, place.clone(), message)
        .help("take back one of them: a pod of the profile 'restricted' has no rights on its host, and says so of each container")
}

/// What it wants of its host first. A device that a plugin hands out takes no rights.
fn demand(lab: &Lab<'_>, work: &WorkloadFact) -> Option<&'static str> {
    let is_handed = |host: &str, device: &str| {
        let mut devices = lab.plugins.iter().flat_map(|plugin| &plugin.devices);
        devices.any(|(other, name)| other == host && name == device)
    };
    let mut devices = work.devices.iter();
    let takes_device = devices.any(|device| !is_handed(&device.host, &device.device));
    work.demands.first().copied().or_else(|| takes_device.then_some("a device of its host"))
}

/// The namespace refuses the pods.
fn pod_security(work: &WorkloadFact, namespace: &NamespaceFact, demand: &str) -> Problem {
    let level = if namespace.admits == Admits::Restricted { "restricted" } else { "baseline" };
    let message = format!(
        "{} wants {demand}, and namespace '{}' lets in no such pod: it is '{level}'",
        work.shown(),
        namespace.name
    );
    Problem::new(&POD_SECURITY, work.placement.place.clone(), message)
        .also(namespace.place.clone(), "labelled 'pod-security.kubernetes.io/enforce'")
        .help(match namespace.admits {
            Admits::Restricted => "add 'hardened = true', or label the namespace 'baseline'",
            _ => "put it into a namespace without that label, or let something hand out its devices",
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, messages, namespace, port, uses};
    use model::Entity;

    fn found(level: &str, change: impl Fn(&mut model::App)) -> Vec<String> {
        let Entity::Namespace(mut media) = namespace("media") else { unreachable!() };
        media.labels.insert("pod-security.kubernetes.io/enforce".into(), crate::testing::at(level.into()));
        let mut app = app("web", "media");
        change(&mut app);
        messages(&POD_SECURITY, &[Entity::Namespace(media), app.into_entity()])
    }

    #[test]
    fn namespaces_let_pods_in() {
        let quiet = |app: &mut model::App| app.ports.extend([("http".into(), port(80, None))]);
        assert_eq!(found("baseline", quiet), [""; 0]);
        assert_eq!(found("restricted", quiet).len(), 1);
        let hardened = |app: &mut model::App| app.container.hardened = Some(crate::testing::place("web"));
        assert_eq!(found("restricted", hardened), [""; 0]);
        let root = |app: &mut model::App| {
            hardened(app);
            app.container.user = Some(0);
        };
        assert_eq!(found("privileged", root), ["app 'web' is 'hardened', and wants to be root"]);
        assert_eq!(found("privileged", |app| app.container.privileged = true), [""; 0]);
        assert_eq!(
            found("baseline", |app| app.container.privileged = true),
            [
                "app 'web' wants all rights on its host, and namespace 'media' lets in no such pod: it is 'baseline'"
            ]
        );
        let demands: [fn(&mut model::App); 3] = [
            |app| app.container.host_network = Some(crate::testing::place("web")),
            |app| app.ports.extend([("http".into(), port(80, Some(80)))]),
            |app| app.container.devices.push(uses("a", "stick")),
        ];
        for demand in demands {
            assert_eq!(found("baseline", demand).len(), 1);
        }
    }
}
