//! `misplaced-statement`: a statement that has no meaning where it stands.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub MISPLACED_STATEMENT, "misplaced-statement", error, since "0.1", "a statement that has no meaning where it stands", page "misplaced_statement.md" }

/// Field `name` of a kind has `sign` and not `:` before its type; `gap` is all that is between.
pub fn untyped_field(place: Place, name: &str, sign: &str, gap: Place) -> Problem {
    let message = match sign {
        "" => format!("a ':' is missing between '{name}' and its type"),
        sign => format!("the type of '{name}' stands behind ':', not behind '{sign}'"),
    };
    Problem::new(&MISPLACED_STATEMENT, place, message)
        .help(format!("a field of a kind is written '{name}: type'"))
        .fix("put ':' between", gap, ": ")
}

/// What a `word` (`app`) is in is set like a field called `name`.
pub fn place_as_field(place: Place, name: &str, word: &str) -> Problem {
    Problem::new(
        &MISPLACED_STATEMENT,
        place,
        format!("the {name} of {} is said by 'in', not as a field", crate::ty::with_article(word)),
    )
    .help(format!("write 'in' and the {name} behind the name of the {word}"))
}

/// Which of several is said, by `[key]`, of `name`, a `word` (`app`), of which there is one.
pub fn pick_of_one(place: Place, name: &str, word: &str) -> Problem {
    Problem::new(&MISPLACED_STATEMENT, place, format!("'{name}' is not one of several, so it has no key"))
        .label("this picks one of several")
        .help(format!("several are declared by '{word} {name}[x] for x in …'"))
}

/// `what` does not belong here.
pub fn misplaced(place: Place, what: &str, help: &str) -> Problem {
    Problem::new(&MISPLACED_STATEMENT, place, format!("{what} cannot stand here")).help(help)
}
