//! What is deployed, and what it is called for that.

use ide::{FilePosition, built_from, deployed, objects, targets};

use crate::{MAIN, at_cursor, open, root_lab};

const LAB: &str = r#"lab home { domain = "home.example.net" }
network lan { cidr = 192.168.1.0/24, gateway = 192.168.1.1 }
host attic { network = lan, address = 192.168.1.10 }
stage apps = 10
stage other = 20
namespace media { stage = apps }
secret key { generate = random(32) }
template web : app { image = "docker.io/library/httpd:2.4.65" }
app small in media : web { env { KEY = key } }
app none in media : web if 1 == 2
app pair[n] in media : web for n in ["a", "b"]
job tidy in media { image = "docker.io/library/httpd:2.4.65", schedule = "0 3 * * *" }
release chart in media { chart = "./chart" }
manifest config in media { apiVersion = "v1", kind = "ConfigMap" }
"#;

/// What stands in front of each declaration that is deployed, and what it is planned and applied by.
fn found(text: &str) -> Vec<(String, String)> {
    let session = open(text);
    let said = |one: ide::Deployed| {
        let name = text[one.range.start as usize..one.range.end as usize].to_owned();
        (name, one.targets.join(" "))
    };
    deployed(&session, MAIN).into_iter().map(said).collect()
}

#[test]
fn what_is_deployed_has_its_targets_and_nothing_else_has_any() {
    let found = found(LAB);
    let found: Vec<(&str, &str)> = found.iter().map(|(name, at)| (name.as_str(), at.as_str())).collect();
    let wanted = [
        ("attic", "attic"),
        ("small", "10_apps/small"),
        ("pair", "10_apps/pair-a 10_apps/pair-b"),
        ("tidy", "10_apps/tidy"),
        ("chart", "10_apps/chart"),
        ("config", "10_apps/config"),
    ];
    assert_eq!(found, wanted);
    let session = open(LAB);
    let all: Vec<String> = targets(&session).into_iter().collect();
    assert_eq!(
        all,
        [
            "10_apps/chart",
            "10_apps/config",
            "10_apps/pair-a",
            "10_apps/pair-b",
            "10_apps/small",
            "10_apps/tidy",
            "attic"
        ]
    );
    assert_eq!(deployed(&session, "std/apps/pihole.hl"), []);
}

/// The targets of lenses are those that `hlc plan` knows.
#[test]
fn targets_are_those_that_are_planned() {
    let session = open(&root_lab());
    let parts = session.deployment();
    let folder = |part: &driver::Part| part.folder.strip_prefix("k8s/").unwrap_or_default().to_owned();
    let (hosts, _) = session.hosts_and_clusters();
    let hosts = hosts.iter().map(|host| host.name.clone());
    let planned: std::collections::BTreeSet<String> = parts.iter().map(folder).chain(hosts).collect();
    let known = targets(&session);
    assert!(known.is_subset(&planned), "{known:?} of {planned:?}");
    assert!(known.len() > 3, "{known:?}");
}

#[test]
fn objects_are_those_of_one_declaration_and_without_secrets() {
    let (session, at): (_, FilePosition) = at_cursor(&LAB.replacen("app small", "app $0small", 1));
    let built = built_from(&session, &at).expect("something is built of it");
    let all = objects(&session, &built);
    let yaml: Vec<String> = all.iter().map(|object| object.yaml.print()).collect();
    assert!(yaml.iter().any(|text| text.contains("kind: Deployment")), "{yaml:?}");
    assert!(all.iter().all(|object| object.place.item.head() == "app small"));
}
