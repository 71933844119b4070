//! Whatever the server says that it can do, it does, for files of a lab and for those of the library; and it says all of
//! it. HL has no colours, and nothing that could stand in the middle of a line besides completions, so nothing is said of
//! `documentColor`, `inlineValue` and `inlineCompletion`.

use serde_json::{Value, json};

use super::client::Client;

pub(crate) const LAB: &str = r#"# The lab.
# Two lines.
import std.core.network
import std.apps.pihole
import "./media.hl"

lab home {
  domain   = "home.arpa"
}

stage apps = 10
namespace media { stage = apps }
network lan { cidr = 192.168.1.0/24, pool services = 192.168.1.200 .. 192.168.1.219, address door = services.first }

kind shelf {
  size: int
}

template low(n: int) : shelf {
  size = n
}

shelf one : low(3) {
}

app web in media { image = "docker.io/library/httpd:2.4.65", port http = 80 }
half = min([one.size, 2])
quarter = half
same = one
wrong = one.sise
"#;

/// The file of the library that is asked about, and the one that it is opened as.
const LIBRARY: &str = "hlc-std:/std/core/network.hl";

/// How something is asked.
enum Ask {
    /// With these parameters, beside the document.
    With(Value),
    /// With the first of what another request with these parameters finds.
    FirstOf(&'static str, Value),
    /// The command with these arguments behind the document.
    Run(&'static str, Vec<Value>),
    /// With these parameters and no document.
    Of(Value),
}

/// Why something has no answer for files of the library.
#[derive(Clone, Copy, PartialEq, Eq)]
enum No {
    /// It changes a text, and the library is nobody's to change.
    Changes,
    /// It is not about a file of the library.
    Elsewhere,
    /// The library has none of it.
    Such,
}

/// A capability as it is announced, the request that it means, and how that is asked and what is in the answer: of the
/// lab, and of the library.
type Row = (&'static str, &'static str, (Ask, &'static str), Result<(Ask, &'static str), No>);

/// The position that stands where `$0` does in a line of a text.
pub(crate) fn at(text: &str, line: &str) -> Value {
    let before = line.find("$0").expect("a cursor");
    let whole = line.replacen("$0", "", 1);
    let nth = text.lines().position(|it| it == whole).unwrap_or_else(|| panic!("no line {whole}"));
    json!({ "line": nth, "character": before })
}

fn whole() -> Value {
    json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } })
}

fn options() -> Value {
    json!({ "tabSize": 2, "insertSpaces": true })
}

