//! What happens to one object: what to ask the cluster, and what follows from the answers.
//!
//! ```text
//! wanted, live ─▶ Inquiry ─ ask ─▶ a dry run, with or without force and some fields
//!                    ▲                       │ what would be, or a refusal
//!                    └────── answered ◀──────┘ … until there is a Step
//! ```

use serde_json::Value;

use crate::applyset::PART_OF;
use crate::changes::{Change, changes};
use crate::conflict::{Conflict, is_overruled, without};
use crate::key::{Key, text};
use crate::ownership::{MANAGER, adopted, freed, is_predecessor, owners};
use crate::refusal::Refusal;
use crate::release::ReleaseId;
use crate::settled::is_settled;
use crate::step::{Action, Step};
use crate::wanted::Origin;

/// The label that says who deployed last. Helm writes its own name there, whatever a chart says.
const DEPLOYED_BY: &str = ".metadata.labels.app.kubernetes.io/managed-by";

/// Where an entry of `managedFields` says that it is its manager's.
const OF_HELM: &str = "/fieldsV1/f:metadata/f:labels/f:app.kubernetes.io~1managed-by";

/// What is known of an object while the cluster is asked what would become of it.
#[derive(Clone, Debug)]
pub struct Inquiry {
    wanted: Value,
    live: Option<Value>,
    release: Option<ReleaseId>,
    is_forced: bool,
    lacks_namespace: bool,
    left: Vec<Conflict>,
    yields: Vec<Conflict>,
}

/// What is to be asked: an apply that is tried and not done.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// The object.
    pub object: Value,
    /// Whether fields are taken from those who own them.
    pub force: bool,
}

/// What follows from an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Something else is to be asked.
    Ask(Ask),
    /// This is done.
    Done(Action),
    /// Somebody changed it meanwhile: it is to be begun again.
    Again(Refusal),
    /// Nothing can be said.
    Failed(Refusal),
}

impl Inquiry {
    /// About an object that is wanted, and what there is of it. `release` is the release that helmfile makes of the same
    /// component: its namespace and name.
    pub fn new(wanted: Value, live: Option<Value>, release: Option<&ReleaseId>) -> Self {
        Self {
            wanted,
            live,
            release: release.cloned(),
            is_forced: false,
            lacks_namespace: false,
            left: Vec::new(),
            yields: Vec::new(),
        }
    }

    /// What is done without asking: where it is another lab's, and where it is as it was applied last.
    pub fn verdict(&self) -> Option<Action> {
        let label = |object: &Value| object["metadata"]["labels"][PART_OF].as_str().map(str::to_owned);
        let (theirs, ours) = (label(self.live.as_ref()?)?, label(&self.wanted)?);
        if theirs != ours {
            return Some(Action::Refused {
                why: format!(
                    "it is part of another set, '{theirs}': another lab, or another program, has it"
                ),
            });
        }
        self.is_settled().then_some(Action::Nothing)
    }

    /// Whether it is as it was applied last, and nothing of it is still to be taken over.
    fn is_settled(&self) -> bool {
        let Some(live) = &self.live else { return false };
        // Helm's label is left to it, and was left out then.
        let is_helms = |entry: &Value| entry["manager"] == "helm" && entry.pointer(OF_HELM).is_some();
        let left = without(&self.wanted, DEPLOYED_BY).filter(|_| self.managed().iter().any(is_helms));
        self.adoption().is_none()
            && [Some(&self.wanted), left.as_ref()]
                .into_iter()
                .flatten()
                .any(|wanted| is_settled(wanted, live, self.managed()))
    }

    /// What to ask first.
    pub fn ask(&self) -> Ask {
        Ask { object: self.object(), force: self.is_forced }
    }

    /// What is applied: the wanted object without the fields that are left to others.
    pub fn object(&self) -> Value {
        let left = self.left.iter().chain(&self.yields);
        left.fold(self.wanted.clone(), |object, conflict| without(&object, &conflict.field).unwrap_or(object))
    }

