//! Whether what was applied is done, or for what it is waited, or that there is no use in waiting.

use std::fmt;
use std::mem::discriminant;

use serde::Serialize;
use serde_json::Value;

use crate::key::Key;
use crate::status::{Status, vanishes};

/// An object that is waited for, and what was seen of it last. Times are in seconds, since whenever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// Which object it is.
    pub key: Key,
    /// How far it is; `None` if it is not there, or was not looked at yet.
    pub status: Option<Status>,
    /// Since when it is so; another sentence about the same state does not count as another.
    pub since: i64,
    /// Whether it goes by itself when it is done.
    vanishes: bool,
}

impl Awaited {
    /// An object as it was applied.
    pub fn new(object: &Value, now: i64) -> Self {
        Self { key: Key::of(object), status: None, since: now, vanishes: vanishes(object) }
    }

    /// Takes note of how far it is now; `None` if it is not there.
    pub fn see(&mut self, status: Option<Status>, now: i64) {
        let status = match (&self.status, status) {
            // A job that failed did not do better by going.
            (Some(last), None) if self.vanishes && last.is_failed() => return,
            (Some(_), None) if self.vanishes => {
                Some(Status::Idle("it has ended, and is gone as it is to be".into()))
            }
            (_, status) => status,
        };
        if self.status.as_ref().map(discriminant) != status.as_ref().map(discriminant) {
            self.since = now;
        }
        self.status = status;
    }

    /// Whether nothing is left to wait for.
    pub fn is_ready(&self) -> bool {
        self.status.as_ref().is_some_and(Status::is_ready)
    }

    /// Whether it has failed for longer than what rights itself does.
    fn has_failed(&self, patience: &Patience, now: i64) -> bool {
        match &self.status {
            Some(Status::FailedForGood(_)) => true,
            Some(Status::Failed(_)) => now.saturating_sub(self.since) >= patience.failing,
            _ => false,
        }
    }

    fn reason(&self, now: i64) -> Reason {
        let sentence = self.status.as_ref().map_or("it is not there", Status::sentence).to_owned();
        Reason { key: self.key.clone(), sentence, seconds: now.saturating_sub(self.since).max(0) }
    }
}

/// How long is waited, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For everything together.
    pub timeout: i64,
    /// For an object that fails, in a row, before it counts as failed: a pod that starts before its database does
    /// crashes once, and a controller tries again. What has failed for good counts at once.
    pub failing: i64,
}

impl Default for Patience {
    /// A quarter of an hour, for a Deployment gives up after ten minutes by itself, and then says why; and 5 seconds.
    fn default() -> Self {
        Self { timeout: 900, failing: 5 }
    }
}

/// Why an object is waited for, or waited for no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Which object it is.
    pub key: Key,
    /// How far it is: half a sentence.
    pub sentence: String,
    /// For how long its state is that one.
    pub seconds: i64,
}

/// `Deployment automation/n8n: 2 of 3 pods are ready, for 12 s`.
impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}, for {} s", self.key, self.sentence, self.seconds)
    }
}

/// What comes of looking at all that is waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wait {
    /// Everything is ready.
    Done,
    /// Some objects are not.
    On {
        /// Those that are not.
        left: Vec<Reason>,
    },
    /// There is no use in waiting any longer.
    Failed {
        /// What has failed. Nothing, if time is all that ran out.
        failed: Vec<Reason>,
        /// What else is not ready.
        left: Vec<Reason>,
    },
}