/// What is found of names.
#[rustfmt::skip]
fn about_names(std: &str) -> Vec<Row> {
    use Ask::{FirstOf, With};
    let (name, used, web) = (at(LAB, "shelf o$0ne : low(3) {"), at(LAB, "half = min([o$0ne.size, 2])"), "app w$0eb in media { image = \"docker.io/library/httpd:2.4.65\", port http = 80 }");
    let place = |at: &Value| json!({ "position": at });
    let lab = |line: &str| With(place(&at(LAB, line)));
    let (network, pool) = (at(std, "kind n$0etwork {"), at(std, "  kind p$0ool {"));
    let (range, call) = (at(std, "    derived first: address = self.r$0ange.first"), at(std, "    self.gateway == none or self.cidr contains self.g$0ateway"));
    let std = |at: &Value| With(place(at));
    let refer = |at: &Value| With(json!({ "position": at, "context": { "includeDeclaration": true } }));
    vec![
        ("hoverProvider", "textDocument/hover", (With(place(&name)), "shelf"), Ok((std(&network), "A network that hosts are in"))),
        ("completionProvider", "textDocument/completion", (lab("half = min([one.si$0ze, 2])"), "size"), Ok((std(&range), "range"))),
        ("completionProvider.resolveProvider", "completionItem/resolve", (FirstOf("textDocument/completion", place(&at(LAB, "  do$0main   = \"home.arpa\""))), "documentation"), Ok((FirstOf("textDocument/completion", place(&range)), "documentation"))),
        ("signatureHelpProvider", "textDocument/signatureHelp", (With(place(&used)), "min("), Err(No::Such)),
        ("definitionProvider", "textDocument/definition", (With(place(&used)), "homelab.hl"), Ok((std(&range), "std/core/network.hl"))),
        ("declarationProvider", "textDocument/declaration", (With(place(&used)), "homelab.hl"), Ok((std(&range), "std/core/network.hl"))),
        ("typeDefinitionProvider", "textDocument/typeDefinition", (lab("same = o$0ne"), "homelab.hl"), Err(No::Such)),
        ("implementationProvider", "textDocument/implementation", (lab("kind s$0helf {"), "homelab.hl"), Ok((std(&network), "homelab.hl"))),
        ("referencesProvider", "textDocument/references", (refer(&name), "homelab.hl"), Ok((refer(&network), "homelab.hl"))),
        ("documentHighlightProvider", "textDocument/documentHighlight", (With(place(&name)), "range"), Ok((std(&call), "range"))),
        ("callHierarchyProvider", "textDocument/prepareCallHierarchy", (With(place(&name)), "shelf"), Ok((std(&network), "network"))),
        ("callHierarchyProvider", "callHierarchy/incomingCalls", (FirstOf("textDocument/prepareCallHierarchy", place(&name)), "half"), Ok((FirstOf("textDocument/prepareCallHierarchy", place(&network)), "lan"))),
        ("callHierarchyProvider", "callHierarchy/outgoingCalls", (FirstOf("textDocument/prepareCallHierarchy", place(&at(LAB, web))), "media"), Err(No::Such)),
        ("typeHierarchyProvider", "textDocument/prepareTypeHierarchy", (With(place(&name)), "shelf"), Ok((std(&network), "network"))),
        ("typeHierarchyProvider", "typeHierarchy/supertypes", (FirstOf("textDocument/prepareTypeHierarchy", place(&name)), "low"), Err(No::Such)),
        ("typeHierarchyProvider", "typeHierarchy/subtypes", (FirstOf("textDocument/prepareTypeHierarchy", place(&at(LAB, "kind s$0helf {"))), "low"), Ok((FirstOf("textDocument/prepareTypeHierarchy", place(&pool)), "services"))),
        ("renameProvider", "textDocument/rename", (With(json!({ "position": name, "newName": "two" })), "two"), Err(No::Changes)),
        ("renameProvider.prepareProvider", "textDocument/prepareRename", (With(place(&name)), "one"), Err(No::Changes)),
        ("linkedEditingRangeProvider", "textDocument/linkedEditingRange", (With(place(&name)), "ranges"), Err(No::Changes)),
        ("workspaceSymbolProvider", "workspace/symbol", (Ask::Of(json!({ "query": "one" })), "shelf"), Err(No::Elsewhere)),
    ]
}

