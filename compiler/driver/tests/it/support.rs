//! What hosts need for storage and cards: what storage needs they get by themselves, and the remedy that a problem names
//! for cards is one.

use diagnostics::Located;
use driver::Session;

use crate::BEGINNING;

/// What mounts volumes by its host, and what the host gets for that.
const STORAGE: &[(&str, &[&str])] = &[
    (
        "release r in media { chart = chart(\"longhorn\", repo = \"https://charts.longhorn.io\", version = \"1.10.0\") }",
        &["openiscsi", "iqn.2026-01.net.example.home:one", "supportedFilesystems", "/usr/local/bin"],
    ),
    ("longhorn in media { }", &["openiscsi", "supportedFilesystems", "/usr/local/bin"]),
    (
        "release r in media { chart = chart(\"csi-driver-nfs\", repo = \"https://example.net\", version = \"4.11.0\") }",
        &["supportedFilesystems"],
    ),
    (
        "manifest m in media { apiVersion = \"v1\", kind = \"PersistentVolume\", spec { nfs { path = \"/films\" } } }",
        &["supportedFilesystems"],
    ),
    (
        "app a in media { image = \"docker.io/library/httpd:2.4.65\", volume v { at = /v, nfs { server = \"nas.lan\", path = /v } } }",
        &["supportedFilesystems"],
    ),
    ("app a in media { image = \"docker.io/library/httpd:2.4.65\" }", &[]),
];

/// All that a host may get for storage.
const SUPPORT: &[&str] = &["openiscsi", "supportedFilesystems", "/usr/local/bin"];

/// A lab with a host that says `nixos`, and something that wants something of it.
fn lab(wanting: &str, nixos: &str) -> String {
    format!(
        r#"{BEGINNING}host one {{ network = lan, address = 192.168.1.10, users = [ana], nixos {{ {nixos} }} }}
cluster k3s {{ servers = [one], disable = ["local-storage"] }}
stage apps = 10
namespace media {{ stage = apps }}
{wanting}
"#
    )
}

fn missing(wanting: &str, nixos: &str) -> Vec<Located> {
    let text = lab(wanting, nixos);
    let session = Session::open(vec![("homelab.hl".into(), text.clone())]);
    let problems = session.problems();
    let errors: Vec<&Located> =
        problems.iter().filter(|one| one.severity() == diagnostics::Severity::Error).collect();
    assert!(errors.is_empty(), "{text}\n{errors:?}");
    problems.into_iter().filter(|problem| problem.rule.name == "missing-host-support").collect()
}

/// What the host's own file says.
fn built(wanting: &str, nixos: &str) -> String {
    let session = Session::open(vec![("homelab.hl".into(), lab(wanting, nixos))]);
    session.outputs().nixos["hosts/one/default.nix"].clone()
}

#[test]
fn hosts_get_what_storage_needs() {
    for (wanting, options) in STORAGE {
        assert!(missing(wanting, "").is_empty(), "{wanting}");
        let file = built(wanting, "");
        for option in *options {
            assert!(file.contains(option), "{wanting}: no {option} in\n{file}");
        }
        for other in SUPPORT.iter().filter(|other| !options.contains(other)) {
            assert!(!file.contains(other), "{wanting}: {other} in\n{file}");
        }
    }
}

#[test]
fn what_a_host_says_itself_counts() {
    let longhorn = STORAGE[0].0;
    let said = [
        ("services.openiscsi { enable = true, name = \"mine\" }", "openiscsi"),
        ("boot.supportedFilesystems = [\"nfs\"]", "supportedFilesystems"),
        ("fileSystems.\"/mnt/nas\" { device = \"nas:/v\", fsType = \"nfs4\" }", "supportedFilesystems"),
        (
            "systemd.tmpfiles.rules = [\"L+ /usr/local/bin - - - - /run/current-system/sw/bin/\"]",
            "/usr/local/bin",
        ),
    ];
    for (nixos, option) in said {
        assert!(!built(longhorn, nixos).contains(option), "{nixos}");
    }
}

#[test]
fn the_remedy_is_one() {
    let card = "app a in media { image = \"docker.io/library/httpd:2.4.65\", resources { extra { \"nvidia.com/gpu\" = 1 } } }";
    let found = missing(card, "");
    let [problem] = found.as_slice() else { panic!("{found:?}") };
    let help = problem.help.as_deref().expect("a remedy");
    let start = help.find("'nixos { ").expect("options") + "'nixos { ".len();
    let end = help.rfind(" }' to the host").expect("an end");
    let block = &help[start..end];
    assert!(missing(card, block).is_empty(), "{block}");
    assert_eq!(block.matches(" = ").count(), 4, "{block}");
}
