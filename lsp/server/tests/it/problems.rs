//! What a client is told of problems, and what it is told when it asks, is what `hlc check` finds.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostics::{Located, Severity};
use robustness::{Random, mutate};
use serde_json::{Value, json};
use workspace::Lab;

use super::client::{Client, codes, counting};

const ROOT: &str = include_str!("../../../../homelab.hl");
const MEDIA: &str = "shelf media {\n  size = 3\n}\n";
const SMALL: &str =
    "import \"./media.hl\"\n\nlab {\n  domain = \"home.arpa\"\n}\n\nkind shelf {\n  size: int\n}\n";

/// Problems as they are told: rule, begin, end, severity.
fn told(problems: &[Value]) -> Vec<String> {
    let place = |at: &Value| format!("{}:{}", at["line"], at["character"]);
    let one = |it: &Value| {
        let (start, end) = (place(&it["range"]["start"]), place(&it["range"]["end"]));
        format!("{} {start} {end} {}", it["code"].as_str().expect("a rule"), it["severity"])
    };
    problems.iter().map(one).collect()
}

/// The same of a lab.
fn found(text: &str, problems: &[Located], file: &str) -> Vec<String> {
    let place = |byte: u32| {
        let before = &text[..byte as usize];
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        format!("{}:{}", before.matches('\n').count(), before.len() - start)
    };
    let own = problems.iter().filter(|problem| *problem.range.file == *file);
    own.map(|it| {
        let severity = if it.severity() == Severity::Error { 1 } else { 2 };
        let (start, end) = (place(it.range.start.byte), place(it.range.end.byte));
        format!("{} {start} {end} {severity}", it.rule.name)
    })
    .collect()
}

/// The lab with these files, opened as it is.
fn fresh(files: &[(&str, &str)]) -> Lab {
    let texts: BTreeMap<String, Arc<str>> =
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).into())).collect();
    Lab::open("homelab.hl", Box::new(texts))
}

/// After every one of many random edits of two files.
#[test]
fn problems_are_those_of_a_fresh_lab_after_every_edit() {
    let mut client = Client::with(&[("homelab.hl", SMALL), ("media.hl", MEDIA)], counting("utf-8"));
    let uris = [client.uri("homelab.hl"), client.uri("media.hl")];
    let mut texts = [SMALL.to_owned(), MEDIA.to_owned()];
    client.open(&uris[0], SMALL);
    client.open(&uris[1], MEDIA);
    let mut random = Random::new(7);
    let mut compared = 0;
    for version in 2..302 {
        let nth = random.below(2);
        // A carriage return alone ends a line for clients only: that is another test's.
        let changed = mutate(&texts[nth], &mut random).replace('\r', "");
        let is_long = changed.len() > 4_000 || version % 20 == 0;
        texts[nth] = if is_long { [SMALL, MEDIA][nth].to_owned() } else { changed };
        client.replace(&uris[nth], version, &texts[nth]);
        let problems = client.problems_of(&uris[nth], version);
        let lab = fresh(&[("homelab.hl", &texts[0]), ("media.hl", &texts[1])]);
        let (session, file) = (lab.session(), ["homelab.hl", "media.hl"][nth]);
        if session.has_file(file) {
            assert_eq!(told(&problems), found(&texts[nth], &session.problems(), file), "{}", texts[nth]);
            compared += 1;
        }
    }
    assert!(compared > 150, "{compared}");
    assert_eq!(client.leave(), server::Ended::Politely);
}

#[test]
fn who_asks_is_not_told_and_gets_marks() {
    let mut capabilities = counting("utf-8");
    capabilities["textDocument"] = json!({ "diagnostic": {} });
    let broken = ROOT.replacen("domain = ", "domian = ", 1);
    let mut client = Client::with(&[("homelab.hl", ROOT)], capabilities);
    let uri = client.uri("homelab.hl");
    client.open(&uri, &broken);
    let pull = |client: &mut Client, before: &Value| {
        let params = json!({ "textDocument": { "uri": uri }, "previousResultId": before });
        client.ask("textDocument/diagnostic", params).expect("an answer")
    };
    let first = pull(&mut client, &Value::Null);
    assert_eq!(first["kind"], "full");
    let lab = fresh(&[("homelab.hl", &broken)]);
    let items = first["items"].as_array().expect("problems");
    assert_eq!(told(items), found(&broken, &lab.session().problems(), "homelab.hl"));
    let page = format!("hlc-rule:/{}.md", codes(items)[0]);
    assert_eq!(items[0]["codeDescription"]["href"], page);
    let again = pull(&mut client, &first["resultId"]);
    assert_eq!(again, json!({ "kind": "unchanged", "resultId": first["resultId"] }));
    client.replace(&uri, 2, ROOT);
    assert_eq!(pull(&mut client, &first["resultId"])["kind"], "full");
    assert!(client.problems.is_empty(), "who asks is not told");
}

