//! Messages that nobody should send.

use robustness::Random;
use serde_json::{Value, json};
use server::Ended;

use super::client::Client;

const LAB: &str = "lab {\n  domain = \"home.arpa\"\n}\n";

fn is_alive(client: &mut Client, uri: &str) {
    let params = json!({ "textDocument": { "uri": uri } });
    let symbols = client.ask("textDocument/documentSymbol", params).expect("the server lives");
    assert_eq!(symbols[0]["name"], "lab");
}

#[test]
fn what_is_no_message_is_survived() {
    let mut client = Client::new(&[("homelab.hl", LAB)]);
    let uri = client.uri("homelab.hl");
    client.open(&uri, LAB);
    let deep = vec![b'['; 100_000];
    let bodies: [&[u8]; 10] = [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"{\"jsonrpc\":\"2.0\"}",
        b"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":5}",
        b"{\"jsonrpc\":\"2.0\",\"id\":77777,\"result\":null}",
        b"{\"jsonrpc\":\"1.0\",\"id\":77777,\"method\":\"shutdown\"}",
        &deep,
    ];
    for body in bodies {
        client.send_bytes(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        client.send_bytes(body);
        is_alive(&mut client, &uri);
    }
    client.send_bytes(b"Content-Type: x\r\n\r\nContent-Length: nonsense\r\n\r\n\r\n\r\n");
    is_alive(&mut client, &uri);
    assert_eq!(client.vanish(), Ended::Suddenly);
}

const METHODS: [&str; 36] = [
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/rename",
    "textDocument/codeAction",
    "textDocument/rangeFormatting",
    "textDocument/onTypeFormatting",
    "textDocument/semanticTokens/range",
    "textDocument/selectionRange",
    "textDocument/inlayHint",
    "completionItem/resolve",
    "workspace/symbol",
    "textDocument/implementation",
    "textDocument/prepareCallHierarchy",
    "textDocument/prepareTypeHierarchy",
    "callHierarchy/incomingCalls",
    "callHierarchy/outgoingCalls",
    "typeHierarchy/supertypes",
    "typeHierarchy/subtypes",
    "codeAction/resolve",
    "codeLens/resolve",
    "inlayHint/resolve",
    "documentLink/resolve",
    "textDocument/rangesFormatting",
    "textDocument/willSaveWaitUntil",
    "workspace/executeCommand",
    "workspace/textDocumentContent",
    "workspace/willRenameFiles",
    "workspace/diagnostic",
    "no/such/method",
    "workspace/didRenameFiles",
    "workspace/didCreateFiles",
    "workspace/didChangeConfiguration",
    "textDocument/didOpen",
    "textDocument/didChange",
    "textDocument/didClose",
    "workspace/didChangeWatchedFiles",
];

/// Requests whose parameters are anything, and positions that are nowhere.
#[test]
fn parameters_may_be_anything() {
    let mut client = Client::new(&[("homelab.hl", LAB)]);
    let uri = client.uri("homelab.hl");
    client.open(&uri, LAB);
    let mut random = Random::new(5);
    let numbers = [json!(0), json!(1), json!(2), json!(u32::MAX), json!(-1), json!(1.5), json!("x")];
    let uris = [&uri, "file:///", "file:", "hlc-std:/", "untitled:x", "", "file:///nowhere/a.hl", "%"];
    let commands = ["hlc.why", "hlc.built", "hlc.explain", "hlc.showUses", "x"];
    for nth in 0..1_200 {
        let mut position = || {
            let mut number = || numbers[random.below(numbers.len())].clone();
            json!({ "line": number(), "character": number() })
        };
        let range = json!({ "start": position(), "end": position() });
        let (at, other) = (position(), position());
        let document = uris[nth % uris.len()];
        let params = json!({
            "textDocument": { "uri": document, "version": nth, "languageId": "hl", "text": "x = 1\n" },
            "position": at,
            "positions": [other],
            "range": range,
            "newName": "🦀",
            "query": "l",
            "ch": "}",
            "label": "l",
            "context": { "diagnostics": [], "includeDeclaration": true },
            "options": { "tabSize": 2, "insertSpaces": true },
            "contentChanges": [{ "range": range, "text": "é\r" }],
            "changes": [{ "uri": document, "type": 9 }],
            "uri": format!("hlc-built:/x%y.yaml?{document}"),
            "ranges": [range, range],
            "item": { "name": "x", "kind": 1, "uri": document, "range": range, "selectionRange": range },
            "data": if nth % 2 == 0 { json!(document) } else { json!({ "document": document, "range": range }) },
            "title": "x",
            "kind": "refactor",
            "files": [{ "uri": document, "oldUri": document, "newUri": uris[(nth + 1) % uris.len()] }],
            "command": commands[nth % commands.len()],
            "arguments": [document, at, [{ "uri": document, "range": range }]],
            "settings": { "hlc": { "lenses": nth } },
            "previousResultIds": [],
            "reason": 1,
        });
        let method = METHODS[random.below(METHODS.len())];
        if !method.contains("/did") {
            // Whatever it is: it is answered.
            let _ = client.ask(method, params);
        } else if document != uri {
            client.tell(method, params);
        }
    }
    for params in [Value::Null, json!([]), json!("x"), json!({ "textDocument": 5 })] {
        for method in METHODS {
            client.tell(method, params.clone());
        }
    }
    client.replace(&uri, 1_000, LAB);
    is_alive(&mut client, &uri);
}

#[test]
fn before_the_beginning_and_after_the_end() {
    let mut client = Client::begun(&[("homelab.hl", LAB)]);
    let early = client.ask("textDocument/hover", json!({})).expect_err("it has not begun");
    assert_eq!(early["code"], -32002);
    client.ask("initialize", json!({ "capabilities": {} })).expect("it begins");
    assert!(client.ask("initialize", json!({ "capabilities": {} })).is_err());
    client.ask("shutdown", Value::Null).expect("it shuts down");
    let late = client.ask("workspace/symbol", json!({ "query": "" })).expect_err("it is over");
    assert_eq!(late["code"], -32600);
    client.tell("exit", Value::Null);
    assert_eq!(client.vanish(), Ended::Politely);
}
