//! Releases of charts: what the lab wants of Helm, what Helm says is there, and what is to be done.
//!
//! Helm does it; what it would do is known from what the chart renders, put to the API server as a dry run, and from what
//! the release rendered before: Helm changes what differs from the live object, and takes away what it had before.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::changes::{Change, changes, fields, is_secret};
use crate::key::Key;
use crate::prune::{loss, stays};
use crate::refusal::Refusal;
use crate::step::Action;
use crate::wanted::Origin;

/// What a release is known by.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReleaseId {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// Where a chart is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChartAt {
    /// A folder of the lab's own. What is in it changes without another version.
    Folder(String),
    /// A version in a repository, which stays what it is.
    Pinned {
        /// The repository: `https://…` or `oci://…`.
        url: String,
        /// The chart's name.
        name: String,
        /// Its version.
        version: String,
    },
}

/// A release that is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct WantedRelease {
    /// What it is known by.
    pub id: ReleaseId,
    /// What is installed.
    pub chart: ChartAt,
    /// Its values; where a secret belongs there is something else, as in objects.
    pub values: Value,
    /// Whether its namespace is made where it is not there.
    pub makes_namespace: bool,
    /// Whether it is waited for.
    pub waits: bool,
    /// How long Helm itself may take for one thing, in seconds: hooks, above all.
    pub timeout: i64,
    /// Releases of the same component that come before.
    pub needs: Vec<ReleaseId>,
    /// Where it is declared.
    pub origin: Origin,
}

/// What Helm says of the last revision of a release.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deployed {
    /// The number of the revision.
    pub revision: i64,
    /// Helm's word: `deployed`, `failed`, `pending-upgrade`, …
    pub status: String,
    /// The chart's name.
    pub chart: String,
    /// The chart's version.
    pub version: String,
    /// Its values, masked.
    pub values: Value,
    /// Which record it is.
    pub uid: String,
    /// Which process made it, if that says so; empty if not.
    pub process: String,
    /// When it was made, in seconds since 1970.
    pub since: i64,
}

/// What is done to a release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReleaseStep {
    /// Which release.
    #[serde(flatten)]
    pub id: ReleaseId,
    /// What is done.
    #[serde(flatten)]
    pub action: ReleaseAction,
    /// The component that it is of; empty for what no component has any more.
    pub component: String,
    /// Where it is declared.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub origin: Option<Origin>,
    /// The revision that was looked at.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub revision: Option<i64>,
    /// The chart that is there: `traefik 41.3.0`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub chart: Option<String>,
    /// What becomes of its objects.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub objects: Vec<ReleaseObject>,
}

/// What becomes of an object of a release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReleaseObject {
    /// Which object.
    pub key: Key,
    /// What Helm does to it.
    #[serde(flatten)]
    pub action: Action,
}

/// What is done to a release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum ReleaseAction {
    /// It is installed.
    Install {
        /// `traefik 41.3.0`.
        chart: String,
    },
    /// It is upgraded.
    Upgrade {
        /// The chart that it is of and the one that it would be of, where they differ.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        chart: Option<(String, String)>,
        /// The values that differ.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        values: Vec<Change>,
        /// What else there is to say.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        why: Option<String>,
    },
    /// It is as it is to be.
    Nothing,
    /// It is uninstalled: the lab has it no more.
    Uninstall,
    /// It would be uninstalled, and is not without consent.
    Keep {
        /// What would be lost.
        why: String,
    },
    /// It cannot be done.
    Refused {
        /// Why.
        why: String,
    },
}

impl ReleaseAction {
    /// Whether anything is done.
    pub fn is_change(&self) -> bool {
        !matches!(self, Self::Nothing | Self::Keep { .. })
    }
}

impl WantedRelease {
    /// Whether Helm was given the same chart and the same values, so that what it rendered then is what it would render
    /// now. A release whose last attempt did not end well is never the same.
    pub fn is_same(&self, deployed: &Deployed) -> bool {
        let is_chart = match &self.chart {
            ChartAt::Folder(_) => false,
            ChartAt::Pinned { name, version, .. } => {
                *name == deployed.chart && is_version(version, &deployed.version)
            }
        };
        is_chart && deployed.is_well() && is_alike(&self.values, &deployed.values)
    }

