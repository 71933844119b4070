//! Answers that take more than one question: differences, what is resolved later, parts.

use serde_json::{Value, json};
use tower_lsp::ls_types::{DocumentSymbol, SymbolInformation};

use super::client::Client;

const LAB: &str = r#"# The lab.
# Two lines.
import std.apps.pihole

lab {
  domain   = "home.arpa"
}

kind shelf {
  size: int
}

template low(n: int) : shelf {
  size = n
}

shelf one : low(3) {
}

half = min([one.size, 2])
same = one
wrong = one.sise
"#;

#[test]
fn colours_come_as_differences() {
    let mut client = Client::new(&[("homelab.hl", LAB)]);
    let uri = client.uri("homelab.hl");
    client.open(&uri, LAB);
    let document = json!({ "uri": uri });
    let whole = |client: &mut Client| {
        let answer = client.ask("textDocument/semanticTokens/full", json!({ "textDocument": document }));
        answer.expect("an answer")
    };
    let full = whole(&mut client);
    let mut data: Vec<Value> = full["data"].as_array().expect("numbers").clone();
    client.replace(&uri, 2, &LAB.replace("shelf one", "# Mine.\nshelf one"));
    let params = json!({ "textDocument": document, "previousResultId": full["resultId"] });
    let delta = client.ask("textDocument/semanticTokens/full/delta", params).expect("an answer");
    let edit = &delta["edits"][0];
    let number = |key: &str| usize::try_from(edit[key].as_u64().expect("a number")).expect("small");
    let new = edit["data"].as_array().expect("numbers").clone();
    assert!(new.len() < data.len() / 2, "only what differs is sent");
    data.splice(number("start")..number("start") + number("deleteCount"), new);
    assert_eq!(Value::Array(data), whole(&mut client)["data"]);
}

#[test]
fn all_that_can_be_repaired_is_repaired_at_once() {
    let mut client = Client::new(&[("homelab.hl", LAB)]);
    let uri = client.uri("homelab.hl");
    client.open(&uri, LAB);
    let mut actions = |only: &str| {
        let nowhere = json!({ "line": 0, "character": 0 });
        let params = json!({
            "textDocument": { "uri": uri },
            "range": { "start": nowhere, "end": nowhere },
            "context": { "diagnostics": [], "only": [only] },
        });
        client.ask("textDocument/codeAction", params).expect("an answer")
    };
    let all = actions("source");
    assert_eq!(all[0]["kind"], "source.fixAll");
    assert!(all.to_string().contains("\"size\""), "{all}");
    assert!(!actions("refactor").to_string().contains("source.fixAll"));
}

#[test]
fn documentation_is_had_when_it_is_asked_for() {
    let mut client = Client::new(&[("homelab.hl", LAB)]);
    let uri = client.uri("homelab.hl");
    client.open(&uri, &LAB.replace("domain   =", "do"));
    let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 5, "character": 4 } });
    let list = client.ask("textDocument/completion", at).expect("an answer");
    let items = list["items"].as_array().expect("items");
    let item = items.iter().find(|item| item["label"] == "domain").expect("the field is offered").clone();
    let resolved = client.ask("completionItem/resolve", item).expect("an answer");
    assert_eq!(resolved["documentation"]["kind"], "markdown", "{resolved}");
}

#[test]
fn what_is_offered_is_shown_as_the_client_can() {
    let names = |can: Value| {
        let item = json!({ "textDocument": { "completion": { "completionItem": can } } });
        let mut client = Client::with(&[("homelab.hl", LAB)], item);
        let uri = client.uri("homelab.hl");
        client.open(&uri, LAB);
        let line = LAB.lines().position(|line| line == "same = one").expect("a line");
        let at = json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": 9 } });
        let list = client.ask("textDocument/completion", at).expect("an answer");
        let items = list["items"].as_array().expect("items");
        items.iter().find(|item| item["label"] == "one").expect("the shelf is offered").clone()
    };
    let plain = names(json!({}));
    assert!(plain["commitCharacters"].is_null() && plain["labelDetails"].is_null(), "{plain}");
    let rich = names(json!({ "commitCharactersSupport": true, "labelDetailsSupport": true }));
    assert!(rich["commitCharacters"].to_string().contains("\".\""), "{rich}");
    assert_eq!(rich["labelDetails"]["description"], "a shelf", "{rich}");
}

/// What is written by hand is what the protocol has, with nothing left out.
#[test]
fn symbols_are_those_of_the_protocol() {
    let answer = |capabilities: Value| {
        let mut client = Client::with(&[("homelab.hl", LAB)], json!({ "textDocument": capabilities }));
        let uri = client.uri("homelab.hl");
        client.open(&uri, LAB);
        client.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } })).expect("symbols")
    };
    let tree = answer(json!({ "documentSymbol": { "hierarchicalDocumentSymbolSupport": true } }));
    let read: Vec<DocumentSymbol> = serde_json::from_value(tree.clone()).expect("symbols");
    assert_eq!(serde_json::to_value(&read).expect("JSON"), tree);
    let names: Vec<&str> = read.iter().map(|symbol| symbol.name.as_str()).collect();
    assert_eq!(names, ["lab", "shelf", "low", "one", "half", "same", "wrong"]);
    assert_eq!(read[2].children.as_ref().map(Vec::len), Some(1));
    assert_eq!(read[2].detail.as_deref(), Some("shelf"));
    // Who knows no trees has a list of the same.
    let list = answer(json!({}));
    let listed: Vec<SymbolInformation> = serde_json::from_value(list.clone()).expect("symbols");
    assert_eq!(serde_json::to_value(&listed).expect("JSON"), list);
    let said = listed.iter().map(|it| (it.name.as_str(), it.container_name.as_deref(), it.location.range));
    let mut expected = Vec::new();
    for outer in &read {
        expected.push((outer.name.as_str(), None, outer.range));
        let children = outer.children.iter().flatten();
        expected.extend(children.map(|it| (it.name.as_str(), Some(outer.name.as_str()), it.range)));
    }
    assert!(said.eq(expected), "{list}");
}
