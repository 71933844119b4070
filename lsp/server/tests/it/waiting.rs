//! What comes later, or in parts: long answers, progress, how the server is, and documents of what is built.

use serde_json::{Value, json};

use super::client::{Client, codes, counting};

const LAB: &str = r#"lab home { domain = "home.arpa" }
stage apps = 10
namespace media { stage = apps }
app web in media { image = "docker.io/library/httpd:2.4.65" }
"#;

/// Asks for all problems; the number of the request.
fn pull(client: &mut Client, known: &Value) -> i64 {
    client.request("workspace/diagnostic", json!({ "previousResultIds": known }))
}

/// What a client knows after an answer.
fn known(answer: &Value) -> Value {
    let items = answer["items"].as_array().expect("files").iter();
    Value::Array(items.map(|item| json!({ "uri": item["uri"], "value": item["resultId"] })).collect())
}

#[test]
fn who_knows_all_problems_waits_for_others() {
    let mut client = Client::with(&[("homelab.hl", LAB)], counting("utf-8"));
    let uri = client.uri("homelab.hl");
    client.open(&uri, LAB);
    let first = pull(&mut client, &json!([]));
    let first = client.answer(first).expect("an answer");
    assert_eq!(first["items"][0]["kind"], "full");
    let waiting = pull(&mut client, &known(&first));
    // A change that changes no problem is none.
    client.replace(&uri, 2, &LAB.replace("apps = 10", "apps = 20"));
    let document = json!({ "textDocument": { "uri": uri } });
    client.ask("textDocument/documentSymbol", document.clone()).expect("others are answered meanwhile");
    assert!(!client.is_answered(waiting));
    client.replace(&uri, 3, &LAB.replace("in media", "in nowhere"));
    let second = client.answer(waiting).expect("an answer");
    assert_eq!(codes(second["items"][0]["items"].as_array().expect("problems")), ["unknown-name"]);
    // Who gives up is answered so, and who waits in the end is not left alone.
    let given_up = pull(&mut client, &known(&second));
    client.tell("$/cancelRequest", json!({ "id": given_up }));
    assert_eq!(client.answer(given_up).expect_err("it is given up")["code"], -32800);
    let last = pull(&mut client, &known(&second));
    client.ask("textDocument/documentSymbol", document).expect("an answer");
    let shutdown = client.request("shutdown", Value::Null);
    client.answer(shutdown).expect("it shuts down");
    assert_eq!(client.answer(last).expect("an answer")["items"][0]["kind"], "unchanged");
}

/// A file that is no part of the lab any more has no problems: who knew some is told.
#[test]
fn files_that_leave_the_lab_have_no_problems() {
    let main = format!("import \"./more.hl\"\n{LAB}");
    let mut client = Client::new(&[("homelab.hl", &main), ("more.hl", "x = no-such-name\n")]);
    let (uri, more) = (client.uri("homelab.hl"), client.uri("more.hl"));
    client.open(&uri, &main);
    let first = pull(&mut client, &json!([]));
    let first = client.answer(first).expect("an answer");
    client.replace(&uri, 2, LAB);
    let second = pull(&mut client, &known(&first));
    let second = client.answer(second).expect("an answer");
    let items = second["items"].as_array().expect("files");
    let gone = items.iter().find(|item| item["uri"] == *more).expect("it is told of");
    assert_eq!((&gone["kind"], &gone["items"]), (&json!("full"), &json!([])));
}

