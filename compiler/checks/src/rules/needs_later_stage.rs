//! `needs-later-stage`: something that is deployed before what it needs.

use diagnostics::{Problem, declare_rule};
use model::{At, Component, Placement};

use crate::lab::Lab;

declare_rule! { pub NEEDS_LATER_STAGE, "needs-later-stage", error, since "0.1", "something that is deployed before what it needs", page "needs_later_stage.md" }

/// Looks for needs that are in a later stage.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let needs = lab
        .placements()
        .flat_map(|(word, placement)| placement.needs.iter().map(move |need| (word, placement, need)));
    let late = needs.filter(|(_, placement, need)| need.stage.number > placement.component.stage.number);
    late.map(|(word, placement, need)| needs_later_stage(word, placement, need)).collect()
}

/// What is needed comes in a later stage.
fn needs_later_stage(word: &str, placement: &Placement, need: &At<Component>) -> Problem {
    let (own, other) = (&placement.component.stage, &need.stage);
    let message = format!(
        "{word} '{}' of stage '{}' needs '{}', which comes later, in stage '{}'",
        placement.name, own.name, need.name, other.name
    );
    Problem::new(&NEEDS_LATER_STAGE, need.place.clone(), message)
        .label(format!("stage '{}' is number {}", other.name, other.number))
        .also(placement.place.clone(), format!("stage '{}' is number {}", own.name, own.number))
        .help(format!("move '{}' to stage '{}' or a later one by 'stage = …'", placement.name, other.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, component, messages};

    fn found(stage: u8) -> Vec<String> {
        let mut needy = app("needy", "media");
        needy.placement.needs = vec![at(component(stage, "db"))];
        messages(&NEEDS_LATER_STAGE, &[needy.into_entity()])
    }

    #[test]
    fn needs_come_before() {
        assert_eq!(
            found(11),
            ["app 'needy' of stage 'stage' needs 'db', which comes later, in stage 'stage'"]
        );
        assert_eq!((found(10).len(), found(9).len()), (0, 0));
    }
}
