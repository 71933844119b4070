//! What kinds of the library make of other people's sorts (certificates, pools of addresses, routes, …) is what those
//! have fields for, by an API server that knows them; and their charts take the values.

use std::collections::BTreeSet;

use harness::control_plane::ControlPlane;
use labs::objects;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::charts::RealCharts;
use crate::tools::Tool;

pub(crate) const LAB: &str = include_str!("../../src/extensions.hl");

/// The groups of what they make, with all that the lab has of each.
const MADE: [(&str, &[&str]); 6] = [
    ("argoproj.io", &["Application"]),
    ("cert-manager.io", &["Certificate", "ClusterIssuer"]),
    ("longhorn.io", &["RecurringJob"]),
    ("metallb.io", &["IPAddressPool", "L2Advertisement"]),
    ("postgresql.cnpg.io", &["Cluster", "Database", "DatabaseRole", "ScheduledBackup"]),
    ("traefik.io", &["IngressRoute", "Middleware"]),
];

/// Charts of the library that the reference data does not have. Their values were compared with the charts by hand, in
/// these versions; one that is raised is to be looked at again.
const NOT_HERE: [&str; 7] = [
    "cert-manager-v1.21.1",
    "cloudnative-pg-0.29.0",
    "csi-driver-nfs-v4.13.4",
    "external-dns-1.21.1",
    "longhorn-1.12.1",
    "metallb-0.16.1",
    "plugin-barman-cloud-0.7.0",
];

#[test]
fn objects_have_the_fields_of_their_kinds() {
    let outputs = labs::built(LAB).expect("the lab is built");
    let server = ControlPlane::start_api_server();
    let groups = MADE.map(|(group, _)| group);
    if !server.install_crds(&groups) {
        return;
    }
    let folder = TempDir::new().expect("a folder");
    let (mut found, mut namespaces) = (BTreeSet::new(), BTreeSet::new());
    for object in objects::of(&outputs) {
        let object = known(object);
        let version = object["apiVersion"].as_str().unwrap_or_default();
        let group = version.split_once('/').map_or("", |(group, _)| group);
        if !groups.contains(&group) {
            continue;
        }
        let kind = object["kind"].as_str().expect("a kind");
        found.insert((group.to_owned(), kind.to_owned()));
        namespaces.extend(object["metadata"]["namespace"].as_str().map(str::to_owned));
        let name = object["metadata"]["name"].as_str().expect("a name");
        let path = folder.path().join(format!("{kind}-{name}.json"));
        std::fs::write(path, object.to_string()).expect("the object can be written");
    }
    for namespace in namespaces {
        server.kubectl(&["create", "namespace", &namespace]);
    }
    server.apply_server_side(folder.path()).succeeded();
    let wanted = MADE.iter().flat_map(|(group, kinds)| kinds.iter().map(|kind| (*group, *kind)));
    let wanted: BTreeSet<_> = wanted.map(|(group, kind)| (group.to_owned(), kind.to_owned())).collect();
    assert_eq!(found, wanted, "the lab has one of each");
}

/// An object as the API server knows it here. A place for backups of clusters is described as clusters did it before,
/// and that definition is at hand: <https://cloudnative-pg.io/plugin-barman-cloud/docs/usage/#defining-the-objectstore>.
fn known(object: Value) -> Value {
    if object["kind"] != "ObjectStore" {
        return object;
    }
    json!({
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "Cluster",
        "metadata": object["metadata"],
        "spec": {
            "instances": 1,
            "storage": { "size": "1Gi" },
            "env": object["spec"]["instanceSidecarConfiguration"]["env"],
            "backup": {
                "barmanObjectStore": object["spec"]["configuration"],
                "retentionPolicy": object["spec"]["retentionPolicy"],
            },
        },
    })
}

#[test]
fn charts_take_their_values() {
    let outputs = labs::built(LAB).expect("the lab is built");
    let helmfiles = outputs.k8s.iter().filter(|(path, _)| path.ends_with("/helmfile.yaml"));
    let mut charts = BTreeSet::new();
    for (_, text) in helmfiles {
        let file = objects::read(text).expect("a helmfile is YAML");
        for release in file["releases"].as_array().into_iter().flatten() {
            let name =
                release["chart"].as_str().and_then(|chart| chart.rsplit('/').next()).unwrap_or_default();
            if let Some(version) = release["version"].as_str() {
                charts.insert(format!("{name}-{version}"));
            }
        }
    }
    for chart in NOT_HERE {
        assert!(charts.contains(chart), "no kind of the library makes a release of {chart}");
    }
    let Some(mut real) = RealCharts::find() else { return };
    let here: Vec<&String> = charts.iter().filter(|chart| !NOT_HERE.contains(&chart.as_str())).collect();
    assert!(here.len() > 3, "the lab has charts that are here: {here:?}");
    let complaints = real.complaints(&[&outputs]);
    assert!(complaints.is_empty(), "{complaints:#?}");
}
