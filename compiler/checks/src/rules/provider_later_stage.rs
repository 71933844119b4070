//! `provider-later-stage`: something that waits for what only a later stage brings.

use diagnostics::{Problem, declare_rule};
use model::providers::Balancing;
use model::{Part, Placement};

use crate::facts::ReleaseFact;
use crate::lab::Lab;

declare_rule! { pub PROVIDER_LATER_STAGE, "provider-later-stage", error, since "0.1", "something that waits for what only a later stage brings", page "provider_later_stage.md" }

/// Looks for services and volumes that are waited for before that is there which gives them addresses and storage.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    addresses(lab).into_iter().chain(storage(lab)).collect()
}

/// The stage's number.
fn number(release: &ReleaseFact) -> u8 {
    release.placement.component.stage.number
}

fn addresses(lab: &Lab<'_>) -> Vec<Problem> {
    if lab.without(Part::ServiceLb).is_none() {
        return Vec::new();
    }
    // Both come before an address is there: what gives it, and what answers at it.
    let first_of = |part: Balancing| {
        let part = move |one: Balancing| one == part || one == Balancing::GivesAndAnswers;
        lab.releases.iter().filter(|one| part(one.balancing)).min_by_key(|one| number(one))
    };
    let parts = [first_of(Balancing::Gives), first_of(Balancing::Answers)];
    let Some(last) = parts.into_iter().flatten().max_by_key(|one| number(one)) else { return Vec::new() };
    let works = lab.workloads.iter().filter(|work| work.balancer.is_some());
    let works = works.map(|work| (work.shown(), &work.placement));
    let releases = lab.releases.iter().filter(|release| release.balancing == Balancing::Asks);
    let releases = releases.map(|release| (release.shown(), &release.placement));
    let early =
        works.chain(releases).filter(|(_, placement)| placement.component.stage.number < number(last));
    early.map(|(owner, placement)| later(&owner, "an address", placement, last)).collect()
}

fn storage(lab: &Lab<'_>) -> Vec<Problem> {
    let classes = lab.workloads.iter().flat_map(|&work| {
        let claims = work.claims.iter().filter(|claim| claim.own.is_some());
        claims.filter_map(move |claim| Some((work, claim.class.as_ref()?)))
    });
    let made =
        |class: &str| lab.manifests.iter().any(|manifest| manifest.volume_class.as_deref() == Some(class));
    let early = classes.filter_map(|(work, class)| {
        let offering = lab.releases.iter().filter(|release| release.storage.names.contains(class));
        let first = offering.min_by_key(|release| number(release))?;
        let is_late = work.placement.component.stage.number < number(first) && !made(class);
        is_late.then(|| later(&work.shown(), &format!("storage of class '{class}'"), &work.placement, first))
    });
    early.collect()
}

/// It waits for what comes later.
fn later(owner: &str, what: &str, placement: &Placement, provider: &ReleaseFact) -> Problem {
    let (own, other) = (&placement.component.stage, &provider.placement.component.stage);
    let message = format!(
        "{owner} of stage '{}' waits for {what}, which {} only gives in stage '{}'",
        own.name,
        provider.shown(),
        other.name
    );
    Problem::new(&PROVIDER_LATER_STAGE, placement.place.clone(), message)
        .also(provider.placement.place.clone(), format!("stage '{}' is number {}", other.name, other.number))
        .help(format!("deploy '{}' in stage '{}' or an earlier one", provider.placement.name, own.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, claim, cluster_without, component, messages, release};
    use model::{Access, Entity, ServiceKind, VolumeSource};

    fn lab(chart: &str, stage: u8) -> Vec<Entity> {
        let k3s = cluster_without(&["servicelb"]);
        let mut web = app("web", "media");
        web.service.kind = ServiceKind::LoadBalancer;
        let mut volume = claim(Access::OneHost);
        if let VolumeSource::Claim { class, .. } = &mut volume.source {
            *class = Some("longhorn".into());
        }
        web.container.volumes.insert("data".into(), volume);
        let mut provider = release("provider", "system", chart);
        provider.placement.component = component(stage, "provider");
        vec![k3s.into_entity(), web.into_entity(), provider.into_entity()]
    }

    #[test]
    fn providers_come_first() {
        assert_eq!(
            messages(&PROVIDER_LATER_STAGE, &lab("metallb", 20)),
            [
                "app 'web' of stage 'stage' waits for an address, which release 'provider' only gives in stage 'stage'"
            ]
        );
        assert_eq!(
            messages(&PROVIDER_LATER_STAGE, &lab("longhorn", 20)),
            [
                "app 'web' of stage 'stage' waits for storage of class 'longhorn', which release 'provider' only gives in stage 'stage'"
            ]
        );
        for chart in ["metallb", "longhorn"] {
            assert_eq!(messages(&PROVIDER_LATER_STAGE, &lab(chart, 10)), [""; 0], "{chart}");
            assert_eq!(messages(&PROVIDER_LATER_STAGE, &lab(chart, 1)), [""; 0], "{chart}");
        }
    }
}
