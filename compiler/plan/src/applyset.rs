//! Which objects are the lab's: an `ApplySet`, as kubectl's code has it (not its proposal, which says otherwise).
//!
//! A parent object knows in which kinds and namespaces members are, and each member has a label with the parent's id.
//! Before anything is applied the parent names what was there *and* what will be, so that a run that breaks off leaves
//! nothing that is not found again; only after all that left was deleted it names what is there.
//!
//! Source: kubectl `pkg/cmd/apply/applyset.go`, KEP-3659.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::key::{Key, Kind};

/// The label of a member, whose value is the id of its set.
pub const PART_OF: &str = "applyset.kubernetes.io/part-of";
const ID: &str = "applyset.kubernetes.io/id";
const TOOLING: &str = "applyset.kubernetes.io/tooling";
const KINDS: &str = "applyset.kubernetes.io/contains-group-kinds";
const NAMESPACES: &str = "applyset.kubernetes.io/additional-namespaces";
/// Releases of Helm that are of the lab: `namespace/name`, sorted. It is ours, kubectl knows no releases.
const RELEASES: &str = "hlc.dev/releases";

/// What the lab is called that the set is of.
const LAB: &str = "hlc.dev/lab";

/// Which domain that lab is in: names of labs are used again.
const DOMAIN: &str = "hlc.dev/domain";

/// The program that keeps the set.
const TOOL: &str = "hlc";

/// Where members of a set are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApplySet {
    /// The kinds that members are of.
    pub kinds: BTreeSet<Kind>,
    /// The namespaces that members are in.
    pub namespaces: BTreeSet<String>,
    /// The releases of Helm that are the lab's, as `namespace/name`.
    pub releases: BTreeSet<String>,
    /// The domain of the lab; empty if nobody wrote it down.
    pub domain: String,
}

/// The object that knows of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parent {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// What the lab is called: names of objects say less.
    pub lab: String,
}

/// Why an object cannot be the parent of our set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// It is there and no program keeps a set by it.
    Nobodys,
    /// Another program keeps a set by it.
    Anothers(String),
    /// Its id is that of another object: it was copied or renamed.
    OtherId(String),
    /// It is that of another lab, whose name is written alike.
    OtherLab(String),
}

impl Parent {
    /// The parent of the set of a lab.
    pub fn of_lab(lab: &str) -> Self {
        let name = format!("hlc-{}", lab.to_ascii_lowercase().replace('_', "-"));
        Self { namespace: "kube-system".to_owned(), name, lab: lab.to_owned() }
    }

    /// Its key.
    pub fn key(&self) -> Key {
        let (namespace, name) = (Some(self.namespace.clone()), self.name.clone());
        Key { kind: Kind::new("", "ConfigMap"), namespace, name }
    }

    /// What members are labelled with: a hash of what the parent is.
    pub fn id(&self) -> String {
        let hash = Sha256::digest(format!("{}.{}.ConfigMap.", self.name, self.namespace));
        format!("applyset-{}-v1", URL_SAFE_NO_PAD.encode(hash))
    }

    /// The object, for a set; `version` is that of this program.
    pub fn object(&self, set: &ApplySet, version: &str) -> Value {
        let own = |namespace: &&str| **namespace != *self.namespace;
        let namespaces = set.namespaces.iter().map(String::as_str).filter(own);
        let kinds = set.kinds.iter().map(Kind::to_string).collect::<BTreeSet<_>>();
        let mut object = json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {
                "name": self.name,
                "namespace": self.namespace,
                "labels": { ID: self.id() },
                "annotations": {
                    LAB: self.lab,
                    TOOLING: format!("{TOOL}/{version}"),
                    KINDS: list(kinds.iter().map(String::as_str)),
                },
            },
        });
        let annotations = &mut object["metadata"]["annotations"];
        let releases = list(set.releases.iter().map(String::as_str));
        let domain = set.domain.clone();
        for (key, value) in [(NAMESPACES, list(namespaces)), (RELEASES, releases), (DOMAIN, domain)] {
            if !value.is_empty() {
                annotations[key] = Value::String(value);
            }
        }
        object
    }

    /// The set that a parent in the cluster knows of, or why it is none of ours.
    pub fn read(&self, live: &Value) -> Result<ApplySet, Foreign> {
        let annotation = |key: &str| live["metadata"]["annotations"][key].as_str();
        match annotation(TOOLING) {
            None => return Err(Foreign::Nobodys),
            Some(tooling) if tool(tooling) != TOOL => return Err(Foreign::Anothers(tooling.to_owned())),
            Some(_) => {}
        }
        match live["metadata"]["labels"][ID].as_str() {
            Some(id) if id == self.id() => {}
            id => return Err(Foreign::OtherId(id.unwrap_or_default().to_owned())),
        }
        match annotation(LAB) {
            Some(lab) if lab != self.lab => return Err(Foreign::OtherLab(lab.to_owned())),
            _ => {}
        }
        let kinds = items(annotation(KINDS)).map(|kind| match kind.split_once('.') {
            Some((kind, group)) => Kind::new(group, kind),
            None => Kind::new("", kind),
        });
        let namespaces = items(annotation(NAMESPACES)).chain([self.namespace.as_str()]);
        Ok(ApplySet {
            kinds: kinds.collect(),
            namespaces: namespaces.map(str::to_owned).collect(),
            releases: items(annotation(RELEASES)).map(str::to_owned).collect(),
            domain: annotation(DOMAIN).unwrap_or_default().to_owned(),
        })
    }

    /// The lab that an object is the parent of; `None` if that is none of any lab's.
    pub fn lab_of(live: &Value) -> Option<String> {
        let annotation = |key: &str| live["metadata"]["annotations"][key].as_str();
        let is_parent = annotation(TOOLING).is_some_and(|tooling| tool(tooling) == TOOL);
        is_parent.then(|| annotation(LAB).map(str::to_owned))?
    }

    /// How the parents of sets are found: by the label that all of them have.
    pub const LABEL: &'static str = ID;
}

