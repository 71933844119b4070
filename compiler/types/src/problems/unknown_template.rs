//! `unknown-template`: a template that does not exist or does not fit.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::suggested;

declare_rule! { pub UNKNOWN_TEMPLATE, "unknown-template", error, since "0.1", "a template that does not exist or does not fit", page "unknown_template.md" }

/// There is no template `name`; for a `kind` there are `all`.
pub fn unknown_template(place: Place, name: &str, kind: &str, all: &[&str]) -> Problem {
    let problem = Problem::new(&UNKNOWN_TEMPLATE, place.clone(), format!("there is no template '{name}'"));
    let near = diagnostics::closest(name, all.iter().copied(), 3);
    let kind_with = crate::ty::with_article(kind);
    match all {
        [] => problem.help(format!(
            "there is none for {kind_with} yet: declare one by 'template {name} : {kind} {{ … }}'"
        )),
        [only] if near.is_empty() => problem.help(format!("the only template for {kind_with} is '{only}'")),
        _ => suggested(problem, &place, name, &near),
    }
}

/// Kind `name` stands where templates are put together.
pub fn kind_for_template(place: Place, name: &str) -> Problem {
    Problem::new(&UNKNOWN_TEMPLATE, place, format!("'{name}' is a kind, and a template is expected here"))
        .help("each template says itself what it is for")
}

/// There is nothing called `name` that a template could be for.
pub fn unknown_base(place: Place, name: &str, near: &[&str]) -> Problem {
    let message = format!("there is no kind and no template '{name}'");
    suggested(Problem::new(&UNKNOWN_TEMPLATE, place.clone(), message), &place, name, near)
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