    /// Whether fields are taken from those who own them.
    pub fn is_forced(&self) -> bool {
        self.is_forced
    }

    /// What follows from the answer to the last question.
    pub fn answered(&mut self, answer: Result<Value, Refusal>) -> Next {
        match answer {
            Ok(after) => Next::Done(self.outcome(&after)),
            Err(Refusal::Conflicts(conflicts)) => self.conflicted(conflicts),
            Err(Refusal::Immutable(why)) => {
                let changes = self.live.as_ref().map(|live| said(live, &self.object())).unwrap_or_default();
                Next::Done(Action::Recreate { why, changes })
            }
            Err(Refusal::NoKind) => {
                let kind = text(&self.wanted, "/kind");
                Next::Done(Action::Create { unchecked: Some(format!("there is no kind '{kind}' yet")) })
            }
            Err(Refusal::NoNamespace(name)) => {
                self.lacks_namespace = true;
                Next::Done(Action::Create { unchecked: Some(format!("there is no namespace '{name}' yet")) })
            }
            Err(Refusal::Invalid(why)) => Next::Done(Action::Refused { why }),
            Err(Refusal::Webhook(why)) => Next::Done(self.untried(why)),
            Err(again @ Refusal::Outdated) => Next::Again(again),
            Err(
                failed @ (Refusal::Forbidden(_)
                | Refusal::Unauthorized(_)
                | Refusal::Busy(..)
                | Refusal::Ending),
            ) => Next::Failed(failed),
        }
    }

    /// The object as it is in the cluster; `None` if it is not there.
    pub fn live(&self) -> Option<&Value> {
        self.live.as_ref()
    }

    /// Which object it is, if it is there.
    pub fn uid(&self) -> Option<&str> {
        self.live.as_ref().map(|live| text(live, "/metadata/uid"))
    }

    /// The same, begun anew with what there is now.
    #[must_use]
    pub fn again(self, live: Option<Value>) -> Self {
        Self { live, is_forced: false, lacks_namespace: false, left: Vec::new(), yields: Vec::new(), ..self }
    }

    /// The step that an action is.
    pub fn step(&self, key: &Key, action: Action, component: &str, origin: &Origin) -> Step {
        let of_live = |pointer: &str| self.live.as_ref().map(|live| text(live, pointer).to_owned());
        Step {
            key: key.clone(),
            action,
            component: component.to_owned(),
            origin: Some(origin.clone()),
            yields: self.yields.clone(),
            adopts: self.adopts(),
            uid: of_live("/metadata/uid"),
            resource_version: of_live("/metadata/resourceVersion"),
        }
    }

    /// The entries of `managedFields` that make what others made before ours; `None` if nobody did.
    pub fn adoption(&self) -> Option<Vec<Value>> {
        adopted(self.managed(), text(&self.wanted, "/apiVersion"), |manager| self.is_predecessor(manager))
    }

    fn is_predecessor(&self, manager: &str) -> bool {
        is_predecessor(manager, self.is_own_release())
    }

    /// Whether it could not be asked about for want of its namespace.
    pub fn lacks_namespace(&self) -> bool {
        self.lacks_namespace
    }

    /// Whether helmfile made it of the same component.
    fn is_own_release(&self) -> bool {
        self.live.as_ref().zip(self.release.as_ref()).is_some_and(|(live, release)| {
            let annotation = |key: &str| live["metadata"]["annotations"][key].as_str();
            annotation("meta.helm.sh/release-namespace") == Some(release.namespace.as_str())
                && annotation("meta.helm.sh/release-name") == Some(release.name.as_str())
        })
    }

    fn adopts(&self) -> Vec<String> {
        if self.adoption().is_none() {
            return Vec::new();
        }
        owners(self.managed(), |manager| self.is_predecessor(manager)).into_iter().collect()
    }

