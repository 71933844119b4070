//! k3s, configured once from the cluster.
//!
//! What must be the same everywhere is in modules that all nodes import, so that it cannot differ: `modules/k3s.nix`
//! for every node, `modules/k3s-server.nix` for servers. A host's own part is its role, where it joins, its address,
//! labels and taints.
//!
//! **Where the cluster's state is.** One server keeps it in `sqlite`: less writing, less memory, nothing to lose by
//! it. From the second server on it is etcd, which the first server starts (`--cluster-init`); a server that had
//! `sqlite` turns it into etcd at that start, so a cluster can grow. On later starts the flag does nothing.
//!
//! **Where nodes join.** All nodes but the first server join at the first server's own address, not at the API's
//! virtual one. The virtual address is held by a pod (kube-vip), which is deployed once the API is up: on the first
//! installation nobody answers there, and nodes that wait for it would keep it from coming. The address only
//! matters until a node has joined: a server then starts from its own copy of etcd, an agent from the list of
//! servers that it keeps. So losing the first server stops no other node. To bring it back with an empty disk, put
//! another server first in `servers`: that one is a member already and goes on as it is, the lost one joins it
//! (left first, it would start a cluster of its own).

use domain::Address;
use emit::Files;
use model::{Cluster, Disk, Flannel, Host, Node};

use crate::nix::{AttrPath, Expr, Module, Set, list, path, raw, text, texts};
use crate::user::secret_path;

/// What a host is in a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role<'a> {
    /// Starts the cluster.
    FirstServer,
    /// Joins the first server as a server.
    Server(&'a Node),
    /// Joins the first server as an agent.
    Agent(&'a Node),
}

impl Role<'_> {
    /// Whether it runs the API.
    pub(crate) fn is_server(self) -> bool {
        !matches!(self, Self::Agent(_))
    }
}

/// What `host` is in `cluster`, if anything. A cluster without servers has no agents.
pub(crate) fn role<'a>(cluster: &'a Cluster, host: &str) -> Option<Role<'a>> {
    let (first, others) = cluster.servers.split_first()?;
    let is_host = |node: &model::At<Node>| node.name == host;
    if first.name == host {
        Some(Role::FirstServer)
    } else if others.iter().any(is_host) {
        Some(Role::Server(first))
    } else {
        cluster.agents.iter().any(is_host).then_some(Role::Agent(first))
    }
}

/// The modules that nodes of `cluster` have in common.
pub fn emit_cluster(cluster: &Cluster, source: &str) -> Files {
    Files::from([
        ("modules/k3s.nix".to_owned(), node_module(cluster, source)),
        ("modules/k3s-server.nix".to_owned(), server_module(cluster, source)),
    ])
}

/// The part of `services.k3s` that is the host's own.
pub(crate) fn options(role: Role<'_>, cluster: &Cluster, host: &Host, paths: &[String]) -> Set {
    let labels: Vec<String> =
        host.labels.iter().map(|(key, value)| format!("{key}={}", value.value)).collect();
    let interface = host.interface.as_ref().filter(|_| cluster.flannel != Flannel::None);
    let own = joining(role, cluster)
        .bind("nodeIP", text(host.address.value))
        .bind_some("nodeLabel", (!labels.is_empty()).then(|| texts(labels)))
        .bind_some(
            "nodeTaint",
            (!host.taints.is_empty()).then(|| texts(host.taints.iter().map(|taint| &taint.value))),
        )
        .bind_some("extraFlags", interface.map(|name| texts([format!("--flannel-iface={name}")])));
    Set::new().bind("services.k3s", own).group(waiting(cluster, host, paths))
}

/// k3s waits for the disks that its data or `paths` of apps are on: a host starts without them (`nofail`), and k3s would
/// start anew in the empty folder below.
fn waiting(cluster: &Cluster, host: &Host, paths: &[String]) -> Set {
    let mounts = host.disks.values().filter(|disk| !disk.is_system()).flat_map(Disk::mounts);
    let mut needed: Vec<String> = mounts
        .filter(|mount| {
            let mut data = DATA.into_iter().chain(moved_data(cluster));
            let holds_data = data.any(|data| is_in(data, mount) || is_in(mount, data));
            holds_data || paths.iter().any(|path| is_in(path, mount))
        })
        .collect();
    needed.sort();
    if needed.is_empty() {
        return Set::new();
    }
    Set::new()
        .comment("Not before the disks are there that it keeps data on.")
        .bind("systemd.services.k3s.unitConfig.RequiresMountsFor", texts(needed))
}

/// Where k3s and the kubelet keep what they must not lose.
const DATA: [&str; 2] = ["/var/lib/rancher/k3s", "/var/lib/kubelet"];

/// Where flags move it to.
fn moved_data(cluster: &Cluster) -> impl Iterator<Item = &str> {
    let flags = cluster.flags.iter().chain(&cluster.server_flags);
    flags.filter_map(|flag| {
        let (name, path) = flag.split_once(['=', ' '])?;
        ["--data-dir", "--default-local-storage-path"]
            .contains(&name)
            .then(|| path.trim().trim_end_matches('/'))
    })
}

