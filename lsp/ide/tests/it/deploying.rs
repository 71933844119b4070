//! What is deployed, and with which components.

use ide::{FilePosition, built_from, components, deployed, objects};

use crate::{MAIN, at_cursor, open, root_lab};

const LAB: &str = r#"lab home { domain = "home.example.net" }
network lan { cidr = 192.168.1.0/24, gateway = 192.168.1.1 }
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

/// What stands in front of each declaration that is deployed, and its components.
fn found(text: &str) -> Vec<(String, String)> {
    let session = open(text);
    let said = |one: ide::Deployed| {
        let name = text[one.range.start as usize..one.range.end as usize].to_owned();
        (name, one.components.join(" "))
    };
    deployed(&session, MAIN).into_iter().map(said).collect()
}

#[test]
fn what_is_deployed_has_its_components_and_nothing_else_has_any() {
    let found = found(LAB);
    let found: Vec<(&str, &str)> = found.iter().map(|(name, at)| (name.as_str(), at.as_str())).collect();
    let wanted = [
        ("small", "10_apps/small"),
        ("pair", "10_apps/pair-a 10_apps/pair-b"),
        ("tidy", "10_apps/tidy"),
        ("chart", "10_apps/chart"),
        ("config", "10_apps/config"),
    ];
    assert_eq!(found, wanted);
    let session = open(LAB);
    let all: Vec<String> = components(&session).into_iter().collect();
    assert_eq!(
        all,
        [
            "10_apps/chart",
            "10_apps/config",
            "10_apps/pair-a",
            "10_apps/pair-b",
            "10_apps/small",
            "10_apps/tidy"
        ]
    );
    assert_eq!(deployed(&session, "std/apps/pihole.hl"), []);
}

/// The targets of lenses are those that `hlc plan` knows.
#[test]
fn components_are_those_that_are_planned() {
    let session = open(&root_lab());
    let parts = session.deployment();
    let folder = |part: &driver::Part| part.folder.strip_prefix("k8s/").unwrap_or_default().to_owned();
    let planned: std::collections::BTreeSet<String> = parts.iter().map(folder).collect();
    let known = components(&session);
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
