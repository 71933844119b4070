//! `namespace-later-stage`: something that is deployed before its namespace is there.

use std::collections::BTreeMap;

use diagnostics::{Problem, declare_rule};
use model::{Component, Placement, names};

use crate::facts::NamespaceFact;
use crate::lab::Lab;

declare_rule! { pub NAMESPACE_LATER_STAGE, "namespace-later-stage", error, since "0.1", "something that is deployed before its namespace is there", page "namespace_later_stage.md" }

/// Looks for objects in namespaces of later stages. Helm makes the namespace that it releases a chart or a directory's
/// objects in, but none for the other objects of that directory.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let namespaces = lab.namespaces.iter().filter(|one| !one.existing).map(|one| (one.name.as_str(), *one));
    let namespaces: BTreeMap<&str, &NamespaceFact> = namespaces.collect();
    let late = |placement: &Placement| {
        let namespace = namespaces.get(placement.namespace.as_str())?;
        (namespace.stage.number > placement.component.stage.number).then_some(*namespace)
    };
    let workloads = lab.workloads.iter().map(|work| (work.role.word(), &work.placement));
    let manifests = lab.manifests.iter().filter(|one| one.namespace.is_some());
    let objects = || workloads.clone().chain(manifests.clone().map(|one| ("manifest", &one.placement)));
    if !objects().any(|(_, placement)| late(placement).is_some()) {
        return Vec::new();
    }
    let mut homes: BTreeMap<&Component, &Placement> = BTreeMap::new();
    for (_, placement) in objects() {
        let home = homes.entry(&placement.component).or_insert(placement);
        if names::home_rank(placement) < names::home_rank(home) {
            *home = placement;
        }
    }
    let is_made = |placement: &Placement| {
        // Which of two directories of a stage comes first is not said.
        let is_before = |component: &Component| {
            *component == placement.component || component.stage.number < placement.component.stage.number
        };
        let objects = homes.iter().map(|(component, home)| (*component, *home));
        let releases = lab.releases.iter().map(|release| (&release.placement.component, &release.placement));
        let mut makers = objects.chain(releases);
        makers.any(|(component, maker)| maker.namespace == placement.namespace && is_before(component))
    };
    let late = objects().filter_map(|(word, placement)| Some((word, placement, late(placement)?)));
    late.filter(|(_, placement, _)| !is_made(placement))
        .map(|(word, placement, namespace)| namespace_later_stage(word, placement, namespace))
        .collect()
}

/// The namespace comes in a later stage.
fn namespace_later_stage(word: &str, placement: &Placement, namespace: &NamespaceFact) -> Problem {
    let (own, other) = (&placement.component.stage, &namespace.stage);
    let message = format!(
        "{word} '{}' is deployed in stage '{}', before its namespace '{}', which comes in stage '{}'",
        placement.name, own.name, namespace.name, other.name
    );
    Problem::new(&NAMESPACE_LATER_STAGE, placement.place.clone(), message)
        .also(namespace.place.clone(), format!("made in stage '{}', which is number {}", other.name, other.number))
        .help(format!(
            "let the namespace come in stage '{}' or an earlier one, or take the {word} out of the directory that it is \
             'part-of'",
            own.name
        ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, component, messages, namespace, release};
    use model::Entity;

    fn lab(number: u8, whole: &str) -> Vec<Entity> {
        let (mut part, mut whole) = (app("part", "media"), app("whole", whole));
        part.placement.component = component(number, "whole");
        whole.placement.component = component(number, "whole");
        vec![namespace("media"), namespace("setup"), part.into_entity(), whole.into_entity()]
    }

    #[test]
    fn namespaces_come_first() {
        assert_eq!(
            messages(&NAMESPACE_LATER_STAGE, &lab(1, "setup")),
            [
                "app 'part' is deployed in stage 'stage', before its namespace 'media', which comes in stage 'apps'"
            ]
        );
        assert_eq!(messages(&NAMESPACE_LATER_STAGE, &lab(10, "setup")), [""; 0]);
        assert_eq!(messages(&NAMESPACE_LATER_STAGE, &lab(1, "media")), [""; 0], "helm makes that one");
        let mut made = lab(1, "setup");
        let mut chart = release("db", "media", "postgres");
        chart.placement.component = component(0, "db");
        made.push(chart.into_entity());
        assert_eq!(messages(&NAMESPACE_LATER_STAGE, &made), [""; 0], "it is there already");
        let mut beside = lab(1, "setup");
        let mut chart = release("db", "media", "postgres");
        chart.placement.component = component(1, "db");
        beside.push(chart.into_entity());
        assert_eq!(
            messages(&NAMESPACE_LATER_STAGE, &beside).len(),
            1,
            "nothing says which of the two is first"
        );
    }
}
