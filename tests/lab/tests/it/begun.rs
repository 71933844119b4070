//! The lab that `hlc init` writes, from an empty folder to a cluster.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use harness::charts::{Charts, repositories};
use harness::control_plane::{ControlPlane, Node};
use harness::nix::NixosCheck;
use harness::outcome::Outcome;
use serde_json::json;
use tempfile::TempDir;

use crate::cluster::give_addresses;
use crate::lab::list;
use crate::real::hlc_without_keys;

/// A folder in which somebody begins, with what is built.
#[track_caller]
fn begun() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for command in ["init", "check", "build"] {
        Outcome::of(hlc_without_keys(folder.path()).arg(command)).succeeded();
    }
    folder
}

#[test]
fn its_host_evaluates() {
    let Some(nixos) = NixosCheck::find() else { return };
    let folder = begun();
    // Until there is a recipient and the host's key, nobody can encrypt the cluster's token.
    let secrets = folder.path().join("nixos/secrets");
    std::fs::create_dir_all(&secrets).unwrap();
    std::fs::write(secrets.join("node-0.yaml"), "k3s-token: ENC[placeholder]\n").unwrap();
    let role = nixos.host(&folder.path().join("nixos"), "node-0", &["services.k3s.role"]);
    assert_eq!(role, Ok(json!({ "services.k3s.role": "server" })));
}

#[test]
fn helmfile_deploys_it_whole() {
    let Some(charts) = Charts::serve() else { return };
    let folder = begun();
    let label = "node-role.kubernetes.io/control-plane";
    let cluster = ControlPlane::start(&[Node::new("node-0").label(label, "true")]);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| give_addresses(&cluster, &stop));
        let k8s = folder.path().join("k8s");
        let mut files = BTreeSet::new();
        list(&k8s, "", &mut files);
        for helmfile in files.iter().filter(|path| path.ends_with("/helmfile.yaml")) {
            for repository in repositories(&k8s.join(helmfile)) {
                charts.alias(&repository);
            }
        }
        let applied = charts.helmfile(&k8s).kubeconfig(&cluster.kubeconfig()).apply();
        stop.store(true, Ordering::Relaxed);
        applied.succeeded();
    });
    for namespace in ["kube-system", "ingress", "demo"] {
        cluster.wait_for_pods(namespace, Duration::from_mins(1));
    }
    let traefik = cluster.get(&["service", "traefik", "--namespace", "ingress"]);
    assert_eq!(traefik["status"]["loadBalancer"]["ingress"][0]["ip"], "192.168.1.200");
    let ingress = cluster.get(&["ingress", "whoami", "--namespace", "demo"]);
    assert_eq!(ingress["spec"]["rules"][0]["host"], "whoami.home.example.net");
}
