//! Whatever the server says that it can do, it does.

use serde_json::{Value, json};

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

/// The position that stands where `$0` does in a line of the lab.
fn at(line: &str) -> Value {
    let before = line.find("$0").expect("a cursor");
    let whole = line.replacen("$0", "", 1);
    let nth = LAB.lines().position(|it| it == whole).expect("a line of the lab");
    json!({ "line": nth, "character": before })
}

/// A capability, what it is asked with, and what is in the answer.
type Asked = (&'static str, &'static str, Value, &'static str);

fn about_names() -> Vec<Asked> {
    let (name, used) = (at("shelf o$0ne : low(3) {"), at("half = min([o$0ne.size, 2])"));
    let context = json!({ "includeDeclaration": true });
    vec![
        ("hoverProvider", "hover", json!({ "position": name }), "shelf"),
        (
            "completionProvider",
            "completion",
            json!({ "position": at("half = min([one.si$0ze, 2])") }),
            "size",
        ),
        ("signatureHelpProvider", "signatureHelp", json!({ "position": used }), "min("),
        ("definitionProvider", "definition", json!({ "position": used }), "homelab.hl"),
        ("declarationProvider", "declaration", json!({ "position": used }), "homelab.hl"),
        ("typeDefinitionProvider", "typeDefinition", json!({ "position": at("same = o$0ne") }), "homelab.hl"),
        ("referencesProvider", "references", json!({ "position": name, "context": context }), "homelab.hl"),
        ("documentHighlightProvider", "documentHighlight", json!({ "position": name }), "range"),
        ("renameProvider", "rename", json!({ "position": name, "newName": "two" }), "two"),
        ("renameProvider", "prepareRename", json!({ "position": name }), "one"),
        ("linkedEditingRangeProvider", "linkedEditingRange", json!({ "position": name }), "ranges"),
        ("codeLensProvider", "codeLens", json!({}), "showReferences"),
    ]
}

fn about_texts() -> Vec<Asked> {
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let all = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let wrong = json!({ "start": at("wrong = one.$0sise"), "end": at("wrong = one.sise$0") });
    let context = json!({ "diagnostics": [] });
    let part = json!({ "range": all, "options": options });
    let typed = json!({ "position": { "line": 6, "character": 1 }, "ch": "}", "options": options });
    vec![
        ("documentSymbolProvider", "documentSymbol", json!({}), "shelf"),
        ("codeActionProvider", "codeAction", json!({ "range": wrong, "context": context }), "quickfix"),
        ("documentFormattingProvider", "formatting", json!({ "options": options }), "domain = "),
        ("documentRangeFormattingProvider", "rangeFormatting", part, "domain = "),
        ("documentOnTypeFormattingProvider", "onTypeFormatting", typed, "domain = "),
        ("documentLinkProvider", "documentLink", json!({}), "hlc-std:/std/apps/pihole.hl"),
        ("foldingRangeProvider", "foldingRange", json!({}), "comment"),
        ("selectionRangeProvider", "selectionRange", json!({ "positions": [wrong["start"]] }), "parent"),
        ("semanticTokensProvider", "semanticTokens/full", json!({}), "data"),
        ("semanticTokensProvider", "semanticTokens/range", json!({ "range": all }), "data"),
        ("semanticTokensProvider", "semanticTokens/full/delta", json!({ "previousResultId": "x" }), "data"),
        ("inlayHintProvider", "inlayHint", json!({ "range": all }), "["),
        ("diagnosticProvider", "diagnostic", json!({}), "unknown-field"),
    ]
}

#[test]
fn every_capability_answers() {
    let mut client = Client::new(&[("homelab.hl", LAB)]);
    let uri = client.uri("homelab.hl");
    client.open(&uri, LAB);
    let capabilities = client.capabilities.clone();
    let mut wrong = Vec::new();
    let mut asked: Vec<&str> = vec!["workspaceSymbolProvider"];
    for (capability, method, mut params, wanted) in about_names().into_iter().chain(about_texts()) {
        assert!(!capabilities[capability].is_null(), "{capability} is not offered");
        asked.push(capability);
        params["textDocument"] = json!({ "uri": uri });
        match client.ask(&format!("textDocument/{method}"), params) {
            Ok(answer) if answer.to_string().contains(wanted) => {}
            other => wrong.push(format!("{method}: {other:?} has no {wanted}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let symbols = client.ask("workspace/symbol", json!({ "query": "one" })).expect("an answer");
    assert_eq!(symbols[0]["name"], "one");
    let offered = capabilities.as_object().expect("an object").keys().filter(|key| key.ends_with("Provider"));
    let left: Vec<&String> = offered.filter(|key| !asked.contains(&key.as_str())).collect();
    assert!(left.is_empty(), "offered, and not asked here: {left:?}");
}

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
