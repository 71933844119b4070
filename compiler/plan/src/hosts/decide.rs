//! What is done to a host.

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::phase::{Activation, Phase};
use super::system::{System, SystemChange};
use crate::wanted::Origin;

/// What is done to a host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostStep {
    /// Its name.
    pub host: String,
    /// Where it is declared.
    pub origin: Origin,
    /// What is done.
    #[serde(flatten)]
    pub action: HostAction,
    /// What of the lab differs from what it was last switched to, as far as that is known.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub causes: Vec<Cause>,
}

/// Something of the lab that differs from what a host was last switched to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// What it is, with a sign for whether it comes, changes or goes: `~ option services.openssh.enable`.
    pub what: String,
    /// What is different of it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub details: Vec<String>,
    /// Where it is declared.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub origin: Option<Origin>,
}

/// What is done to a host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum HostAction {
    /// It runs and boots what the lab says.
    Nothing {
        /// Why it has to be started again before all of that is so.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reboot: Option<String>,
    },
    /// It becomes another system.
    Switch {
        /// The one that it runs.
        old: String,
        /// The one that it is to run.
        new: String,
        /// What differs.
        change: SystemChange,
        /// Why it has to be started again before all of that is so.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reboot: Option<String>,
    },
    /// It runs what the lab says, and has to be brought to boot it, or to run it whole.
    Save {
        /// The one that it runs.
        new: String,
        /// Why that is not enough.
        why: String,
    },
    /// Nothing is known of it, and nothing is done to it.
    Unknown {
        /// Why it could not be asked.
        why: String,
    },
    /// Its system cannot be built.
    Unbuilt {
        /// What Nix says.
        why: String,
    },
    /// Somebody else is switching it.
    Busy {
        /// To what, and how far that is.
        why: String,
    },
}

impl HostAction {
    /// Whether something is done.
    pub const fn is_change(&self) -> bool {
        matches!(self, Self::Switch { .. } | Self::Save { .. })
    }

    /// Why nothing can be done, where something might have to be.
    pub fn trouble(&self) -> Option<&str> {
        match self {
            Self::Unknown { why } | Self::Unbuilt { why } | Self::Busy { why } => Some(why),
            Self::Nothing { .. } | Self::Switch { .. } | Self::Save { .. } => None,
        }
    }

    /// Whether k3s is started again, and with it what runs on the host.
    pub fn restarts_k3s(&self) -> bool {
        matches!(self, Self::Switch { change, .. } if change.restarts("k3s.service"))
    }
}

/// A host, as it was found.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What it says of itself.
    pub facts: Facts,
    /// What it runs.
    pub running: System,
}

/// What is done to a host that is to run `wanted`.
pub fn decide(seen: &Seen, wanted: &System) -> HostAction {
    let facts = &seen.facts;
    if let Some(activation) = facts.activation.as_ref().filter(|activation| activation.is_under_way()) {
        let why = format!("it is being switched to {} by somebody else", activation.system);
        return HostAction::Busy { why };
    }
    let reboot = reboot(facts, wanted);
    if facts.running != wanted.path {
        let change = wanted.change_from(&seen.running);
        return HostAction::Switch { old: facts.running.clone(), new: wanted.path.clone(), change, reboot };
    }
    if let Some(why) = unsaved(facts, wanted) {
        return HostAction::Save { new: wanted.path.clone(), why: why.to_owned() };
    }
    HostAction::Nothing { reboot }
}

/// Why it is not enough that a host runs a system.
fn unsaved(facts: &Facts, wanted: &System) -> Option<&'static str> {
    if facts.boots != wanted.path {
        return Some("it would boot another");
    }
    // Nobody knows how much of it was started.
    let is_broken =
        |activation: &Activation| !activation.phase.is_final() || activation.phase == Phase::Stuck;
    facts.activation.as_ref().is_some_and(is_broken).then_some("its last activation came to no good end")
}

/// Why a host has to be started again to run all of a system: what its kernel is, is only taken up then.
fn reboot(facts: &Facts, wanted: &System) -> Option<String> {
    let differs = |part: &&String| !facts.kernel.contains(part);
    let parts: Vec<&str> = wanted
        .kernel
        .iter()
        .filter(differs)
        .map(|part| part.split_once(' ').map_or(part.as_str(), |(name, _)| name))
        .collect();
    (!parts.is_empty()).then(|| format!("another {}", parts.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system(path: &str, kernel: &str) -> System {
        System::parse(&format!(
            "hlc:of={path}\nhlc:path={path}\nhlc:kernel=kernel {kernel}\nhlc:kernel=initrd i\n"
        ))
    }

    fn seen(running: &str, boots: &str) -> Seen {
        let facts = Facts {
            running: running.into(),
            boots: boots.into(),
            kernel: vec!["kernel 6.1".into(), "initrd i".into()],
            ..Facts::default()
        };
        Seen { facts, running: system(running, "6.1") }
    }

    #[test]
    fn a_host_becomes_what_it_is_not() {
        assert_eq!(decide(&seen("/a", "/a"), &system("/a", "6.1")), HostAction::Nothing { reboot: None });
        let save = HostAction::Save { new: "/a".into(), why: "it would boot another".into() };
        assert_eq!(decide(&seen("/a", "/b"), &system("/a", "6.1")), save);
        let HostAction::Switch { old, new, change, reboot } = decide(&seen("/b", "/b"), &system("/a", "6.2"))
        else {
            panic!("it runs another")
        };
        assert_eq!((old.as_str(), new.as_str(), change.paths), ("/b", "/a", (1, 1)));
        assert_eq!(reboot.as_deref(), Some("another kernel"));
    }

    #[test]
    fn what_is_being_switched_is_left_alone() {
        let mut seen = seen("/b", "/b");
        let mut activation = Activation {
            id: "1".into(),
            phase: Phase::Activated,
            system: "/c".into(),
            why: String::new(),
            is_watched: true,
        };
        seen.facts.activation = Some(activation.clone());
        assert!(matches!(decide(&seen, &system("/a", "6.1")), HostAction::Busy { .. }));
        // Whoever watched over it is gone, so it comes to no end by itself.
        activation.is_watched = false;
        seen.facts.activation = Some(activation.clone());
        assert!(matches!(decide(&seen, &system("/a", "6.1")), HostAction::Switch { .. }));
        // What it runs may be started in part, whatever it is called.
        assert!(matches!(decide(&seen, &system("/b", "6.1")), HostAction::Save { .. }));
        activation.phase = Phase::RolledBack;
        seen.facts.activation = Some(activation);
        assert_eq!(decide(&seen, &system("/b", "6.1")), HostAction::Nothing { reboot: None });
    }
}
