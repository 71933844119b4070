//! What is deployed: planned and applied from above it, and how it is doing where somebody points at it.

use std::sync::{Arc, Mutex, PoisonError};

use driver::ClusterObject;
use serde_json::{Value, json};
use server::{Live, Say};

use super::capabilities::at;
use super::client::Client;

const LAB: &str = r#"import "./media.hl"
lab home { domain = "home.example.net" }
stage apps = 10
namespace tools { stage = apps }
template web : app { image = "docker.io/library/httpd:2.4.65" }
app small in tools : web
network lan { cidr = 192.168.1.0/24, gateway = 192.168.1.1 }
"#;

const MEDIA: &str = "app shelf in tools : web\n";

fn files() -> [(&'static str, &'static str); 2] {
    [("homelab.hl", LAB), ("media.hl", MEDIA)]
}

/// What a client can do that shows plans, as the extension says it.
fn showing() -> Value {
    json!({ "experimental": { "commands": { "commands": ["hlc.showReferences", "hlc.plan", "hlc.apply"] } } })
}

fn lenses(client: &mut Client, uri: &str) -> Vec<Value> {
    let params = json!({ "textDocument": { "uri": uri } });
    let found = client.ask("textDocument/codeLens", params).expect("an answer");
    found.as_array().cloned().unwrap_or_default()
}

fn titles(lenses: &[Value]) -> Vec<&str> {
    lenses.iter().filter_map(|lens| lens["command"]["title"].as_str()).collect()
}

fn choose(client: &mut Client, settings: Value) {
    client.tell("workspace/didChangeConfiguration", json!({ "settings": { "hlc": settings } }));
}

#[test]
fn what_is_deployed_is_planned_and_applied_from_above_it() {
    let mut client = Client::with(&files(), showing());
    let (uri, media) = (client.uri("homelab.hl"), client.uri("media.hl"));
    client.open(&uri, LAB);
    let found = lenses(&mut client, &uri);
    assert_eq!(titles(&found), ["plan", "apply"], "{found:?}");
    let plan = found.iter().find(|lens| lens["command"]["title"] == "plan").expect("it is there");
    let range = json!({ "start": { "line": 5, "character": 4 }, "end": { "line": 5, "character": 9 } });
    assert_eq!(plan["range"], range);
    let command = json!({ "title": "plan", "command": "hlc.plan", "arguments": [uri, ["10_apps/small"]] });
    assert_eq!(plan["command"], command);
    // In another file it is the same lab.
    client.open(&media, MEDIA);
    let found = lenses(&mut client, &media);
    assert_eq!(found[1]["command"]["arguments"], json!([uri, ["10_apps/shelf"]]), "{found:?}");
    let labs = client.ask("workspace/executeCommand", json!({ "command": "hlc.components" }));
    assert_eq!(labs.expect("an answer"), json!({ uri.as_str(): ["10_apps/shelf", "10_apps/small"] }));

    // Each sort of lenses can be had without the other.
    choose(&mut client, json!({ "planLenses": false }));
    let found = lenses(&mut client, &uri);
    assert_eq!((titles(&found), found.len()), (Vec::new(), 1), "who uses the template");
    choose(&mut client, json!({ "lenses": false }));
    assert_eq!(titles(&lenses(&mut client, &uri)), ["plan", "apply"]);
}

#[test]
fn who_cannot_show_a_plan_is_offered_none() {
    let mut client = Client::with(
        &files(),
        json!({ "experimental": { "commands": { "commands": ["hlc.plan", "hlc.showReferences"] } } }),
    );
    let uri = client.uri("homelab.hl");
    client.open(&uri, LAB);
    let found = lenses(&mut client, &uri);
    assert_eq!((titles(&found), found.len()), (Vec::new(), 1), "{found:?}");
}

/// A cluster that answers as it is told to.
#[derive(Default)]
struct Cluster {
    /// What it says; nothing where it never comes to it.
    says: Option<&'static str>,
    /// Whether it says at once that it has nothing to say.
    is_away: bool,
    /// The objects that it was asked about: how many, and whose.
    asked: Mutex<Vec<String>>,
    /// Who still waits.
    waiting: Mutex<Vec<Say>>,
}

impl Live for Cluster {
    fn look(&self, objects: Vec<ClusterObject>, say: Say) {
        let heads = objects.iter().map(|object| object.place.item.head().to_owned());
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).extend(heads);
        match self.says {
            Some(text) => say(text.to_owned()),
            None if self.is_away => {}
            None => self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(say),
        }
    }
}

impl Cluster {
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn hover(client: &mut Client, line: &str) -> String {
    let uri = client.uri("homelab.hl");
    let params = json!({ "textDocument": { "uri": uri }, "position": at(LAB, line) });
    let answer = client.ask("textDocument/hover", params).expect("an answer");
    answer["contents"]["value"].as_str().expect("a text").to_owned()
}

fn beside(cluster: &Arc<Cluster>) -> Client {
    let live: Arc<dyn Live> = Arc::clone(cluster) as Arc<dyn Live>;
    let mut client = Client::beside(&files(), Some(live));
    let uri = client.uri("homelab.hl");
    client.open(&uri, LAB);
    client
}

#[test]
fn how_an_app_is_doing_is_said_behind_all_else() {
    let says = Some("1 of 1 pods ready, httpd:2.4.66 <b> *x*");
    let cluster = Arc::new(Cluster { says, ..Cluster::default() });
    let mut client = beside(&cluster);
    let said = hover(&mut client, "app s$0mall in tools : web");
    assert!(said.starts_with("```hl\napp small in tools"), "{said}");
    assert!(said.ends_with("\n\nlive: 1 of 1 pods ready, httpd:2.4.66 \\<b\\> \\*x\\*"), "{said}");
    let asked = cluster.asked();
    assert!(!asked.is_empty() && asked.iter().all(|head| head == "app small"), "{asked:?}");
    // What is deployed as nothing is nobody's to know.
    let said = hover(&mut client, "network l$0an { cidr = 192.168.1.0/24, gateway = 192.168.1.1 }");
    assert!(!said.contains("live:") && cluster.asked().is_empty(), "{said}");
    // Somebody may not want to know.
    choose(&mut client, json!({ "hover": { "live": false } }));
    let said = hover(&mut client, "app s$0mall in tools : web");
    assert!(!said.contains("live:") && cluster.asked().is_empty(), "{said}");
}

#[test]
fn what_does_not_come_in_time_is_not_waited_for() {
    for is_away in [false, true] {
        let cluster = Arc::new(Cluster { is_away, ..Cluster::default() });
        let mut client = beside(&cluster);
        let said = hover(&mut client, "app s$0mall in tools : web");
        assert!(said.contains("app small") && !said.contains("live:"), "{said}");
        assert!(!cluster.asked().is_empty());
        // What is said too late is nobody's to hear.
        for say in cluster.waiting.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            say("1 of 1 pods ready".to_owned());
        }
        assert!(hover(&mut client, "app s$0mall in tools : web").contains("app small"));
    }
}
