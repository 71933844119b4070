//! `class-of-one-host`: a volume for many hosts on storage of one.

use diagnostics::{Problem, declare_rule};
use model::{Access, Part};

use crate::facts::{ClaimFact, WorkloadFact};
use crate::lab::Lab;

declare_rule! { pub CLASS_OF_ONE_HOST, "class-of-one-host", error, since "0.1", "a volume for many hosts on storage of one", page "class_of_one_host.md" }

/// Looks for volumes for many hosts of k3s' own class, by its name or because there is no other.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    if !lab.is_whole || lab.clusters.is_empty() || lab.without(Part::LocalStorage).is_some() {
        return Vec::new();
    }
    let Some(own) = Part::LocalStorage.storage_class() else { return Vec::new() };
    let storage = lab.storage_classes();
    let has_other = storage.is_open || storage.names.iter().any(|name| name != own);
    let all = lab.workloads.iter().flat_map(|&work| work.claims.iter().map(move |claim| (work, claim)));
    let wide = all.filter(|(_, claim)| claim.own == Some(Access::ManyHosts));
    let local = wide.filter(|(_, claim)| match &claim.class {
        Some(class) => class == own,
        None => !has_other,
    });
    local.map(|(work, claim)| class_of_one_host(work, claim, own)).collect()
}

/// k3s' own storage has no such volumes.
fn class_of_one_host(work: &WorkloadFact, claim: &ClaimFact, own: &str) -> Problem {
    let message = format!(
        "the volume '{}' of {} is for many hosts, and k3s' own storage '{own}' is of one: it waits forever",
        claim.name,
        work.shown()
    );
    Problem::new(&CLASS_OF_ONE_HOST, claim.place.clone(), message).help(
        "install storage that hosts can share, such as Longhorn or NFS, and name its 'class'; or leave 'access' out",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, claim, cluster, messages, release};
    use model::{Entity, VolumeSource};

    fn lab(access: Access, name: Option<&str>) -> Vec<Entity> {
        let mut app = app("web", "media");
        let mut volume = claim(access);
        if let VolumeSource::Claim { class, .. } = &mut volume.source {
            *class = name.map(str::to_owned);
        }
        app.container.volumes.insert("data".into(), volume);
        vec![cluster(&["a"], &[]).into_entity(), app.into_entity()]
    }

    #[test]
    fn shared_volumes_are_on_shared_storage() {
        assert_eq!(messages(&CLASS_OF_ONE_HOST, &lab(Access::ManyHosts, None)).len(), 1);
        assert_eq!(messages(&CLASS_OF_ONE_HOST, &lab(Access::ManyHosts, Some("local-path"))).len(), 1);
        assert_eq!(messages(&CLASS_OF_ONE_HOST, &lab(Access::ManyHosts, Some("nas"))), [""; 0]);
        assert_eq!(messages(&CLASS_OF_ONE_HOST, &lab(Access::OneHost, None)), [""; 0]);
        let mut other = lab(Access::ManyHosts, None);
        other.push(release("longhorn", "storage", "longhorn").into_entity());
        assert_eq!(messages(&CLASS_OF_ONE_HOST, &other), [""; 0], "which may be the default");
    }
}
