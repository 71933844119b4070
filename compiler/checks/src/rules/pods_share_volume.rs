//! `pods-share-volume`: several pods of an app that write to one volume of one host.

use std::collections::BTreeMap;

use diagnostics::{Problem, declare_rule};
use model::Access;

use crate::facts::{ClaimFact, WorkloadFact};
use crate::lab::Lab;

declare_rule! { pub PODS_SHARE_VOLUME, "pods-share-volume", error, since "0.1", "several pods of an app that write to one volume of one host", page "pods_share_volume.md" }

/// Looks for apps of several pods with a volume that only pods of one host can mount, unless they only read it.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let all = || lab.workloads.iter().flat_map(|&work| work.claims.iter().map(move |claim| (work, claim)));
    let key = |work: &WorkloadFact, claim: &ClaimFact| (work.placement.namespace.clone(), claim.name.clone());
    let owned = all().filter_map(|(work, claim)| Some((key(work, claim), claim.own?)));
    let access: BTreeMap<(String, String), Access> = owned.collect();
    let shared = all().filter(|(work, claim)| {
        work.replicas > 1 && !claim.read_only && access.get(&key(work, claim)) == Some(&Access::OneHost)
    });
    shared.map(|(work, claim)| pods_share_volume(work, claim)).collect()
}

/// All pods of the app write to the claim.
fn pods_share_volume(work: &WorkloadFact, claim: &ClaimFact) -> Problem {
    let message = format!(
        "the {} pods of {} share the volume '{}', which is for one host: they overwrite each other's data, or do not \
         start",
        work.replicas,
        work.shown(),
        claim.name
    );
    Problem::new(&PODS_SHARE_VOLUME, claim.place.clone(), message).help(
        "set 'replicas = 1'; if the app is made for it, give the volume 'access = many-hosts' and a 'class' that can do \
         that, or mount it 'read-only = true'",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, claim, messages, shared};
    use model::Entity;

    fn lab(access: Access, replicas: u32, read_only: bool) -> Vec<Entity> {
        let (mut one, mut other) = (app("one", "media"), app("other", "media"));
        one.container.volumes.insert("data".into(), claim(access));
        let mut volume = shared("one-data");
        volume.read_only = read_only;
        other.container.volumes.insert("data".into(), volume);
        other.replicas.value = replicas;
        vec![one.into_entity(), other.into_entity()]
    }

    #[test]
    fn data_is_one_pods() {
        assert_eq!(messages(&PODS_SHARE_VOLUME, &lab(Access::OneHost, 2, false)).len(), 1);
        assert_eq!(messages(&PODS_SHARE_VOLUME, &lab(Access::OneHost, 1, false)), [""; 0]);
        assert_eq!(messages(&PODS_SHARE_VOLUME, &lab(Access::OneHost, 2, true)), [""; 0]);
        assert_eq!(messages(&PODS_SHARE_VOLUME, &lab(Access::ManyHosts, 2, false)), [""; 0]);
    }
}