/// What is found of texts.
#[rustfmt::skip]
fn about_texts() -> Vec<Row> {
    use Ask::{FirstOf, With};
    let all = || With(json!({ "range": whole() }));
    let wrong = json!({ "start": at(LAB, "wrong = one.$0sise"), "end": at(LAB, "wrong = one.sise$0") });
    let action = |kinds: &[&str]| {
        let context = if kinds.is_empty() { json!({ "diagnostics": [] }) } else { json!({ "diagnostics": [], "only": kinds }) };
        json!({ "range": wrong, "context": context })
    };
    let (three, half) = (at(LAB, "shelf one : low($03) {"), at(LAB, "h$0alf = min([one.size, 2])"));
    let refactor = |at: &Value, kind: &str| {
        With(json!({ "range": { "start": at, "end": at }, "context": { "diagnostics": [], "only": [kind] } }))
    };
    let typed = json!({ "position": { "line": 7, "character": 1 }, "ch": "}", "options": options() });
    let part = json!({ "range": whole(), "options": options() });
    vec![
        ("documentSymbolProvider", "textDocument/documentSymbol", (With(json!({})), "shelf"), Ok((With(json!({})), "network"))),
        ("codeActionProvider", "textDocument/codeAction", (With(action(&[])), "quickfix"), Err(No::Changes)),
        ("codeActionProvider.codeActionKinds/quickfix", "textDocument/codeAction", (With(action(&["quickfix"])), "\"quickfix\""), Err(No::Changes)),
        ("codeActionProvider.codeActionKinds/refactor", "textDocument/codeAction", (refactor(&half, "refactor"), "refactor.inline"), Err(No::Changes)),
        ("codeActionProvider.codeActionKinds/refactor.extract", "textDocument/codeAction", (refactor(&three, "refactor.extract"), "refactor.extract"), Err(No::Changes)),
        ("codeActionProvider.codeActionKinds/refactor.inline", "textDocument/codeAction", (refactor(&half, "refactor.inline"), "refactor.inline"), Err(No::Changes)),
        ("codeActionProvider.codeActionKinds/source.organizeImports", "textDocument/codeAction", (With(action(&["source.organizeImports"])), "source.organizeImports"), Err(No::Changes)),
        ("codeActionProvider.codeActionKinds/source.fixAll", "textDocument/codeAction", (With(action(&["source.fixAll"])), "source.fixAll"), Err(No::Changes)),
        ("codeActionProvider.resolveProvider", "codeAction/resolve", (FirstOf("textDocument/codeAction", action(&["quickfix"])), "\"size\""), Err(No::Changes)),
        ("codeLensProvider", "textDocument/codeLens", (With(json!({})), "data"), Ok((With(json!({})), "data"))),
        ("codeLensProvider.resolveProvider", "codeLens/resolve", (FirstOf("textDocument/codeLens", json!({})), "\"title\""), Ok((FirstOf("textDocument/codeLens", json!({})), "\"title\""))),
        ("documentFormattingProvider", "textDocument/formatting", (With(json!({ "options": options() })), "domain = "), Err(No::Changes)),
        ("documentRangeFormattingProvider", "textDocument/rangeFormatting", (With(part), "domain = "), Err(No::Changes)),
        ("documentRangeFormattingProvider.rangesSupport", "textDocument/rangesFormatting", (With(json!({ "ranges": [whole()], "options": options() })), "domain = "), Err(No::Changes)),
        ("documentOnTypeFormattingProvider", "textDocument/onTypeFormatting", (With(typed), "domain = "), Err(No::Changes)),
        ("textDocumentSync.willSaveWaitUntil", "textDocument/willSaveWaitUntil", (With(json!({ "reason": 1 })), "domain = "), Err(No::Changes)),
        ("documentLinkProvider", "textDocument/documentLink", (With(json!({})), "hlc-std:/std/apps/pihole.hl"), Err(No::Such)),
        ("documentLinkProvider.resolveProvider", "documentLink/resolve", (FirstOf("textDocument/documentLink", json!({})), "tooltip"), Err(No::Such)),
        ("foldingRangeProvider", "textDocument/foldingRange", (With(json!({})), "comment"), Ok((With(json!({})), "startLine"))),
        ("selectionRangeProvider", "textDocument/selectionRange", (With(json!({ "positions": [wrong["start"]] })), "parent"), Ok((With(json!({ "positions": [{ "line": 9, "character": 6 }] })), "parent"))),
        ("semanticTokensProvider", "textDocument/semanticTokens/full", (With(json!({})), "data"), Ok((With(json!({})), "data"))),
        ("semanticTokensProvider.range", "textDocument/semanticTokens/range", (all(), "data"), Ok((all(), "data"))),
        ("semanticTokensProvider.full.delta", "textDocument/semanticTokens/full/delta", (With(json!({ "previousResultId": "x" })), "data"), Ok((With(json!({ "previousResultId": "x" })), "data"))),
        ("inlayHintProvider", "textDocument/inlayHint", (all(), "192.168.1.200"), Err(No::Such)),
        ("inlayHintProvider.resolveProvider", "inlayHint/resolve", (FirstOf("textDocument/inlayHint", json!({ "range": whole() })), "tooltip"), Err(No::Such)),
        ("diagnosticProvider", "textDocument/diagnostic", (With(json!({})), "unknown-field"), Ok((With(json!({})), "full"))),
        ("diagnosticProvider.workspaceDiagnostics", "workspace/diagnostic", (Ask::Of(json!({ "previousResultIds": [] })), "unknown-field"), Err(No::Elsewhere)),
    ]
}

