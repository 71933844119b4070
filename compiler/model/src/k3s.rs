//! What k3s brings with it, as long as a cluster does not leave it out.

use crate::{Cluster, Node};

/// A part of k3s that a chart can take the place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Names inside of the cluster.
    CoreDns,
    /// Storage of one host.
    LocalStorage,
    /// How busy pods are.
    MetricsServer,
    /// Load balancers at the addresses of hosts.
    ServiceLb,
    /// Ingresses.
    Traefik,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::CoreDns, Self::LocalStorage, Self::MetricsServer, Self::ServiceLb, Self::Traefik];

    /// As k3s' `--disable` has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CoreDns => "coredns",
            Self::LocalStorage => "local-storage",
            Self::MetricsServer => "metrics-server",
            Self::ServiceLb => "servicelb",
            Self::Traefik => "traefik",
        }
    }

    /// The class of storage that it offers, which is the default one.
    pub const fn storage_class(self) -> Option<&'static str> {
        if matches!(self, Self::LocalStorage) { Some("local-path") } else { None }
    }

    /// The class of ingresses that it offers, which is the default one.
    pub const fn ingress_class(self) -> Option<&'static str> {
        if matches!(self, Self::Traefik) { Some("traefik") } else { None }
    }

    /// The TCP ports that it has of every host, by way of k3s' own load balancer.
    pub const fn ports(self) -> &'static [u16] {
        if matches!(self, Self::Traefik) { &[80, 443] } else { &[] }
    }

    /// The API group whose kinds it brings.
    pub const fn group(self) -> Option<&'static str> {
        if matches!(self, Self::Traefik) { Some("traefik.io") } else { None }
    }
}

impl Cluster {
    /// The prefix of what each host gets of the pods' addresses of IPv4, unless a flag says otherwise.
    pub const POD_PREFIX: u8 = 24;

    /// Whether a part of k3s is left out.
    pub fn leaves_out(&self, part: Part) -> bool {
        self.disable.iter().any(|name| name == part.name())
    }

    /// All its hosts, the servers first.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.servers.iter().chain(&self.agents).map(|node| &node.value)
    }
}
