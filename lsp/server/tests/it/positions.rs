//! Positions in all encodings, compared with a model that is slow and plain.

use robustness::Random;
use serde_json::{Value, json};

use super::client::{Client, counting};

const PIECES: [&str; 12] =
    ["a", "bc", " ", "é", "🦀", "👩‍👩‍👧", "\u{feff}", "\n", "\r\n", "\r", "{", "\u{10ffff}"];

fn random_text(random: &mut Random) -> String {
    (0..random.below(24)).map(|_| PIECES[random.below(PIECES.len())]).collect()
}

fn units(encoding: &str, text: &str) -> usize {
    match encoding {
        "utf-8" => text.len(),
        "utf-16" => text.encode_utf16().count(),
        _ => text.chars().count(),
    }
}

/// Where lines begin and end, without their ends.
fn lines(text: &str) -> Vec<(usize, usize)> {
    let (mut found, mut start, mut at) = (Vec::new(), 0, 0);
    while let Some(char) = text[at..].chars().next() {
        let end = if text[at..].starts_with("\r\n") { 2 } else { 1 };
        if matches!(char, '\r' | '\n') {
            found.push((start, at));
            at += end;
            start = at;
        } else {
            at += char.len_utf8();
        }
    }
    found.push((start, text.len()));
    found
}

/// The position of a byte, which stands in no line's end.
fn position(encoding: &str, text: &str, offset: usize) -> Value {
    let all = lines(text);
    let line = all.iter().rposition(|(start, _)| *start <= offset).expect("the first begins at 0");
    json!({ "line": line, "character": units(encoding, &text[all[line].0..offset]) })
}

/// Places between characters that are not within a line's end.
fn places(text: &str) -> Vec<usize> {
    let all = lines(text);
    let is_place = |at: &usize| {
        text.is_char_boundary(*at) && all.iter().any(|(start, end)| (*start..=*end).contains(at))
    };
    (0..=text.len()).filter(is_place).collect()
}

/// After any edits the server has the text that the client has: it ends where the client's does, and so do problems.
#[test]
fn edits_and_problems_are_where_the_client_means() {
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let mut client = Client::with(&[("homelab.hl", "")], counting(encoding));
        let uri = client.uri("homelab.hl");
        client.open(&uri, "");
        let mut random = Random::new(8);
        let mut text = String::new();
        for version in 2..160 {
            let all = places(&text);
            let (a, b) = (all[random.below(all.len())], all[random.below(all.len())]);
            let (start, end) = (a.min(b), a.max(b));
            let new = random_text(&mut random);
            let (from, to) = (position(encoding, &text, start), position(encoding, &text, end));
            text.replace_range(start..end, &new);
            let range = json!({ "start": from, "end": to });
            client.change(&uri, version, json!([{ "range": range, "text": new }]));
            let begin = json!([{ "line": 0, "character": 0 }]);
            let params = json!({ "textDocument": { "uri": uri }, "positions": begin });
            let around = client.ask("textDocument/selectionRange", params).expect("an answer");
            let mut outer = &around[0];
            while !outer["parent"].is_null() {
                outer = &outer["parent"];
            }
            let (_, end) = *lines(&text).last().expect("a line");
            assert_eq!(outer["range"]["end"], position(encoding, &text, end), "{encoding}: {text:?}");
        }
        let session = driver::Session::open(vec![("homelab.hl".to_owned(), text.clone())]);
        let problems = session.problems_by_file().remove("homelab.hl").expect("a file");
        // What stands within a line's end is at the line's end.
        let all = lines(&text);
        let end_of =
            |at: usize| all.iter().rfind(|(start, _)| *start <= at).map_or(at, |(_, end)| at.min(*end));
        let starts =
            problems.iter().map(|it| position(encoding, &text, end_of(it.range.start.byte as usize)));
        let told = client.problems_of(&uri, 159);
        let found: Vec<Value> = told.iter().map(|problem| problem["range"]["start"].clone()).collect();
        assert_eq!(found, starts.collect::<Vec<_>>(), "{encoding}: {text:?}");
        assert!(!found.is_empty());
    }
}

#[test]
fn bytes_are_taken_where_the_client_has_them() {
    let offers = |all: &[&str]| json!({ "general": { "positionEncodings": all } });
    for (offered, taken) in [
        (offers(&["utf-16", "utf-8"]), "utf-8"),
        (offers(&["utf-32", "utf-16"]), "utf-16"),
        (offers(&["utf-32"]), "utf-32"),
        (json!({}), "utf-16"),
    ] {
        assert_eq!(Client::with(&[], offered).capabilities["positionEncoding"], taken);
    }
}
