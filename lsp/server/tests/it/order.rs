//! Under load: nothing overtakes anything, nothing waits for ever, and in the end all is as if it had just been opened.

use robustness::Random;
use serde_json::json;

use super::client::{Client, counting};

const LAB: &str = include_str!("../../../../homelab.hl");
/// What was overtaken, and what was cancelled.
const GIVEN_UP: [i64; 2] = [-32801, -32800];

#[test]
fn changes_requests_and_cancellations_mixed() {
    let mut client = Client::with(&[("homelab.hl", LAB)], counting("utf-8"));
    let uri = client.uri("homelab.hl");
    client.open(&uri, LAB);
    let mut random = Random::new(3);
    let mut text = LAB.to_owned();
    let mut asked = Vec::new();
    let document = json!({ "textDocument": { "uri": uri } });
    for version in 2..2002_i64 {
        // A line is put in or taken out, which only comes out right in order.
        let line = random.below(text.matches('\n').count());
        let start = text.match_indices('\n').nth(line).map_or(0, |(at, _)| at + 1);
        let is_ours = text[start..].starts_with("# no. ");
        let length = if is_ours { text[start..].find('\n').map_or(0, |end| end + 1) } else { 0 };
        let new = if is_ours { String::new() } else { format!("# no. {version} 🦀\n") };
        text.replace_range(start..start + length, &new);
        let here = json!({ "line": line + 1, "character": 0 });
        let range =
            json!({ "start": here, "end": { "line": line + 1 + usize::from(is_ours), "character": 0 } });
        client.change(&uri, version, json!([{ "range": range, "text": new }]));
        match (random.below(8), asked.last()) {
            (0, _) => asked.push(client.request("textDocument/documentSymbol", document.clone())),
            (1, _) => asked.push(client.request("textDocument/foldingRange", document.clone())),
            (2 | 4, _) => {
                let at = json!({ "textDocument": { "uri": uri }, "position": here });
                let method = ["hover", "completion"][random.below(2)];
                asked.push(client.request(&format!("textDocument/{method}"), at));
            }
            (3, Some(id)) => client.tell("$/cancelRequest", json!({ "id": id })),
            _ => {}
        }
    }
    // Nobody overtakes the last.
    asked.push(client.request("textDocument/documentSymbol", document.clone()));
    let mut answered = 0;
    for id in asked {
        match client.answer(id) {
            Ok(_) => answered += 1,
            Err(error) => assert!(GIVEN_UP.contains(&error["code"].as_i64().expect("a code")), "{error}"),
        }
    }
    assert!(answered > 0);
    // The same of a server that has only seen the end.
    let mut fresh = Client::with(&[("homelab.hl", &text)], counting("utf-8"));
    let other = fresh.uri("homelab.hl");
    fresh.open(&other, &text);
    assert_eq!(client.problems_of(&uri, 2001), fresh.problems_of(&other, 1));
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    for method in ["documentSymbol", "foldingRange", "formatting", "semanticTokens/full"] {
        let ask = |client: &mut Client, uri: &str| -> String {
            let params = json!({ "textDocument": { "uri": uri }, "options": options });
            let answer = client.ask(&format!("textDocument/{method}"), params).expect("an answer");
            answer.to_string().replace(uri, "")
        };
        assert_eq!(ask(&mut client, &uri), ask(&mut fresh, &other), "{method}");
    }
    assert_eq!(client.leave(), server::Ended::Politely);
}
