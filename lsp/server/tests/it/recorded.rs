//! Sessions of real editors, recorded between them and the server, are had again: whatever had an answer has one.
//!
//! Recorded in VS Code 1.139 with its client library 11, by what reads along between the two. A line of
//! `recorded/*.jsonl` is what a client sent: a method, parameters with `$FOLDER` for the folder, and of a
//! request whether there was something in the answer. `recorded/lab/` is what it had open.

use std::collections::BTreeSet;

use serde_json::Value;

use super::client::Client;

const FILES: [(&str, &str); 2] = [
    ("homelab.hl", include_str!("recorded/lab/homelab.hl")),
    ("media.hl", include_str!("recorded/lab/media.hl")),
];

/// What a client sent.
struct Sent {
    method: String,
    params: Value,
    /// Whether there was something in the answer; nothing where none was asked for, or it was given up.
    answered: Option<bool>,
}

fn session(text: &str, folder: &str) -> Vec<Sent> {
    let sent = |line: &str| {
        let mut line: Value = serde_json::from_str(&line.replace("$FOLDER", folder)).expect("a message");
        Sent {
            method: line["method"].as_str().expect("a method").to_owned(),
            answered: line["answered"].as_bool(),
            params: line["params"].take(),
        }
    };
    text.lines().map(sent).collect()
}

/// Whether there is something in an answer.
fn says_something(answer: &Value) -> bool {
    match answer {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => fields.get("items").is_none_or(says_something),
        _ => true,
    }
}

/// Has a session again, as fast as it is answered; the methods that were answered with something.
fn replay(text: &str) -> BTreeSet<String> {
    let mut client = Client::begun(&FILES);
    let folder = client.uri("").trim_end_matches('/').to_owned();
    let (mut left, mut wrong, mut answered) = (Vec::new(), Vec::new(), BTreeSet::new());
    for Sent { method, params, answered: was } in session(text, &folder) {
        match (method.as_str(), was) {
            (_, None) => client.tell(&method, params),
            // It is answered when something has changed.
            ("workspace/diagnostic", _) => left.push(client.request(&method, params)),
            (_, Some(was)) => match client.ask(&method, params) {
                Ok(answer) if !was || says_something(&answer) => {
                    answered.extend(was.then_some(method));
                }
                other => wrong.push(format!("{method}: {other:?}")),
            },
        }
    }
    // Nobody waits for ever.
    client.ask("shutdown", Value::Null).expect("it shuts down");
    for id in left {
        if let Err(error) = client.answer(id) {
            wrong.push(format!("workspace/diagnostic: {error}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    answered
}

#[test]
fn what_vs_code_asked_is_answered() {
    let answered = replay(include_str!("recorded/vscode.jsonl"));
    for method in WANTED {
        assert!(answered.contains(method), "{method} was not asked: {answered:?}");
    }
}

/// What was done in the session, as far as it is a request: by typing, with shortcuts and from the palette of commands.
const WANTED: [&str; 28] = [
    "callHierarchy/incomingCalls",
    "callHierarchy/outgoingCalls",
    "codeAction/resolve",
    "codeLens/resolve",
    "completionItem/resolve",
    "textDocument/codeAction",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/diagnostic",
    "textDocument/documentHighlight",
    "textDocument/documentLink",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/formatting",
    "textDocument/hover",
    "textDocument/implementation",
    "textDocument/inlayHint",
    "textDocument/linkedEditingRange",
    "textDocument/prepareTypeHierarchy",
    "textDocument/references",
    "textDocument/rename",
    "textDocument/selectionRange",
    "textDocument/semanticTokens/full/delta",
    "textDocument/semanticTokens/range",
    "textDocument/signatureHelp",
    "typeHierarchy/subtypes",
    "workspace/symbol",
    "workspace/textDocumentContent",
];
