//! The facts of all items together.

use std::collections::BTreeSet;

use model::{Cluster, Network, Placement, Recipient, Secret, SecretFacts, SecretRef, SecretValue, Stage};

use crate::Facts;
use crate::facts::{
    HostFact, ManifestFact, NamespaceFact, Offered, PluginFact, ReleaseFact, UserFact, WorkloadFact,
};

/// All facts, by what they are of, each in the order written.
pub(crate) struct Lab<'a> {
    pub(crate) labs: Vec<&'a model::Lab>,
    pub(crate) recipients: Vec<&'a Recipient>,
    pub(crate) networks: Vec<&'a Network>,
    pub(crate) users: Vec<&'a UserFact>,
    pub(crate) hosts: Vec<&'a HostFact>,
    pub(crate) clusters: Vec<&'a Cluster>,
    pub(crate) stages: Vec<&'a Stage>,
    pub(crate) namespaces: Vec<&'a NamespaceFact>,
    pub(crate) secrets: Vec<&'a Secret>,
    pub(crate) workloads: Vec<&'a WorkloadFact>,
    pub(crate) releases: Vec<&'a ReleaseFact>,
    pub(crate) manifests: Vec<&'a ManifestFact>,
    pub(crate) plugins: Vec<&'a PluginFact>,
    /// What is known of the values of secrets, if somebody has looked.
    pub(crate) known: Option<&'a SecretFacts>,
    /// Whether all that is declared is here: only then can something be missing in the lab.
    pub(crate) is_whole: bool,
}

impl<'a> Lab<'a> {
    pub(crate) fn new(all: &[&'a Facts], known: Option<&'a SecretFacts>) -> Self {
        Self {
            labs: all.iter().flat_map(|facts| &facts.labs).collect(),
            recipients: all.iter().flat_map(|facts| &facts.recipients).collect(),
            networks: all.iter().flat_map(|facts| &facts.networks).collect(),
            users: all.iter().flat_map(|facts| &facts.users).collect(),
            hosts: all.iter().flat_map(|facts| &facts.hosts).collect(),
            clusters: all.iter().flat_map(|facts| &facts.clusters).collect(),
            stages: all.iter().flat_map(|facts| &facts.stages).collect(),
            namespaces: all.iter().flat_map(|facts| &facts.namespaces).collect(),
            secrets: all.iter().flat_map(|facts| &facts.secrets).collect(),
            workloads: all.iter().flat_map(|facts| &facts.workloads).collect(),
            releases: all.iter().flat_map(|facts| &facts.releases).collect(),
            manifests: all.iter().flat_map(|facts| &facts.manifests).collect(),
            plugins: all.iter().flat_map(|facts| &facts.plugins).collect(),
            known,
            is_whole: all.iter().all(|facts| !facts.is_broken),
        }
    }

    /// The first cluster, where all clusters leave out a part of k3s.
    pub(crate) fn without(&self, part: &str) -> Option<&'a Cluster> {
        let left_out = |cluster: &&Cluster| cluster.disable.iter().any(|other| other == part);
        let first = self.clusters.first()?;
        self.clusters.iter().all(left_out).then_some(*first)
    }

    /// The storage classes that there are. Where nothing but the names is known of something, any.
    pub(crate) fn storage_classes(&self) -> Offered {
        let mut all = self.offered("StorageClass", "local-storage", "local-path");
        all.names.extend(self.manifests.iter().filter_map(|manifest| manifest.volume_class.clone()));
        self.releases.iter().for_each(|release| all.join(&release.classes.storage));
        all
    }

    /// The ingress classes that there are.
    pub(crate) fn ingress_classes(&self) -> Offered {
        let mut all = self.offered("IngressClass", "traefik", "traefik");
        self.releases.iter().for_each(|release| all.join(&release.classes.ingress));
        all.is_open |= self.workloads.iter().any(|work| work.is_proxy);
        all
    }

    /// The classes that manifests make, and the one of k3s' own part.
    fn offered(&self, kind: &str, part: &str, own: &str) -> Offered {
        let made = self.manifests.iter().filter(|manifest| manifest.kind == kind);
        let mut names: BTreeSet<String> = made.map(|manifest| manifest.name.clone()).collect();
        if self.without(part).is_none() && !self.clusters.is_empty() {
            names.insert(own.to_owned());
        }
        let by_hand =
            |one: &&ManifestFact| matches!(one.kind.as_str(), "DaemonSet" | "HelmChart" | "Application");
        Offered { names, is_open: self.manifests.iter().any(by_hand) }
    }

    /// The values that secrets have, by name, in the order written.
    pub(crate) fn values(&self) -> impl Iterator<Item = (SecretRef, &'a SecretValue)> + '_ {
        self.secrets.iter().flat_map(|secret| secret.named_values())
    }

    /// The names of hosts that run pods.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &'a str> + '_ {
        let nodes = self.clusters.iter().flat_map(|cluster| cluster.servers.iter().chain(&cluster.agents));
        nodes.map(|node| node.name.as_str())
    }

    /// All that is deployed into the cluster, with the word for each.
    pub(crate) fn placements(&self) -> impl Iterator<Item = (&'static str, &'a Placement)> + '_ {
        let workloads = self.workloads.iter().map(|one| (one.role.word(), &one.placement));
        let releases = self.releases.iter().map(|one| ("release", &one.placement));
        let manifests = self.manifests.iter().map(|one| ("manifest", &one.placement));
        workloads.chain(releases).chain(manifests)
    }
}