    /// What becomes of it, of what becomes of its objects. `chart` is what the chart calls itself: its name and version.
    pub fn action(
        &self,
        deployed: Option<&Deployed>,
        objects: &[ReleaseObject],
        chart: (&str, &str),
    ) -> ReleaseAction {
        let is_refused = |object: &&ReleaseObject| matches!(object.action, Action::Refused { .. });
        if let Some(refused) = objects.iter().find(is_refused) {
            return ReleaseAction::Refused { why: format!("Helm cannot change {} of it", refused.key) };
        }
        let named = |(name, version): (&str, &str)| format!("{name} {version}");
        let Some(deployed) = deployed else { return ReleaseAction::Install { chart: named(chart) } };
        let is_changed = objects.iter().any(|object| object.action.is_change());
        if deployed.is_well() && !is_changed {
            return ReleaseAction::Nothing;
        }
        let now = (deployed.chart.as_str(), deployed.version.as_str());
        let why = (!deployed.is_well()).then(|| format!("its last revision is '{}'", deployed.status));
        ReleaseAction::Upgrade {
            chart: (now.0 != chart.0 || !is_version(now.1, chart.1)).then(|| (named(now), named(chart))),
            values: other_values(&deployed.values, &self.values),
            why,
        }
    }
}

impl Deployed {
    /// The chart and its version: `traefik 41.3.0`.
    pub fn chart(&self) -> String {
        format!("{} {}", self.chart, self.version)
    }

    /// Whether its last revision is the one that is there.
    pub fn is_well(&self) -> bool {
        self.status == "deployed"
    }

    /// Whether a helm is at work on it, or was when it was killed.
    pub fn is_pending(&self) -> bool {
        self.status.starts_with("pending") || self.status == "uninstalling"
    }
}

/// What Helm would do to an object of a release: `old` is what the release rendered before, `new` what it renders, `after`
/// what the server makes of that.
pub fn release_object(
    old: Option<&Value>,
    new: Option<&Value>,
    live: Option<&Value>,
    after: Result<&Value, Refusal>,
) -> Action {
    match (new, live) {
        (None, None) => Action::Nothing,
        (None, Some(live)) => match stays(old.unwrap_or(live)) {
            Some(why) => Action::Keep { why },
            None => Action::Prune,
        },
        (Some(_), None) => Action::Create { unchecked: after.err().map(|refusal| untried(&refusal)) },
        (Some(new), Some(live)) => match after {
            Ok(after) => changed(taken_away(old, new, live), changes(live, after)),
            Err(Refusal::Immutable(why)) => Action::Refused { why },
            // What Helm sends is no server-side apply, which is stricter about lists with two elements of one name.
            Err(_) => changed(old.map(|old| changes(old, new)).unwrap_or_default(), Vec::new()),
        },
    }
}

/// What a release leaves behind that is uninstalled, if anything: data, kinds, namespaces. `objects` are those that it
/// rendered and that are there.
pub fn lost<'a>(objects: impl IntoIterator<Item = &'a Value>) -> Option<String> {
    let goes = |object: &&Value| stays(object).is_none();
    let mut keys = objects.into_iter().filter(goes).map(Key::of);
    keys.find_map(|key| loss(&key.kind).map(|what| format!("{key} goes with it: {what}")))
}

/// In which order releases of one component are deployed, and when its own objects are: each step is what can be done at
/// once. `own` is what its objects count as, and what that needs.
pub fn levels(releases: &[WantedRelease], own: Option<(&ReleaseId, &[ReleaseId])>) -> Vec<Level> {
    let all = releases.iter().map(|one| (&one.id, one.needs.as_slice())).chain(own);
    let all: Vec<(&ReleaseId, &[ReleaseId])> = all.collect();
    let mut open: Vec<usize> = (0..all.len()).collect();
    let mut levels = Vec::new();
    while !open.is_empty() {
        let waits =
            |one: &usize| open.iter().any(|other| other != one && all[*one].1.contains(all[*other].0));
        let mut now: Vec<usize> = open.iter().copied().filter(|one| !waits(one)).collect();
        // Of a circle what is first comes first.
        if now.is_empty() {
            now.push(open[0]);
        }
        open.retain(|one| !now.contains(one));
        let has_objects = now.contains(&releases.len());
        now.retain(|one| *one < releases.len());
        levels.push(Level { has_objects, releases: now });
    }
    levels
}

/// What of a component is deployed at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Level {
    /// Whether its own objects are.
    pub has_objects: bool,
    /// Places of the releases that are.
    pub releases: Vec<usize>,
}

