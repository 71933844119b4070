//! Texts beside what becomes of them, for snapshots.

use std::fmt::Write;
use std::sync::Arc;

use diagnostics::Problem;
use source::{ItemKey, Span};
use syntax::ast::Statement;
use syntax::{Parsed, cut, parse};

pub(crate) fn key() -> ItemKey {
    ItemKey::new(Arc::from("lab.hl"), Arc::from("item"), 0)
}

/// The parsed items of a text.
pub(crate) fn items(text: &str) -> Vec<(usize, Parsed)> {
    let key = key();
    cut(text).into_iter().map(|cut| (cut.range.start, parse(&key, &text[cut.range]))).collect()
}

/// The text and its trees.
pub(crate) fn trees(text: &str) -> String {
    let mut out = format!("{}\n---\n", text.trim_matches('\n'));
    for (_, parsed) in items(text.trim_start_matches('\n')) {
        assert_eq!(parsed.problems, [], "in {text}");
        let _ = writeln!(out, "{}", tree(&parsed.statement));
    }
    out
}

/// A tree without places, on few lines.
pub(crate) fn tree(statement: &Statement) -> String {
    let debug = format!("{statement:?}");
    let debug = without_spans(&debug);
    let short = [
        ("Statement { doc: None, kind: ", "("),
        ("Name { text: ", "("),
        ("Expr { kind: ", "("),
        ("TypeExpr { kind: ", "("),
        (" }", "}"),
        ("{ ", "{"),
    ];
    short.iter().fold(debug, |debug, (long, short)| debug.replace(long, short))
}

fn without_spans(debug: &str) -> String {
    let mut out = String::new();
    let mut rest = debug;
    while let Some(at) = rest.find("span: Span {") {
        out.push_str(rest[..at].trim_end().trim_end_matches(','));
        let end = at + rest[at..].find('}').map_or(0, |end| end + 1);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// The text and its problems, drawn under it, and the text as the first fixes leave it.
pub(crate) fn problems(text: &str) -> String {
    let text = text.trim_matches('\n');
    let mut out = format!("{text}\n---\n");
    for (start, parsed) in items(text) {
        for problem in &parsed.problems {
            draw(&mut out, text, start, problem);
        }
    }
    if let Some(fixed) = fixed(text) {
        let left: usize = items(&fixed).iter().map(|(_, parsed)| parsed.problems.len()).sum();
        let _ = write!(out, "--- fixed, {left} left\n{fixed}\n");
    }
    out
}

/// The text as the first fixes leave it; `None` if there are none.
pub(crate) fn fixed(text: &str) -> Option<String> {
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    for (start, parsed) in items(text) {
        let fixes = parsed.problems.iter().filter_map(|problem| problem.fixes.first());
        edits.extend(fixes.flat_map(|fix| &fix.edits).map(|edit| {
            let at = |byte: u32| start + byte as usize;
            (at(edit.place.span.start), at(edit.place.span.end), edit.text.clone())
        }));
    }
    edits.sort();
    let mut fixed = text.to_owned();
    let is_any = !edits.is_empty();
    for (start, end, new) in edits.into_iter().rev() {
        fixed.replace_range(start..end, &new);
    }
    is_any.then_some(fixed)
}

fn draw(out: &mut String, text: &str, start: usize, problem: &Problem) {
    let _ = writeln!(out, "{}: {}", problem.rule.name, problem.message);
    mark(out, text, start, problem.place.span, problem.label.as_deref().unwrap_or(""));
    for label in &problem.labels {
        mark(out, text, start, label.place.span, &label.message);
    }
    if let Some(help) = &problem.help {
        let _ = writeln!(out, "  help: {help}");
    }
    for fix in &problem.fixes {
        let _ = writeln!(out, "  fix: {}", fix.title);
    }
}

fn mark(out: &mut String, text: &str, start: usize, span: Span, label: &str) {
    let (from, to) = (start + span.start as usize, start + span.end as usize);
    let line_start = text[..from].rfind('\n').map_or(0, |at| at + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    let indent = text[line_start..from].chars().count();
    let width = text[from..to].lines().next().unwrap_or_default().chars().count().max(1);
    let _ = writeln!(out, "  | {line}");
    let _ = writeln!(out, "  | {}{} {label}", " ".repeat(indent), "^".repeat(width));
}
