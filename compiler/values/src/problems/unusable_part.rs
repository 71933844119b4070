//! `unusable-part`: something that cannot be in a component.

use diagnostics::{Problem, declare_rule};
use model::Component;
use source::Place;

declare_rule! { pub UNUSABLE_PART, "unusable-part", error, since "0.1", "something that cannot be in a component", page "unusable_part.md" }

/// What is deployed as it is, a component or a helmfile, is in a component.
pub fn whole_in_component(place: Place, (kind, name): (&str, &str)) -> Problem {
    let help = "put what it holds into this one, or say 'needs' where only the order is meant";
    Problem::new(
        &UNUSABLE_PART,
        place,
        format!("{kind} '{name}' is deployed as it is, and can be in no component"),
    )
    .help(if kind == "component" { help } else { "say 'needs' where only the order is meant" })
}

/// Another component, `first`, holds it too.
pub fn held_twice(place: Place, (kind, name): (&str, &str), (first, at): (&str, Place)) -> Problem {
    Problem::new(&UNUSABLE_PART, place, format!("{kind} '{name}' is in component '{first}' already"))
        .also(at, "this one holds it")
        .help("take it out of one of them: it is deployed once")
}

/// It says a `stage` that is not the component's.
pub fn other_stage(
    place: Place,
    (kind, name): (&str, &str),
    stage: &str,
    (component, at): (&Component, Place),
) -> Problem {
    let message = format!(
        "{kind} '{name}' is to be deployed in stage '{stage}', and its component '{}' is in stage '{}'",
        component.name, component.stage.name
    );
    Problem::new(&UNUSABLE_PART, place, message)
        .also(at, "the stage is said here")
        .help("leave the stage out there, or take it out of the component: what is in one is deployed as one")
}