fn changed(mut first: Vec<Change>, others: Vec<Change>) -> Action {
    first.extend(others);
    let mut seen = BTreeSet::new();
    first.retain(|change| seen.insert(change.path.clone()));
    if first.is_empty() { Action::Nothing } else { Action::Change { changes: first } }
}

/// What the release had before and has no more, where it is still there: Helm takes it away.
fn taken_away(old: Option<&Value>, new: &Value, live: &Value) -> Vec<Change> {
    let Some(old) = old else { return Vec::new() };
    let gone: BTreeSet<String> =
        changes(old, new).into_iter().filter(|change| change.after.is_none()).map(|one| one.path).collect();
    let left = changes(live, new).into_iter();
    left.filter(|change| change.after.is_none() && gone.contains(&change.path)).collect()
}

fn untried(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NoKind => "its kind is not there yet".to_owned(),
        Refusal::NoNamespace(name) => format!("there is no namespace '{name}' yet"),
        Refusal::Invalid(why) | Refusal::Immutable(why) | Refusal::Forbidden(why) => why.clone(),
        _ => "the cluster could not be asked".to_owned(),
    }
}

fn other_values(before: &Value, after: &Value) -> Vec<Change> {
    let is_other = |change: &Change| match (&change.before, &change.after) {
        (Some(before), Some(after)) => !is_alike(before, after),
        _ => true,
    };
    fields(before, after).into_iter().filter(is_other).collect()
}

/// Versions are the same with and without a `v`.
fn is_version(one: &str, other: &str) -> bool {
    one.trim_start_matches('v') == other.trim_start_matches('v')
}

/// Whether two values are the same for a chart: Helm keeps whole numbers as floating ones.
fn is_alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_alike(one, other))
        }
        (Value::Object(map), Value::Object(others)) if !is_secret(one) => {
            let is_there =
                |(key, value): (&String, &Value)| others.get(key).is_some_and(|other| is_alike(value, other));
            map.len() == others.len() && map.iter().all(is_there)
        }
        // No values at all are an empty map, or nothing.
        (Value::Object(map), Value::Null) | (Value::Null, Value::Object(map)) => map.is_empty(),
        (one, other) => one == other,
    }
}

