//! `stage-number-twice`: two stages with one place in the order.

use std::collections::BTreeSet;

use diagnostics::{Problem, declare_rule};
use model::Stage;

use super::{collision, is_declared_twice, repeated};
use crate::lab::Lab;

declare_rule! { pub STAGE_NUMBER_TWICE, "stage-number-twice", error, since "0.1", "two stages with one place in the order", page "stage_number_twice.md" }

/// Looks for stages with the same number.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let twice = repeated(lab.stages.iter().map(|&stage| (stage.number, stage)));
    let twice = twice.into_iter().filter(|(first, later)| !is_declared_twice(&first.place, &later.place));
    let used: BTreeSet<_> = lab.stages.iter().map(|stage| stage.number).collect();
    twice.map(|(first, later)| stage_number_twice(&used, first, later)).collect()
}

/// Both stages have the same number.
fn stage_number_twice(used: &BTreeSet<u8>, first: &Stage, later: &Stage) -> Problem {
    let free = (later.number..=99).find(|number| !used.contains(number));
    collision(
        &STAGE_NUMBER_TWICE,
        format!("stages '{}' and '{}' both have number {}", first.name, later.name, later.number),
        (&first.place, format!("stage '{}' is {}", first.name, first.number)),
        (&later.place, format!("stage '{}' is {} too", later.name, later.number)),
    )
    .help(match free {
        Some(free) => format!("which comes first? The next number that is free is {free}"),
        None => "which comes first? Give each a number of its own".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, messages, stage};

    #[test]
    fn stages_are_in_order() {
        let found = |number| {
            messages(
                &STAGE_NUMBER_TWICE,
                &[stage(10, "apps").into_entity(), stage(number, "media").into_entity()],
            )
        };
        assert_eq!(found(10), ["stages 'apps' and 'media' both have number 10"]);
        assert_eq!(found(11), [""; 0]);
    }
}
