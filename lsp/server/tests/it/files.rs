//! Files and folders that come, go and are called otherwise, and what is chosen in settings.

use serde_json::{Value, json};

use super::capabilities::at;
use super::client::{Client, codes};

const LAB: &str =
    "import \"./parts/media.hl\"\n\nlab {\n  domain = \"home.arpa\"\n}\n\nkind shelf {\n  size: int\n}\n";
const MEDIA: &str = "import \"./deep/more.hl\"\nshelf media { size = 3 }\n";

#[test]
fn imports_follow_a_folder_that_gets_another_name() {
    let files = [("homelab.hl", LAB), ("parts/media.hl", MEDIA), ("parts/deep/more.hl", "x = 1\n")];
    let mut client = Client::new(&files);
    let (main, old, new) = (client.uri("homelab.hl"), client.uri("parts"), client.uri("lab/pieces"));
    client.open(&main, LAB);
    let files = json!({ "files": [{ "oldUri": old, "newUri": new }] });
    let edit = client.ask("workspace/willRenameFiles", files).expect("an answer");
    let changes = edit["changes"].as_object().expect("changes");
    assert_eq!(changes.len(), 1, "what lies in the folder still finds each other: {edit}");
    assert_eq!(changes[&main][0]["newText"], "\"./lab/pieces/media.hl\"");
}

#[test]
fn files_that_come_and_go_are_read() {
    let mut client = Client::new(&[("homelab.hl", LAB)]);
    let (main, media) = (client.uri("homelab.hl"), client.uri("parts/media.hl"));
    client.open(&main, LAB);
    assert_eq!(codes(&client.problems_of(&main, 1)), ["unknown-module"]);
    // It comes.
    let folder = client.folder.path().to_owned();
    std::fs::create_dir_all(folder.join("parts")).expect("a folder");
    std::fs::write(folder.join("parts/media.hl"), "shelf media { size = 3 }\n").expect("a file");
    client.tell("workspace/didCreateFiles", json!({ "files": [{ "uri": media }] }));
    client.until(&main, <[Value]>::is_empty);
    // It is called otherwise, with the folder that it lies in.
    std::fs::rename(folder.join("parts"), folder.join("pieces")).expect("another name");
    let names = [(client.uri("parts"), client.uri("pieces"))];
    let files: Vec<Value> = names.iter().map(|(old, new)| json!({ "oldUri": old, "newUri": new })).collect();
    client.tell("workspace/didRenameFiles", json!({ "files": files }));
    client.until(&main, |found| codes(found) == ["unknown-module"]);
    client.replace(&main, 2, &LAB.replace("parts", "pieces"));
    client.until(&main, <[Value]>::is_empty);
    // It goes.
    std::fs::remove_file(folder.join("pieces/media.hl")).expect("it is there");
    client.tell("workspace/didDeleteFiles", json!({ "files": [{ "uri": client.uri("pieces/media.hl") }] }));
    client.until(&main, |found| codes(found) == ["unknown-module"]);
}

const APP: &str = r#"lab home { domain   = "home.arpa" }
network lan { cidr = 192.168.1.0/24, pool services = 192.168.1.200 .. 192.168.1.219, address door = services.first }
template low : host { network = lan }
all = [for it in [1, 2] => it]
"#;

/// What hints, lenses and saving come to.
fn shown(client: &mut Client, uri: &str) -> (String, usize, bool) {
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let document = json!({ "uri": uri });
    let hints = client.ask("textDocument/inlayHint", json!({ "textDocument": document, "range": range }));
    let labels: Vec<String> = hints
        .expect("an answer")
        .as_array()
        .expect("hints")
        .iter()
        .map(|hint| hint["label"].as_str().expect("a label").to_owned())
        .collect();
    let lenses = client.ask("textDocument/codeLens", json!({ "textDocument": document })).expect("an answer");
    let saved =
        client.ask("textDocument/willSaveWaitUntil", json!({ "textDocument": document, "reason": 1 }));
    let lenses = lenses.as_array().map_or(0, Vec::len);
    (labels.join(" "), lenses, saved.expect("an answer").as_array().is_some_and(|edits| !edits.is_empty()))
}

