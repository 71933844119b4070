//! On which hosts pods run.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Arch, At};

/// What decides on which hosts the pods of an app or a job run, beside the host that it names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Placing {
    /// The architecture of the host.
    pub arch: Option<At<Arch>>,
    /// Labels that the node must have, and what they are set to.
    pub features: Vec<At<(String, String)>>,
    /// Taints that do not keep it away, as the lab says.
    pub tolerates: Vec<At<Toleration>>,
    /// Those of the host that it must run on.
    pub derived: Vec<Toleration>,
    /// Apps beside which it runs.
    pub near: Vec<At<Neighbour>>,
    /// Apps that it does not share a host with.
    pub apart: Vec<At<Neighbour>>,
    /// How its pods are spread over the hosts.
    pub spread: Option<Spread>,
}

/// An app that another one is near to, or apart from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Neighbour {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// The labels that its pods are found by, where they are its own.
    pub selector: BTreeMap<String, String>,
}

/// How pods are spread over the hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spread {
    /// Evenly where that can be.
    Preferred,
    /// Evenly, or they wait.
    Required,
}

/// A taint that does not keep a pod away.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Toleration {
    /// The taint's name; all of them if there is none.
    pub key: Option<String>,
    /// Its value; whatever it is if there is none.
    pub value: Option<String>,
    /// What it does; whatever that is if there is none.
    pub effect: Option<String>,
}

impl Toleration {
    /// What `key=value:effect` or a part of it means; `*` is all taints.
    pub fn parse(text: &str) -> Self {
        let (pair, effect) = match text.rsplit_once(':') {
            Some((pair, effect)) => (pair, Some(effect.to_owned())),
            None => (text, None),
        };
        let (key, value) = match pair.split_once('=') {
            Some((key, value)) => (key, Some(value.to_owned())),
            None => (pair, None),
        };
        Self { key: (key != "*").then(|| key.to_owned()), value, effect }
    }

    /// Whether a taint, `key=value:effect`, does not keep away who has it.
    pub fn fits(&self, taint: &str) -> bool {
        let taint = Self::parse(taint);
        self.key.as_ref().is_none_or(|key| taint.key.as_ref() == Some(key))
            && self.value.as_ref().is_none_or(|value| taint.value.as_deref().unwrap_or_default() == value)
            && self.effect.as_ref().is_none_or(|effect| taint.effect.as_ref() == Some(effect))
    }
}

impl fmt::Display for Toleration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key.as_deref().unwrap_or("*"))?;
        if let Some(value) = &self.value {
            write!(f, "={value}")?;
        }
        self.effect.iter().try_for_each(|effect| write!(f, ":{effect}"))
    }
}

/// Whether a taint keeps away pods that say nothing of it.
pub fn repels(taint: &str) -> bool {
    !taint.ends_with(":PreferNoSchedule")
}

impl Placing {
    /// All that it tolerates.
    pub fn tolerations(&self) -> impl Iterator<Item = &Toleration> {
        self.tolerates.iter().map(|one| &one.value).chain(&self.derived)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_taint_fit_it() {
        let taint = "gpu=yes:NoSchedule";
        for text in ["*", "gpu", "gpu=yes", "gpu:NoSchedule", taint] {
            assert!(Toleration::parse(text).fits(taint), "{text}");
            assert_eq!(Toleration::parse(text).to_string(), text);
        }
        for text in ["cpu", "gpu=no", "gpu:NoExecute", "*:NoExecute", "gpu="] {
            assert!(!Toleration::parse(text).fits(taint), "{text}");
        }
        assert!(Toleration::parse("gpu=").fits("gpu:NoSchedule"));
        assert!(repels(taint) && !repels("gpu:PreferNoSchedule"));
    }
}