/// `ingress/traefik`, as helmfile writes it.
impl fmt::Display for ReleaseId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.namespace, self.name)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn id(name: &str) -> ReleaseId {
        ReleaseId { namespace: "media".into(), name: name.into() }
    }

    fn release(name: &str, needs: &[&str]) -> WantedRelease {
        WantedRelease {
            id: id(name),
            chart: ChartAt::Pinned {
                url: "https://x.example".into(),
                name: "web".into(),
                version: "v1.2.0".into(),
            },
            values: json!({"a": {"b": 1}, "list": [1, "x"]}),
            makes_namespace: true,
            waits: true,
            timeout: 600,
            needs: needs.iter().map(|name| id(name)).collect(),
            origin: Origin::default(),
        }
    }

    fn deployed(status: &str) -> Deployed {
        Deployed {
            revision: 3,
            status: status.into(),
            chart: "web".into(),
            version: "1.2.0".into(),
            values: json!({"list": [1.0, "x"], "a": {"b": 1.0}}),
            ..Deployed::default()
        }
    }

    #[test]
    fn the_same_chart_and_values_render_the_same() {
        let wanted = release("a", &[]);
        assert!(wanted.is_same(&deployed("deployed")));
        assert!(!wanted.is_same(&deployed("failed")));
        for (pointer, other) in [("/a/b", json!(2)), ("/a", json!({})), ("/list", json!([1]))] {
            let mut one = deployed("deployed");
            *one.values.pointer_mut(pointer).expect("it is there") = other;
            assert!(!wanted.is_same(&one), "{pointer}");
        }
        let folder = WantedRelease { chart: ChartAt::Folder("charts/web".into()), ..wanted };
        assert!(!folder.is_same(&deployed("deployed")), "a folder changes without another version");
    }

    #[test]
    fn what_helm_does_to_an_object() {
        let one = |image: &str| json!({"kind": "Thing", "spec": {"image": image}});
        let live = json!({"kind": "Thing", "spec": {"image": "1", "extra": true, "mine": 2}});
        let paths = |action: Action| match action {
            Action::Change { changes } => changes.into_iter().map(|one| one.path).collect::<Vec<_>>(),
            other => vec![format!("{other:?}")],
        };
        let after = json!({"kind": "Thing", "spec": {"image": "2", "extra": true, "mine": 2}});
        let old = json!({"kind": "Thing", "spec": {"image": "1", "extra": true}});
        // A field that the chart had before goes, and one that somebody else set stays.
        let action = release_object(Some(&old), Some(&one("2")), Some(&live), Ok(&after));
        assert_eq!(paths(action), ["spec.extra", "spec.image"]);
        let action = release_object(Some(&one("1")), Some(&one("1")), Some(&live), Ok(&live));
        assert_eq!(action, Action::Nothing);
        let action = release_object(Some(&old), None, Some(&live), Ok(&live));
        assert_eq!(action, Action::Prune);
        assert_eq!(release_object(Some(&old), None, None, Ok(&live)), Action::Nothing);
        let kept = json!({"metadata": {"annotations": {"helm.sh/resource-policy": "keep"}}});
        assert!(matches!(release_object(Some(&kept), None, Some(&live), Ok(&live)), Action::Keep { .. }));
        let no_kind = || Err(Refusal::NoKind);
        let action = release_object(None, Some(&one("1")), None, no_kind());
        assert!(matches!(action, Action::Create { unchecked: Some(_) }));
        let immutable = || Err(Refusal::Immutable("field is immutable".into()));
        let action = release_object(None, Some(&one("1")), Some(&live), immutable());
        assert!(matches!(action, Action::Refused { .. }));
        // What the server does not take as an apply is compared as text.
        let invalid = || Err(Refusal::Invalid("duplicate entries for key".into()));
        let same = release_object(Some(&one("1")), Some(&one("1")), Some(&live), invalid());
        assert_eq!(same, Action::Nothing);
        let action = release_object(Some(&one("1")), Some(&one("2")), Some(&live), invalid());
        assert_eq!(paths(action), ["spec.image"]);
    }

    #[test]
    fn a_release_is_installed_upgraded_or_left() {
        let wanted = release("a", &[]);
        let object = |action: Action| ReleaseObject { key: Key::of(&json!({"kind": "Thing"})), action };
        let (same, other) = (vec![object(Action::Nothing)], vec![object(Action::Prune)]);
        let chart = ("web", "1.2.0");
        let install = wanted.action(None, &same, chart);
        assert_eq!(install, ReleaseAction::Install { chart: "web 1.2.0".into() });
        assert_eq!(wanted.action(Some(&deployed("deployed")), &same, chart), ReleaseAction::Nothing);
        let upgrade = wanted.action(Some(&deployed("deployed")), &other, ("web", "1.3.0"));
        let ReleaseAction::Upgrade { chart: Some((_, new)), values, why: None } = upgrade else {
            panic!("{upgrade:?}")
        };
        assert_eq!(new, "web 1.3.0");
        assert_eq!(values.len(), 0, "numbers are the same however they are written: {values:?}");
        let again = wanted.action(Some(&deployed("failed")), &same, chart);
        assert!(matches!(again, ReleaseAction::Upgrade { why: Some(_), .. }));
        let refused = vec![object(Action::Refused { why: "no".into() })];
        let action = wanted.action(Some(&deployed("deployed")), &refused, chart);
        assert!(matches!(action, ReleaseAction::Refused { .. }));
    }

    #[test]
    fn releases_and_objects_come_in_the_order_that_they_need() {
        let releases = [release("a", &["b"]), release("b", &[]), release("c", &["own"])];
        let (own, needs) = (id("own"), vec![id("a")]);
        let level =
            |has_objects: bool, releases: &[usize]| Level { has_objects, releases: releases.to_vec() };
        assert_eq!(
            levels(&releases, Some((&own, needs.as_slice()))),
            [level(false, &[1]), level(false, &[0]), level(true, &[]), level(false, &[2])]
        );
        let circle = [release("a", &["b"]), release("b", &["a"])];
        assert_eq!(levels(&circle, None), [level(false, &[0]), level(false, &[1])]);
        assert_eq!(levels(&[], Some((&own, &[]))), [level(true, &[])]);
    }

    #[test]
    fn data_that_goes_with_a_release_is_named() {
        let object = |kind: &str| json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": "a"}});
        assert_eq!(lost([&object("ConfigMap")]), None);
        assert!(lost([&object("ConfigMap"), &object("PersistentVolumeClaim")]).is_some());
        let mut kept = object("PersistentVolumeClaim");
        kept["metadata"]["annotations"]["helm.sh/resource-policy"] = "keep".into();
        assert_eq!(lost([&kept]), None);
    }
}
