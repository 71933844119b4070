//! What is to be done, a step an object.

use serde::{Deserialize, Serialize};

use crate::changes::Change;
use crate::conflict::Conflict;
use crate::key::Key;
use crate::node::NodeStep;
use crate::release::{ReleaseAction, ReleaseStep};
use crate::wanted::Origin;

/// All that would be done, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Of which lab.
    pub lab: String,
    /// What is done.
    pub steps: Vec<Step>,
    /// What Helm is told to do.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub releases: Vec<ReleaseStep>,
    /// What is done to nodes.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub nodes: Vec<NodeStep>,
}

/// What is done to an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Which object.
    pub key: Key,
    /// What is done.
    #[serde(flatten)]
    pub action: Action,
    /// The component that it is of, with its stage: `10_apps/n8n`. Empty for what no component has any more.
    pub component: String,
    /// Where it is declared; nothing for what is not, any more.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub origin: Option<Origin>,
    /// Fields that are left to those who own them.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub yields: Vec<Conflict>,
    /// Who made fields of it that are ours from now on.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub adopts: Vec<String>,
    /// Which object it is, if it is there: names are used again, this is not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub uid: Option<String>,
    /// Which state of it was looked at.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub resource_version: Option<String>,
}

/// What is done to an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Action {
    /// It is made. `unchecked` says why the cluster could not be asked whether it can be.
    Create {
        /// What is not there yet that it needs.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        unchecked: Option<String>,
    },
    /// Fields of it change.
    Change {
        /// Which ones.
        changes: Vec<Change>,
    },
    /// It is deleted and made anew, which takes consent: fields of it change that cannot.
    Recreate {
        /// The server's own words.
        why: String,
        /// What would change.
        changes: Vec<Change>,
    },
    /// It is as it is to be.
    Nothing,
    /// It is deleted: the lab has it no more.
    Prune,
    /// It would be deleted, and is not without consent.
    Keep {
        /// What would be lost.
        why: String,
    },
    /// It cannot be made like this.
    Refused {
        /// The server's own words.
        why: String,
    },
}

impl Action {
    /// Whether anything is done.
    pub fn is_change(&self) -> bool {
        !matches!(self, Self::Nothing | Self::Keep { .. })
    }
}

impl Plan {
    /// Whether anything is done.
    pub fn has_changes(&self) -> bool {
        self.steps.iter().any(|step| step.action.is_change() || !step.adopts.is_empty())
            || self.releases.iter().any(|release| release.action.is_change())
            || !self.nodes.is_empty()
    }

    /// What cannot be done, by name.
    pub fn refused(&self) -> impl Iterator<Item = String> {
        let steps = self.steps.iter().filter(|step| matches!(step.action, Action::Refused { .. }));
        let is_refused = |one: &&ReleaseStep| matches!(one.action, ReleaseAction::Refused { .. });
        let releases = self.releases.iter().filter(is_refused);
        steps.map(|step| step.key.to_string()).chain(releases.map(|one| format!("release {}", one.id)))
    }
}