impl ApplySet {
    /// The set that has these objects.
    pub fn of<'a>(keys: impl IntoIterator<Item = &'a Key>) -> Self {
        let mut set = Self::default();
        for key in keys {
            set.kinds.insert(key.kind.clone());
            set.namespaces.extend(key.namespace.clone());
        }
        set
    }

    /// What is in this or in that: what the parent says while objects of both are there.
    #[must_use]
    pub fn union(mut self, other: &Self) -> Self {
        self.kinds.extend(other.kinds.iter().cloned());
        self.namespaces.extend(other.namespaces.iter().cloned());
        self.releases.extend(other.releases.iter().cloned());
        if !other.domain.is_empty() {
            self.domain.clone_from(&other.domain);
        }
        self
    }
}

/// The name of a program: what stands before the last `/`.
fn tool(tooling: &str) -> &str {
    tooling.rsplit_once('/').map_or(tooling, |(name, _)| name)
}

fn list<'a>(items: impl Iterator<Item = &'a str>) -> String {
    items.collect::<Vec<_>>().join(",")
}

fn items(list: Option<&str>) -> impl Iterator<Item = &str> {
    list.unwrap_or_default().split(',').map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parent() -> Parent {
        Parent { namespace: "hlc-system".into(), name: "hlc".into(), lab: "home".into() }
    }

    #[test]
    fn the_id_is_the_one_that_kubectl_computes() {
        assert_eq!(parent().id(), "applyset-iYRf9w3U7iSReo6ldKV_7p5VXverj69N2D5odg_4jbs-v1");
    }

    #[test]
    fn what_is_written_is_read() {
        let set = ApplySet {
            kinds: [Kind::new("apps", "Deployment"), Kind::new("", "ConfigMap")].into(),
            namespaces: ["media".to_owned(), "hlc-system".to_owned()].into(),
            releases: ["media/traefik".to_owned()].into(),
            domain: "home.example.net".to_owned(),
        };
        let object = parent().object(&set, "0.1.0");
        let annotations = &object["metadata"]["annotations"];
        assert_eq!(annotations[KINDS], "ConfigMap,Deployment.apps");
        assert_eq!(annotations[NAMESPACES], "media");
        assert_eq!(parent().read(&object), Ok(set));
        assert_eq!(Parent::lab_of(&object).as_deref(), Some("home"));
    }

    #[test]
    fn what_is_not_ours_is_refused() {
        let mut object = parent().object(&ApplySet::default(), "0.1.0");
        let other = Parent { name: "other".into(), ..parent() };
        assert_eq!(other.read(&object), Err(Foreign::OtherId(parent().id())));
        let alike = Parent { lab: "Home".into(), ..parent() };
        assert_eq!(alike.read(&object), Err(Foreign::OtherLab("home".into())));
        object["metadata"]["annotations"][TOOLING] = "kubectl/v1.37.2".into();
        assert_eq!(parent().read(&object), Err(Foreign::Anothers("kubectl/v1.37.2".into())));
        assert_eq!(parent().read(&json!({"kind": "ConfigMap"})), Err(Foreign::Nobodys));
    }
}
