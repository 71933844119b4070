//! `one-network-plugin`: pods that no plugin connects, or two.

use diagnostics::{Problem, declare_rule};
use model::providers::connects_pods;
use model::{Cluster, Flannel};

use crate::facts::ReleaseFact;
use crate::lab::Lab;

declare_rule! { pub ONE_NETWORK_PLUGIN, "one-network-plugin", warning, since "0.1", "pods that no network plugin connects, or two", page "one_network_plugin.md" }

/// Looks for clusters without flannel and anything in its place, and for plugins beside flannel.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let has_other = || {
        lab.releases.iter().any(|release| connects_pods(&release.chart))
            || lab.has_manifest(&["Installation"])
            || lab.is_partly_unknown()
    };
    let mut problems = Vec::new();
    for cluster in &lab.clusters {
        if cluster.flannel == Flannel::None {
            problems.extend((lab.is_whole && !has_other()).then(|| no_plugin(cluster)));
        } else {
            let second = lab.releases.iter().filter(|release| release.replaces_flannel);
            problems.extend(second.map(|release| two_plugins(cluster, release)));
        }
    }
    problems
}

/// Nothing connects pods.
fn no_plugin(cluster: &Cluster) -> Problem {
    let message =
        format!("no pod of cluster '{}' gets an address: nothing takes flannel's place", cluster.name);
    Problem::new(&ONE_NETWORK_PLUGIN, cluster.place.clone(), message)
        .help("deploy another network plugin, such as Cilium, or leave out 'flannel = \"none\"'")
}

/// Both connect pods.
fn two_plugins(cluster: &Cluster, release: &ReleaseFact) -> Problem {
    let message =
        format!("{} connects pods, and so does flannel of cluster '{}'", release.shown(), cluster.name);
    Problem::new(&ONE_NETWORK_PLUGIN, release.placement.place.clone(), message)
        .also(cluster.place.clone(), "flannel is on where the cluster does not say otherwise")
        .help(
            "add 'flannel = \"none\"' to the cluster, or chain it: 'cni.chainingMode' in the chart's values",
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, cluster, messages, release, text};

    fn found(flannel: Flannel, chart: Option<&str>, key: &str) -> usize {
        let mut k3s = cluster(&["a"], &[]);
        k3s.flannel = flannel;
        let mut lab = vec![k3s.into_entity()];
        lab.extend(chart.map(|chart| {
            let mut release = release("net", "kube-system", chart);
            release.values = text(&["cni", key], "generic-veth");
            release.into_entity()
        }));
        messages(&ONE_NETWORK_PLUGIN, &lab).len()
    }

    #[test]
    fn one_plugin_connects_pods() {
        assert_eq!(found(Flannel::None, None, "x"), 1);
        assert_eq!(found(Flannel::None, Some("redis"), "x"), 1);
        assert_eq!(found(Flannel::None, Some("cilium"), "x"), 0);
        assert_eq!(found(Flannel::Vxlan, None, "x"), 0);
        assert_eq!(found(Flannel::Vxlan, Some("cilium"), "x"), 1);
        assert_eq!(found(Flannel::Vxlan, Some("cilium"), "chainingMode"), 0);
        assert_eq!(found(Flannel::Vxlan, Some("redis"), "x"), 0);
    }
}
