//! The k3s cluster.

use domain::{Address, Cidr, RecipientKey};
use source::Place;

use crate::{At, SecretFile};

/// A k3s cluster.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cluster {
    /// Its name.
    pub name: String,
    /// Hosts that run the API and etcd; the first one starts the cluster.
    pub servers: Vec<At<Node>>,
    /// Hosts that only run pods.
    pub agents: Vec<At<Node>>,
    /// The address that the API is reached at: a virtual one, or none for the first server's.
    pub api: Option<At<Address>>,
    /// Further names and addresses in the API's certificate, beyond those that the lab derives.
    pub sans: Vec<String>,
    /// Pod addresses.
    pub pods: At<Cidr>,
    /// Service addresses.
    pub services: At<Cidr>,
    /// The cluster's DNS server.
    pub dns: At<Address>,
    /// Parts of k3s that are left out.
    pub disable: Vec<String>,
    /// How pods of different hosts reach each other.
    pub flannel: Flannel,
    /// Further flags of servers and agents.
    pub flags: Vec<At<String>>,
    /// Further flags of servers.
    pub server_flags: Vec<At<String>>,
    /// Who reads what is deployed, beside the lab's own recipients.
    pub deployers: Vec<At<RecipientKey>>,
    /// The secret that joins nodes.
    pub token: SecretFile,
    /// Where it is declared.
    pub place: Place,
}

/// A host as the cluster sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Node {
    /// The host's name.
    pub name: String,
    /// The host's full name.
    pub fqdn: String,
    /// Its address.
    pub address: Address,
}

/// A flannel backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flannel {
    /// VXLAN over UDP 8472.
    Vxlan,
    /// Routes, for hosts in one layer-2 network.
    HostGw,
    /// `WireGuard` over UDP 51820 (51821 for IPv6).
    WireguardNative,
    /// Another network plugin.
    None,
}

impl Flannel {
    /// As k3s' `--flannel-backend` has it.
    pub const fn flag(self) -> &'static str {
        match self {
            Self::Vxlan => "vxlan",
            Self::HostGw => "host-gw",
            Self::WireguardNative => "wireguard-native",
            Self::None => "none",
        }
    }
}
