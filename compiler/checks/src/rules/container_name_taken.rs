//! `container-name-taken`: two containers of one name in a pod.

use std::collections::BTreeMap;

use diagnostics::{Problem, declare_rule};
use model::Entity;
use source::Place;

use super::collision;
use crate::facts::{Pod, near};

declare_rule! { pub CONTAINER_NAME_TAKEN, "container-name-taken", error, since "0.1", "two containers of one name in a pod", page "container_name_taken.md" }

/// Looks for containers beside that of an app or a job that are called like another one.
pub(crate) fn check(entity: &Entity) -> Vec<Problem> {
    let Some(of) = Pod::of(entity) else { return Vec::new() };
    let mut first: BTreeMap<&str, &Place> = BTreeMap::new();
    let mut problems = Vec::new();
    for side in &of.container.beside {
        match first.get(side.name.as_str()) {
            Some(earlier) => problems.push(container_name_taken(&of, &side.name, earlier, &side.place)),
            None => drop(first.insert(&side.name, &side.place)),
        }
    }
    problems
}

/// Both are called so.
fn container_name_taken(of: &Pod<'_>, name: &str, earlier: &Place, later: &Place) -> Problem {
    let owner = &of.placement.place;
    collision(
        &CONTAINER_NAME_TAKEN,
        format!("{} has two containers called '{name}'", of.shown()),
        (&near(earlier, owner), "this is one".to_owned()),
        (&near(later, owner), "this is the other".to_owned()),
    )
    .help("give one of them another name")
}