/// All cores are at work on a large lab that was opened, and may be overtaken by its first edit.
#[test]
fn a_large_lab_is_found_to_be_what_it_is_however_it_begins() {
    let shelf = |nth: usize| {
        let size = if nth.is_multiple_of(90) { "\"large\"" } else { "3" };
        format!("shelf s{nth} {{\n  size = {size}\n}}\n")
    };
    let text = SMALL.replace("import \"./media.hl\"\n", "") + &(0..1_000).map(shelf).collect::<String>();
    let lab = fresh(&[("homelab.hl", &text)]);
    let expected = found(&text, &lab.session().problems(), "homelab.hl");
    assert_eq!(expected.len(), 12);
    let broken = text.replace("size = 3", "size = true");
    for (pulls, is_edited) in [(false, false), (false, true), (true, false), (true, true)] {
        let mut capabilities = counting("utf-8");
        if pulls {
            capabilities["textDocument"] = json!({ "diagnostic": {} });
        }
        let first = if is_edited { &broken } else { &text };
        let mut client = Client::with(&[("homelab.hl", first)], capabilities);
        let uri = client.uri("homelab.hl");
        client.open(&uri, first);
        if is_edited {
            client.replace(&uri, 2, &text);
        }
        let problems = if pulls {
            let params = json!({ "textDocument": { "uri": uri } });
            let answer = client.ask("textDocument/diagnostic", params).expect("an answer");
            answer["items"].as_array().expect("problems").clone()
        } else {
            client.problems_of(&uri, if is_edited { 2 } else { 1 })
        };
        assert_eq!(told(&problems), expected, "pulls: {pulls}, edited: {is_edited}");
        assert_eq!(client.leave(), server::Ended::Politely);
    }
}

#[test]
fn closed_files_are_told_of_and_what_is_closed_counts_as_on_the_disk() {
    let broken = "shelf media {\n}\n";
    let mut client = Client::with(&[("homelab.hl", SMALL), ("media.hl", broken)], counting("utf-8"));
    let (main, media) = (client.uri("homelab.hl"), client.uri("media.hl"));
    client.open(&main, SMALL);
    client.until(&media, |found| codes(found) == ["missing-field"]);
    assert_eq!(client.problems[&media].0, None, "it has no version");
    // On the disk it is mended.
    std::fs::write(client.folder.path().join("media.hl"), MEDIA).expect("a file");
    let event = json!({ "changes": [{ "uri": media, "type": 2 }] });
    client.tell("workspace/didChangeWatchedFiles", event);
    client.until(&media, <[Value]>::is_empty);
    // In the editor it is broken, and then it is closed there.
    client.open(&media, broken);
    assert_eq!(codes(&client.problems_of(&media, 1)), ["missing-field"]);
    client.tell("textDocument/didClose", json!({ "textDocument": { "uri": media } }));
    client.until(&media, <[Value]>::is_empty);
}

/// Files that a lab reads as data are no documents of its language, and have problems of their own.
#[test]
fn what_is_wrong_with_data_is_told_of_its_file() {
    let lab = "lab { domain = \"home.arpa\" }\nboards = yaml-file(\"./boards.yaml\")\n";
    let files = [("homelab.hl", lab), ("boards.yaml", "a: [1,\n")];
    let mut client = Client::with(&files, counting("utf-8"));
    let (main, data) = (client.uri("homelab.hl"), client.uri("boards.yaml"));
    client.open(&main, lab);
    client.until(&data, |problems| codes(problems) == ["malformed-data"]);
    std::fs::write(client.folder.path().join("boards.yaml"), "a: [1]\n").expect("a file");
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": data, "type": 2 }] }));
    client.until(&data, <[Value]>::is_empty);
    assert_eq!(client.leave(), server::Ended::Politely);
}