#[test]
fn what_is_found_comes_in_parts_to_who_wants_them() {
    let app = |nth: u8| format!("app web-{nth} in media {{ image = \"docker.io/library/httpd:2.4.65\" }}\n");
    let text = LAB.to_owned() + &(0..150).map(app).collect::<Vec<_>>().concat();
    let mut client = Client::new(&[("homelab.hl", &text)]);
    let uri = client.uri("homelab.hl");
    client.open(&uri, &text);
    let at = json!({
        "textDocument": { "uri": uri },
        "position": { "line": 2, "character": 12 },
        "context": { "includeDeclaration": true },
        "query": "web-",
        "previousResultIds": [],
    });
    for method in ["textDocument/references", "workspace/symbol", "workspace/diagnostic"] {
        let whole = client.ask(method, at.clone()).expect("an answer");
        let mut params = at.clone();
        params["partialResultToken"] = json!(method);
        let rest = client.ask(method, params).expect("an answer");
        let parts = std::mem::take(&mut client.heard).into_iter();
        let parts: Vec<Value> = parts
            .filter(|(heard, params)| heard == "$/progress" && params["token"] == method)
            .map(|(_, params)| params["value"].clone())
            .collect();
        let items = |value: &Value| -> Vec<Value> {
            let items = if value.is_array() { value } else { &value["items"] };
            items.as_array().expect("what is found").clone()
        };
        let all: Vec<Value> = parts.iter().flat_map(items).collect();
        assert!(items(&rest).is_empty(), "{method}: nothing is said twice");
        assert_eq!(all, items(&whole), "{method}");
        assert!(parts.len() > 1 || method == "workspace/diagnostic", "{method}");
    }
}

#[test]
fn it_is_said_how_the_server_is() {
    let can = json!({
        "window": { "workDoneProgress": true },
        "experimental": { "serverStatusNotification": true },
    });
    let mut client =
        Client::with(&[("homelab.hl", "lab home { domain = \"home.arpa\" }\nx = no-such-name\n")], can);
    client.hear("experimental/serverStatus", |it| it["quiescent"] == false);
    let token = client.hear("window/workDoneProgress/create", |_| true)["token"].clone();
    client.hear("$/progress", |it| it["token"] == token && it["value"]["kind"] == "begin");
    let end = client.hear("$/progress", |it| it["token"] == token && it["value"]["kind"] == "end");
    assert_eq!(end["value"]["message"], "1 lab, 1 file, 1 error");
    let status = client.hear("experimental/serverStatus", |it| it["quiescent"] == true);
    assert_eq!(status, json!({ "health": "ok", "quiescent": true, "message": "1 lab, 1 file, 1 error" }));
    // What cannot be read is said.
    let values = client.folder.path().join("homelab.secrets.yaml");
    std::fs::write(&values, "a: [").expect("a file");
    let event = json!({ "changes": [{ "uri": client.uri("homelab.secrets.yaml"), "type": 1 }] });
    client.tell("workspace/didChangeWatchedFiles", event.clone());
    let status = client.hear("experimental/serverStatus", |_| true);
    assert_eq!(status["health"], "warning", "{status}");
    std::fs::remove_file(values).expect("it is there");
    client.tell("workspace/didChangeWatchedFiles", event);
    let status = client.hear("experimental/serverStatus", |_| true);
    assert_eq!(status["health"], "ok", "{status}");
}

#[test]
fn documents_of_what_is_built_follow_the_lab() {
    let mut client = Client::new(&[("homelab.hl", LAB)]);
    let uri = client.uri("homelab.hl");
    client.open(&uri, LAB);
    let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 3, "character": 5 } });
    let said = client.ask("textDocument/hover", at).expect("an answer").to_string();
    let start = said.find("hlc-built:").expect("hover leads there");
    let built = said[start..].split(')').next().expect("a link").to_owned();
    let read = |client: &mut Client| {
        let answer = client.ask("workspace/textDocumentContent", json!({ "uri": built })).expect("a text");
        answer["text"].as_str().expect("a text").to_owned()
    };
    assert!(read(&mut client).contains("httpd:2.4.65"));
    client.replace(&uri, 2, &LAB.replace("2.4.65", "2.4.66"));
    let told = client.hear("workspace/textDocumentContent/refresh", |_| true);
    assert_eq!(told["uri"], built);
    assert!(read(&mut client).contains("httpd:2.4.66"));
    // What changes something else says nothing of it.
    client.replace(&uri, 3, &LAB.replace("2.4.65", "2.4.66").replace("home.arpa", "house.arpa"));
    client.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } })).expect("an answer");
    assert!(client.heard.iter().all(|(method, _)| method != "workspace/textDocumentContent/refresh"));
}
