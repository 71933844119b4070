//! What is shown of names: words about them, colours, parameters and hints.

use ide::{
    FilePosition, FileRange, TokenSort, hint_tooltip, hover, inlay_hints, semantic_tokens, signature_help,
};

use crate::{MAIN, at_cursor, open, root_lab};

const LAB: &str = r#"lab home { domain = "home.example.net" }
network lan { cidr = 192.168.1.0/24, pool services = 192.168.1.200 .. 192.168.1.219, address door = services.first }
stage apps = 10
namespace media { stage = apps }
## How much most take.
limit = 1GiB
## An image of the hub.
fn image(name: string, tag: string = "1") -> string = "docker.io/library/${name}:${tag}"
app player in media { image = image("httpd", tag = "2.4.65"), port http = 80, resources { memory = limit } }
"#;

fn said(place: &str) -> String {
    let plain = place.replace("$0", "");
    let (session, at) = at_cursor(&LAB.replacen(&plain, place, 1));
    hover(&session, &at).map(|hover| hover.text).unwrap_or_default()
}

#[test]
fn hover_says_what_something_is() {
    for (place, parts) in [
        ("memory = $0limit", &["limit = 1GiB", "How much most take.", "= `1GiB`"][..]),
        ("image = $0image(", &["fn image(name: string, tag: string = \"1\")", "An image of the hub."]),
        ("in $0media {", &["namespace media"]),
        ("$0cidr = 192", &["cidr: a network", "of a network", "must be set"]),
        ("services.$0first", &["derived first: an address"]),
        ("in $0media {", &["used by app `player`"]),
        ("$0stage apps", &["kind stage"]),
        ("resources { $0memory", &["memory: a size"]),
        ("${$0tag}", &["tag: a text"]),
    ] {
        let said = said(place);
        assert!(parts.iter().all(|part| said.contains(part)), "{place}: {said}");
    }
}

#[test]
fn parameters_of_calls() {
    let help = |place: &str| {
        let plain = place.replace("$0", "");
        let (session, at) = at_cursor(&LAB.replacen(&plain, place, 1));
        signature_help(&session, &at).map(|help| (help.label, help.active))
    };
    let label = "image(name: a text, tag?: a text) -> a text".to_owned();
    assert_eq!(help("image(\"ht$0tpd\""), Some((label.clone(), 0)));
    assert_eq!(help("tag = \"2$0.4.65\""), Some((label, 1)));
    assert_eq!(help("memory = li$0mit"), None);
}

#[test]
fn colours_are_of_words_and_in_order() {
    let text = root_lab();
    let session = open(&text);
    let tokens = semantic_tokens(&session, MAIN);
    assert!(tokens.is_sorted_by(|a, b| a.start + a.len <= b.start), "they overlap");
    let of = |word: &str| {
        let start = text.find(word).expect("it is there");
        tokens.iter().find(|token| token.start as usize == start).map(|token| (token.sort, token.declares))
    };
    assert_eq!(of("lab home"), Some((TokenSort::Kind, false)));
    assert_eq!(of("domain ="), Some((TokenSort::Field, false)));
    assert_eq!(of("template node"), Some((TokenSort::Keyword, false)));
    assert_eq!(of("# The reference lab"), Some((TokenSort::Comment, false)));
}

#[test]
fn hints_show_what_is_not_written() {
    let session = open(LAB);
    let end = u32::try_from(LAB.len()).expect("small");
    let hints = inlay_hints(&session, &FileRange { file: MAIN.into(), start: 0, end });
    let labels: Vec<&str> = hints.iter().map(|hint| hint.label.as_str()).collect();
    assert!(labels.iter().any(|label| label.contains("player.media")), "{labels:?}");
    assert!(labels.contains(&"192.168.1.200"), "{labels:?}");
    // Where a stage is used its number, and not where that is written.
    let stages = hints.iter().filter(|hint| hint.label == "10").map(|hint| hint.at.offset as usize);
    assert!(
        stages.clone().count() > 0 && stages.into_iter().all(|at| LAB[..at].ends_with("= apps")),
        "{hints:?}"
    );
    let at = FilePosition { file: MAIN.into(), offset: hints[0].at.offset };
    let said = hint_tooltip(&session, &at).expect("something is said");
    assert!(said.contains("address door"), "{said}");
}
