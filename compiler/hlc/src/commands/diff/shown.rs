//! Differences as people and programs read them.

use std::fmt::Write;

use compare::{Detail, Difference, Thing, What};
use diagnostics::render::plain;
use plan::hosts::Cause;
use serde_json::{Map, Value, json};

use crate::changed::{field, head, masked};
use crate::show;
use crate::terminal::paint;

/// What differs, by what it is a part of, and in a last line how much that is. Nothing in it acts on a terminal but the
/// styles.
pub(super) fn human(differences: &[Difference], colour: bool) -> String {
    let mut out = String::new();
    let mut part = None;
    for one in differences {
        if part != Some(&one.part) {
            let _ = writeln!(out, "{}", paint(colour, "1", &plain(&one.part)));
            part = Some(&one.part);
        }
        let sign = match &one.what {
            What::Made => ("+", "32"),
            What::Changed(_) => ("~", "33"),
            What::Gone => ("-", "31"),
        };
        let _ = writeln!(out, "  {}", head(sign, &one.name(), one.origin.as_ref(), colour));
        for detail in details(one) {
            let _ = writeln!(out, "      {}", self::detail(detail, &one.thing));
        }
    }
    out.push_str(&headline(differences));
    out.push('\n');
    out
}

/// The same as code blocks of Markdown, which code hosts show in the colours of a diff.
pub(super) fn markdown(differences: &[Difference]) -> String {
    let mut out = String::from("### What is built\n\n");
    for of_part in differences.chunk_by(|a, b| a.part == b.part) {
        let mut block = String::new();
        for one in of_part {
            let sign = match &one.what {
                What::Made => "+",
                What::Changed(_) => "!",
                What::Gone => "-",
            };
            let _ = writeln!(block, "{}", head((sign, ""), &one.name(), one.origin.as_ref(), false));
            for detail in details(one) {
                let _ = writeln!(block, "    {}", self::detail(detail, &one.thing));
            }
        }
        let fence = fence(&block);
        let _ = write!(out, "{fence}diff\n@@ {} @@\n{block}{fence}\n\n", plain(&of_part[0].part));
    }
    out.push_str(&headline(differences));
    out.push('\n');
    out
}

/// The same as causes of something else.
pub(crate) fn causes(differences: &[Difference]) -> Vec<Cause> {
    let cause = |one: &Difference| {
        let sign = match &one.what {
            What::Made => "+",
            What::Changed(_) => "~",
            What::Gone => "-",
        };
        let details = details(one).iter().map(|detail| self::detail(detail, &one.thing)).collect();
        Cause { what: format!("{sign} {}", one.name()), details, origin: one.origin.clone() }
    };
    differences.iter().map(cause).collect()
}

/// The same for programs. What is secret is said to be so, and no more.
pub(super) fn json(differences: &[Difference]) -> String {
    let all: Vec<Value> = differences.iter().map(one_as_json).collect();
    show::json(&masked(&json!({ "version": 1, "differences": all })))
}

/// How much differs.
fn headline(differences: &[Difference]) -> String {
    let count = |is: fn(&What) -> bool| differences.iter().filter(|one| is(&one.what)).count();
    let counts = [
        (count(|what| *what == What::Made), "new"),
        (count(|what| matches!(what, What::Changed(_))), "changed"),
        (count(|what| *what == What::Gone), "gone"),
    ];
    let said = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    let said: Vec<String> = said.collect();
    if said.is_empty() { "nothing changes in what is built".to_owned() } else { said.join(", ") }
}

fn details(difference: &Difference) -> &[Detail] {
    match &difference.what {
        What::Changed(details) => details,
        What::Made | What::Gone => &[],
    }
}

/// What is different, on one line.
fn detail(detail: &Detail, of: &Thing) -> String {
    let said = match detail {
        Detail::Field(change) => return field(change),
        Detail::Moved(from) => format!("it was in {from}"),
        Detail::Line(line) => {
            let within = if line.within.is_empty() { String::new() } else { format!("{}: ", line.within) };
            format!("{within}{} {}", if line.is_new { "+" } else { "-" }, line.text)
        }
        Detail::NewName(name) => format!("+ {name}"),
        Detail::OldName(name) => format!("- {name}"),
        Detail::Anew if matches!(of, Thing::Encrypted(_)) => "other values, or other readers".to_owned(),
        Detail::Anew => "it is made in another way".to_owned(),
        Detail::Reordered => "the same in another order".to_owned(),
    };
    plain(&said).into_owned()
}

fn one_as_json(difference: &Difference) -> Value {
    let what = match &difference.what {
        What::Made => "made",
        What::Changed(_) => "changed",
        What::Gone => "gone",
    };
    let mut all = Map::new();
    all.insert("part".to_owned(), json!(difference.part));
    all.insert("what".to_owned(), json!(what));
    let (kind, thing) = thing_as_json(&difference.thing);
    all.insert(kind.to_owned(), thing);
    all.extend(difference.origin.as_ref().map(|origin| ("origin".to_owned(), json!(origin))));
    let details: Vec<Value> = details(difference).iter().map(detail_as_json).collect();
    if !details.is_empty() {
        all.insert("details".to_owned(), Value::Array(details));
    }
    Value::Object(all)
}

fn thing_as_json(thing: &Thing) -> (&'static str, Value) {
    match thing {
        Thing::Object(key) => ("object", json!(key)),
        Thing::Release { namespace, name } => ("release", json!({ "namespace": namespace, "name": name })),
        Thing::Helmfile(path) => ("helmfile", json!(path)),
        Thing::Setting { host, key } => ("setting", json!({ "host": host, "key": key })),
        Thing::File(path) => ("file", json!(path)),
        Thing::Encrypted(path) => ("encrypted", json!(path)),
    }
}

fn detail_as_json(detail: &Detail) -> Value {
    match detail {
        Detail::Moved(from) => json!({ "moved_from": from }),
        Detail::Field(change) => json!({ "field": change }),
        Detail::Line(line) => {
            let side = if line.is_new { "after" } else { "before" };
            json!({ "line": { "within": line.within, side: line.text } })
        }
        Detail::NewName(name) => json!({ "new_name": name }),
        Detail::OldName(name) => json!({ "old_name": name }),
        Detail::Anew => json!({ "anew": true }),
        Detail::Reordered => json!({ "reordered": true }),
    }
}

/// So many backquotes that none in the text end it.
fn fence(text: &str) -> String {
    let longest = text.split(|char| char != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(longest.max(2) + 1)
}
