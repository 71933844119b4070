//! What the lab wants to be in the cluster.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::key::Key;
use crate::node::WantedNode;
use crate::release::{Level, ReleaseId, WantedRelease, levels};
use crate::whose::Home;

/// All that a lab wants.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// What the lab is called.
    pub lab: String,
    /// What it says of its cluster.
    pub home: Home,
    /// Its components, in the order in which they are applied.
    pub parts: Vec<Part>,
    /// Its nodes.
    pub nodes: Vec<WantedNode>,
    /// What the lab wants beside that, if this is not all of it.
    pub elsewhere: BTreeSet<Key>,
    /// Whether that is not all of the lab: then nothing is known of what is not here.
    pub is_partial: bool,
}

/// A component.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// The stage that it is in: `10_apps`.
    pub stage: String,
    /// What it is called.
    pub name: String,
    /// Places in [`Wanted::parts`] of those in the same stage that must be ready before.
    pub after: Vec<usize>,
    /// The release that helmfile makes of the same objects.
    pub release: Option<ReleaseId>,
    /// Releases of [`Part::releases`] that come before its objects.
    pub needs: Vec<ReleaseId>,
    /// What it wants.
    pub objects: Vec<WantedObject>,
    /// What it wants of Helm.
    pub releases: Vec<WantedRelease>,
}

/// An object that is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct WantedObject {
    /// What it is known by.
    pub key: Key,
    /// All that the lab says of it. Where a secret belongs there is something else, and whoever asks puts it in.
    pub object: Value,
    /// Where it is declared.
    pub origin: Origin,
}

/// Where in the lab something comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Origin {
    /// The file and the line: `homelab.hl:12`.
    pub line: String,
    /// What is declared there: `app n8n`.
    pub declaration: String,
}

impl Part {
    /// Its folder: `10_apps/n8n`.
    pub fn component(&self) -> String {
        format!("{}/{}", self.stage, self.name)
    }

    /// In which order its objects and releases are deployed.
    pub fn levels(&self) -> Vec<Level> {
        let own = self.release.clone().unwrap_or_default();
        levels(&self.releases, (!self.objects.is_empty()).then_some((&own, self.needs.as_slice())))
    }
}

impl Wanted {
    /// All objects, each with the place of its part.
    pub fn objects(&self) -> impl Iterator<Item = (usize, &WantedObject)> {
        let parts = self.parts.iter().enumerate();
        parts.flat_map(|(part, one)| one.objects.iter().map(move |object| (part, object)))
    }

    /// All releases, each with its part.
    pub fn releases(&self) -> impl Iterator<Item = (&Part, &WantedRelease)> {
        self.parts.iter().flat_map(|part| part.releases.iter().map(move |release| (part, release)))
    }

    /// Whether nothing at all is wanted, here or elsewhere.
    pub fn is_empty(&self) -> bool {
        self.keys().is_empty() && self.releases().next().is_none()
    }

    /// All that the lab wants, whether it is here or not.
    pub fn keys(&self) -> BTreeSet<Key> {
        self.objects().map(|(_, one)| one.key.clone()).chain(self.elsewhere.iter().cloned()).collect()
    }

    /// The components that anything is known of; `None` if that is all.
    pub fn known(&self) -> Option<BTreeSet<String>> {
        self.is_partial.then(|| self.parts.iter().map(|part| part.name.clone()).collect())
    }

    /// Only the parts that are named, by their names or by their stages: `n8n`, `10_apps`, `10_apps/n8n`. A name that nothing
    /// has is given back.
    pub fn only<'n>(&self, names: &BTreeSet<&'n str>) -> Result<Self, &'n str> {
        let is_named =
            |part: &Part, name: &str| part.name == name || part.stage == name || part.component() == name;
        if let Some(unknown) = names.iter().find(|name| !self.parts.iter().any(|part| is_named(part, name))) {
            return Err(unknown);
        }
        let kept: Vec<usize> = (0..self.parts.len())
            .filter(|nth| names.iter().any(|name| is_named(&self.parts[*nth], name)))
            .collect();
        let part = |nth: &usize| {
            let part = self.parts[*nth].clone();
            let after =
                part.after.iter().filter_map(|other| kept.iter().position(|one| one == other)).collect();
            Part { after, ..part }
        };
        let parts: Vec<Part> = kept.iter().map(part).collect();
        let here: BTreeSet<&Key> = parts.iter().flat_map(|part| &part.objects).map(|one| &one.key).collect();
        let elsewhere = self.keys().into_iter().filter(|key| !here.contains(key)).collect();
        let (lab, home, nodes) = (self.lab.clone(), self.home.clone(), Vec::new());
        Ok(Self { lab, home, parts, nodes, elsewhere, is_partial: true })
    }

    /// The same but for the parts that only run on these hosts, and those that come after them; and which these are.
    pub fn without_hosts(&self, hosts: &BTreeSet<String>) -> (Self, Vec<String>) {
        let needs = |part: &Part| {
            part.objects.iter().any(|one| hosts.iter().any(|host| is_pinned(&one.object, host)))
        };
        let mut left: BTreeSet<usize> =
            (0..self.parts.len()).filter(|nth| needs(&self.parts[*nth])).collect();
        loop {
            let follows = |nth: &usize| self.parts[*nth].after.iter().any(|other| left.contains(other));
            let more: Vec<usize> =
                (0..self.parts.len()).filter(|nth| !left.contains(nth) && follows(nth)).collect();
            if more.is_empty() {
                break;
            }
            left.extend(more);
        }
        let component = |nth: usize| self.parts[nth].component();
        let left_out: Vec<String> = left.iter().map(|nth| component(*nth)).collect();
        if left.is_empty() {
            return (self.clone(), left_out);
        }
        let kept: Vec<String> =
            (0..self.parts.len()).filter(|nth| !left.contains(nth)).map(component).collect();
        let kept = kept.iter().map(String::as_str).collect();
        // All of them are there.
        (self.only(&kept).unwrap_or_default(), left_out)
    }

    /// The parts that can be applied at once, and those that come after them: in the order of stages, and within a stage
    /// each behind what it comes after. Of a circle, what is first in order comes first.
    pub fn waves(&self) -> Vec<Vec<usize>> {
        let mut waves: Vec<Vec<usize>> = Vec::new();
        let mut from = 0;
        while from < self.parts.len() {
            let stage = &self.parts[from].stage;
            let until = from + self.parts[from..].iter().take_while(|part| part.stage == *stage).count();
            let mut waiting: Vec<usize> = (from..until).collect();
            while !waiting.is_empty() {
                let is_free = |part: &usize| {
                    let mut after = self.parts[*part].after.iter();
                    !after.any(|other| other != part && waiting.contains(other))
                };
                let mut wave: Vec<usize> = waiting.iter().copied().filter(is_free).collect();
                if wave.is_empty() {
                    wave.push(waiting[0]);
                }
                waiting.retain(|part| !wave.contains(part));
                waves.push(wave);
            }
            from = until;
        }
        waves
    }
}

