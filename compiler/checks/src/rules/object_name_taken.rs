//! `object-name-taken`: two objects of one kind and name in a namespace.

mod objects;

use std::collections::BTreeSet;
use std::collections::hash_map::Entry;
use std::hash::BuildHasher;

use diagnostics::{Problem, declare_rule};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::owner::Owner;
use super::{collision, is_declared_twice};
use crate::lab::Lab;
use objects::{Key, objects};

declare_rule! { pub OBJECT_NAME_TAKEN, "object-name-taken", error, since "0.1", "two objects of one kind and name in a namespace", page "object_name_taken.md" }

/// Looks for objects that would replace each other in the cluster. Of two declarations, only the first such object is
/// reported.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    // Nearly always all are different, which their hashes tell without keeping a key of each.
    let hash = |key: &Key<'_>| FxBuildHasher.hash_one(key);
    // An app mostly makes a deployment, a service, an ingress, and a release with its directory.
    let mut seen = FxHashSet::with_capacity_and_hasher(4 * lab.workloads.len(), FxBuildHasher);
    let mut repeated = FxHashSet::default();
    objects(lab, |key, _| {
        let hash = hash(&key);
        if !seen.insert(hash) {
            repeated.insert(hash);
        }
    });
    if repeated.is_empty() {
        return Vec::new();
    }
    let mut first: FxHashMap<Key<'_>, Owner<'_>> = FxHashMap::default();
    let mut reported: BTreeSet<(String, String)> = BTreeSet::new();
    let mut problems = Vec::new();
    objects(lab, |key, owner| match repeated.contains(&hash(&key)).then(|| first.entry(key)) {
        None => {}
        Some(Entry::Vacant(vacant)) => drop(vacant.insert(owner)),
        Some(Entry::Occupied(taken)) => {
            let before = *taken.get();
            let is_known = is_declared_twice(before.place(), owner.place());
            if !is_known && reported.insert((before.shown(), owner.shown())) {
                problems.push(object_name_taken(taken.key(), before, owner));
            }
        }
    });
    problems
}

/// Both declarations make the object.
fn object_name_taken(key: &Key<'_>, first: Owner<'_>, later: Owner<'_>) -> Problem {
    let namespace = key.namespace.map_or_else(String::new, |name| format!(" in namespace '{name}'"));
    let made = format!("{} '{}'{namespace}", key.kind, key.name);
    let (earlier, owner) = (first.shown(), later.shown());
    let message = if earlier == owner {
        format!("{owner} makes the {made} twice")
    } else {
        format!("{earlier} and {owner} both make the {made}")
    };
    collision(
        &OBJECT_NAME_TAKEN,
        message,
        (first.place(), format!("{earlier} makes it")),
        (later.place(), format!("{owner} makes it too")),
    )
    .help("the cluster would keep only one of them: rename one")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, claim, component, job, manifest, messages, release};
    use model::{Access, App, Entity, EnvValue, Job, SecretRef};

    fn found(entities: &[Entity]) -> Vec<String> {
        messages(&OBJECT_NAME_TAKEN, entities)
    }

    fn with_secret() -> (App, Job) {
        let key = || at(EnvValue::Secret(SecretRef::whole("key")));
        let (mut app, mut job) = (app("same", "media"), job("same", "media"));
        app.container.env.insert("KEY".into(), key());
        job.container.env.insert("KEY".into(), key());
        (app, job)
    }

    #[test]
    fn secrets_of_an_app_and_a_job_collide() {
        let (app, mut job) = with_secret();
        assert_eq!(
            found(&[app.clone().into_entity(), job.clone().into_entity()]),
            ["app 'same' and job 'same' both make the Secret 'same-secrets' in namespace 'media'"]
        );
        job.placement.namespace = "backup".into();
        job.placement.component.name = "other".into();
        assert_eq!(found(&[app.into_entity(), job.into_entity()]), [""; 0]);
    }

    #[test]
    fn claims_can_meet_by_their_names() {
        let (mut one, mut other) = (app("a", "media"), app("a-b", "media"));
        one.container.volumes.insert("b-c".into(), claim(Access::OneHost));
        other.container.volumes.insert("c".into(), claim(Access::OneHost));
        assert_eq!(
            found(&[one.into_entity(), other.into_entity()]),
            ["app 'a' and app 'a-b' both make the PersistentVolumeClaim 'a-b-c' in namespace 'media'"]
        );
    }

    #[test]
    fn manifests_count() {
        let config = |name: &str| manifest(name, "media", "v1", "ConfigMap");
        let mut renamed = config("other");
        renamed.fields.insert("metadata".into(), crate::testing::text(&["name"], "one"));
        assert_eq!(
            found(&[config("one").into_entity(), renamed.into_entity()]),
            ["manifest 'one' and manifest 'other' both make the ConfigMap 'one' in namespace 'media'"]
        );
        assert_eq!(found(&[config("one").into_entity(), config("two").into_entity()]), [""; 0]);
        let deployment = manifest("web", "media", "apps/v1", "Deployment").into_entity();
        assert_eq!(found(&[app("web", "media").into_entity(), deployment]).len(), 1);
    }

    #[test]
    fn releases_of_helm_have_their_own_names() {
        let (one, mut other) = (app("db", "media"), job("db", "media"));
        other.placement.component = component(20, "db");
        assert_eq!(
            found(&[one.clone().into_entity(), other.into_entity()]),
            [
                "the objects of '10_stage/db' and the objects of '20_stage/db' both make the Helm release 'db' in namespace 'media'"
            ]
        );
        let chart = release("db", "media", "postgres").into_entity();
        assert_eq!(
            found(&[one.into_entity(), chart]),
            [""; 0],
            "objects beside a chart have a release of their own"
        );
    }
}
