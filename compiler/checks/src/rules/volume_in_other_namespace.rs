//! `volume-in-other-namespace`: a volume that is mounted from another namespace.

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Problem, declare_rule};
use source::Place;

use crate::facts::{ClaimFact, WorkloadFact};
use crate::lab::Lab;

declare_rule! { pub VOLUME_IN_OTHER_NAMESPACE, "volume-in-other-namespace", error, since "0.1", "a volume that is mounted from another namespace", page "volume_in_other_namespace.md" }

/// Looks for shared claims that are in another namespace than who mounts them.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let all = || lab.workloads.iter().flat_map(|&work| work.claims.iter().map(move |claim| (work, claim)));
    let mut claims: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut owners: BTreeMap<&str, &Place> = BTreeMap::new();
    for (work, claim) in all().filter(|(_, claim)| claim.own.is_some()) {
        claims.entry(&claim.name).or_default().insert(&work.placement.namespace);
        owners.entry(&claim.name).or_insert(&claim.place);
    }
    let shared = all().filter(|(_, claim)| claim.own.is_none());
    let astray = shared.filter_map(|(work, claim)| {
        let namespaces = claims.get(claim.name.as_str())?;
        let other = namespaces.first().filter(|_| !namespaces.contains(work.placement.namespace.as_str()))?;
        Some(volume_in_other_namespace(work, claim, other, owners.get(claim.name.as_str()).copied()))
    });
    astray.collect()
}

/// The claim is in namespace `other`.
fn volume_in_other_namespace(
    work: &WorkloadFact,
    claim: &ClaimFact,
    other: &str,
    owner: Option<&Place>,
) -> Problem {
    let message = format!(
        "{} in namespace '{}' mounts volume '{}', which is in namespace '{other}'",
        work.shown(),
        work.placement.namespace,
        claim.name
    );
    let problem = Problem::new(&VOLUME_IN_OTHER_NAMESPACE, claim.place.clone(), message).help(format!(
        "move one of them: a volume is only for pods of its own namespace, so 'in {other}' would do"
    ));
    match owner {
        Some(owner) => problem.also(owner.clone(), "the volume is declared here"),
        None => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, claim, job, messages, shared};
    use model::Access;

    fn found(namespace: &str) -> Vec<String> {
        let (mut one, mut two) = (app("one", "media"), job("two", namespace));
        one.container.volumes.insert("data".into(), claim(Access::ManyHosts));
        two.container.volumes.insert("data".into(), shared("one-data"));
        two.container.volumes.insert("other".into(), shared("by-hand"));
        messages(&VOLUME_IN_OTHER_NAMESPACE, &[one.into_entity(), two.into_entity()])
    }

    #[test]
    fn volumes_stay_in_their_namespace() {
        assert_eq!(
            found("backup"),
            ["job 'two' in namespace 'backup' mounts volume 'one-data', which is in namespace 'media'"]
        );
        assert_eq!(found("media"), [""; 0]);
    }
}
