//! `missing-place`: a declaration that does not say what it is in.

use diagnostics::{Edit, Problem, declare_rule};
use source::{Place, Span};

use crate::Ty;
use crate::ty::last_segment;

declare_rule! { pub MISSING_PLACE, "missing-place", error, since "0.1", "a declaration that does not say what it is in", page "missing_place.md" }

/// `owner` needs `in` with something of type `wanted`; `required` is where that is said, `help` how it is written.
pub fn missing_place(
    place: Place,
    owner: &str,
    wanted: &Ty,
    required: (Place, String),
    help: &str,
) -> Problem {
    Problem::new(&MISSING_PLACE, place, format!("{owner} does not say which {} it is in", word(wanted)))
        .label("'in' is missing behind it")
        .also(required.0, required.1)
        .help(help)
}

/// `owner` is in nothing.
pub fn unexpected_place(place: Place, owner: &str) -> Problem {
    Problem::new(&MISSING_PLACE, place, format!("{owner} is not in anything, so 'in' has no meaning here"))
        .help("remove 'in' and what follows it")
}

/// The `in` at `place` was meant for `condition`, which it is a part of.
pub fn membership_in_head(place: Place, condition: Place) -> Problem {
    let edit = |at: u32, text: &str| Edit {
        place: Place { span: Span::empty(at), ..condition.clone() },
        text: text.to_owned(),
    };
    let edits = vec![edit(condition.span.start, "("), edit(condition.span.end, ")")];
    Problem::new(&MISSING_PLACE, place, "in a head, a condition with 'in' stands in parentheses")
        .label("here it says where a declaration is")
        .fix_all("put the condition in parentheses", edits)
}

fn word(ty: &Ty) -> String {
    match ty {
        Ty::Kind(kind) => last_segment(kind).to_owned(),
        other => other.described(),
    }
}
