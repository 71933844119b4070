//! The whole compiler.

use std::collections::BTreeMap;

use diagnostics::{Located, Range, Severity, Sources, render};
use driver::{Outputs, RULES, Session};
use smol_str::SmolStr;
use source::ItemKey;

/// A lab of one file.
pub fn lab(text: &str) {
    labs(&[("homelab.hl", text)]);
}

/// Problems stand in the text and can be shown; what has no error is built, and comes out the same again.
pub fn labs(files: &[(&str, &str)]) {
    let open = || Session::open(files.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect());
    let session = open();
    let (problems, outputs) = come_to(&session);
    are_found(&session);
    if let Some(outputs) = outputs {
        let again = open();
        assert_eq!(again.outputs(), outputs, "other files the second time");
        assert_eq!(again.problems(), problems, "other problems when built first");
    }
}

/// The problems of a lab, each looked at, and its files where nothing is an error.
pub(crate) fn come_to(session: &Session) -> (Vec<Located>, Option<Outputs>) {
    let problems = session.problems();
    look_at(&problems, &session.sources());
    let has_errors = problems.iter().any(|problem| problem.severity() == Severity::Error);
    if has_errors {
        return (problems, None);
    }
    let outputs = session.outputs();
    let faults: Vec<String> = session.faults().into_iter().chain(session.missing(&outputs)).collect();
    assert!(faults.is_empty(), "a lab without errors is not built whole: {faults:?}");
    (problems, Some(outputs))
}

/// Whoever asks for all declarations of a kind gets each that makes one, though most are found by their heads alone; beside
/// these only such as could not be read. What no other can name, as it has no name, is not asked for.
fn are_found(session: &Session) {
    let db = session.db();
    let mut all: BTreeMap<&SmolStr, Vec<&ItemKey>> = BTreeMap::new();
    let declared = names::index(db).declarations().iter();
    for item in declared.filter_map(|one| names::find(db, &one.item)) {
        for kind in types::item_kinds(db, item).iter().filter(|kind| !kind.is_empty()) {
            all.entry(kind).or_default().push(item.key(db));
        }
    }
    let is_read =
        |key: &&ItemKey| names::find(db, key).is_some_and(|item| types::outline(db, item).is_some());
    for (kind, items) in all {
        let found = types::items_with(db, names::word(db, kind)).iter().filter(is_read);
        assert_eq!(found.collect::<Vec<_>>(), items, "items that make declarations of kind '{kind}'");
    }
}

/// Problems stand in `sources`, and every renderer can show them.
pub(crate) fn look_at(problems: &[Located], sources: &impl Sources) {
    for problem in problems {
        is_inside(&problem.range, sources);
        problem.labels.iter().for_each(|label| is_inside(&label.range, sources));
        let mut edits = problem.fixes.iter().flat_map(|fix| &fix.edits);
        edits.by_ref().for_each(|edit| is_inside(&edit.range, sources));
        assert!(RULES.iter().any(|rules| rules.contains(&problem.rule)), "{} is no rule", problem.rule.name);
        assert!(!problem.message.is_empty(), "a problem without words: {problem:?}");
    }
    let path = |path: &str| path.to_owned();
    let short = render::short(problems, &path);
    assert_eq!(short.lines().count(), problems.len(), "a line a problem: {short}");
    render::human(problems, sources, &path, false);
    render::json(problems, &path);
}

fn is_inside(range: &Range, sources: &impl Sources) {
    let text = sources.text(&range.file).unwrap_or_else(|| panic!("no such file: {range:?}"));
    let span = range.start.byte as usize..range.end.byte as usize;
    assert!(text.get(span).is_some(), "{range:?} is not in the text");
}
