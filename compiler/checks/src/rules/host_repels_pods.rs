//! `host-repels-pods`: an app or job on a host with a taint that keeps it away.

use std::collections::BTreeMap;

use diagnostics::{Problem, declare_rule};
use model::At;

use crate::facts::{HostFact, WorkloadFact};
use crate::lab::Lab;

declare_rule! { pub HOST_REPELS_PODS, "host-repels-pods", error, since "0.1", "an app or job on a host with a taint that keeps it away", page "host_repels_pods.md" }

/// Looks for workloads that must run on a host with a taint that they do not tolerate. Who names the host by a word
/// tolerates its taints by that.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let hosts: BTreeMap<&str, &HostFact> = lab.hosts.iter().map(|host| (host.name.as_str(), *host)).collect();
    let pinned = lab.workloads.iter().filter_map(|work| Some((work, work.pin()?)));
    let repelled = pinned.filter_map(|(work, pin)| {
        let host = hosts.get(pin.host)?;
        let taint = host.taints.iter().find(|taint| !work.where_to.bears(taint))?;
        Some(host_repels_pods(work, host, taint, pin.place.clone()))
    });
    repelled.collect()
}

/// The workload must run on `host`, whose `taint` keeps it away.
fn host_repels_pods(
    work: &WorkloadFact,
    host: &HostFact,
    taint: &At<String>,
    place: source::Place,
) -> Problem {
    let message = format!(
        "{} must run on host '{}', whose taint '{}' keeps pods away",
        work.shown(),
        host.name,
        taint.value
    );
    Problem::new(&HOST_REPELS_PODS, place, message)
        .also(taint.place.clone(), "this host has the taint")
        .help("name the host by 'host', which tolerates its taints, or the taint in 'tolerates'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, machine, messages};
    use model::{Data, Entity, Raw};

    fn raw(text: &str) -> Raw {
        Raw::Plain(Data::Text(text.to_owned()))
    }

    fn found(taint: &str) -> Vec<String> {
        let mut tainted = machine("a", "192.168.1.10");
        tainted.taints = vec![at(taint.to_owned())];
        let mut pinned = app("pinned", "media");
        pinned.container.pod = Raw::Map(BTreeMap::from([("nodeName".to_owned(), at(raw("a")))]));
        let mut bears = pinned.clone();
        bears.placement.name = "bears".into();
        bears.container.placing.derived = vec![model::Toleration::parse("gpu")];
        let free = app("free", "media");
        messages(
            &HOST_REPELS_PODS,
            &[Entity::Host(Box::new(tainted)), pinned.into_entity(), bears.into_entity(), free.into_entity()],
        )
    }

    #[test]
    fn taints_keep_pods_away() {
        assert_eq!(
            found("gpu=yes:NoSchedule"),
            ["app 'pinned' must run on host 'a', whose taint 'gpu=yes:NoSchedule' keeps pods away"]
        );
        assert_eq!(found("gpu=yes:PreferNoSchedule"), [""; 0]);
    }
}
