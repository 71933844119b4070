//! What needs what, and what is a sort of what.

use driver::Session;
use ide::{
    Call, FilePosition, FileRange, Symbol, call_subject, implementation, incoming_calls, outgoing_calls,
    subtypes, supertypes, type_subject,
};

use crate::at_cursor;

const LAB: &str = r#"lab home { domain = "home.example.net" }
network lan { cidr = 192.168.1.0/24, pool services = 192.168.1.200 .. 192.168.1.219, address door = services.first }
stage apps = 10
namespace media { stage = apps }
limit = 1GiB
secret key { generate = random(32) }
kind shelf { size: int, box: shelf? }
type thing = shelf | app
template web : app { replicas = 2 }
template large-web : web { resources { memory = limit } }
app small in media : web { image = "docker.io/library/httpd:2.4.65" }
app large in media : large-web { image = "docker.io/library/httpd:2.4.65", env { KEY = key, DOOR = lan.door } }
app bare in media { image = "docker.io/library/httpd:2.4.65", needs = [small] }
shelf top { size = 1 }
"#;

fn at(place: &str) -> (Session, FilePosition) {
    let plain = place.replace("$0", "");
    assert_eq!(LAB.matches(&plain).count(), 1, "{plain}");
    at_cursor(&LAB.replacen(&plain, place, 1))
}

fn names(nodes: &[Symbol]) -> Vec<String> {
    nodes.iter().map(|node| node.name.clone()).collect()
}

fn texts(session: &Session, ranges: &[FileRange]) -> Vec<String> {
    let text = |range: &FileRange| {
        let text = session.text(&range.file).expect("a file");
        text[range.start as usize..range.end as usize].to_owned()
    };
    ranges.iter().map(text).collect()
}

#[test]
fn who_needs_something_and_what_it_needs() {
    let shown = |session: &Session, calls: Vec<Call>| {
        let one = |call: &Call| format!("{} by {}", call.node.name, texts(session, &call.ranges).join(" "));
        calls.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    for (place, name, incoming, outgoing) in [
        ("namespace $0media", "media", "small by media, large by media, bare by media", "apps by apps"),
        (
            "app $0large in",
            "large",
            "",
            "media by media, large-web by large-web, key by key, lan by lan, door by door",
        ),
        ("needs = [$0small]", "small", "bare by small", "media by media, web by web"),
        ("= $0limit", "limit", "large-web by limit", ""),
        ("KEY = $0key", "key", "large by key", "random by random"),
        ("lan.$0door", "door", "large by door", ""),
        ("stage $0apps", "apps", "media by apps", ""),
        ("kind $0shelf", "shelf", "shelf by shelf, thing by shelf, top by shelf", ""),
    ] {
        let (session, at) = at(place);
        assert_eq!(call_subject(&session, &at).expect("a node").name, name, "{place}");
        assert_eq!(shown(&session, incoming_calls(&session, &at)), incoming, "{place}");
        assert_eq!(shown(&session, outgoing_calls(&session, &at)), outgoing, "{place}");
    }
}

#[test]
fn what_is_above_and_below() {
    for (place, above, below) in [
        ("template $0web", "app", "large-web small"),
        ("template $0large-web", "web", "large"),
        ("app $0large in", "large-web", ""),
        ("app $0bare in", "app", ""),
        ("kind $0shelf", "thing", "top"),
        ("type $0thing", "", "shelf app"),
        ("address $0door", "address", ""),
    ] {
        let (session, at) = at(place);
        assert!(type_subject(&session, &at).is_some(), "{place}");
        assert_eq!(names(&supertypes(&session, &at)).join(" "), above, "{place}");
        assert_eq!(names(&subtypes(&session, &at)).join(" "), below, "{place}");
    }
}

#[test]
fn what_there_is_of_kinds_and_templates() {
    for (place, found) in [
        ("kind $0shelf", "top"),
        ("template $0web", "large-web small large"),
        ("$0app bare in", "web small large bare"),
        ("$0pool services", "services"),
        ("= $0limit", "limit"),
    ] {
        let (session, at) = at(place);
        let mut shown = texts(&session, &implementation(&session, &at));
        shown.retain(|name| !name.is_empty());
        assert_eq!(shown.join(" "), found, "{place}");
    }
}

/// In the library, too: a kind has its declarations in the lab.
#[test]
fn kinds_of_the_library_have_what_is_in_the_lab() {
    let (session, at) = at("$0app bare in");
    let kind = ide::definition(&session, &at).remove(0);
    assert!(kind.file.starts_with("std/"), "{kind:?}");
    let there = FilePosition { file: kind.file, offset: kind.start };
    assert!(texts(&session, &implementation(&session, &there)).contains(&"bare".to_owned()));
    assert!(names(&subtypes(&session, &there)).contains(&"web".to_owned()));
    let callers = incoming_calls(&session, &there);
    assert!(callers.iter().any(|call| call.node.name == "bare"), "{callers:?}");
}
