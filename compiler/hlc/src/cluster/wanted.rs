//! From what is deployed to what is wanted of the cluster, with the values of secrets.

use std::collections::BTreeSet;
use std::path::Path;

use apply::Desired;
use driver::{HelmChart, HelmRelease, Part};
use model::{Chart, ChartSource, Host};
use plan::{ChartAt, Key, ReleaseId, Wanted, WantedNode, WantedObject, WantedRelease};
use serde_json::Value;
use source::Place;

use super::home;
use super::values::Values;
use crate::exit::Failure;
use crate::load::{Lab, has_errors};
use crate::terminal::Terminal;

/// What a lab wants of its cluster.
pub(super) struct Wants {
    /// What is applied.
    pub(super) desired: Desired,
    /// The components that have what only helmfile deploys: helmfiles of the lab's own, and folders that are no charts.
    pub(super) left: Vec<String>,
}

/// All that a lab wants of its cluster, or only what `targets` name: components, or stages.
pub(super) fn wants(lab: &Lab, targets: &[String], terminal: &Terminal) -> Result<Wants, Failure> {
    let problems = lab.problems()?;
    terminal.problems(&problems, &lab.session.sources(), &|name| lab.path(name));
    if has_errors(&problems) {
        return Err(Failure::Told);
    }
    let outputs = lab.outputs()?;
    let parts = lab.session.deployment();
    let mut values = Values::of(lab, &parts, &outputs.secrets)?;
    let wanted = parts.iter().map(|part| wanted(lab, part, &parts, &mut values));
    let wanted = Wanted {
        lab: lab.session.lab_name(),
        home: home::of(&lab.session),
        parts: wanted.collect::<Result<_, _>>()?,
        nodes: nodes(lab),
        ..Wanted::default()
    };
    let wanted = if targets.is_empty() { wanted } else { only(&wanted, targets)? };
    let is_left =
        |part: &&Part| part.file.is_some() || charts(part).any(|(_, _, chart)| is_no_chart(lab, chart));
    let names = parts.iter().filter(is_left).map(folder);
    let is_meant = |name: &String| wanted.parts.iter().any(|part| *name == part.component());
    let left = names.filter(is_meant).collect();
    Ok(Wants { desired: Desired::new(wanted, values.vault), left })
}

/// What the lab says of its nodes.
fn nodes(lab: &Lab) -> Vec<WantedNode> {
    let (hosts, clusters) = lab.session.hosts_and_clusters();
    let is_node =
        |host: &&&Host| clusters.iter().any(|cluster| cluster.nodes().any(|node| node.name == host.name));
    let labels =
        |host: &Host| host.labels.iter().map(|(key, label)| (key.clone(), label.value.clone())).collect();
    let node = |host: &&Host| WantedNode {
        name: host.name.clone(),
        origin: lab.origin(&host.place),
        labels: labels(host),
        taints: host.taints.iter().map(|taint| taint.value.clone()).collect(),
    };
    hosts.iter().filter(is_node).map(node).collect()
}

/// The folder of a component: `10_apps/n8n`.
fn folder(part: &Part) -> String {
    format!("{}/{}", part.component.stage.folder(), part.component.name)
}

fn only(wanted: &Wanted, targets: &[String]) -> Result<Wanted, Failure> {
    let named: BTreeSet<&str> = targets.iter().map(String::as_str).collect();
    let found = wanted.only(&named);
    found.map_err(|unknown| {
        let all: Vec<&str> = wanted.parts.iter().map(|part| part.name.as_str()).collect();
        let known = all.join(", ");
        Failure::cannot(format!(
            "there is no component or stage '{}'; there are {known}",
            unknown.escape_debug()
        ))
    })
}

fn wanted(lab: &Lab, part: &Part, all: &[Part], values: &mut Values) -> Result<plan::Part, Failure> {
    let own = part.releases.iter().find(|release| release.place.is_none());
    let after = all.iter().enumerate().filter(|(_, other)| part.needs.contains(&other.component));
    let objects = part.objects.iter().map(|object| {
        let mut json = Value::from(&object.yaml);
        for hole in &object.holes {
            let placeholder = values.take(part, &hole.value, hole.is_to_encode)?;
            if let Some(place) = at(&mut json, &hole.at) {
                *place = placeholder;
            }
        }
        Ok(WantedObject { key: Key::of(&json), object: json, origin: lab.origin(&object.place) })
    });
    Ok(plan::Part {
        stage: part.component.stage.folder(),
        name: part.component.name.clone(),
        after: after.map(|(nth, _)| nth).collect(),
        release: own.map(id),
        needs: own.map(needs).unwrap_or_default(),
        objects: objects.collect::<Result<_, _>>()?,
        releases: releases(lab, part, values)?,
    })
}

/// The releases of charts, each with where it is declared and its chart.
fn charts(part: &Part) -> impl Iterator<Item = (&HelmRelease, &Place, &Chart)> {
    part.releases.iter().filter_map(|one| match (&one.place, &one.chart) {
        (Some(place), HelmChart::Of(chart)) => Some((one, place, chart)),
        _ => None,
    })
}

/// Whether what is to be installed is a folder that helmfile makes a chart of first: a kustomization, or plain manifests.
fn is_no_chart(lab: &Lab, chart: &Chart) -> bool {
    match &chart.from.value {
        ChartSource::Folder(path) => !Path::new(&lab.path(path)).join("Chart.yaml").is_file(),
        ChartSource::Repository { .. } => false,
    }
}

/// The releases of charts, which Helm deploys.
fn releases(lab: &Lab, part: &Part, values: &mut Values) -> Result<Vec<WantedRelease>, Failure> {
    let wanted = charts(part).filter(|(_, _, chart)| !is_no_chart(lab, chart)).map(|(one, place, chart)| {
        Ok(WantedRelease {
            id: id(one),
            chart: match &chart.from.value {
                ChartSource::Folder(path) => ChartAt::Folder(lab.path(path)),
                ChartSource::Repository { url, version } => {
                    ChartAt::Pinned { url: url.clone(), name: chart.name.clone(), version: version.clone() }
                }
            },
            values: values.all(part, one)?,
            makes_namespace: !one.namespace_exists,
            waits: !one.no_wait,
            timeout: one.seconds(),
            needs: needs(one),
            origin: lab.origin(place),
        })
    });
    wanted.collect()
}

fn id(release: &HelmRelease) -> ReleaseId {
    ReleaseId { namespace: release.namespace.clone(), name: release.name.clone() }
}

fn needs(release: &HelmRelease) -> Vec<ReleaseId> {
    let ids = release.needs.iter().filter_map(|id| id.split_once('/'));
    ids.map(|(namespace, name)| ReleaseId { namespace: namespace.into(), name: name.into() }).collect()
}

/// What keys and numbers lead to.
fn at<'a>(json: &'a mut Value, path: &[String]) -> Option<&'a mut Value> {
    path.iter().try_fold(json, |value, key| match value {
        Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?),
        value => value.get_mut(key),
    })
}