    fn managed(&self) -> &[Value] {
        let managed = self.live.as_ref().and_then(|live| live.pointer("/metadata/managedFields"));
        managed.and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    fn outcome(&self, after: &Value) -> Action {
        let Some(live) = &self.live else { return Action::Create { unchecked: None } };
        let mut changes = changes(live, after);
        // What goes with what is taken over goes when that is done, which the server has not tried.
        for freed in freed(live, &self.wanted, self.managed(), |one| self.is_predecessor(one)) {
            if !changes.iter().any(|change| change.path == freed.path) {
                changes.push(freed);
            }
        }
        if changes.is_empty() { Action::Nothing } else { Action::Change { changes } }
    }

    /// What is done to an object that cannot be tried because a webhook does not answer. What mends that may be in the same
    /// plan, so that it is no reason to do nothing: what the lab says is compared with what is there.
    fn untried(&self, why: String) -> Action {
        let Some(live) = &self.live else { return Action::Create { unchecked: Some(why) } };
        let changes = said(live, &self.object());
        if changes.is_empty() { Action::Nothing } else { Action::Change { changes } }
    }

    /// Fields of people are taken, others are left; each is left once, so that this ends.
    fn conflicted(&mut self, conflicts: Vec<Conflict>) -> Next {
        let mut is_new = false;
        for conflict in conflicts {
            let is_helms = conflict.manager == "helm" && conflict.field == DEPLOYED_BY;
            let list = if is_helms {
                &mut self.left
            } else if is_overruled(&conflict.manager, self.is_own_release()) {
                is_new |= !self.is_forced;
                continue;
            } else {
                &mut self.yields
            };
            // What cannot be left to its owner is not taken by force, either.
            if list.contains(&conflict) || without(&self.wanted, &conflict.field).is_none() {
                let Conflict { field, manager } = conflict;
                let why = format!("'{manager}' owns {field}, and it cannot be left out");
                return Next::Done(Action::Refused { why });
            }
            list.push(conflict);
            is_new = true;
        }
        if !is_new {
            let why = format!("others own fields of it, and '{MANAGER}' cannot leave them out");
            return Next::Done(Action::Refused { why });
        }
        // What is left is not asked for any more, so that what force takes is only what may be taken.
        self.is_forced = true;
        Next::Ask(self.ask())
    }
}

/// What differs of what is said: fields that only the live object has are none of it.
fn said(live: &Value, wanted: &Value) -> Vec<Change> {
    changes(live, &over(live, wanted))
}

/// `wanted` over `live`: maps are joined, everything else is replaced.
fn over(live: &Value, wanted: &Value) -> Value {
    match (live, wanted) {
        (Value::Object(live), Value::Object(wanted)) => {
            let mut joined = live.clone();
            for (key, value) in wanted {
                let value = live.get(key).map_or_else(|| value.clone(), |live| over(live, value));
                joined.insert(key.clone(), value);
            }
            Value::Object(joined)
        }
        (Value::Array(live), Value::Array(wanted)) if live.len() == wanted.len() => {
            Value::Array(live.iter().zip(wanted).map(|(live, wanted)| over(live, wanted)).collect())
        }
        (_, wanted) => wanted.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wanted() -> Value {
        json!({"kind": "Deployment", "metadata": {"labels": {"app.kubernetes.io/managed-by": "hlc"}},
               "spec": {"replicas": 1, "paused": false}})
    }

    fn conflict(field: &str, manager: &str) -> Conflict {
        Conflict { field: field.into(), manager: manager.into() }
    }

    fn of_helm(name: &str) -> Value {
        json!({"metadata": {"annotations": {"meta.helm.sh/release-name": name,
                                            "meta.helm.sh/release-namespace": "automation"}}})
    }

    #[test]
    fn people_are_overruled_and_controllers_keep_their_fields() {
        let mut inquiry = Inquiry::new(wanted(), Some(json!({"spec": {"replicas": 3}})), None);
        assert!(!inquiry.ask().force);
        let conflicts = vec![conflict(".spec.replicas", "vpa"), conflict(".spec.paused", "kubectl-edit")];
        let Next::Ask(ask) = inquiry.answered(Err(Refusal::Conflicts(conflicts))) else {
            panic!("it asks again")
        };
        assert!(ask.force);
        assert_eq!(ask.object["spec"], json!({"paused": false}));
        let done = inquiry.answered(Ok(json!({"spec": {"replicas": 3, "paused": false}})));
        let Next::Done(Action::Change { changes }) = done else { panic!("it changes: {done:?}") };
        assert_eq!(changes[0].path, "spec.paused");
        let step = inquiry.step(&Key::of(&wanted()), Action::Nothing, "", &Origin::default());
        assert_eq!(step.yields, [conflict(".spec.replicas", "vpa")]);
    }

    #[test]
    fn what_helmfile_deployed_is_ours_and_keeps_its_label() {
        let release = ReleaseId { namespace: "automation".into(), name: "n8n".into() };
        let conflicts = || vec![conflict(DEPLOYED_BY, "helm"), conflict(".spec.replicas", "helm")];
        let mut own = Inquiry::new(wanted(), Some(of_helm("n8n")), Some(&release));
        let Next::Ask(ask) = own.answered(Err(Refusal::Conflicts(conflicts()))) else {
            panic!("it asks again")
        };
        assert_eq!(ask.object["spec"]["replicas"], 1);
        assert_eq!(ask.object["metadata"]["labels"], json!({}));
        assert!(own.yields.is_empty(), "nobody is told of it");
        let mut other = Inquiry::new(wanted(), Some(of_helm("other")), Some(&release));
        other.answered(Err(Refusal::Conflicts(conflicts())));
        assert_eq!(other.yields, [conflict(".spec.replicas", "helm")]);
    }

    #[test]
    fn conflicts_without_end_are_refused() {
        let mut inquiry = Inquiry::new(wanted(), Some(json!({})), None);
        let conflicts = vec![conflict(".spec.other", "vpa")];
        let next = inquiry.answered(Err(Refusal::Conflicts(conflicts)));
        assert!(matches!(next, Next::Done(Action::Refused { .. })), "{next:?}");
    }

    #[test]
    fn what_cannot_change_is_made_anew_with_what_is_said_of_it() {
        let live = json!({"spec": {"replicas": 2, "paused": false, "other": 1}});
        let mut inquiry = Inquiry::new(wanted(), Some(live), None);
        let next = inquiry.answered(Err(Refusal::Immutable("field is immutable".into())));
        let Next::Done(Action::Recreate { changes, .. }) = next else { panic!("{next:?}") };
        let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
        assert!(paths.contains(&"spec.replicas") && !paths.contains(&"spec.other"));
    }

    #[test]
    fn where_a_webhook_does_not_answer_what_the_lab_says_is_compared() {
        let live = |replicas: i64| json!({"spec": {"replicas": replicas, "paused": false, "other": 1}});
        let refusal = || Err(Refusal::Webhook("failed calling webhook".into()));
        let next = |live: Option<Value>| {
            let mut wanted = wanted();
            wanted.as_object_mut().expect("a map").shift_remove("metadata");
            wanted.as_object_mut().expect("a map").shift_remove("kind");
            Inquiry::new(wanted, live, None).answered(refusal())
        };
        assert_eq!(next(Some(live(1))), Next::Done(Action::Nothing));
        let Next::Done(Action::Change { changes }) = next(Some(live(2))) else { panic!("it changes") };
        assert_eq!(changes[0].path, "spec.replicas");
        assert!(matches!(next(None), Next::Done(Action::Create { unchecked: Some(_) })));
    }

    #[test]
    fn what_is_not_there_yet_is_no_error() {
        let mut inquiry = Inquiry::new(wanted(), None, None);
        let next = inquiry.answered(Err(Refusal::NoNamespace("media".into())));
        let Next::Done(Action::Create { unchecked: Some(why) }) = next else { panic!("{next:?}") };
        assert!(why.contains("'media'"));
        assert_eq!(inquiry.answered(Ok(json!({}))), Next::Done(Action::Create { unchecked: None }));
    }
}
