//! `unknown-name`: a name that nothing in the lab has.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::with_requirement;
use crate::Ty;
use crate::ty::last_segment;

declare_rule! { pub UNKNOWN_NAME, "unknown-name", error, since "0.1", "a name that nothing in the lab has", page "unknown_name.md" }

/// Nothing is called `name`; `wanted` says what would fit there, `required` where that is said.
pub fn unknown_name(
    place: Place,
    name: &str,
    wanted: Option<&Ty>,
    required: Option<(Place, String)>,
) -> Problem {
    let message = match wanted.and_then(wanted_word) {
        Some(kind) => format!("no {kind} is called '{name}'"),
        None if wanted.is_some_and(is_words) => {
            format!("'{name}' is not {}", wanted.map(Ty::described).unwrap_or_default())
        }
        None => format!("nothing is called '{name}'"),
    };
    with_requirement(Problem::new(&UNKNOWN_NAME, place, message), required)
}

/// `name` is a function, which `declared` declares, and stands there without its values; `call` is how it is called.
pub fn not_called(place: Place, name: &str, call: &str, declared: Place) -> Problem {
    Problem::new(&UNKNOWN_NAME, place, format!("'{name}' is a function, and is not called here"))
        .also(declared, format!("'{name}' is declared here"))
        .help(format!("write '{call}'"))
}

/// `name` is a template, which `declared` declares, and stands where a value is expected.
pub fn no_value(place: Place, name: &str, declared: Place) -> Problem {
    Problem::new(&UNKNOWN_NAME, place, format!("'{name}' is a template, not a value"))
        .also(declared, format!("'{name}' is declared here"))
        .help(format!("a declaration starts from it by ': {name}' behind its name"))
}

/// There is no declaration of `kind` at all, and one is named by the kind's word.
pub fn none_declared(place: Place, kind: &str) -> Problem {
    Problem::new(&UNKNOWN_NAME, place, format!("no {kind} is declared"))
        .help(format!("declare one, such as '{kind} {{ … }}'"))
}

/// Whether only some words can stand there.
fn is_words(ty: &Ty) -> bool {
    ty.arms().iter().all(|arm| matches!(arm, Ty::Literal(_) | Ty::Bool))
}

/// What a declaration or word of this type is called.
fn wanted_word(ty: &Ty) -> Option<String> {
    match ty.required().0 {
        Ty::Kind(kind) => Some(last_segment(kind).to_owned()),
        ty if ty.arms().iter().all(Ty::is_secret) => Some("secret".to_owned()),
        _ => None,
    }
}
