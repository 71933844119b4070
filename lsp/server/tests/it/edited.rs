//! After every edit, all that can be asked is answered as a server answers that has only seen the text as it is then.

use robustness::{Random, mutate};
use serde_json::{Value, json};

use super::client::{Client, counting};

const ROOT: &str = include_str!("../../../ide/tests/it/other.hl");
const MORE: &str =
    "## A shelf.\nkind shelf {\n  ## How wide.\n  size: int\n}\n\nshelf media {\n  size = 3\n}\n";
const FILES: [&str; 2] = ["homelab.hl", "more.hl"];
const EDITS: i64 = 60;

/// What is asked of a file.
const OF_FILES: [&str; 9] = [
    "documentSymbol",
    "foldingRange",
    "semanticTokens/full",
    "formatting",
    "inlayHint",
    "codeLens",
    "documentLink",
    "documentColor",
    "diagnostic",
];
/// What is asked at a place.
const AT_PLACES: [&str; 16] = [
    "hover",
    "definition",
    "declaration",
    "typeDefinition",
    "implementation",
    "references",
    "documentHighlight",
    "completion",
    "signatureHelp",
    "prepareRename",
    "rename",
    "selectionRange",
    "linkedEditingRange",
    "codeAction",
    "prepareCallHierarchy",
    "prepareTypeHierarchy",
];

/// A client that has both files open as they are.
fn opened(texts: &[String; 2]) -> Client {
    let files = [(FILES[0], texts[0].as_str()), (FILES[1], texts[1].as_str())];
    let mut client = Client::with(&files, counting("utf-8"));
    for (name, text) in files {
        let uri = client.uri(name);
        client.open(&uri, text);
    }
    client
}

/// An answer or an error, as it is in any folder.
fn asked(client: &mut Client, method: &str, params: Value) -> Value {
    let answer = match client.ask(method, params) {
        Ok(answer) => answer,
        Err(error) => json!({ "error": error }),
    };
    // In links of a document that is built, the address of another one is written in another way.
    let folder = client.uri("").trim_start_matches("file://").trim_end_matches('/').to_owned();
    let text = answer.to_string().replace(&folder, "/lab");
    let mut answer: Value = serde_json::from_str(&text).expect("JSON");
    unmark(&mut answer);
    answer
}

/// Takes out the marks of answers, which say in which folder and how often somebody asked.
fn unmark(answer: &mut Value) {
    match answer {
        Value::Object(fields) => {
            fields.remove("resultId");
            fields.values_mut().for_each(unmark);
        }
        Value::Array(all) => all.iter_mut().for_each(unmark),
        _ => {}
    }
}

/// All that two servers answer of a file and at a place in it.
fn compare(client: &mut Client, fresh: &mut Client, file: &str, at: &Value, text: &str) {
    let mut same = |method: &str, more: &dyn Fn(&str) -> Value| {
        let (own, other) = (more(&client.uri(file)), more(&fresh.uri(file)));
        let (own, other) = (asked(client, method, own), asked(fresh, method, other));
        assert_eq!(own, other, "{method} at {at} of\n{text}");
        usize::from(own["error"].is_null() && !own.is_null())
    };
    let mut answered = 0;
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": at });
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    for method in OF_FILES {
        let params =
            |uri: &str| json!({ "textDocument": { "uri": uri }, "options": options, "range": range });
        answered += same(&format!("textDocument/{method}"), &params);
    }
    for method in AT_PLACES {
        let params = |uri: &str| {
            json!({
                "textDocument": { "uri": uri },
                "position": at,
                "positions": [at],
                "range": range,
                "newName": "another",
                "context": { "includeDeclaration": true, "diagnostics": [] },
            })
        };
        answered += same(&format!("textDocument/{method}"), &params);
    }
    answered += same("workspace/symbol", &|_| json!({ "query": "e" }));
    answered += same("workspace/diagnostic", &|_| json!({ "previousResultIds": [] }));
    assert!(answered > 6, "{answered} answers at {at} of\n{text}");
}

#[test]
fn every_answer_is_a_fresh_servers_after_every_edit() {
    let first = [format!("import \"./more.hl\"\n{ROOT}"), MORE.to_owned()];
    let mut texts = first.clone();
    let mut client = opened(&texts);
    let mut random = Random::new(11);
    for version in 2..2 + EDITS {
        let nth = random.below(4) / 3;
        // A carriage return alone ends a line for clients only.
        let changed = mutate(&texts[nth], &mut random).replace('\r', "");
        texts[nth] = if version % 12 == 0 { first[nth].clone() } else { changed };
        let uri = client.uri(FILES[nth]);
        client.replace(&uri, version, &texts[nth]);
        let mut fresh = opened(&texts);
        let text = &texts[nth];
        let line = random.below(text.lines().count().max(1));
        let width = text.lines().nth(line).map_or(0, str::len);
        let at = json!({ "line": line, "character": random.below(width + 1) });
        compare(&mut client, &mut fresh, FILES[nth], &at, text);
    }
}