/// The label that says which host a node is.
const HOST: &str = "kubernetes.io/hostname";

/// Whether what an object runs can only run on a host: its node is selected by name, or every way to place it asks for
/// that name and no other.
fn is_pinned(object: &Value, host: &str) -> bool {
    let is_asked = |term: &Value| {
        let asked = term["matchExpressions"].as_array().map(Vec::as_slice).unwrap_or_default();
        let is_it =
            |one: &Value| one["key"] == HOST && one["operator"] == "In" && one["values"] == json!([host]);
        asked.iter().any(is_it)
    };
    match object {
        Value::Object(map) => map.iter().any(|(key, value)| match (key.as_str(), value) {
            ("nodeSelector", selector) if selector[HOST] == host => true,
            ("nodeSelectorTerms", Value::Array(terms)) => !terms.is_empty() && terms.iter().all(is_asked),
            _ => is_pinned(value, host),
        }),
        Value::Array(items) => items.iter().any(|item| is_pinned(item, host)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Kind;

    #[test]
    fn a_part_still_knows_all_that_the_lab_wants() {
        let object = |name: &str| WantedObject {
            key: Key { kind: Kind::new("", "ConfigMap"), namespace: None, name: name.into() },
            object: Value::Null,
            origin: Origin::default(),
        };
        let part = |name: &str| Part {
            stage: "1_a".into(),
            name: name.into(),
            after: vec![0],
            objects: vec![object(name)],
            ..Part::default()
        };
        let wanted = Wanted { parts: vec![part("web"), part("db")], ..Wanted::default() };
        let only = wanted.only(&["db"].into()).expect("there is one");
        assert_eq!((only.parts.len(), only.parts[0].after.len()), (1, 0));
        assert_eq!(only.keys(), wanted.keys());
        assert_eq!(only.known(), Some(["db".to_owned()].into()));
        assert_eq!(wanted.only(&["1_a"].into()).map(|only| only.parts.len()), Ok(2));
        assert_eq!(wanted.only(&["1_a/web", "no"].into()), Err("no"));
    }

    #[test]
    fn waves_follow_stages_and_what_comes_after_what() {
        let part = |stage: &str, after: &[usize]| Part {
            stage: stage.into(),
            after: after.to_vec(),
            ..Part::default()
        };
        let parts = vec![
            part("1", &[]),
            part("1", &[0]),
            part("1", &[]),
            part("2", &[]),
            part("2", &[5]),
            part("2", &[4]),
        ];
        let wanted = Wanted { parts, ..Wanted::default() };
        assert_eq!(wanted.waves(), [vec![0, 2], vec![1], vec![3], vec![4], vec![5]]);
    }

    #[test]
    fn what_only_runs_on_a_host_is_left_with_what_comes_after_it() {
        let part = |name: &str, host: &str, after: &[usize]| {
            let affinity = json!({"nodeSelectorTerms": [{"matchExpressions": [
                {"key": HOST, "operator": "In", "values": [host]}]}]});
            let spec = if name == "a" { json!({"nodeSelector": {HOST: host}}) } else { affinity };
            let pod = json!({"kind": "Deployment", "metadata": {"name": name}, "spec": {"template": {"spec": spec}}});
            let object = WantedObject { key: Key::of(&pod), object: pod, origin: Origin::default() };
            let (stage, after) = ("10_apps".to_owned(), after.to_vec());
            Part { stage, name: name.to_owned(), after, objects: vec![object], ..Part::default() }
        };
        let parts = vec![part("a", "one", &[]), part("b", "two", &[0]), part("c", "two", &[])];
        let wanted = Wanted { parts, ..Wanted::default() };
        let (less, left) = wanted.without_hosts(&BTreeSet::from(["one".to_owned()]));
        assert_eq!(left, ["10_apps/a", "10_apps/b"]);
        assert_eq!(less.parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(), ["c"]);
        assert_eq!(less.elsewhere.len(), 2, "nothing of it is taken for gone");
        let (same, left) = wanted.without_hosts(&BTreeSet::from(["three".to_owned()]));
        assert_eq!((same, left), (wanted, vec![]));
    }
}
