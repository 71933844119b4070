//! `unknown-template`: a template that does not exist or does not fit.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::suggested;

declare_rule! { pub UNKNOWN_TEMPLATE, "unknown-template", error, since "0.1", "a template that does not exist or does not fit", page "unknown_template.md" }

/// There is no template `name`.
pub fn unknown_template(place: Place, name: &str, near: &[&str]) -> Problem {
    let problem = Problem::new(&UNKNOWN_TEMPLATE, place.clone(), format!("there is no template '{name}'"));
    suggested(problem, &place, near)
}

/// A template is for a `word`, which stands in an `around`.
pub fn template_of_part(place: Place, word: &str, around: &str) -> Problem {
    let (word, around) = (crate::ty::with_article(word), crate::ty::with_article(around));
    Problem::new(
        &UNKNOWN_TEMPLATE,
        place,
        format!("a template cannot be for {word}, which stands in {around}"),
    )
    .help(format!("make a template for {around}, with {word} in it"))
}

/// Template `name` makes a `made`, and here is a `wanted`.
pub fn wrong_template(place: Place, name: &str, made: &str, wanted: &str, declared: Place) -> Problem {
    let message = format!(
        "template '{name}' is for {}, not for {}",
        crate::ty::with_article(made),
        crate::ty::with_article(wanted)
    );
    Problem::new(&UNKNOWN_TEMPLATE, place, message).also(declared, "the template is declared here")
}
