//! `component-name-taken`: a directory that two declarations would share by accident.

use std::collections::BTreeMap;

use diagnostics::{Problem, declare_rule};
use model::names::NAMESPACES;
use model::{Component, Placement};
use rustc_hash::{FxBuildHasher, FxHashMap};
use source::Place;

use super::{collision, is_declared_twice};
use crate::lab::Lab;

declare_rule! { pub COMPONENT_NAME_TAKEN, "component-name-taken", error, since "0.1", "a directory that two declarations would share by accident", page "component_name_taken.md" }

/// Looks for declarations of one name and stage in different namespaces, and for any called as the directory that is
/// there already. In one namespace, a chart and the objects beside it may share a name and a directory.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let mut owners: FxHashMap<&Component, (&str, &Placement)> =
        FxHashMap::with_capacity_and_hasher(lab.workloads.len(), FxBuildHasher);
    let mut problems = called_as_components(lab);
    for (word, placement) in lab.placements().filter(|(_, one)| one.held.is_none()) {
        let component = &placement.component;
        match owners.get(component) {
            _ if placement.name != component.name && component.name != NAMESPACES => {}
            Some((first_word, first)) => {
                if first.namespace != placement.namespace
                    && !is_declared_twice(&first.place, &placement.place)
                {
                    problems.push(component_name_taken((first_word, first), (word, placement)));
                }
            }
            None => {
                problems.extend((component.name == NAMESPACES).then(|| called_namespaces(placement)));
                owners.insert(component, (word, placement));
            }
        }
    }
    problems
}

/// Looks for what is called as a component that does not hold it.
fn called_as_components(lab: &Lab<'_>) -> Vec<Problem> {
    let held = lab.placements().filter_map(|(_, one)| Some((&one.component, one.held.as_ref()?)));
    let declared: BTreeMap<&Component, &Place> = held.collect();
    if declared.is_empty() {
        return Vec::new();
    }
    let mut found: BTreeMap<&Component, Problem> = BTreeMap::new();
    for (word, placement) in lab.placements().filter(|(_, one)| one.held.is_none()) {
        let Some(place) = declared.get(&placement.component) else { continue };
        let (name, component) = (&placement.name, &placement.component);
        let message = format!(
            "component '{}' and {word} '{name}', which is not in it, would share the directory {}",
            component.name,
            component.path()
        );
        found.entry(component).or_insert_with(|| {
            Problem::new(&COMPONENT_NAME_TAKEN, placement.place.clone(), message)
                .also((*place).clone(), "the component is declared here")
                .help("rename one of them, or put it into the component")
        });
    }
    found.into_values().collect()
}

/// Both would be in one directory.
fn component_name_taken(first: (&str, &Placement), later: (&str, &Placement)) -> Problem {
    let shown = |(word, one): (&str, &Placement)| {
        let place = if one.namespace.is_empty() { String::new() } else { format!(" in '{}'", one.namespace) };
        format!("{word} '{}'{place}", one.name)
    };
    let message = format!(
        "{} and {} would share the directory {}",
        shown(first),
        shown(later),
        later.1.component.path()
    );
    collision(
        &COMPONENT_NAME_TAKEN,
        message,
        (&first.1.place, format!("{} is written there", shown(first))),
        (&later.1.place, format!("{} too", shown(later))),
    )
    .help(
        "rename one of them, or deploy it in another stage; names are for the whole lab, not for a namespace",
    )
}

/// The directory has the stage's namespaces in it.
fn called_namespaces(placement: &Placement) -> Problem {
    let message = format!("the directory {} is for the stage's namespaces", placement.component.path());
    Problem::new(&COMPONENT_NAME_TAKEN, placement.place.clone(), message)
        .help("give it another name than 'namespaces'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, component, manifest, messages, release};

    #[test]
    fn a_directory_is_of_one_namespace() {
        let lab = |namespace| {
            [release("db", "media", "postgres").into_entity(), app("db", namespace).into_entity()]
        };
        assert_eq!(
            messages(&COMPONENT_NAME_TAKEN, &lab("automation")),
            [
                "app 'db' in 'automation' and release 'db' in 'media' would share the directory k8s/10_stage/db"
            ]
        );
        assert_eq!(messages(&COMPONENT_NAME_TAKEN, &lab("media")), [""; 0]);
    }

    #[test]
    fn the_namespaces_have_theirs() {
        let named = manifest("namespaces", "media", "v1", "ConfigMap").into_entity();
        assert_eq!(
            messages(&COMPONENT_NAME_TAKEN, &[named]),
            ["the directory k8s/10_stage/namespaces is for the stage's namespaces"]
        );
    }

    #[test]
    fn a_component_shares_with_nobody_else() {
        let mut held = app("films", "media");
        held.placement.component = component(10, "player");
        held.placement.held = Some(held.placement.place.clone());
        let other = app("player", "media");
        assert_eq!(
            messages(&COMPONENT_NAME_TAKEN, &[held.clone().into_entity(), other.clone().into_entity()]),
            [
                "component 'player' and app 'player', which is not in it, would share the directory k8s/10_stage/player"
            ]
        );
        let mut held_too = other;
        held_too.placement.held = held.placement.held.clone();
        assert_eq!(messages(&COMPONENT_NAME_TAKEN, &[held.into_entity(), held_too.into_entity()]), [""; 0]);
    }

    #[test]
    fn parts_of_others_are_fine() {
        let mut part = app("part", "backup");
        part.placement.component = component(10, "whole");
        let lab = [app("whole", "media").into_entity(), part.into_entity()];
        assert_eq!(messages(&COMPONENT_NAME_TAKEN, &lab), [""; 0]);
    }
}
