//! What is computed again after an edit: the declaration that was edited, and what really depends on it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use driver::{Database, Session};

/// A lab of `count` apps, three files' worth of other declarations, and one user of every kind of reference.
fn lab(count: usize) -> String {
    let mut text = String::from(
        "lab home { domain = \"home.example.net\" }\n\
         stage apps = 10\n\
         namespace main { stage = apps }\n\
         namespace other { stage = apps }\n\
         registry = \"ghcr.io\"\n",
    );
    for n in 0..count {
        let place = if n % 10 == 3 { "other" } else { "main" };
        let host = if n % 10 == 5 {
            format!("  ingress web {{ host = \"app{n}.${{lab.domain}}\", to = http }}\n")
        } else {
            String::new()
        };
        write!(
            text,
            "app app{n} in {place} {{\n  image = \"${{registry}}/org/app{n}:1.{n}\"\n  port http = {}\n  \
             resources {{ memory = 64MiB }}\n{host}}}\n",
            8000 + n
        )
        .expect("writing to a text works");
    }
    text
}

/// The executed queries by name, with how often each was.
fn counts(executed: &[String]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for query in executed {
        let name = query.split('(').next().unwrap_or_default().to_owned();
        *counts.entry(name).or_insert(0) += 1;
    }
    counts
}

/// Opens a lab, computes all of it, edits it, computes all of it again: what was executed for the edit.
fn after_edit(text: &str, edit: impl Fn(&str) -> String) -> BTreeMap<String, usize> {
    after_edits(text, &[&edit(text)])
}

/// As [`after_edit`]: what was executed for the last of several.
fn after_edits(text: &str, edited: &[&str]) -> BTreeMap<String, usize> {
    let db = Database::counting();
    let log = db.log();
    let mut session = Session::with(db, vec![("homelab.hl".into(), text.into())]);
    assert_eq!(session.problems(), [], "the lab is clean before the edit");
    session.outputs();
    for text in edited {
        log.take();
        session.set_text("homelab.hl", text);
        session.problems();
        session.outputs();
    }
    counts(&log.take())
}

#[test]
fn one_value_costs_the_same_in_a_lab_of_any_size() {
    let edit = |text: &str| text.replacen("memory = 64MiB", "memory = 96MiB", 1);
    let counts: Vec<_> = [10, 100, 400].map(|count| after_edit(&lab(count), edit)).into();
    assert_eq!(counts[0], counts[1]);
    assert_eq!(counts[1], counts[2]);
    assert_eq!(counts[0].get("evaluated"), Some(&1), "{:?}", counts[0]);
    assert_eq!(counts[0].get("item_core"), Some(&1), "{:?}", counts[0]);
    assert_eq!(counts[0].get("component_files"), Some(&1), "{:?}", counts[0]);
    assert_eq!(counts[0].get("checked"), None, "what checks look at did not change: {:?}", counts[0]);
}

#[test]
fn a_comment_at_the_top_is_no_work() {
    let counts = after_edit(&lab(50), |text| format!("# a comment\n\n{text}"));
    for query in ["item_core", "evaluated", "component_files", "host_files", "checked", "outline", "shapes"] {
        assert_eq!(counts.get(query), None, "{query}: {counts:?}");
    }
}

#[test]
fn the_domain_concerns_those_who_mention_it() {
    let text = lab(100);
    // The first edit of an item tells salsa that it is one that is edited.
    let broken = text.replace("lab home {", "lab home {\n");
    let edited = broken.replace("home.example.net", "lab.example.org");
    let counts = after_edits(&text, &[&broken, &edited]);
    // Ten apps have an ingress under the domain, and the lab itself says it.
    assert_eq!(counts.get("evaluated"), Some(&11), "{counts:?}");
    assert_eq!(counts.get("component_files"), Some(&10), "{counts:?}");
    assert_eq!(counts.get("item_core"), Some(&1), "types do not depend on values: {counts:?}");
}

