//! Which lab a document is a part of.

use serde_json::{Value, json};

use super::client::{Client, codes};

const LAB: &str =
    "import \"./media.hl\"\n\nlab {\n  domain = \"home.arpa\"\n}\n\nkind shelf {\n  size: int\n}\n";

#[test]
fn a_file_is_a_part_of_the_nearest_lab_that_imports_it_and_else_alone() {
    let lone = "shelf media {\n  size = 3\n}\n";
    let mut client = Client::new(&[("homelab.hl", LAB), ("media.hl", lone), ("other.hl", lone)]);
    let (main, media, other) = (client.uri("homelab.hl"), client.uri("media.hl"), client.uri("other.hl"));
    client.open(&media, lone);
    assert!(client.problems_of(&media, 1).is_empty(), "its kind is in the lab that imports it");
    client.open(&other, lone);
    assert!(codes(&client.problems_of(&other, 1)).contains(&"unknown-kind"), "nobody imports it");
    client.open(&main, LAB);
    client.replace(&main, 2, &LAB.replace("media.hl", "other.hl"));
    client.until(&other, <[Value]>::is_empty);
    client.until(&media, |found| codes(found).contains(&"unknown-kind"));
}

#[test]
fn labs_and_documents_without_a_folder_live_side_by_side() {
    let other = "lab {\n  domain = \"elsewhere.arpa\"\n}\nnonsense = no-such-name\n";
    let own = LAB.replace("import \"./media.hl\"\n", "");
    let mut client = Client::new(&[("homelab.hl", &own), ("deep/lab/homelab.hl", other)]);
    let (main, deep) = (client.uri("homelab.hl"), client.uri("deep/lab/homelab.hl"));
    client.open(&main, &own);
    client.open(&deep, other);
    client.open("untitled:Untitled-1", "x = no-such-name\n");
    assert!(client.problems_of(&main, 1).is_empty(), "{:?}", client.problems);
    assert!(codes(&client.problems_of(&deep, 1)).contains(&"unknown-name"));
    assert!(codes(&client.problems_of("untitled:Untitled-1", 1)).contains(&"unknown-name"));
}

#[test]
fn the_library_and_the_pages_of_rules_can_be_read() {
    let mut client = Client::new(&[("homelab.hl", LAB)]);
    let schemes = &client.capabilities["workspace"]["textDocumentContent"]["schemes"];
    assert_eq!(*schemes, json!(["hlc-std", "hlc-rule", "hlc-built"]));
    let mut read = |uri: &str| client.ask("workspace/textDocumentContent", json!({ "uri": uri }));
    let lab = read("hlc-std:/std/core/lab.hl").expect("it is there");
    assert!(lab["text"].as_str().expect("a text").contains("kind lab"));
    let page = read("hlc-rule:/unknown-name.md").expect("it is there");
    assert!(page["text"].as_str().expect("a text").contains("```hl bad"));
    assert!(read("hlc-std:/std/core/nothing.hl").is_err());
    // From the lab into it, and on within it.
    let main = client.uri("homelab.hl");
    client.open(&main, LAB);
    let at = json!({ "textDocument": { "uri": main }, "position": { "line": 3, "character": 4 } });
    let found = client.ask("textDocument/definition", at).expect("an answer");
    assert_eq!(found[0]["uri"], "hlc-std:/std/core/lab.hl");
    let symbols = json!({ "textDocument": { "uri": found[0]["uri"] } });
    let symbols = client.ask("textDocument/documentSymbol", symbols).expect("an answer");
    assert!(symbols.to_string().contains("\"name\":\"lab\""), "{symbols}");
}

#[test]
fn imports_follow_a_file_that_gets_another_name() {
    let mut client = Client::new(&[("homelab.hl", LAB), ("media.hl", "shelf media { size = 3 }\n")]);
    let (main, old, new) = (client.uri("homelab.hl"), client.uri("media.hl"), client.uri("apps/media.hl"));
    client.open(&main, LAB);
    let files = json!({ "files": [{ "oldUri": old, "newUri": new }] });
    let edit = client.ask("workspace/willRenameFiles", files).expect("an answer");
    assert_eq!(edit["changes"][&main][0]["newText"], "\"./apps/media.hl\"", "{edit}");
}
