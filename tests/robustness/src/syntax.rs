//! Tokens, items, trees.

use std::sync::Arc;

use diagnostics::Problem;
use source::{ItemKey, Place};
use syntax::{Parsed, cut, parse, tokens};

/// Every byte is in one token and in one item; what problems say stands in the item.
pub fn syntax(text: &str) {
    let total: usize = tokens(text).map(|token| token.len as usize).sum();
    assert_eq!(total, text.len(), "tokens cover the text");
    let mut end = 0;
    for cut in cut(text) {
        assert_eq!(cut.range.start, end, "items cover the text");
        assert!(cut.range.end > end, "no item is empty");
        end = cut.range.end;
    }
    assert_eq!(end, text.len(), "items cover the text");
    for (own, parsed) in items(text) {
        assert!(parsed.statement.span.end as usize <= own.len(), "the tree is in the text");
        parsed.problems.iter().for_each(|problem| is_inside(own, problem));
    }
}

/// The parsed items of a text, each with its own text.
pub(crate) fn items(text: &str) -> Vec<(&str, Parsed)> {
    let key = ItemKey::new(Arc::from("homelab.hl"), Arc::from("item"), 0);
    let item = |range| {
        let own = &text[range];
        (own, parse(&key, own))
    };
    cut(text).into_iter().map(|cut| item(cut.range)).collect()
}

fn is_inside(text: &str, problem: &Problem) {
    let labels = problem.labels.iter().map(|label| &label.place);
    let edits = problem.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| &edit.place);
    for Place { span, .. } in std::iter::once(&problem.place).chain(labels).chain(edits) {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{problem:?} in {text:?}");
    }
}
