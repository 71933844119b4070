//! The parent of the lab's set: read before anything else, and written before and after what happens to its members.

use http::Method;
use plan::{ApplySet, Foreign, MANAGER, Parent, Refusal};
use serde_json::Value;

use crate::cluster::Cluster;
use crate::error::Error;
use crate::request::Question;
use crate::vault::Vault;

/// The version of this program, as the parent says it.
const VERSION: &str = env!("CARGO_PKG_VERSION");

impl Cluster {
    /// The lab's set as the cluster knows it; `None` if nothing of the lab was ever applied.
    pub(crate) async fn set(&self, parent: &Parent, vault: &Vault) -> Result<Option<ApplySet>, Error> {
        let path = format!("{}/{}", path(parent), parent.name);
        let key = parent.key();
        let live = match self.ask(&Question::get(path).about(&key), vault).await {
            Ok(live) => live,
            Err(Error::Refused(_, Refusal::NoKind | Refusal::NoNamespace(_))) => return Ok(None),
            Err(error) => return Err(error),
        };
        parent.read(&live).map(Some).map_err(|foreign| Error::Foreign(said(parent, &foreign)))
    }

    /// Writes down where members of the set are.
    pub(crate) async fn write_set(
        &self,
        parent: &Parent,
        set: &ApplySet,
        vault: &Vault,
    ) -> Result<(), Error> {
        let object = parent.object(set, VERSION);
        let key = parent.key();
        // Nobody else writes it; what a person did to it by hand is overruled, as kubectl does it.
        for force in [false, true] {
            match self.ask(&question(parent, &object, force).about(&key), vault).await {
                Err(Error::Refused(_, Refusal::Conflicts(_))) if !force => {}
                Err(error) => return Err(error),
                Ok(_) => break,
            }
        }
        Ok(())
    }
}

fn question<'a>(parent: &Parent, object: &'a Value, force: bool) -> Question<'a> {
    let (path, name) = (path(parent), &parent.name);
    Question {
        method: Method::PATCH,
        content_type: "application/apply-patch+yaml",
        body: Some(object),
        ..Question::get(format!("{path}/{name}?fieldManager={MANAGER}-applyset&force={force}"))
    }
}

fn path(parent: &Parent) -> String {
    format!("/api/v1/namespaces/{}/configmaps", parent.namespace)
}

fn said(parent: &Parent, foreign: &Foreign) -> String {
    let key = parent.key();
    match foreign {
        Foreign::Nobodys => format!("{key} is there, and hlc did not make it: rename it, or delete it"),
        Foreign::Anothers(tool) => format!("{key} is the parent of a set that '{tool}' keeps, and not hlc"),
        Foreign::OtherLab(lab) => {
            format!(
                "{key} is that of the lab '{lab}': two labs in one cluster need names that differ in more"
            )
        }
        Foreign::OtherId(id) => {
            format!("{key} has the id '{id}', which is that of another object: was it copied or renamed?")
        }
    }
}
