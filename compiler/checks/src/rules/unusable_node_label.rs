//! `unusable-node-label`: a label or taint that the kubelet does not take.

use diagnostics::{Problem, declare_rule};
use model::At;
use source::Place;

use super::syntax::{is_key, is_value};
use crate::facts::{HostFact, WorkloadFact};
use crate::lab::Lab;

declare_rule! { pub UNUSABLE_NODE_LABEL, "unusable-node-label", error, since "0.1", "a label or taint that the kubelet does not take", page "unusable_node_label.md" }

/// Labels of Kubernetes' own that a node may give itself.
const OWN: &[&str] = &[
    "beta.kubernetes.io/arch",
    "beta.kubernetes.io/instance-type",
    "beta.kubernetes.io/os",
    "failure-domain.beta.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone",
    "kubernetes.io/arch",
    "kubernetes.io/hostname",
    "kubernetes.io/os",
    "node.kubernetes.io/instance-type",
    "topology.kubernetes.io/region",
    "topology.kubernetes.io/zone",
];

/// Domains of Kubernetes, and those of them in which a node may have any label.
const RESERVED: &[&str] = &["kubernetes.io", "k8s.io"];
const FREE: &[&str] = &["kubelet.kubernetes.io", "node.kubernetes.io"];

/// Looks for labels that keep k3s from starting on a host of a cluster, and for taints that none could have.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let of_flags = lab.clusters.iter().flat_map(|cluster| cluster.flags.iter().chain(&cluster.server_flags));
    let work = || lab.workloads.iter().copied();
    let of_lab =
        of_flags.filter_map(of_flag).chain(work().flat_map(tolerated_by)).chain(work().flat_map(asked_by));
    lab.pod_hosts().into_iter().flat_map(of_host).chain(of_lab).collect()
}

/// Taints that pods tolerate, of names that none can have: what they look like is seen by their type, but for how long
/// a domain may be.
fn tolerated_by(work: &WorkloadFact) -> impl Iterator<Item = Problem> {
    let strange = work.where_to.says.iter().filter(|one| one.key.as_ref().is_some_and(|key| !is_key(key)));
    strange.map(|one| {
        let why = "whose name Kubernetes does not take";
        let message = format!("{} tolerates the taint '{}', {why}", work.shown(), one.value);
        Problem::new(&UNUSABLE_NODE_LABEL, one.place.clone(), message).help(KEYS)
    })
}

/// Features that pods ask for, as labels that no node can have.
fn asked_by(work: &WorkloadFact) -> impl Iterator<Item = Problem> {
    let is_strange = |one: &&At<(String, String)>| !is_key(&one.value.0) || !is_value(&one.value.1);
    work.where_to.features.iter().filter(is_strange).map(|one| {
        let (key, value) = &one.value;
        let (what, help) = if is_key(key) { ("value", VALUES) } else { ("name", KEYS) };
        let message = format!(
            "{} asks for a feature whose label is '{key}={value}', of which Kubernetes does not take the {what}",
            work.shown()
        );
        Problem::new(&UNUSABLE_NODE_LABEL, one.place.clone(), message).help(help)
    })
}

/// A label that all nodes are given by a flag.
fn of_flag(flag: &At<String>) -> Option<Problem> {
    let label = flag.strip_prefix("--node-label")?.strip_prefix(['=', ' '])?.trim();
    let (key, value) = label.split_once('=').unwrap_or((label, ""));
    let (why, help) = if !is_key(key) || !is_value(value) {
        ("which Kubernetes does not take", KEYS.to_owned())
    } else if is_refused(key) {
        ("which a host may not give itself, so k3s does not start", elsewhere(key))
    } else {
        return None;
    };
    let message = format!("the flag gives nodes the label '{key}', {why}");
    Some(Problem::new(&UNUSABLE_NODE_LABEL, flag.place.clone(), message).help(help))
}

fn of_host(host: &HostFact) -> impl Iterator<Item = Problem> {
    // What no label can be called is said of the labels of all hosts.
    let refused = host.labels.iter().filter(|(key, value)| is_key(key) && is_value(value) && is_refused(key));
    let labels = refused.map(move |(key, value)| {
        let why = "which a host may not give itself, so k3s does not start";
        unusable(host, (&format!("label '{key}'"), &value.place), why, &elsewhere(key))
    });
    let taints = host.taints.iter().filter_map(move |taint| {
        let (pair, _) = taint.rsplit_once(':')?;
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let shown = format!("taint '{}'", taint.value);
        if !is_key(key) {
            Some(unusable(host, (&shown, &taint.place), "whose name Kubernetes does not take", KEYS))
        } else if !is_value(value) {
            Some(unusable(host, (&shown, &taint.place), "whose value Kubernetes does not take", VALUES))
        } else {
            None
        }
    });
    labels.chain(taints)
}

const KEYS: &str = "names are made of letters, digits, '-', '_' and '.', with a domain and '/' before them if you like, \
     and are at most 63 characters long, domains at most 253";