#[test]
fn a_namespace_concerns_its_users() {
    let counts = after_edit(&lab(100), |text| {
        text.replace("namespace other", "namespace renamed").replace("in other", "in renamed")
    });
    // Ten apps are in it, and the namespace is a new item.
    assert_eq!(counts.get("evaluated"), Some(&11), "{counts:?}");
    assert_eq!(counts.get("component_files"), Some(&10), "{counts:?}");
}

#[test]
fn hosts_depend_on_the_ports_of_apps_and_on_nothing_else_of_them() {
    let hosts = "network lan { cidr = 192.168.1.0/24 }\n\
                 user ana { groups = [wheel], ssh-keys = [\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ana@laptop\"] }\n\
                 host one { network = lan, address = 192.168.1.10, users = [ana] }\n\
                 cluster k3s { servers = [one] }\n";
    let text = format!("{hosts}{}", lab(3));
    let memory = after_edit(&text, |text| text.replacen("memory = 64MiB", "memory = 96MiB", 1));
    assert_eq!(memory.get("host_files"), None, "{memory:?}");
    let port = after_edit(&text, |text| {
        text.replacen("port http = 8000", "port http { number = 8000, host-port = 8000 }", 1)
    });
    assert_eq!(port.get("host_files"), Some(&1), "{port:?}");
}

#[test]
fn what_is_computed_after_edits_is_what_a_fresh_session_computes() {
    let text = lab(12);
    let mut session = Session::open(vec![("homelab.hl".into(), text.clone())]);
    session.outputs();
    let edits: [fn(&str) -> String; 6] = [
        |text| text.replacen("8003", "none-such", 1),
        |text| text.replacen("app app4 in main {", "app app4 in nowhere {", 1),
        |text| text.replacen("stage apps = 10", "", 1),
        |text| text.replacen("resources { memory = 64MiB }", "resources { memory = 64MiB", 1),
        |text| text.replace("main", "elsewhere"),
        |text| text.to_owned(),
    ];
    for edit in edits {
        let edited = edit(&text);
        session.set_text("homelab.hl", &edited);
        let fresh = Session::open(vec![("homelab.hl".into(), edited)]);
        assert_eq!(session.problems(), fresh.problems());
        assert_eq!(session.outputs(), fresh.outputs());
    }
}

/// Opens a lab, computes all of it, learns more of its secrets, computes all of it again: what was executed for that.
fn after_learning(text: &str, first: &str, later: &str) -> BTreeMap<String, usize> {
    let facts = |text| driver::stored_secrets("homelab.secrets.yaml", text).expect("the file can be read");
    let db = Database::counting();
    let log = db.log();
    let mut session = Session::with(db, vec![("homelab.hl".into(), text.into())]);
    session.set_secret_facts(facts(first));
    session.problems();
    session.outputs();
    log.take();
    session.set_secret_facts(facts(later));
    session.problems();
    session.outputs();
    counts(&log.take())
}

#[test]
fn what_is_known_of_values_concerns_rules_and_who_asks_for_public_keys() {
    let secrets = "secret deploy { generate = ssh-key() }\nuser git { ssh-keys = [deploy.public-key] }\n";
    let text = format!("{secrets}{}", lab(20));
    let known = |day: &str, key: &str| {
        format!(
            "deploy: ENC[x]\nhlc_unencrypted: {{ changed: {{ deploy: {day} }}, public: {{ deploy: ssh-ed25519 {key} }} }}\n"
        )
    };
    let counts = after_learning(&text, &known("2026-01-01", "AAAA"), &known("2026-02-02", "AAAA"));
    assert_eq!((counts.get("checked"), counts.get("evaluated")), (Some(&1), None), "{counts:?}");
    let counts = after_learning(&text, &known("2026-01-01", "AAAA"), &known("2026-01-01", "BBBB"));
    assert_eq!(counts.get("evaluated"), Some(&1), "only the user has the key: {counts:?}");
    let counts = after_learning(&text, &known("2026-01-01", "AAAA"), &known("2026-01-01", "AAAA"));
    assert!(counts.is_empty(), "nothing new: {counts:?}");
}
