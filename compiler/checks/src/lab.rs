//! The facts of all items together.

use std::collections::BTreeSet;

use model::providers::Offered;
use model::{
    Cluster, Network, Part, Placement, Recipient, Secret, SecretFacts, SecretRef, SecretValue, Stage,
};

use crate::Facts;
use crate::facts::{
    ClassSort, HostFact, ManifestFact, NamespaceFact, PluginFact, ReleaseFact, UserFact, WorkloadFact,
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
    pub(crate) helmfiles: Vec<&'a Placement>,
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
            helmfiles: all.iter().flat_map(|facts| &facts.helmfiles).collect(),
            known,
            is_whole: all.iter().all(|facts| !facts.is_broken),
        }
    }

    /// The first cluster, where all clusters leave out a part of k3s.
    pub(crate) fn without(&self, part: Part) -> Option<&'a Cluster> {
        let first = self.clusters.first()?;
        self.clusters.iter().all(|cluster| cluster.leaves_out(part)).then_some(*first)
    }

    /// Whether something is installed of which only the people know what it does: agents on every host, and charts that
    /// others install.
    pub(crate) fn is_partly_unknown(&self) -> bool {
        self.has_manifest(&["DaemonSet", "HelmChart", "Application"])
    }

    /// Whether there is an object of one of these kinds.
    pub(crate) fn has_manifest(&self, kinds: &[&str]) -> bool {
        self.manifests.iter().any(|manifest| kinds.contains(&manifest.kind.as_str()))
    }

    /// The storage classes that there are. Where nothing but the names is known of something, any.
    pub(crate) fn storage_classes(&self) -> Offered {
        let mut all = self.offered(ClassSort::Storage);
        all.names.extend(self.manifests.iter().filter_map(|manifest| manifest.volume_class.clone()));
        all
    }

    /// The ingress classes that there are.
    pub(crate) fn ingress_classes(&self) -> Offered {
        let mut all = self.offered(ClassSort::Ingress);
        all.is_open |= self.workloads.iter().any(|work| work.is_proxy);
        all
    }

    /// The classes that manifests, charts and k3s' own parts offer.
    fn offered(&self, sort: ClassSort) -> Offered {
        let mut all = Offered { is_open: self.is_partly_unknown(), ..Offered::default() };
        let kept = Part::ALL.into_iter().filter(|part| self.without(*part).is_none());
        let own = kept.filter_map(|part| sort.of_k3s(part)).map(str::to_owned);
        all.names.extend(own.filter(|_| !self.clusters.is_empty()));
        self.manifests.iter().filter_map(|manifest| sort.of_manifest(manifest)).for_each(|one| all.join(one));
        self.releases.iter().for_each(|release| all.join(sort.of_release(release)));
        all
    }

    /// The values that secrets have, by name, in the order written.
    pub(crate) fn values(&self) -> impl Iterator<Item = (SecretRef, &'a SecretValue)> + '_ {
        self.secrets.iter().flat_map(|secret| secret.named_values())
    }

    /// The hosts that run pods.
    pub(crate) fn pod_hosts(&self) -> Vec<&'a HostFact> {
        let nodes: BTreeSet<&str> = self.nodes().collect();
        self.hosts.iter().filter(|host| nodes.contains(host.name.as_str())).copied().collect()
    }

    /// The names of hosts that run pods.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.clusters.iter().flat_map(|cluster| cluster.nodes()).map(|node| node.name.as_str())
    }

    /// All that is deployed, with the word for each.
    pub(crate) fn placements(&self) -> impl Iterator<Item = (&'static str, &'a Placement)> + '_ {
        let workloads = self.workloads.iter().map(|one| (one.role.word(), &one.placement));
        let releases = self.releases.iter().map(|one| ("release", &one.placement));
        let manifests = self.manifests.iter().map(|one| ("manifest", &one.placement));
        let helmfiles = self.helmfiles.iter().map(|one| ("helmfile", *one));
        workloads.chain(releases).chain(manifests).chain(helmfiles)
    }
}