const VALUES: &str =
    "values are at most 63 letters, digits, '-', '_' and '.', and begin and end with a letter or digit";

/// What to do about a label of Kubernetes' own.
fn elsewhere(key: &str) -> String {
    let (domain, name) = key.split_once('/').unwrap_or(("", key));
    if domain == "node-role.kubernetes.io" {
        format!(
            "take a label of your own, such as 'homelab/role = \"{name}\"'; for the column ROLES of kubectl, set it \
             when the node is there: 'kubectl label node NAME {key}=true'"
        )
    } else {
        format!("take a label of your own, such as 'homelab/{name}', or one in 'node.kubernetes.io'")
    }
}

/// Whether the kubelet refuses to start with the label.
fn is_refused(key: &str) -> bool {
    let Some((domain, _)) = key.split_once('/') else { return false };
    let is_in = |all: &[&str]| {
        all.iter()
            .any(|one| domain == *one || domain.strip_suffix(one).is_some_and(|rest| rest.ends_with('.')))
    };
    is_in(RESERVED) && !is_in(FREE) && !OWN.contains(&key)
}

/// The host has a label or taint that is not taken.
fn unusable(host: &HostFact, (what, place): (&str, &Place), why: &str, help: &str) -> Problem {
    let message = format!("host '{}' has the {what}, {why}", host.name);
    Problem::new(&UNUSABLE_NODE_LABEL, place.clone(), message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, cluster, machine, messages};
    use model::Entity;

    fn found(label: (&str, &str), taint: Option<&str>, is_node: bool) -> usize {
        let mut host = machine("a", "192.168.1.10");
        host.labels.insert(label.0.into(), at(label.1.into()));
        host.taints.extend(taint.map(|taint| at(taint.to_owned())));
        let cluster = cluster(&[if is_node { "a" } else { "b" }], &[]).into_entity();
        messages(&UNUSABLE_NODE_LABEL, &[Entity::Host(Box::new(host)), cluster]).len()
    }

    #[test]
    fn a_node_gives_itself_labels_that_it_may() {
        for (key, problems) in [
            ("node-role.kubernetes.io/worker", 1),
            ("node-restriction.kubernetes.io/x", 1),
            ("kubernetes.io/role", 1),
            ("cluster-api.k8s.io/x", 1),
            ("topology.kubernetes.io/rack", 1),
            ("topology.kubernetes.io/zone", 0),
            ("node.kubernetes.io/anything", 0),
            ("x.kubelet.kubernetes.io/anything", 0),
            ("svccontroller.k3s.cattle.io/enablelb", 0),
            ("notkubernetes.io/x", 0),
            ("homelab/role", 0),
            ("gpu", 0),
            ("a b", 0),
        ] {
            assert_eq!(found((key, "true"), None, true), problems, "{key}");
        }
        assert_eq!(found(("node-role.kubernetes.io/worker", ""), None, false), 0, "it is no node");
    }

    #[test]
    fn what_is_asked_for_is_a_label_that_there_can_be() {
        for (key, value, problems) in
            [("hlc/disk", "true", 0), ("hlc/disk", "", 0), ("hlc/disk", "\u{1}", 1), ("a b", "true", 1)]
        {
            let mut web = app("web", "media");
            web.container.placing.features.push(at((key.to_owned(), value.to_owned())));
            let found = messages(&UNUSABLE_NODE_LABEL, &[web.into_entity()]);
            assert_eq!(found.len(), problems, "{key}={value}: {found:?}");
        }
    }

    #[test]
    fn flags_give_labels_too() {
        for (flag, problems) in [
            ("--node-label=node-role.kubernetes.io/worker=true", 1),
            ("--node-label=homelab/role=worker", 0),
            ("--node-label=homelab/role=a b", 1),
            ("--kubelet-arg=node-role.kubernetes.io/worker", 0),
        ] {
            let mut k3s = cluster(&["a"], &[]);
            k3s.flags = vec![at(flag.to_owned())];
            assert_eq!(messages(&UNUSABLE_NODE_LABEL, &[k3s.into_entity()]).len(), problems, "{flag}");
        }
    }

    #[test]
    fn values_are_short_and_plain() {
        for (value, problems) in
            [("", 0), ("a.b_c-d", 0), ("a b", 1), ("-a", 1), ("a/b", 1), (&*"a".repeat(64), 1)]
        {
            let taint = format!("x={value}:NoSchedule");
            assert_eq!(found(("x", "y"), Some(&taint), true), problems, "{value}");
        }
        for (taint, problems) in [
            ("gpu=true:NoSchedule", 0),
            ("gpu:NoExecute", 0),
            ("node-role.kubernetes.io/control-plane:NoSchedule", 0),
            ("g p=true:NoSchedule", 1),
            ("gpu=a b:NoSchedule", 1),
        ] {
            assert_eq!(found(("x", "y"), Some(taint), true), problems, "{taint}");
        }
    }
}