/// Whether `path` is `folder` or in it.
fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn joining(role: Role<'_>, cluster: &Cluster) -> Set {
    let set = Set::new().bind("role", text(if role.is_server() { "server" } else { "agent" }));
    match role {
        Role::FirstServer if cluster.servers.len() > 1 => set
            .comment("The first server starts the cluster, once. To bring it back after a loss, list another one first.")
            .bind("clusterInit", true),
        Role::FirstServer => set,
        Role::Server(first) | Role::Agent(first) => set
            .comment(&format!("The first server, {}: the API's virtual address is there only after it.", first.name))
            .bind("serverAddr", text(format!("https://{}:6443", in_url(first.address)))),
    }
}

fn node_module(cluster: &Cluster, source: &str) -> String {
    let what = format!("cluster {}", cluster.name);
    let about = "What all nodes of the cluster have in common.";
    let secret = AttrPath::from("sops.secrets").key(&cluster.token.name);
    let k3s = Set::new()
        .bind("enable", true)
        .bind("tokenFile", secret_path(&cluster.token))
        .bind_some(
            "extraFlags",
            (!cluster.flags.is_empty()).then(|| texts(cluster.flags.iter().map(|flag| &flag.value))),
        )
        // Pods are told to end before the host goes down.
        .bind("gracefulNodeShutdown.enable", Expr::from(true).or_default());
    let body = Set::new()
        .bind("services.k3s", k3s)
        // k3s reads it when it starts.
        .bind(secret, Set::new().bind("restartUnits", texts(["k3s.service"])))
        .group(kernel(cluster))
        .group(foreign_routes())
        .group(trusted(cluster));
    Module { source, what: &what, about, bindings: vec![], body }.print()
}

fn kernel(cluster: &Cluster) -> Set {
    let family = if cluster.pods.value.is_v4() { "ipv4" } else { "ipv6" };
    let tables = if cluster.pods.value.is_v4() { "iptables" } else { "ip6tables" };
    let sysctl = path("boot.kernel.sysctl");
    let forwarding = format!("net.{family}.conf.all.forwarding");
    Set::new()
        .comment("Traffic of pods is forwarded, and seen by the rules that make services.")
        .bind("boot.kernelModules", texts(["br_netfilter", "overlay"]))
        .bind(
            sysctl,
            Set::new()
                .bind(AttrPath::default().key(format!("net.bridge.bridge-nf-call-{tables}")), Expr::Int(1))
                .bind(AttrPath::default().key(forwarding), Expr::Int(1)),
        )
}

fn foreign_routes() -> Set {
    let keep = Set::new()
        .bind("ManageForeignRoutes", Expr::from(false).or_default())
        .bind("ManageForeignRoutingPolicyRules", Expr::from(false).or_default());
    Set::new()
        .comment("Routes to pods of other hosts are not networkd's to remove.")
        .bind("systemd.network.config.networkConfig", keep)
}

fn trusted(cluster: &Cluster) -> Set {
    let interfaces: &[&str] = match cluster.flannel {
        Flannel::Vxlan => &["cni0", "flannel.1"],
        Flannel::HostGw => &["cni0"],
        Flannel::WireguardNative if cluster.pods.value.is_v4() => &["cni0", "flannel-wg"],
        Flannel::WireguardNative => &["cni0", "flannel-wg-v6"],
        Flannel::None => &[],
    };
    if interfaces.is_empty() {
        return Set::new();
    }
    Set::new()
        .comment("Pods reach their host.")
        .bind("networking.firewall.trustedInterfaces", texts(interfaces))
}

fn server_module(cluster: &Cluster, source: &str) -> String {
    let what = format!("cluster {}", cluster.name);
    let about = "What all servers of the cluster have in common: k3s refuses servers that differ in these.";
    let mut flags = vec![
        format!("--cluster-cidr={}", cluster.pods.value),
        format!("--service-cidr={}", cluster.services.value),
        format!("--cluster-dns={}", cluster.dns.value),
        format!("--flannel-backend={}", cluster.flannel.flag()),
    ];
    flags.extend(names(cluster).into_iter().map(|name| format!("--tls-san={name}")));
    flags.extend(cluster.server_flags.iter().map(|flag| flag.value.clone()));

    let k3s = Set::new()
        .bind_some("disable", (!cluster.disable.is_empty()).then(|| texts(&cluster.disable)))
        .bind("extraFlags", texts(flags));
    let body =
        Set::new().bind("imports", list([raw("./k3s.nix")])).group(Set::new().bind("services.k3s", k3s));
    Module { source, what: &what, about, bindings: vec![], body }.print()
}

/// The names and addresses that the API's certificate is valid for, each once.
fn names(cluster: &Cluster) -> Vec<String> {
    let api = cluster.api.iter().map(|api| api.value.to_string());
    let servers = cluster
        .servers
        .iter()
        .flat_map(|server| [server.address.to_string(), server.name.clone(), server.fqdn.clone()]);
    let mut names: Vec<String> = Vec::new();
    for name in api.chain(servers).chain(cluster.sans.iter().cloned()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn in_url(address: Address) -> String {
    if address.is_v4() { address.to_string() } else { format!("[{address}]") }
}