/// What is run, and what is in no file.
#[rustfmt::skip]
fn about_others(std: &str, folder: &str) -> Vec<Row> {
    use Ask::{Of, Run};
    let web = at(LAB, "app w$0eb in media { image = \"docker.io/library/httpd:2.4.65\", port http = 80 }");
    let names = json!({ "files": [{ "oldUri": format!("{folder}/media.hl"), "newUri": format!("{folder}/other.hl") }] });
    let built = format!("hlc-built:/app%20web.yaml?{folder}/homelab.hl");
    let uri = |uri: &str| Of(json!({ "uri": uri }));
    let kind = at(std, "kind n$0etwork {");
    let places = json!([{ "uri": format!("{folder}/homelab.hl"), "range": whole() }]);
    vec![
        ("executeCommandProvider", "workspace/executeCommand", (Run("hlc.why", vec![web.clone()]), "declared here"), Err(No::Such)),
        ("executeCommandProvider.commands/hlc.why", "workspace/executeCommand", (Run("hlc.why", vec![web.clone()]), "replicas"), Err(No::Such)),
        ("executeCommandProvider.commands/hlc.built", "workspace/executeCommand", (Run("hlc.built", vec![web]), "hlc-built:/app%20web.yaml"), Err(No::Such)),
        ("executeCommandProvider.commands/hlc.explain", "workspace/executeCommand", (Of(json!({ "command": "hlc.explain", "arguments": ["unknown-name"] })), "hl bad"), Err(No::Elsewhere)),
        ("executeCommandProvider.commands/hlc.library", "workspace/executeCommand", (Of(json!({ "command": "hlc.library" })), "hlc-std:/std/core/lab.hl"), Err(No::Elsewhere)),
        ("executeCommandProvider.commands/hlc.components", "workspace/executeCommand", (Of(json!({ "command": "hlc.components" })), "10_apps/web"), Err(No::Elsewhere)),
        ("executeCommandProvider.commands/hlc.showUses", "workspace/executeCommand", (Run("hlc.showUses", vec![kind.clone(), places.clone()]), "null"), Ok((Run("hlc.showUses", vec![kind, places]), "null"))),
        ("workspace.textDocumentContent.schemes/hlc-std", "workspace/textDocumentContent", (uri(LIBRARY), "kind network"), Ok((uri(LIBRARY), "kind network"))),
        ("workspace.textDocumentContent.schemes/hlc-rule", "workspace/textDocumentContent", (uri("hlc-rule:/unknown-name.md"), "hl bad"), Err(No::Elsewhere)),
        ("workspace.textDocumentContent.schemes/hlc-built", "workspace/textDocumentContent", (uri(&built), "kind: Deployment"), Err(No::Such)),
        ("workspace.fileOperations.willRename", "workspace/willRenameFiles", (Of(names), "./other.hl"), Err(No::Elsewhere)),
    ]
}

/// What is announced and has no answer, and the test that tries it.
const TOLD: [(&str, &str); 5] = [
    ("textDocumentSync.openClose", "every test"),
    ("workspace.workspaceFolders", "labs::labs_and_documents_without_a_folder_live_side_by_side"),
    ("workspace.fileOperations.didCreate", "files::files_that_come_and_go_are_read"),
    ("workspace.fileOperations.didRename", "files::files_that_come_and_go_are_read"),
    ("workspace.fileOperations.didDelete", "files::files_that_come_and_go_are_read"),
];

/// What says how something is done, not what.
const MANNERS: [&str; 10] = [
    "positionEncoding",
    "change",
    "triggerCharacters",
    "retriggerCharacters",
    "firstTriggerCharacter",
    "moreTriggerCharacter",
    "legend",
    "interFileDependencies",
    "completionItem",
    "experimental",
];

/// All that is announced, by the path to it.
fn announced(path: &str, value: &Value, found: &mut Vec<String>) {
    let inner = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Bool(true) => found.push(path.to_owned()),
        Value::Array(words) => {
            found.extend(words.iter().filter_map(|word| Some(format!("{path}/{}", word.as_str()?))));
        }
        Value::Object(fields) => {
            let is_one = path.ends_with("Provider")
                || path.starts_with("workspace.fileOperations.")
                || path.ends_with("workspaceFolders");
            if is_one {
                found.push(path.to_owned());
            }
            let is_more =
                !path.starts_with("workspace.fileOperations.") && !path.ends_with("workspaceFolders");
            for (key, value) in fields.iter().filter(|(key, _)| is_more && !MANNERS.contains(&key.as_str())) {
                announced(&inner(key), value, found);
            }
        }
        _ => {}
    }
}

/// Asks about a document.
fn ask(client: &mut Client, method: &str, asked: Ask, uri: &str) -> Result<Value, Value> {
    let document = |mut params: Value| {
        params["textDocument"] = json!({ "uri": uri });
        params
    };
    match asked {
        Ask::With(params) => client.ask(method, document(params)),
        Ask::Of(params) => client.ask(method, params),
        Ask::Run(command, arguments) => {
            let arguments: Vec<Value> = std::iter::once(json!(uri)).chain(arguments).collect();
            client.ask(method, json!({ "command": command, "arguments": arguments }))
        }
        Ask::FirstOf(first, params) => {
            let mut found = client.ask(first, document(params))?;
            let items = if found.is_array() { found.take() } else { found["items"].take() };
            let item = items[0].clone();
            let is_hierarchy = method.contains("Hierarchy/");
            client.ask(method, if is_hierarchy { json!({ "item": item }) } else { item })
        }
    }
}

