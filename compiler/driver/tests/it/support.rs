//! What hosts need for storage and cards: the remedy that a problem names is one.

use diagnostics::Located;
use driver::Session;

use crate::BEGINNING;

/// What needs something of its host, and how many things.
const WANTING: &[(&str, usize)] = &[
    (
        "release r in media { chart = chart(\"longhorn\", repo = \"https://charts.longhorn.io\", version = \"1.10.0\") }",
        2,
    ),
    (
        "release r in media { chart = chart(\"csi-driver-nfs\", repo = \"https://example.net\", version = \"4.11.0\") }",
        1,
    ),
    (
        "app a in media { image = \"docker.io/library/httpd:2.4.65\", resources { extra { \"nvidia.com/gpu\" = 1 } } }",
        4,
    ),
    (
        "manifest m in media { apiVersion = \"v1\", kind = \"PersistentVolume\", spec { nfs { path = \"/films\" } } }",
        1,
    ),
];

fn missing(wanting: &str, nixos: &str) -> Vec<Located> {
    let text = format!(
        r#"{BEGINNING}host one {{ network = lan, address = 192.168.1.10, users = [ana], nixos {{ {nixos} }} }}
cluster k3s {{ servers = [one], disable = ["local-storage"] }}
stage apps = 10
namespace media {{ stage = apps }}
{wanting}
"#
    );
    let session = Session::open(vec![("homelab.hl".into(), text.clone())]);
    let problems = session.problems();
    let errors: Vec<&Located> =
        problems.iter().filter(|one| one.severity() == diagnostics::Severity::Error).collect();
    assert!(errors.is_empty(), "{text}\n{errors:?}");
    problems.into_iter().filter(|problem| problem.rule.name == "missing-host-support").collect()
}

#[test]
fn the_remedy_is_one() {
    for (wanting, options) in WANTING {
        let found = missing(wanting, "");
        let [problem] = found.as_slice() else { panic!("{wanting}: {found:?}") };
        let help = problem.help.as_deref().expect("a remedy");
        let start = help.find("'nixos { ").expect("options") + "'nixos { ".len();
        let end = help.rfind(" }' to the host").expect("an end");
        let block = &help[start..end];
        assert!(missing(wanting, block).is_empty(), "{wanting}: {block}");
        assert_eq!(block.matches(" = ").count() - block.matches(", name = ").count(), *options, "{block}");
    }
}
