//! What of a lab a command is about: hosts, and what runs in the cluster.

use std::collections::BTreeSet;

use crate::args::{ClusterArgs, Layer};
use crate::exit::Failure;
use crate::load::Lab;

/// What of a lab a command is about.
pub(crate) struct Layers {
    /// Which hosts, or all where none is named; `None` if it is about none.
    pub(crate) hosts: Option<BTreeSet<String>>,
    /// What of the cluster; `None` if it is not about the cluster.
    pub(crate) cluster: Option<ClusterArgs>,
}

impl Layers {
    /// What the words of a command line mean: names of hosts are hosts, others are what runs in the cluster.
    pub(crate) fn of(lab: &Lab, args: &ClusterArgs) -> Result<Self, Failure> {
        let (hosts, clusters) = lab.session.hosts_and_clusters();
        let targets = args.targets();
        let is_host = |target: &&String| hosts.iter().any(|host| host.name == **target);
        let named: BTreeSet<String> = targets.iter().filter(is_host).cloned().collect();
        let others: Vec<String> = targets.iter().filter(|target| !is_host(target)).cloned().collect();
        let (layer, is_all) = (args.layer, targets.is_empty());
        match (layer, others.first(), named.first()) {
            (Some(Layer::Hosts), Some(other), _) => return Err(no_host(other, lab)),
            (Some(Layer::Cluster), _, Some(host)) => {
                return Err(Failure::cannot(format!(
                    "'{host}' is a host, and --layer cluster leaves hosts out"
                )));
            }
            _ => {}
        }
        let has_hosts = layer != Some(Layer::Cluster) && !hosts.is_empty() && (is_all || !named.is_empty());
        // Where nothing runs in a cluster, none has to be there.
        let is_wanted = !clusters.is_empty() || hosts.is_empty() || !lab.session.deployment().is_empty();
        let has_cluster = layer != Some(Layer::Hosts) && (!others.is_empty() || (is_all && is_wanted));
        Ok(Self { hosts: has_hosts.then_some(named), cluster: has_cluster.then(|| args.naming(&others)) })
    }
}

fn no_host(name: &str, lab: &Lab) -> Failure {
    let (hosts, _) = lab.session.hosts_and_clusters();
    let all: Vec<&str> = hosts.iter().map(|host| host.name.as_str()).collect();
    let all = if all.is_empty() { "none".to_owned() } else { all.join(", ") };
    Failure::cannot(format!("there is no host '{}'; there are {all}", name.escape_debug()))
}
