//! A real control plane takes all of the lab, and helmfile deploys it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use harness::charts::{Charts, repositories};
use harness::control_plane::{ControlPlane, Node};
use serde_json::{Value, json};

use crate::delivered::assert_held;
use crate::lab::{Written, components, is_manifest, outputs};
use crate::rendered::{Object, rendered};
use crate::values::Values;

const STICK: &str = "smarter-devices/serial_by-id_usb-ITEAD_SONOFF_Zigbee_3.0-if00-port0";

/// The hosts of the lab. The first offers the Zigbee stick, as its device plugin would.
pub(crate) fn nodes() -> [Node; 2] {
    [
        Node::new("homelab-0").label("node-role.kubernetes.io/control-plane", "true").allocatable(STICK, "1"),
        Node::new("homelab-1"),
    ]
}

#[test]
fn an_api_server_takes_all_manifests_in_order() {
    let cluster = ControlPlane::start(&nodes());
    let written = Written::new(outputs());
    for component in components(&outputs().k8s) {
        let manifests = written.k8s().join(component).join("manifests");
        if manifests.is_dir() {
            cluster.apply_server_side(&manifests).succeeded();
        }
    }
    let applied = cluster.get(&[
        "deployments,cronjobs,ingresses,services,persistentvolumeclaims",
        "-A",
        "-l",
        "app.kubernetes.io/managed-by=hlc",
    ]);
    let built = outputs().k8s.keys().filter(|path| is_manifest(path.as_ref()));
    let built = built.filter(|path| !path.contains("/configmap-") && !path.contains("/namespace-"));
    assert_eq!(applied["items"].as_array().map(Vec::len), Some(built.count()));

    // And what charts make, after what they need: kinds of their own, which Helm installs before anything else.
    let Some(rendered) = rendered() else { return };
    assert!(cluster.install_crds(&["traefik.io"]));
    for component in components(&outputs().k8s) {
        let objects = rendered.objects.iter().filter(|object| object.component == component);
        let objects: Vec<&Value> = objects.map(|object: &Object| &object.value).collect();
        let list = written.scratch(&format!("{}.json", component.replace('/', "_")));
        std::fs::write(&list, json!({ "apiVersion": "v1", "kind": "List", "items": objects }).to_string())
            .unwrap();
        let apply = ["apply", "--server-side", "--force-conflicts", "--validate=strict", "--filename"];
        let list = list.to_string_lossy();
        cluster.kubectl(&[&apply[..], &[&list]].concat()).succeeded();
    }
}

/// Gives load balancers the addresses that they ask for, as kube-vip does, until told to stop: nobody gets one before
/// it runs.
pub(crate) fn give_addresses(cluster: &ControlPlane, stop: &AtomicBool) {
    give_addresses_seen(cluster, || seen(cluster), stop);
}

/// The same where `DaemonSet`s and services are seen otherwise than by starting kubectl.
pub(crate) fn give_addresses_seen(cluster: &ControlPlane, look: impl Fn() -> Vec<Value>, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(700));
        let all = look();
        let is_up = |one: &Value| {
            one["metadata"]["name"] == "kube-vip" && one["status"]["numberReady"].as_u64() > Some(0)
        };
        if !all.iter().any(is_up) {
            continue;
        }
        for service in all.iter().filter(|one| one["kind"] == "Service") {
            let metadata = &service["metadata"];
            let address = metadata["annotations"]["kube-vip.io/loadbalancerIPs"].as_str();
            let Some(address) = address.filter(|_| service["status"]["loadBalancer"]["ingress"].is_null())
            else {
                continue;
            };
            let status =
                json!({ "status": { "loadBalancer": { "ingress": [{ "ip": address }] } } }).to_string();
            let [namespace, name] = ["namespace", "name"].map(|key| metadata[key].as_str().unwrap());
            cluster.kubectl(&[
                "patch",
                "service",
                name,
                "--namespace",
                namespace,
                "--subresource=status",
                "--patch",
                &status,
            ]);
        }
    }
}

/// The `DaemonSet`s and services of a cluster.
fn seen(cluster: &ControlPlane) -> Vec<Value> {
    let mut all = cluster.get(&["daemonsets,services", "--all-namespaces"]);
    all["items"].as_array_mut().map(std::mem::take).unwrap_or_default()
}

#[test]
fn helmfile_deploys_the_lab_as_it_is_committed() {
    let Some(charts) = Charts::serve() else { return };
    let cluster = ControlPlane::start(&nodes());
    let written = &Written::committed();
    cluster.offer_volumes("local-path");
    for component in components(&outputs().k8s) {
        let helmfile = written.k8s().join(component).join("helmfile.yaml");
        for repository in repositories(&helmfile) {
            charts.alias(&repository);
        }
    }
    let helmfile = |folder: PathBuf| {
        charts.helmfile(&folder).kubeconfig(&cluster.kubeconfig()).age_key(&written.key.file())
    };
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| give_addresses(&cluster, &stop));
        let applied = helmfile(written.k8s()).apply();
        stop.store(true, Ordering::Relaxed);
        applied.succeeded();
    });

    let spaces =
        ["kube-system", "ingress", "dns", "monitoring", "argocd", "databases", "automation", "media", "ai"];
    for space in spaces {
        cluster.wait_for_pods(space, Duration::from_mins(1));
    }
    let hosts_of = |namespace: &str, start: &str| {
        let pods = cluster.get(&["pods", "--namespace", namespace]);
        let is_it =
            |pod: &&Value| pod["metadata"]["name"].as_str().is_some_and(|name| name.starts_with(start));
        let pods = pods["items"].as_array().unwrap().iter().filter(is_it);
        let mut hosts: Vec<String> =
            pods.map(|pod| pod["spec"]["nodeName"].as_str().unwrap().to_owned()).collect();
        hosts.sort();
        hosts
    };
    assert_eq!(hosts_of("automation", "zigbee2mqtt-"), ["homelab-0"]);
    assert_eq!(hosts_of("ai", "ollama-"), ["homelab-1"]);
    assert_eq!(hosts_of("ingress", "traefik-"), ["homelab-0", "homelab-1"]);
    let kube_vip = cluster.get(&["daemonset", "kube-vip", "--namespace", "kube-system"]);
    assert_eq!(kube_vip["status"]["numberReady"], 1);
    assert_held(&cluster.get(&["secrets", "--all-namespaces"]), &outputs().secrets, &Values::of(written));

    // Once more, all and each from its own directory, by somebody who has left `hlc`: nothing changes, no pod is started
    // again.
    written.leave();
    let pods = || spaces.map(|namespace| pods_in(&cluster, namespace));
    let before = pods();
    helmfile(written.k8s()).sync().succeeded();
    for component in ["10_apps/n8n", "03_ingress-dns/traefik"] {
        helmfile(written.k8s().join(component)).sync().succeeded();
    }
    assert_eq!(before, pods());
}

/// The identities of the pods of a namespace that keep running: charts run some once, each time that they are deployed.
fn pods_in(cluster: &ControlPlane, namespace: &str) -> Vec<String> {
    let pods = cluster.get(&["pods", "--namespace", namespace]);
    let pods = pods["items"].as_array().unwrap().iter();
    let keeps_running = |pod: &&Value| pod["metadata"]["ownerReferences"][0]["kind"] != "Job";
    pods.filter(keeps_running).map(|pod| pod["metadata"]["uid"].to_string()).collect()
}