#[test]
fn every_capability_answers_and_every_one_is_announced() {
    let mut client = Client::with(
        &[("homelab.hl", LAB), ("media.hl", "limit = 1GiB\n")],
        json!({ "textDocument": { "codeAction": { "resolveSupport": { "properties": ["edit"] } } } }),
    );
    client
        .tell("workspace/didChangeConfiguration", json!({ "settings": { "hlc": { "formatOnSave": true } } }));
    let uri = client.uri("homelab.hl");
    client.open(&uri, LAB);
    let content = client.ask("workspace/textDocumentContent", json!({ "uri": LIBRARY })).expect("a text");
    let std = content["text"].as_str().expect("a text").to_owned();
    let folder = client.uri("").trim_end_matches('/').to_owned();
    let rows = || about_names(&std).into_iter().chain(about_texts()).chain(about_others(&std, &folder));
    let mut wrong = Vec::new();
    for (_, method, (asked, wanted), library) in rows() {
        let mut asked = vec![(uri.as_str(), asked, Ok(wanted))];
        match library {
            Ok((ask, wanted)) => asked.push((LIBRARY, ask, Ok(wanted))),
            Err(why) => asked.extend(
                rows()
                    .filter(|row| row.1 == method && why == No::Changes)
                    .take(1)
                    .map(|row| (LIBRARY, row.2.0, Err(row.2.1))),
            ),
        }
        for (document, ask_it, wanted) in asked {
            let answer = ask(&mut client, method, ask_it, document);
            let said = answer.as_ref().map_or_else(Value::to_string, Value::to_string);
            let is_right = match wanted {
                Ok(wanted) => answer.is_ok() && said.contains(wanted),
                // What the lab would be changed by does nothing to the library.
                Err(_) => matches!(said.as_str(), "null" | "[]" | "{\"changes\":{}}") || answer.is_err(),
            };
            if !is_right {
                wrong.push(format!("{method} of {document}: {said} where {wanted:?} is wanted"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let mut said = Vec::new();
    announced("", &client.capabilities, &mut said);
    said.sort();
    let mut tried: Vec<String> =
        rows().map(|row| row.0.to_owned()).chain(TOLD.iter().map(|(path, _)| (*path).to_owned())).collect();
    tried.sort();
    tried.dedup();
    assert_eq!(said, tried);
}

/// Whatever is asked at whichever name of whichever file of the library: there is an answer.
#[test]
fn every_file_of_the_library_answers() {
    let mut client = Client::new(&[("homelab.hl", LAB), ("media.hl", "limit = 1GiB\n")]);
    for (nth, (file, text)) in stdlib::FILES.iter().enumerate() {
        let uri = format!("hlc-std:/{file}");
        let mut whole = |method: &str, params: Value| {
            let answer = ask(&mut client, &format!("textDocument/{method}"), Ask::With(params), &uri);
            answer.unwrap_or_else(|error| panic!("{method} of {file}: {error}"))
        };
        for method in ["documentSymbol", "semanticTokens/full", "foldingRange", "codeLens"] {
            let answer = whole(method, json!({}));
            assert!(!matches!(answer.to_string().as_str(), "null" | "[]"), "{method} of {file}");
        }
        assert_eq!(whole("diagnostic", json!({}))["items"], json!([]), "{file}");
        // A line of each file, another of each.
        let lines: Vec<&str> = text.lines().collect();
        let line = nth * 7 % lines.len();
        for character in (0..=lines[line].len()).step_by(6) {
            let at = json!({ "line": line, "character": character });
            let params = json!({
                "position": at,
                "positions": [at],
                "range": { "start": at, "end": at },
                "context": { "diagnostics": [], "includeDeclaration": true, "triggerKind": 1, "isRetrigger": false },
                "options": options(),
                "newName": "other",
            });
            for method in [
                "hover",
                "completion",
                "definition",
                "typeDefinition",
                "implementation",
                "references",
                "documentHighlight",
                "signatureHelp",
                "selectionRange",
                "prepareCallHierarchy",
                "prepareTypeHierarchy",
            ] {
                whole(method, params.clone());
            }
            // The library is nobody's to change.
            for method in ["codeAction", "linkedEditingRange", "rangeFormatting"] {
                let answer = whole(method, params.clone());
                assert!(matches!(answer.to_string().as_str(), "null" | "[]"), "{method} of {file}: {answer}");
            }
        }
    }
}
