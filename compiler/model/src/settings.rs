//! What pods are beside what runs in them: who they are, and how they look up names and end.

use domain::{Address, Duration};

use crate::{At, Map};

/// Settings of the pods of an app or a job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PodSettings {
    /// Further groups that it is in.
    pub groups: Vec<i64>,
    /// Secrets with which images are pulled, by their names.
    pub pull_secrets: Vec<String>,
    /// The service account that something else made.
    pub account: Option<String>,
    /// What it may do in its namespace.
    pub rights: Rights,
    /// What it may do everywhere.
    pub cluster_rights: Rights,
    /// How it looks up names.
    pub dns: Dns,
    /// Names that it finds without looking them up.
    pub host_names: Map<String, At<Address>>,
    /// How long it may take to end.
    pub grace: Option<Duration>,
    /// Whether variables tell it of the services in its namespace.
    pub service_links: bool,
}

/// What may be done with the cluster's API.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rights {
    /// What may be looked at: `deployments.apps`.
    pub read: Vec<At<String>>,
    /// What may be changed, too.
    pub write: Vec<At<String>>,
    /// What else may be done, by what it is done with.
    pub verbs: Map<String, At<Vec<String>>>,
}

/// How a pod looks up names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Dns {
    /// Whom it asks first.
    pub policy: DnsPolicy,
    /// Further servers.
    pub servers: Vec<Address>,
    /// Domains that names are looked up in.
    pub search: Vec<String>,
    /// Options of the resolver: `ndots`.
    pub options: Map<String, At<String>>,
}

/// Whom a pod asks for names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DnsPolicy {
    /// The cluster.
    #[default]
    Cluster,
    /// Whom its host asks.
    Host,
    /// Nobody but the servers that are said.
    Nobody,
}

impl Rights {
    /// Whether nothing may be done.
    pub fn is_empty(&self) -> bool {
        self.read.is_empty() && self.write.is_empty() && self.verbs.is_empty()
    }

    /// What they are about, each with where.
    pub fn resources(&self) -> impl Iterator<Item = (&str, &source::Place)> {
        let named = self.read.iter().chain(&self.write).map(|one| (one.value.as_str(), &one.place));
        named.chain(self.verbs.iter().map(|(name, verbs)| (name.as_str(), &verbs.place)))
    }
}

impl PodSettings {
    /// Whether it has rights of its own, which make objects.
    pub fn has_rights(&self) -> bool {
        !self.rights.is_empty() || !self.cluster_rights.is_empty()
    }

    /// Whether a service account is made for it.
    pub fn makes_account(&self) -> bool {
        self.has_rights() && self.account.is_none()
    }

    /// Whether it speaks to the cluster's API as somebody.
    pub fn has_account(&self) -> bool {
        self.has_rights() || self.account.is_some()
    }
}

impl Dns {
    /// Whether something is said beside whom it asks.
    pub fn has_config(&self) -> bool {
        !self.servers.is_empty() || !self.search.is_empty() || !self.options.is_empty()
    }
}
