//! SARIF 2.1.0, for code hosts and editors.

use std::fmt::Write;

use serde_json::{Value, json};

use super::plain::plain_json;
use super::{DisplayPath, plain};
use crate::{Located, LocatedFix, LocatedLabel, Range, Registry, Rule, Severity};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// One SARIF 2.1.0 log with one run, which describes all rules and has a result for each problem.
pub fn sarif(problems: &[Located], rules: &Registry, display_path: DisplayPath<'_>) -> String {
    let results: Vec<Value> = problems.iter().map(|problem| result(problem, rules, display_path)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "hlc",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.rules().iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    plain_json(&format!("{log:#}\n"))
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.name,
        "shortDescription": { "text": rule.summary },
        "help": { "text": rule.page, "markdown": rule.page },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "since": rule.since },
    })
}

fn result(problem: &Located, rules: &Registry, display_path: DisplayPath<'_>) -> Value {
    let mut result = json!({ "ruleId": problem.rule.name });
    if let Some(index) = rules.index(problem.rule.name) {
        result["ruleIndex"] = json!(index);
    }
    result["level"] = json!(level(problem.severity()));
    result["message"] = message(&problem.sentence());
    let mut main = location(&problem.range, display_path);
    if let Some(label) = &problem.label {
        main["message"] = message(label);
    }
    result["locations"] = json!([main]);
    if !problem.labels.is_empty() {
        result["relatedLocations"] =
            problem.labels.iter().map(|label| related(label, display_path)).collect();
    }
    if !problem.fixes.is_empty() {
        result["fixes"] = problem.fixes.iter().map(|it| fix(it, display_path)).collect();
    }
    result
}

fn related(label: &LocatedLabel, display_path: DisplayPath<'_>) -> Value {
    let mut related = location(&label.range, display_path);
    related["message"] = message(&label.message);
    related
}

/// SARIF wants the edits of a fix by file.
fn fix(fix: &LocatedFix, display_path: DisplayPath<'_>) -> Value {
    let mut changes: Vec<(&str, Vec<Value>)> = Vec::new();
    for edit in &fix.edits {
        let replacement = json!({
            "deletedRegion": region(&edit.range),
            "insertedContent": { "text": edit.text },
        });
        match changes.iter_mut().find(|(file, _)| *file == &*edit.range.file) {
            Some((_, replacements)) => replacements.push(replacement),
            None => changes.push((&edit.range.file, vec![replacement])),
        }
    }
    let changes = changes.into_iter().map(|(file, replacements)| {
        json!({ "artifactLocation": { "uri": uri(&display_path(file)) }, "replacements": replacements })
    });
    json!({ "description": message(&fix.title), "artifactChanges": changes.collect::<Vec<_>>() })
}

fn location(range: &Range, display_path: DisplayPath<'_>) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&display_path(&range.file)) },
        "region": region(range),
    }})
}

fn region(range: &Range) -> Value {
    json!({
        "startLine": range.start.line,
        "startColumn": range.start.column,
        "endLine": range.end.line,
        "endColumn": range.end.column,
    })
}

fn message(text: &str) -> Value {
    json!({ "text": plain(text) })
}

fn level(severity: Severity) -> &'static str {
    severity.word()
}

/// The path as a URI: relative as the path is, or `file:` if it is absolute.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len() + 8);
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("labs/home lab.hl"), "labs/home%20lab.hl");
        assert_eq!(uri("../ü:1.hl"), "../%C3%BC%3A1.hl");
        assert_eq!(uri("/srv/a.hl"), "file:///srv/a.hl");
    }
}
