//! Which releases of a component come before which.

use std::collections::BTreeSet;

use model::{Manifest, Placement, Release};

use crate::component::ComponentInput;
use crate::helmfile::HelmRelease;

/// API groups with a dot that every cluster has.
const KUBERNETES_OWN: [&str; 16] = [
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "flowcontrol.apiserver.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "rbac.authorization.k8s.io",
    "resource.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
];

/// Puts the releases of a component in order: the one of each chart in `charts`, and that of all else, if there is any.
///
/// What somebody says comes first. Where nobody says anything, charts come before apps, which talk to them, and before
/// custom resources, whose kinds they bring. Manifests of Kubernetes' own kinds alone come before charts, which refer
/// to them, to a Secret or a `ConfigMap`. Of a circle, which is a problem reported elsewhere, what is first by name
/// comes first.
pub(crate) fn in_order(
    mut releases: Vec<HelmRelease>,
    charts: &[&Release],
    local: Option<HelmRelease>,
    input: &ComponentInput<'_>,
) -> Vec<HelmRelease> {
    let mut order = Order(vec![BTreeSet::new(); charts.len() + 1]);
    let is_there = local.is_some();
    releases.extend(local);
    for (at, needed) in said(charts, is_there, input) {
        order.put(&mut releases, needed, at);
    }
    if !is_there {
        return releases;
    }
    let own = charts.len();
    let is_first = is_before_charts(input);
    for chart in 0..own {
        let (needed, at) = if is_first { (own, chart) } else { (chart, own) };
        order.put(&mut releases, needed, at);
    }
    if is_first {
        releases.rotate_right(1);
    } else {
        wait_for_no_secret_beside(&mut releases, charts, input);
    }
    releases
}

/// What is said of the order: a release and one that it needs, by their places in `charts`, behind which is that of all
/// else. What has a chart is there when the chart is.
fn said(charts: &[&Release], has_local: bool, input: &ComponentInput<'_>) -> Vec<(usize, usize)> {
    let locals: Vec<&Placement> = local_placements(input).collect();
    let needed_by = |waiting: &Placement| {
        let mut found = Vec::new();
        for item in &waiting.after {
            let is_it = |placement: &Placement| placement.place.item == item.value;
            let before = found.len();
            found.extend((0..charts.len()).filter(|at| is_it(&charts[*at].placement)));
            if found.len() == before && has_local && locals.iter().any(|one| is_it(one)) {
                found.push(charts.len());
            }
        }
        found
    };
    let of_charts = charts.iter().enumerate().map(|(at, chart)| (at, &chart.placement));
    let of_local = locals.iter().map(|one| (charts.len(), *one));
    let said = of_charts.chain(of_local);
    let mut said: Vec<_> =
        said.flat_map(|(at, one)| needed_by(one).into_iter().map(move |needed| (at, needed))).collect();
    // Who is first in the text is no order.
    said.sort_unstable();
    said
}

/// Where all that is no chart is said to be deployed.
fn local_placements<'a>(input: &ComponentInput<'a>) -> impl Iterator<Item = &'a Placement> {
    let apps = input.apps.iter().map(|app| &app.placement);
    let jobs = input.jobs.iter().map(|job| &job.placement);
    let manifests = input.manifests.iter().map(|manifest| &manifest.placement);
    apps.chain(jobs).chain(manifests)
}

/// What each release needs, by places.
struct Order(Vec<BTreeSet<usize>>);

impl Order {
    /// Lets `at` wait for `needed`, but for where that is so already, or the other way round.
    fn put(&mut self, releases: &mut [HelmRelease], needed: usize, at: usize) {
        if at != needed && !self.reaches(needed, at) && self.0[at].insert(needed) {
            let id = releases[needed].id();
            releases[at].needs.push(id);
        }
    }

    /// Whether one needs another, directly or by way of others.
    fn reaches(&self, from: usize, to: usize) -> bool {
        let (mut open, mut seen) = (vec![from], vec![false; self.0.len()]);
        while let Some(next) = open.pop() {
            if next == to {
                return true;
            }
            if !std::mem::replace(&mut seen[next], true) {
                open.extend(&self.0[next]);
            }
        }
        false
    }
}

/// Whether what is no chart comes before the charts where nothing is said.
fn is_before_charts(input: &ComponentInput<'_>) -> bool {
    input.apps.is_empty() && input.jobs.is_empty() && input.manifests.iter().all(|manifest| is_own(manifest))
}

/// A chart that waits for a Secret of its own kind, which comes with all other objects, is not waited for.
fn wait_for_no_secret_beside(releases: &mut [HelmRelease], charts: &[&Release], input: &ComponentInput<'_>) {
    for (release, chart) in releases.iter_mut().zip(charts) {
        let item = &chart.placement.place.item;
        let is_beside = |manifest: &&Manifest| manifest.placement.place.item == *item && is_own(manifest);
        release.no_wait |= input.manifests.iter().any(is_beside);
    }
}

/// Whether every cluster has the manifest's API: no group, a group without a dot, or one of Kubernetes' own.
fn is_own(manifest: &Manifest) -> bool {
    let Some((group, _)) = manifest.api_version.value.split_once('/') else { return true };
    !group.contains('.') || KUBERNETES_OWN.contains(&group)
}
