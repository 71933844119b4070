//! Ports that are taken on hosts: by k3s, and by apps.

use crate::{Cluster, Flannel, Port, Protocol};

/// A port that k3s answers at on a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodePort {
    /// Its number.
    pub number: u16,
    /// Its protocol.
    pub protocol: Protocol,
    /// What it is for.
    pub purpose: &'static str,
    /// Whether other hosts talk to it.
    pub is_open: bool,
}

const fn port(number: u16, protocol: Protocol, purpose: &'static str, is_open: bool) -> NodePort {
    NodePort { number, protocol, purpose, is_open }
}

impl Cluster {
    /// The ports that k3s takes on each host that is a server, or else only runs pods.
    pub fn ports(&self, is_server: bool) -> Vec<NodePort> {
        use Protocol::{Tcp, Udp};
        let mut ports =
            vec![port(10250, Tcp, "kubelet", true), port(10256, Tcp, "kube-proxy, health", false)];
        if is_server {
            ports.push(port(6443, Tcp, "Kubernetes API", true));
            ports.push(port(6444, Tcp, "Kubernetes API, inside", false));
            if self.servers.len() > 1 {
                ports.push(port(2379, Tcp, "etcd, clients", true));
                ports.push(port(2380, Tcp, "etcd, servers", true));
            }
        }
        match self.flannel {
            Flannel::Vxlan => ports.push(port(8472, Udp, "flannel, VXLAN", true)),
            Flannel::WireguardNative => {
                let number = if self.pods.value.is_v4() { 51820 } else { 51821 };
                ports.push(port(number, Udp, "flannel, WireGuard", true));
            }
            Flannel::HostGw | Flannel::None => {}
        }
        ports
    }
}

impl Port {
    /// The port of the service in front of it.
    pub fn of_service(&self) -> u16 {
        self.service_port.unwrap_or(self.number.value)
    }
}