#[test]
fn settings_are_asked_for_and_sent() {
    let can = json!({ "workspace": {
        "configuration": true,
        "didChangeConfiguration": { "dynamicRegistration": true },
        "inlayHint": { "refreshSupport": true },
        "codeLens": { "refreshSupport": true },
    } });
    let mut client = Client::with(&[("homelab.hl", APP)], can);
    let asked = client.hear("workspace/configuration", |_| true);
    assert_eq!(asked["items"][0]["section"], "hlc");
    client
        .hear("client/registerCapability", |it| it.to_string().contains("workspace/didChangeConfiguration"));
    let uri = client.uri("homelab.hl");
    client.open(&uri, APP);
    assert_eq!(shown(&mut client, &uri), ("192.168.1.200 : a whole number".to_owned(), 1, false));
    // Sent along.
    let off = json!({ "inlayHints": { "values": false }, "lenses": false, "formatOnSave": true });
    client.tell("workspace/didChangeConfiguration", json!({ "settings": { "hlc": off } }));
    client.hear("workspace/inlayHint/refresh", |_| true);
    client.hear("workspace/codeLens/refresh", |_| true);
    assert_eq!(shown(&mut client, &uri), (": a whole number".to_owned(), 0, true));
    // Asked for.
    client.replies.insert("workspace/configuration", json!([{ "inlayHints": { "types": false } }]));
    client.tell("workspace/didChangeConfiguration", json!({ "settings": null }));
    client.hear("workspace/inlayHint/refresh", |_| true);
    assert_eq!(shown(&mut client, &uri), ("192.168.1.200".to_owned(), 1, false));
    // What is no setting changes nothing.
    let nonsense = json!({ "settings": { "hlc": { "lenses": "many" } } });
    client.tell("workspace/didChangeConfiguration", nonsense);
    assert_eq!(shown(&mut client, &uri), ("192.168.1.200".to_owned(), 1, false));
}

#[test]
fn the_documentation_is_linked_where_it_is_said_where_that_is() {
    let text = APP.replace("lan }", "lam }");
    let mut client = Client::new(&[("homelab.hl", &text)]);
    let uri = client.uri("homelab.hl");
    client.open(&uri, &text);
    let leads_to = |found: &[Value], to: &str| found.len() == 1 && found[0]["codeDescription"]["href"] == to;
    client.until(&uri, |found| leads_to(found, "hlc-rule:/unknown-name.md"));
    let hover = |client: &mut Client, line: usize, character: usize| {
        let at = json!({ "line": line, "character": character });
        let params = json!({ "textDocument": { "uri": uri }, "position": at });
        client.ask("textDocument/hover", params).expect("an answer").to_string()
    };
    assert!(!hover(&mut client, 0, 1).contains("in the documentation"));
    let docs = json!({ "hlc": { "docs": { "url": "https://docs.example.net/hlc/" } } });
    client.tell("workspace/didChangeConfiguration", json!({ "settings": docs }));
    let page = "https://docs.example.net/hlc/rules/unknown-name.html";
    client.until(&uri, |found| leads_to(found, page));
    for (line, character, address) in [
        (0, 1, "kinds/lab.html"),
        (0, 13, "kinds/lab.html#domain"),
        (1, 40, "kinds/network.html#pool"),
        (2, 16, "kinds/host.html"),
    ] {
        let said = hover(&mut client, line, character);
        let link = format!("[in the documentation](https://docs.example.net/hlc/{address})");
        assert!(said.contains(&link), "{line}:{character} {said}");
    }
    // Of the lab's own, the documentation says nothing.
    assert!(!hover(&mut client, 3, 1).contains("in the documentation"));
}

#[test]
fn who_cannot_show_places_is_told_of_them() {
    let title = |can: Value| {
        let mut client = Client::with(&[("homelab.hl", APP)], can);
        let uri = client.uri("homelab.hl");
        client.open(&uri, APP);
        let params = json!({ "textDocument": { "uri": uri } });
        let lens = client.ask("textDocument/codeLens", params).expect("an answer")[0].take();
        assert!(lens["command"].is_null(), "it is found when it is shown");
        let lens = client.ask("codeLens/resolve", lens).expect("an answer");
        assert_eq!(lens["command"]["title"], "no uses");
        (client, lens["command"].clone())
    };
    let (_, command) =
        title(json!({ "experimental": { "commands": { "commands": ["hlc.showReferences"] } } }));
    assert_eq!(command["command"], "hlc.showReferences");
    let (mut client, command) = title(json!({}));
    assert_eq!(command["command"], "hlc.showUses");
    let run = json!({ "command": "hlc.showUses", "arguments": command["arguments"] });
    client.ask("workspace/executeCommand", run).expect("an answer");
    let said = client.hear("window/showMessage", |_| true);
    assert_eq!(said["message"], "nobody uses it");
    assert!(client.ask("workspace/executeCommand", json!({ "command": "hlc.nothing" })).is_err());
    let uri = client.uri("homelab.hl");
    let lan = at(APP, "template low : host { network = l$0an }");
    let why = json!({ "command": "hlc.built", "arguments": [uri, lan] });
    assert!(
        client.ask("workspace/executeCommand", why).expect("an answer").is_null(),
        "nothing is built of it"
    );
}
