//! `old-form`: what an earlier edition of HL had, in a lab of a later one.

use diagnostics::{Edit, Problem, declare_rule};
use source::{Place, Span};

declare_rule! { pub OLD_FORM, "old-form", error, since "0.1", "what an earlier edition of HL had", page "old_form.md" }

/// `= only(value)`, in which `value` is at `inner`.
pub fn replaces_anyway(place: Place, inner: &Place) -> Problem {
    let (start, end) = (place.span.start, place.span.end);
    let gap = |from, to| Edit { place: Place::new(&place.item, Span::new(from, to)), text: String::new() };
    let edits = vec![gap(start, inner.span.start), gap(inner.span.end, end)];
    Problem::new(&OLD_FORM, place, "'only(…)' is a form of edition 0.1")
        .help("'=' alone replaces what is there; '+=' and '{ … }' add to it")
        .fix_all("leave 'only' out", edits)
}
