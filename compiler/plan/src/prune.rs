//! What left the lab: what of the lab's set is in the cluster and wanted no more.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::applyset::{ApplySet, PART_OF};
use crate::key::{Key, Kind, text};
use crate::order::rank;
use crate::ownership::MANAGER;
use crate::status::kept_by;
use crate::step::{Action, Step};

/// The label that says which component an object is of.
const COMPONENT: &str = "/metadata/labels/app.kubernetes.io~1part-of";

/// By which Helm is told to leave something.
const HELM: &str = "helm.sh/resource-policy";

/// Annotations by which people say that something is to stay.
const STAYS: [(&str, &str); 6] = [
    (HELM, "keep"),
    ("cli-utils.sigs.k8s.io/on-remove", "keep"),
    ("kustomize.toolkit.fluxcd.io/prune", "disabled"),
    ("argocd.argoproj.io/sync-options", "Prune=false"),
    ("kluctl.io/skip-delete", "true"),
    ("client.lifecycle.config.k8s.io/deletion", "detach"),
];

/// What is known where something may be deleted.
#[derive(Clone, Debug, Default)]
pub struct Pruning {
    /// The label of the lab's set.
    pub id: String,
    /// Where members of the set are.
    pub set: ApplySet,
    /// What is wanted.
    pub wanted: BTreeSet<Key>,
    /// The ids of objects that are wanted: one of them may be listed under another kind, too.
    pub visited: BTreeSet<String>,
    /// The components that anything is known of, if not of all: what is of others stays.
    pub known: Option<BTreeSet<String>>,
    /// Whether objects go that take data, kinds or everything in a namespace with them.
    pub consent: bool,
}

impl Pruning {
    /// What happens to the members that are not wanted, in the order in which it does: the reverse of that in which they
    /// would be applied. Nothing is ever deleted where nothing is wanted.
    pub fn steps(&self, members: &[Value]) -> Vec<Step> {
        if self.wanted.is_empty() {
            return Vec::new();
        }
        let mut steps: Vec<Step> = members.iter().filter_map(|member| self.step(member)).collect();
        steps.sort_by_key(|step| std::cmp::Reverse(rank(&step.key)));
        steps
    }

    /// What happens to one member; nothing if it is wanted, or none of ours to delete.
    pub fn step(&self, member: &Value) -> Option<Step> {
        let key = Key::of(member);
        let uid = text(member, "/metadata/uid").to_owned();
        let is_ours = member["metadata"]["labels"][PART_OF] == *self.id;
        let is_in_scope = key.namespace.as_ref().is_none_or(|name| self.set.namespaces.contains(name));
        let is_wanted = self.wanted.contains(&key) || self.visited.contains(&uid);
        // What another object owns goes with that.
        let owned = member.pointer("/metadata/ownerReferences").and_then(Value::as_array);
        let is_owned = owned.is_some_and(|owners| !owners.is_empty());
        let component = text(member, COMPONENT).to_owned();
        let is_known = self.known.as_ref().is_none_or(|known| known.contains(&component));
        // Controllers copy labels to what they make; what nobody applied for the lab is not the lab's.
        let is_applied = is_applied(member);
        let is_going = member.pointer("/metadata/deletionTimestamp").is_some();
        if !is_ours || !is_applied || !is_in_scope || !is_known || is_wanted || is_owned || uid.is_empty() {
            return None;
        }
        let kept = if is_going { Some(kept_by(member)) } else { self.kept(&key, member) };
        let action = match kept {
            Some(why) => Action::Keep { why },
            None => Action::Prune,
        };
        let resource_version = Some(text(member, "/metadata/resourceVersion").to_owned());
        Some(Step {
            key,
            action,
            component,
            origin: None,
            yields: Vec::new(),
            adopts: Vec::new(),
            uid: Some(uid),
            resource_version,
        })
    }

    /// Why a member is not deleted; `None` if it is.
    fn kept(&self, key: &Key, member: &Value) -> Option<String> {
        let loss = loss(&key.kind);
        let said = said_to_stay(member);
        if key.kind.is("", "Namespace")
            && self.wanted.iter().any(|one| one.namespace.as_ref() == Some(&key.name))
        {
            return Some("the lab has something in it".to_owned());
        }
        match (said, loss) {
            // hlc says this of what takes data with it, so that Helm keeps it, too.
            (Some((HELM, _)), Some(_)) => {}
            (Some((key, value)), _) => return Some(format!("its annotation says so: {key}={value}")),
            (None, _) => {}
        }
        loss.filter(|_| !self.consent).map(str::to_owned)
    }
}

/// The annotation by which somebody says that an object is to stay.
fn said_to_stay(object: &Value) -> Option<&'static (&'static str, &'static str)> {
    STAYS.iter().find(|(key, value)| says(object, key, value))
}

/// Why Helm leaves an object where it is that its chart has no more; `None` if it deletes it.
pub(crate) fn stays(object: &Value) -> Option<String> {
    says(object, HELM, "keep").then(|| format!("its annotation says so: {HELM}=keep"))
}

/// Whether an annotation has a value, maybe among others, however it is written.
fn says(member: &Value, key: &str, value: &str) -> bool {
    let said = member["metadata"]["annotations"][key].as_str().unwrap_or_default();
    said.split(',').any(|one| one.trim().eq_ignore_ascii_case(value))
}

/// Whether we applied an object.
fn is_applied(member: &Value) -> bool {
    let managed = member.pointer("/metadata/managedFields").and_then(Value::as_array);
    let is_ours = |entry: &Value| entry["manager"] == MANAGER && entry["operation"] == "Apply";
    managed.is_some_and(|entries| entries.iter().any(is_ours))
}

