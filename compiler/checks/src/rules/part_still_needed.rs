//! `part-still-needed`: a part of k3s that is left out, and that something needs.

use diagnostics::{Problem, declare_rule};
use model::providers::may_replace;
use model::{Cluster, Part};
use source::Place;

use crate::lab::Lab;

declare_rule! { pub PART_STILL_NEEDED, "part-still-needed", warning, since "0.1", "a part of k3s that is left out, and that something needs", page "part_still_needed.md" }

/// Looks for users of parts that are left out and that nothing in the lab takes the place of.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let by_hand = lab.is_partly_unknown() || lab.has_manifest(&["APIService", "Deployment"]);
    if by_hand || !lab.is_whole {
        return Vec::new();
    }
    [storage(lab), metrics(lab), names(lab)].into_iter().flatten().collect()
}

fn storage(lab: &Lab<'_>) -> Option<Problem> {
    let cluster = lab.without(Part::LocalStorage).filter(|_| !lab.storage_classes().is_some())?;
    let all = lab.workloads.iter().flat_map(|&work| work.claims.iter().map(move |claim| (work, claim)));
    let (work, claim) = all.into_iter().find(|(_, claim)| claim.own.is_some() && claim.class.is_none())?;
    let what = format!("the volume '{}' of {} has no storage", claim.name, work.shown());
    Some(still_needed(cluster, Part::LocalStorage, &what, &claim.place))
}

/// The cluster that leaves out a part which no chart takes the place of.
fn unreplaced<'a>(lab: &Lab<'a>, part: Part) -> Option<&'a Cluster> {
    let has_other = lab.releases.iter().any(|release| may_replace(&release.chart, part));
    lab.without(part).filter(|_| !has_other)
}

fn metrics(lab: &Lab<'_>) -> Option<Problem> {
    let cluster = unreplaced(lab, Part::MetricsServer)?;
    if let Some((work, place)) = lab.workloads.iter().find_map(|work| Some((work, work.scale.as_ref()?))) {
        let what = format!("'scale' of {} has nothing to go by", work.shown());
        return Some(still_needed(cluster, Part::MetricsServer, &what, place));
    }
    let scaler = lab.manifests.iter().find(|manifest| manifest.kind == "HorizontalPodAutoscaler")?;
    let what = format!("the autoscaler '{}' has nothing to go by", scaler.placement.name);
    Some(still_needed(cluster, Part::MetricsServer, &what, &scaler.placement.place))
}

fn names(lab: &Lab<'_>) -> Option<Problem> {
    let cluster = unreplaced(lab, Part::CoreDns)?;
    let work = lab.workloads.first()?;
    let what = format!("{} and all other pods find nobody by name", work.shown());
    Some(still_needed(cluster, Part::CoreDns, &what, &cluster.place))
}

/// The part is left out.
fn still_needed(cluster: &Cluster, part: Part, what: &str, place: &Place) -> Problem {
    let part = part.name();
    let message = format!("{what}: cluster '{}' leaves out '{part}'", cluster.name);
    let problem = Problem::new(&PART_STILL_NEEDED, place.clone(), message)
        .help(format!("install something in its place, or take '{part}' out of 'disable' of the cluster"));
    if *place == cluster.place { problem } else { problem.also(cluster.place.clone(), "left out here") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, claim, cluster_without, manifest, messages, release};
    use model::{Access, Entity};

    fn lab(part: &str, chart: Option<&str>) -> Vec<Entity> {
        let k3s = cluster_without(&[part]);
        let mut web = app("web", "media");
        web.container.volumes.insert("data".into(), claim(Access::OneHost));
        let scaler = manifest("scaler", "media", "autoscaling/v2", "HorizontalPodAutoscaler");
        let chart = chart.map(|chart| release("chosen", "system", chart).into_entity());
        let lab = [k3s.into_entity(), web.into_entity(), scaler.into_entity()];
        lab.into_iter().chain(chart).collect()
    }

    #[test]
    fn somebody_does_it() {
        for (part, chart) in
            [("local-storage", "longhorn"), ("metrics-server", "metrics-server"), ("coredns", "coredns")]
        {
            assert_eq!(messages(&PART_STILL_NEEDED, &lab(part, None)).len(), 1, "{part}");
            assert_eq!(messages(&PART_STILL_NEEDED, &lab(part, Some(chart))), [""; 0], "{part}");
            assert_eq!(messages(&PART_STILL_NEEDED, &lab("traefik", None)), [""; 0]);
        }
    }
}
