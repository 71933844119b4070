//! On which hosts pods run.

use model::{Arch, At, Neighbour, Spread, Toleration};

use crate::devices;
use crate::labels::{self, Role};
use crate::workload::Workload;
use yaml::{MapBuilder, Yaml};

/// The label of a node that is the name of its host.
const HOST: &str = "kubernetes.io/hostname";

/// Adds to a pod what decides where it runs.
pub(crate) fn set_placing(pod: MapBuilder, workload: &Workload<'_>) -> MapBuilder {
    let placing = &workload.container.placing;
    let tolerations: Vec<Yaml> = placing.tolerations().map(toleration).collect();
    pod.set_filled("nodeSelector", node_selector(workload))
        .set_filled("affinity", affinity(workload))
        .set_filled("tolerations", tolerations)
        .set_filled("topologySpreadConstraints", spread(workload))
}

fn node_selector(workload: &Workload<'_>) -> Yaml {
    let placing = &workload.container.placing;
    let arch = placing.arch.as_ref().map(|arch| ("kubernetes.io/arch", architecture(arch.value)));
    let features = placing.features.iter().map(|one| (one.value.0.as_str(), one.value.1.as_str()));
    Yaml::text_map(arch.into_iter().chain(features).collect::<std::collections::BTreeMap<_, _>>())
}

/// As nodes are labelled.
const fn architecture(arch: Arch) -> &'static str {
    match arch {
        Arch::X86_64 => "amd64",
        Arch::Aarch64 => "arm64",
    }
}

fn affinity(workload: &Workload<'_>) -> MapBuilder {
    let placing = &workload.container.placing;
    let beside = |neighbours: &[At<Neighbour>]| -> MapBuilder {
        let terms: Vec<Yaml> = neighbours.iter().map(|one| term(&one.value)).collect();
        MapBuilder::new().set_filled("requiredDuringSchedulingIgnoredDuringExecution", terms)
    };
    MapBuilder::new()
        .set_some("nodeAffinity", host(workload))
        .set_filled("podAffinity", beside(&placing.near))
        .set_filled("podAntiAffinity", beside(&placing.apart))
}

/// Binds the pod to its host.
fn host(workload: &Workload<'_>) -> Option<Yaml> {
    let expression = |host: &str| -> Yaml {
        let expression = MapBuilder::new().set("key", HOST).set("operator", "In");
        expression.set("values", Yaml::texts([host])).into()
    };
    let expressions: Vec<Yaml> = devices::hosts(workload).into_iter().map(expression).collect();
    if expressions.is_empty() {
        return None;
    }
    let term = MapBuilder::new().set("matchExpressions", expressions);
    let required = MapBuilder::new().set("nodeSelectorTerms", vec![term.into()]);
    Some(MapBuilder::new().set("requiredDuringSchedulingIgnoredDuringExecution", required).into())
}

/// The pods of another app on the same host.
fn term(neighbour: &Neighbour) -> Yaml {
    let selector = if neighbour.selector.is_empty() {
        labels::selector(&neighbour.name, Role::App)
    } else {
        neighbour.selector.clone()
    };
    MapBuilder::new()
        .set("labelSelector", MapBuilder::new().set("matchLabels", Yaml::text_map(selector)))
        .set("namespaces", Yaml::texts([&neighbour.namespace]))
        .set("topologyKey", HOST)
        .into()
}

fn toleration(one: &Toleration) -> Yaml {
    let operator = if one.value.is_some() { "Equal" } else { "Exists" };
    MapBuilder::new()
        .set_some("key", one.key.as_ref())
        .set("operator", operator)
        .set_some("value", one.value.as_ref())
        .set_some("effect", one.effect.as_ref())
        .into()
}

fn spread(workload: &Workload<'_>) -> Vec<Yaml> {
    let Some(spread) = workload.container.placing.spread else { return Vec::new() };
    let otherwise = match spread {
        Spread::Preferred => "ScheduleAnyway",
        Spread::Required => "DoNotSchedule",
    };
    let selector = MapBuilder::new().set("matchLabels", Yaml::text_map(workload.selector()));
    let constraint = MapBuilder::new()
        .set("maxSkew", 1_i64)
        .set("topologyKey", HOST)
        .set("whenUnsatisfiable", otherwise)
        .set("labelSelector", selector);
    vec![constraint.into()]
}
