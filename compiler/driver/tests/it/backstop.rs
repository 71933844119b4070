//! The backstop notices each declared thing that is in no file.

use std::collections::BTreeMap;

use driver::{Outputs, Session};

use crate::BEGINNING;

/// Something of every kind that is built, and two of one name.
const REST: &str = r#"host attic { network = lan, address = 192.168.1.10, users = [ana], disk system { device = /dev/disk/by-id/a } }
cluster k3s { servers = [attic] }
stage apps = 10
namespace media { stage = apps }
namespace other { stage = apps }
namespace kube-system { stage = apps, existing = true }
app web in media {
  image = "docker.io/library/httpd:2.4.65"
  port http = 80
  volume data { size = 1GiB, at = /data }
}
app twin in other { image = "docker.io/library/httpd:2.4.65", part-of = web }
job dump in media { image = "docker.io/library/httpd:2.4.65", schedule = "0 4 * * *" }
job once in media { image = "docker.io/library/httpd:2.4.65", part-of = web }
release chart in media { chart = chart("podinfo", repo = "https://example.net/charts", version = "1.0.0") }
manifest settings in media { apiVersion = "v1", kind = "ConfigMap", data { a = "b" } }
manifest role in media { apiVersion = "rbac.authorization.k8s.io/v1", kind = "ClusterRole", rules = [] }
"#;

/// What is declared, and a file without which it is not there.
const FILES: &[(&str, &str)] = &[
    ("home", "flake.nix"),
    ("ana", "modules/users/ana.nix"),
    ("attic", "hosts/attic/default.nix"),
    ("k3s", "modules/k3s.nix"),
    ("k3s", "modules/k3s-server.nix"),
    ("media", "10_apps/namespaces/manifests/namespace-media.yaml"),
    ("other", "10_apps/namespaces/manifests/namespace-other.yaml"),
    ("web", "10_apps/web/manifests/deployment-web.yaml"),
    ("twin", "10_apps/web/manifests/deployment-twin.yaml"),
    ("dump", "10_apps/dump/manifests/cronjob-dump.yaml"),
    ("once", "10_apps/web/manifests/job-once-*"),
    ("chart", "10_apps/chart/helmfile.yaml"),
    ("settings", "10_apps/settings/manifests/configmap-settings.yaml"),
    ("role", "10_apps/role/manifests/clusterrole-role.yaml"),
];

fn lab() -> String {
    format!("{BEGINNING}{REST}")
}

fn open(text: &str) -> Session {
    let session = Session::open(vec![("homelab.hl".into(), text.into())]);
    let problems: Vec<_> = session.problems().into_iter().map(|problem| problem.message).collect();
    assert_eq!(problems, [""; 0]);
    session
}

/// Without the file at `path`, of which `*` is any end.
fn without(outputs: &Outputs, path: &str) -> Outputs {
    let mut outputs = outputs.clone();
    let is_it =
        |other: &&String| path.strip_suffix('*').map_or(*other == path, |start| other.starts_with(start));
    let path = outputs.k8s.keys().find(is_it).cloned().unwrap_or_else(|| path.to_owned());
    let path = path.as_str();
    assert!(
        outputs.nixos.remove(path).or(outputs.k8s.remove(path)).is_some(),
        "{path}: {:?}",
        outputs.k8s.keys()
    );
    outputs
}

#[test]
fn nothing_is_missing_in_a_whole_lab() {
    let session = open(&lab());
    assert_eq!((session.faults(), session.missing(&session.outputs())), (vec![], vec![]));
    let root = include_str!("../../../../homelab.hl");
    let session = Session::open(vec![("homelab.hl".into(), root.into())]);
    assert_eq!(session.missing(&session.outputs()), [""; 0]);
}

#[test]
fn each_declared_thing_that_is_in_no_file_is_noticed() {
    let session = open(&lab());
    let outputs = session.outputs();
    for (name, path) in FILES {
        let missing = session.missing(&without(&outputs, path));
        let wanted = format!("'{name}' is declared, and no file is made for it");
        assert!(missing.iter().any(|one| one.ends_with(&wanted)), "without {path}: {missing:?}");
        let line =
            lab().lines().position(|line| line.split(' ').nth(1) == Some(name)).expect("it is there") + 1;
        let place = format!("homelab.hl:{line}: ");
        assert!(missing.iter().any(|one| one.starts_with(&place)), "without {path}: {missing:?}");
    }
    // A folder that nobody deploys is as good as none.
    let mut unlisted = outputs.clone();
    let all = unlisted.k8s.get_mut("helmfile.yaml").expect("a helmfile of all");
    *all = all.replace("- path: 10_apps/dump/helmfile.yaml", "");
    assert_eq!(session.missing(&unlisted).len(), 1);
}

#[test]
fn all_that_is_declared_is_noticed_where_there_is_nothing() {
    let session = open(&lab());
    let missing = session.missing(&Outputs::default());
    let mut wanted: BTreeMap<&str, usize> = FILES.iter().map(|(name, _)| (*name, 1)).collect();
    // Where not even a host is made, there is nothing to say to NixOS.
    for of_nixos in ["home", "ana", "k3s"] {
        wanted.remove(of_nixos);
    }
    for (name, times) in wanted {
        let of = |one: &&String| one.contains(&format!("'{name}' is declared"));
        assert_eq!(missing.iter().filter(of).count(), times, "{name}: {missing:?}");
    }
}

#[test]
fn two_of_one_name_are_two() {
    let session = open(&lab().replace("app twin in other", "app web-2 in other").replace(
        "release chart",
        "manifest m1 in media { apiVersion = \"v1\", kind = \"ConfigMap\", metadata { name = \"twin\" }, part-of = web }\n\
         manifest m2 in other { apiVersion = \"v1\", kind = \"ConfigMap\", metadata { name = \"twin\" }, part-of = web }\n\
         release chart",
    ));
    let outputs = session.outputs();
    assert_eq!(session.missing(&outputs), [""; 0]);
    for path in
        ["10_apps/web/manifests/configmap-twin.yaml", "10_apps/web/manifests/configmap-twin.other.yaml"]
    {
        assert_eq!(session.missing(&without(&outputs, path)).len(), 1, "{path}");
    }
}