/// What goes with an object of a kind; `None` if nothing but itself.
pub(crate) fn loss(kind: &Kind) -> Option<&'static str> {
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "PersistentVolumeClaim" | "PersistentVolume") => Some("its data would be lost"),
        ("", "Namespace") => Some("everything in it would be lost"),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => Some("all objects of its kind would be lost"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn member(kind: &str, name: &str, uid: &str) -> Value {
        json!({"apiVersion": "v1", "kind": kind, "metadata": {
            "name": name, "namespace": "media", "uid": uid, "resourceVersion": "7",
            "managedFields": [{"manager": "hlc", "operation": "Apply"}],
            "labels": {PART_OF: "set"}}})
    }

    fn shown(members: &[Value], consent: bool, wanted: &[Value]) -> Vec<String> {
        let set = ApplySet { namespaces: ["media".to_owned()].into(), ..ApplySet::default() };
        let keys: BTreeSet<Key> = wanted.iter().map(Key::of).collect();
        let visited = BTreeSet::from(["visited".to_owned()]);
        let pruning = Pruning { id: "set".into(), set, wanted: keys, visited, known: None, consent };
        let shown = |step: Step| {
            let verb = if step.action == Action::Prune { "prune" } else { "keep" };
            format!("{verb} {}", step.key)
        };
        pruning.steps(members).into_iter().map(shown).collect()
    }

    #[test]
    fn what_is_wanted_no_more_goes_in_reverse_order() {
        let members =
            [member("ConfigMap", "a", "1"), member("Service", "b", "2"), member("ConfigMap", "c", "3")];
        let wanted = [member("ConfigMap", "c", "3")];
        assert_eq!(shown(&members, false, &wanted), ["prune Service media/b", "prune ConfigMap media/a"]);
        assert_eq!(shown(&members, true, &[]), [] as [&str; 0], "nothing is wanted: that is a mistake");
    }

    #[test]
    fn what_is_of_other_components_stays_where_only_some_are_looked_at() {
        let set = ApplySet { namespaces: ["media".to_owned()].into(), ..ApplySet::default() };
        let (keys, visited) = (BTreeSet::from([Key::of(&member("ConfigMap", "c", "3"))]), BTreeSet::new());
        let known = BTreeSet::from(["web".to_owned()]);
        let of = |component: &str, name: &str| {
            let mut member = member("ConfigMap", name, name);
            member["metadata"]["labels"]["app.kubernetes.io/part-of"] = component.into();
            member
        };
        let known = Some(known);
        let pruning = Pruning { id: "set".into(), set, wanted: keys, visited, known, consent: true };
        let steps = pruning.steps(&[of("web", "a"), of("other", "b"), member("ConfigMap", "nobodys", "d")]);
        let names: Vec<&str> = steps.iter().map(|step| step.key.name.as_str()).collect();
        assert_eq!(names, ["a"]);
    }

    #[test]
    fn data_goes_only_with_consent() {
        let members = [member("PersistentVolumeClaim", "a", "1")];
        let wanted = [member("ConfigMap", "c", "3")];
        assert_eq!(shown(&members, false, &wanted), ["keep PersistentVolumeClaim media/a"]);
        assert_eq!(shown(&members, true, &wanted), ["prune PersistentVolumeClaim media/a"]);
        let mut told = members.clone();
        told[0]["metadata"]["annotations"] = json!({"helm.sh/resource-policy": "keep"});
        assert_eq!(shown(&told, true, &wanted), ["prune PersistentVolumeClaim media/a"], "that is for Helm");
        told[0]["metadata"]["annotations"] = json!({"kluctl.io/skip-delete": "true"});
        assert_eq!(shown(&told, true, &wanted), ["keep PersistentVolumeClaim media/a"]);
    }

    #[test]
    fn what_is_not_ours_stays() {
        let wanted = [member("ConfigMap", "c", "3")];
        let mut other = member("ConfigMap", "a", "1");
        other["metadata"]["labels"][PART_OF] = "another".into();
        let mut outside = member("ConfigMap", "a", "2");
        outside["metadata"]["namespace"] = "other".into();
        let mut owned = member("ConfigMap", "a", "4");
        owned["metadata"]["ownerReferences"] = json!([{"uid": "5"}]);
        let mut going = member("ConfigMap", "a", "6");
        going["metadata"]["deletionTimestamp"] = "now".into();
        let alias = member("Ingress", "a", "visited");
        let mut copied = member("Endpoints", "a", "8");
        copied["metadata"]["managedFields"] =
            json!([{"manager": "kube-controller-manager", "operation": "Update"}]);
        assert_eq!(shown(&[other, outside, owned, alias, copied], true, &wanted), [] as [&str; 0]);
        assert_eq!(shown(&[going], true, &wanted), ["keep ConfigMap media/a"], "it is not deleted again");
        let mut kept = member("ConfigMap", "a", "7");
        let annotations = [
            ("helm.sh/resource-policy", "Keep"),
            ("argocd.argoproj.io/sync-options", "ServerSideApply=true, Prune=false"),
            ("cli-utils.sigs.k8s.io/on-remove", "keep"),
        ];
        for (key, value) in annotations {
            kept["metadata"]["annotations"] = json!({key: value});
            assert_eq!(shown(&[kept.clone()], true, &wanted), ["keep ConfigMap media/a"], "{key}");
        }
        // A namespace stays as long as the lab has anything in it.
        let mut namespace = member("Namespace", "media", "9");
        namespace["metadata"].as_object_mut().expect("a map").shift_remove("namespace");
        assert_eq!(shown(&[namespace], true, &wanted), ["keep Namespace media"]);
    }
}
