use std::time::Duration;

use harness::charts::Charts;
use harness::control_plane::{ControlPlane, Node};

use crate::write;

const MINUTE: Duration = Duration::from_mins(1);

/// One cluster for all that a cluster can do: starting it is what takes the time.
#[test]
fn a_cluster_runs_pods_and_refuses_what_is_wrong() {
    let plane = ControlPlane::start(&[
        Node::new("homelab-0").label("disk", "large"),
        Node::new("homelab-1").allocatable("smarter-devices/zigbee", "1"),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let mut empty = plane.moment();
    // What a controller makes anew each time is let be, however late it comes.
    plane.wait_for("a namespace has its certificate", MINUTE, |plane| {
        plane.get(&["configmaps"])["items"][0]["metadata"]["name"] == "kube-root-ca.crt"
    });
    let mut early = plane.moment().before("/registry/configmaps/default/kube-root-ca.crt");
    plane.go_back(&mut early);

    let good = folder.path().join("good/web.yaml");
    write(&good, &deployment("", ""));
    plane.apply_server_side(good.parent().unwrap()).succeeded();
    plane.wait_for_pods("default", MINUTE);

    let wrong = folder.path().join("wrong.yaml");
    write(&wrong, &deployment("replica: 2", ""));
    let refused = plane.apply_server_side(&wrong).failed();
    assert!(refused.stderr.contains("replica"), "{refused}");

    let placed = folder.path().join("placed.yaml");
    let demands = "nodeSelector: {disk: large}";
    write(&placed, &deployment("", demands));
    plane.apply_server_side(&placed).succeeded();
    plane.wait_for("the pod is where the disk is", MINUTE, |plane| {
        let pods = plane.get(&["pods", "--selector", "app=web"]);
        let pods = pods["items"].as_array().cloned().unwrap_or_default();
        pods.len() == 1 && pods[0]["spec"]["nodeName"] == "homelab-0"
    });

    let device = plane.get(&["node", "homelab-1"])["status"]["allocatable"]["smarter-devices/zigbee"].clone();
    assert_eq!(device, "1");

    plane.kubectl(&["label", "node", "homelab-1", "disk=small"]).succeeded();
    plane.go_back(&mut empty);
    let pods = plane.get(&["deployments,replicasets,pods"]);
    assert_eq!(pods["items"].as_array().map(Vec::len), Some(0), "{pods}");
    assert!(plane.get(&["node", "homelab-1"])["metadata"]["labels"]["disk"].is_null());
    plane.apply_server_side(good.parent().unwrap()).succeeded();
    plane.wait_for_pods("default", MINUTE);
}

#[test]
fn a_chart_of_the_reference_lab_is_installed() {
    let Some(charts) = Charts::serve() else { return };
    let plane = ControlPlane::start(&[Node::new("homelab-0")]);
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("helmfile.yaml"), HELMFILE);
    write(&folder.path().join("values.yaml"), "deployment: {replicas: 2}\n");
    write(&folder.path().join("note/Chart.yaml"), "apiVersion: v2\nname: note\nversion: 1.0.0\n");
    write(
        &folder.path().join("note/templates/note.yaml"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: note}\ndata: {note: {{ .Values.note }}}\n",
    );

    charts.helmfile(folder.path()).kubeconfig(&plane.kubeconfig()).apply().succeeded();
    plane.wait_for_pods("traefik", MINUTE);
    let pods = plane.get(&["pods", "--namespace", "traefik"]);
    assert_eq!(pods["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(plane.get(&["configmap", "note"])["data"]["note"], "first");

    // A release that is there already is upgraded.
    write(&folder.path().join("helmfile.yaml"), &HELMFILE.replace("first", "second"));
    charts.helmfile(folder.path()).kubeconfig(&plane.kubeconfig()).sync().succeeded();
    assert_eq!(plane.get(&["configmap", "note"])["data"]["note"], "second");
}

#[test]
fn kinds_of_extensions_are_validated() {
    let plane = ControlPlane::start(&[]);
    if !plane.install_crds(&["metallb.io", "traefik.io", "cert-manager.io"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let pool = |field: &str| {
        format!(
            "apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata: {{name: lan, namespace: default}}\n\
             spec: {{{field}: [10.0.0.8/29]}}\n"
        )
    };
    let file = folder.path().join("pool.yaml");
    write(&file, &pool("addresses"));
    plane.apply_server_side(&file).succeeded();
    write(&file, &pool("adresses"));
    let refused = plane.apply_server_side(&file).failed();
    assert!(refused.stderr.contains("adresses"), "{refused}");
}

const HELMFILE: &str = "
repositories:
  - name: traefik
    url: https://traefik.github.io/charts
releases:
  - name: traefik
    namespace: traefik
    chart: traefik/traefik
    version: 41.3.0
    values: [values.yaml]
  - name: note
    namespace: default
    chart: ./note
    values: [{note: first}]
";

fn deployment(field: &str, pod: &str) -> String {
    format!(
        "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: default}}
spec:
  {field}
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      {pod}
      containers: [{{name: web, image: nginx}}]
"
    )
}
