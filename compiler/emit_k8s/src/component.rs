//! A component: a directory that is deployed as one.

use std::collections::BTreeMap;

use domain::Duration;
use model::names::{home_rank, local_release};
use model::{App, At, Component, DevicePlugin, Job, Manifest, Placement, Release, SecretRef, VolumeSource};
use source::Place;

use crate::chart::LocalChart;
use crate::helmfile::{HelmChart, HelmRelease};
use crate::keys::Taken;
use crate::manifest::{self, Made};
use crate::workload::Workload;
use crate::{Emitted, app, helmfile, job, names, needs, release, secrets};

/// What a component is made of.
#[derive(Clone, Copy, Debug)]
pub struct ComponentInput<'a> {
    /// The component.
    pub component: &'a Component,
    /// Its apps.
    pub apps: &'a [&'a App],
    /// Its jobs.
    pub jobs: &'a [&'a Job],
    /// Its charts.
    pub releases: &'a [&'a Release],
    /// Its manifests.
    pub manifests: &'a [&'a Manifest],
    /// All device plugins of the lab.
    pub plugins: &'a [&'a DevicePlugin],
    /// What changes when a secret's value does, of those that its apps use.
    pub marks: &'a BTreeMap<SecretRef, String>,
    /// Where it is declared, for people: `homelab.hl: app n8n`.
    pub source: &'a str,
}

/// The files of a component: a helmfile, values of charts, and a local chart of everything else.
///
/// The result is the same whatever the order of the input. Nothing is made of an empty component.
pub fn emit_component(input: &ComponentInput<'_>) -> Emitted {
    let folder = names::folder(input.component);
    let mut emitted = Emitted::default();
    let chart = local_chart(input);
    let mut taken = Taken::default();
    let local = (!chart.is_empty()).then(|| own_release(input, &chart, &mut taken));
    let charts = sorted(input.releases, |release| &release.placement);
    let releases = charts
        .iter()
        .map(|release| release::write(release, &folder, input.source, &mut taken, &mut emitted))
        .collect::<Vec<_>>();
    if let Some(path) = local.as_ref().and_then(|local| local.secrets.as_ref()) {
        let path = format!("{folder}/{path}");
        emitted.secrets.insert(path.clone(), chart.secret_values());
        emitted.values = Some(path);
    }
    if local.is_some() {
        chart.write(&folder, input.source, &mut emitted);
    }
    let releases = needs::in_order(releases, &charts, local, input);
    if !releases.is_empty() {
        let path = format!("{folder}/helmfile.yaml");
        emitted.texts.insert(path, helmfile::component(&releases, input.source));
        emitted.releases = releases;
    }
    emitted
}

/// Everything that is not somebody's chart.
fn local_chart<'a>(input: &ComponentInput<'a>) -> LocalChart<'a> {
    let mut chart = LocalChart { name: &input.component.name, ..LocalChart::default() };
    let apps = sorted(input.apps, |app| &app.placement);
    for app in &apps {
        let workload = Workload::of_app(app, input.plugins, input.marks);
        let place = &app.placement.place;
        chart.objects.extend(at(place, app::objects(app, &apps, &workload)));
        chart.secrets.extend(at(place, secrets::objects(&workload)));
    }
    for job in sorted(input.jobs, |job| &job.placement) {
        let place = &job.placement.place;
        chart.objects.extend(at(place, job::objects(job, input.plugins)));
        chart.secrets.extend(at(place, secrets::objects(&Workload::of_job(job, input.plugins))));
    }
    let mut manifests = input.manifests.to_vec();
    manifests.sort_by_key(|manifest| {
        (by_name(&manifest.placement), &manifest.kind.value, &manifest.api_version.value)
    });
    for manifest in manifests {
        let place = &manifest.placement.place;
        match manifest::object(manifest) {
            Made::Plain(object) => chart.objects.push(At::new(object, place.clone())),
            Made::Secret(secret) => chart.secrets.push(At::new(secret, place.clone())),
            Made::Sealed(sealed) => chart.sealed.push(At::new(sealed, place.clone())),
        }
    }
    chart
}

/// All of them as declared at `place`.
fn at<'a, T>(place: &'a Place, all: impl IntoIterator<Item = T> + 'a) -> impl Iterator<Item = At<T>> + 'a
where
    T: 'a,
{
    all.into_iter().map(|one| At::new(one, place.clone()))
}

/// The release of the local chart.
fn own_release(input: &ComponentInput<'_>, chart: &LocalChart<'_>, taken: &mut Taken) -> HelmRelease {
    let charts = input.releases.iter().map(|release| release.placement.name.as_str());
    let name = local_release(input.component, charts);
    let stem = taken.free([names::file_stem(&name)]);
    let home = home(input);
    HelmRelease {
        name,
        namespace: home.map_or("default", |placement| &placement.namespace).to_owned(),
        namespace_exists: home.is_none_or(|placement| placement.namespace_exists),
        chart: HelmChart::Own,
        secrets: chart.has_secrets().then(|| format!("secrets/{stem}.values.secrets.yaml")),
        no_wait: has_claim_in_waiting(input),
        wait_for_jobs: input.jobs.iter().any(|job| job.schedule.is_none()),
        timeout: longest_run(input),
        ..HelmRelease::default()
    }
}

/// The placement that decides in which namespace the local chart is released: that of the component's own name, or
/// else the first by name. Objects name their namespaces themselves.
fn home<'a>(input: &ComponentInput<'a>) -> Option<&'a Placement> {
    let apps = input.apps.iter().map(|app| &app.placement);
    let jobs = input.jobs.iter().map(|job| &job.placement);
    let manifests = input.manifests.iter().filter(|manifest| !manifest.is_cluster_wide());
    let placements = apps.chain(jobs).chain(manifests.map(|manifest| &manifest.placement));
    placements.min_by_key(|placement| home_rank(placement))
}

/// How long to wait for jobs that run once, where one of them may take longer than releases usually do.
fn longest_run(input: &ComponentInput<'_>) -> Option<Duration> {
    let once = input.jobs.iter().filter(|job| job.schedule.is_none());
    once.filter_map(|job| job.time_limit).max().filter(|limit| *limit > helmfile::TIMEOUT)
}

/// Whether there is a claim that nothing mounts at once. Storage that is made on first use (k3s' own) is not bound
/// before, and helm would wait for it in vain.
fn has_claim_in_waiting(input: &ComponentInput<'_>) -> bool {
    let has_claim = |container: &model::Container| {
        container.volumes.values().any(|volume| matches!(volume.source, VolumeSource::Claim { .. }))
    };
    input.apps.iter().any(|app| app.replicas.value == 0 && has_claim(&app.container))
        || input.jobs.iter().any(|job| job.schedule.is_some() && has_claim(&job.container))
}

/// In the order of names, which is no order of the source.
fn sorted<'a, T>(all: &[&'a T], placement: impl Fn(&'a T) -> &'a Placement) -> Vec<&'a T> {
    let mut all = all.to_vec();
    all.sort_by_key(|one| by_name(placement(one)));
    all
}

fn by_name(placement: &Placement) -> (&str, &str) {
    (&placement.name, &placement.namespace)
}