/// Decides about all that is waited for since `began`. The first failure ends it: to wait for the rest mends nothing.
pub fn wait(awaited: &[Awaited], patience: &Patience, began: i64, now: i64) -> Wait {
    let unready = awaited.iter().filter(|one| !one.is_ready());
    let (failed, left): (Vec<_>, Vec<_>) = unready.partition(|one| one.has_failed(patience, now));
    let reasons = |objects: Vec<&Awaited>| objects.into_iter().map(|one| one.reason(now)).collect::<Vec<_>>();
    let (failed, left) = (reasons(failed), reasons(left));
    let is_late = now.saturating_sub(began) >= patience.timeout;
    if failed.is_empty() && left.is_empty() {
        Wait::Done
    } else if failed.is_empty() && !is_late {
        Wait::On { left }
    } else {
        Wait::Failed { failed, left }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PATIENCE: Patience = Patience { timeout: 60, failing: 5 };

    fn awaited(kind: &str, name: &str, spec: &Value) -> Awaited {
        let version = if kind == "Job" { "batch/v1" } else { "apps/v1" };
        let metadata = json!({"name": name, "namespace": "media"});
        Awaited::new(&json!({"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}), 100)
    }

    /// What is said after an object was seen like this, each time at that second.
    fn after(mut object: Awaited, seen: &[(i64, Option<Status>)], now: i64) -> Wait {
        for (time, status) in seen {
            object.see(status.clone(), *time);
        }
        wait(&[object], &PATIENCE, 100, now)
    }

    fn web() -> Awaited {
        awaited("Deployment", "web", &json!({}))
    }

    fn failing() -> Status {
        Status::Failed("it crashes".into())
    }

    fn progress(sentence: &str) -> Status {
        Status::InProgress(sentence.into())
    }

    /// Of each list its lines.
    fn lines(wait: &Wait) -> (Vec<String>, Vec<String>) {
        let lines = |reasons: &[Reason]| reasons.iter().map(ToString::to_string).collect();
        match wait {
            Wait::Done => (vec![], vec![]),
            Wait::On { left } => (vec![], lines(left)),
            Wait::Failed { failed, left } => (lines(failed), lines(left)),
        }
    }

    #[test]
    fn nothing_is_waited_for_when_all_is_ready() {
        assert_eq!(wait(&[], &PATIENCE, 100, 100), Wait::Done);
        assert_eq!(after(web(), &[(101, Some(Status::Current))], 101), Wait::Done);
        assert_eq!(after(web(), &[(101, Some(Status::Idle("it is paused".into())))], 101), Wait::Done);
        // Nor is it too late then.
        assert_eq!(after(web(), &[(101, Some(Status::Current))], 1000), Wait::Done);
    }

    #[test]
    fn each_object_says_what_it_waits_for_and_for_how_long() {
        let (mut ready, mut slow, missing) = (web(), awaited("StatefulSet", "db", &json!({})), web());
        ready.see(Some(Status::Current), 101);
        slow.see(Some(progress("1 of 3 pods are ready")), 103);
        slow.see(Some(progress("2 of 3 pods are ready")), 109);
        let wait = wait(&[ready, slow, missing], &PATIENCE, 100, 110);
        assert!(matches!(wait, Wait::On { .. }), "{wait:?}");
        let expected = [
            "StatefulSet media/db: 2 of 3 pods are ready, for 7 s",
            "Deployment media/web: it is not there, for 10 s",
        ];
        assert_eq!(lines(&wait).1, expected);
    }

    #[test]
    fn a_failure_counts_when_it_lasts() {
        assert!(matches!(after(web(), &[(101, Some(failing()))], 105), Wait::On { .. }));
        let wait = after(web(), &[(101, Some(failing())), (105, Some(failing()))], 106);
        assert!(matches!(wait, Wait::Failed { .. }));
        assert_eq!(lines(&wait), (vec!["Deployment media/web: it crashes, for 5 s".to_owned()], vec![]));
        // It started once more in between.
        let seen = [(101, Some(failing())), (104, Some(progress("it runs"))), (105, Some(failing()))];
        assert!(matches!(after(web(), &seen, 109), Wait::On { .. }));
        assert!(matches!(after(web(), &seen, 110), Wait::Failed { .. }));
        // And in the end it came up.
        assert_eq!(after(web(), &[(101, Some(failing())), (104, Some(Status::Current))], 120), Wait::Done);
    }

    #[test]
    fn what_failed_for_good_ends_the_wait_at_once() {
        let (mut job, mut slow) = (awaited("Job", "migrate", &json!({})), web());
        job.see(Some(Status::FailedForGood("it failed".into())), 101);
        slow.see(Some(progress("0 of 1 pods are ready")), 101);
        let wait = wait(&[slow, job], &PATIENCE, 100, 101);
        let (failed, left) = lines(&wait);
        assert_eq!(failed, ["Job media/migrate: it failed, for 0 s"]);
        assert_eq!(left, ["Deployment media/web: 0 of 1 pods are ready, for 0 s"]);
    }

    #[test]
    fn time_runs_out() {
        let seen = [(101, Some(progress("0 of 1 pods are ready")))];
        assert!(matches!(after(web(), &seen, 159), Wait::On { .. }));
        let late = after(web(), &seen, 160);
        assert!(
            matches!(&late, Wait::Failed { failed, left } if failed.is_empty() && left.len() == 1),
            "{late:?}"
        );
        // What fails only now has not failed: it is what was waited for.
        let late = after(web(), &[(158, Some(failing()))], 160);
        assert!(
            matches!(&late, Wait::Failed { failed, left } if failed.is_empty() && left.len() == 1),
            "{late:?}"
        );
    }

    #[test]
    fn a_job_that_goes_by_itself_is_done_when_it_is_gone() {
        let going = || awaited("Job", "once", &json!({"ttlSecondsAfterFinished": 0}));
        let seen = [(101, Some(progress("0 of 1 pods are done, 1 at work"))), (102, None), (103, None)];
        assert_eq!(after(going(), &seen, 103), Wait::Done);
        let failed = [(101, Some(Status::FailedForGood("it failed".into()))), (102, None)];
        assert!(matches!(after(going(), &failed, 102), Wait::Failed { .. }));
        // One that was never seen may still come, and one that is to stay was taken away.
        assert!(matches!(after(going(), &[(101, None)], 102), Wait::On { .. }));
        assert!(matches!(after(awaited("Job", "kept", &json!({})), &seen, 103), Wait::On { .. }));
        let deployment = awaited("Deployment", "web", &json!({"ttlSecondsAfterFinished": 0}));
        assert!(matches!(after(deployment, &seen, 103), Wait::On { .. }));
    }

    #[test]
    fn no_time_is_too_odd() {
        let mut object = web();
        object.see(Some(failing()), i64::MIN);
        let patience = Patience::default();
        assert!(matches!(wait(&[object.clone()], &patience, i64::MAX, i64::MAX), Wait::Failed { .. }));
        object.see(Some(progress("it runs")), i64::MAX);
        assert_eq!(lines(&wait(&[object], &patience, i64::MAX, i64::MIN)).1.len(), 1);
    }
}
