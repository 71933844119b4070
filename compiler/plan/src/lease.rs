//! Who applies a lab just now: a Lease, so that two runs never do at once.
//!
//! A run takes the Lease before it writes anything, renews it while it runs, and gives it back. One that is killed cannot,
//! so that a Lease which nobody renews counts as left behind. No clock of another machine is believed for that: it was
//! seen unchanged for as long as it lasts, by the clock of who looks.
//!
//! ```text
//! look ─▶ free ─▶ (plan, ask) ─ is it still as it was seen? ─▶ claimed ─▶ renewed … renewed ─▶ released
//!   └─▶ wait: does somebody renew it? ─▶ held
//! ```
//!
//! Source: client-go `tools/leaderelection`.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use crate::applyset::Parent;
use crate::key::{Key, Kind, text};

/// How long a Lease lasts that nobody renews.
const LASTS: Duration = Duration::from_secs(30);

/// How long is waited at most for one that somebody else wrote.
const LONGEST: u64 = 120;

/// How often it is renewed.
pub const RENEWED_EVERY: Duration = Duration::from_secs(5);

/// How long it is relied on after it was renewed. What is on its way then still arrives before others take it.
pub const RELIED_ON_FOR: Duration = Duration::from_secs(20);

/// Who has a Lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// What it calls itself: `anna@laptop (process 4711) MARK`.
    pub identity: String,
    /// Since when, by its own clock.
    pub since: String,
}

/// Whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has it.
    Free,
    /// Somebody has it, or left it behind: it is to be looked at again.
    Unclear(Holder),
    /// Somebody has it, and renews it.
    Held(Holder),
}

/// What a run has seen of the Lease of its lab.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Which object it is.
    pub key: Key,
    lab: String,
    identity: String,
    /// How it was when it was first seen like that, and when that was.
    seen: Option<(Value, Duration)>,
}

impl Turn {
    /// A run of a lab that has not looked yet. Its name is that of the lab's set.
    pub fn new(lab: &str, identity: &str) -> Self {
        let parent = Parent::of_lab(lab);
        let kind = Kind::new("coordination.k8s.io", "Lease");
        let key = Key { kind, ..parent.key() };
        Self { key, lab: lab.to_owned(), identity: identity.to_owned(), seen: None }
    }

    /// What follows from the Lease as it is at `now`, which is a time of whatever clock only goes forward. `is_gone` says
    /// whether whoever calls itself so is certainly no more.
    pub fn look(&mut self, live: Option<&Value>, now: Duration, is_gone: impl Fn(&str) -> bool) -> Standing {
        let spec = spec(live);
        let holder = Holder::of(&spec).filter(|holder| holder.identity != self.identity);
        let Some(holder) = holder.filter(|holder| !is_gone(&holder.identity)) else {
            self.seen = Some((spec, now));
            return Standing::Free;
        };
        match &self.seen {
            None => {
                self.seen = Some((spec, now));
                Standing::Unclear(holder)
            }
            Some((seen, _)) if *seen != spec => Standing::Held(holder),
            Some((_, since)) if now.saturating_sub(*since) >= lasts(&spec) => Standing::Free,
            Some(_) => Standing::Unclear(holder),
        }
    }

    /// The Lease as this run takes it, at a time as people write it. An error if it is not as it was seen: somebody was
    /// there since, and may be still.
    pub fn claimed(&self, live: Option<&Value>, moment: &str) -> Result<Value, Option<Holder>> {
        let before = spec(live);
        let holder = Holder::of(&before);
        let is_ours = self.is_ours(live);
        if !is_ours && self.seen.as_ref().is_none_or(|(seen, _)| *seen != before) {
            return Err(holder);
        }
        let mut object = live.cloned().unwrap_or_else(|| {
            json!({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {
                "name": self.key.name, "namespace": self.key.namespace,
                "annotations": {"hlc.dev/lab": self.lab}}})
        });
        object["spec"] = json!({
            "holderIdentity": self.identity,
            "leaseDurationSeconds": LASTS.as_secs(),
            "acquireTime": moment,
            "renewTime": moment,
            "leaseTransitions": before["leaseTransitions"].as_u64().unwrap_or(0).saturating_add(1),
        });
        Ok(object)
    }

    /// Whether this run has the Lease.
    pub fn is_ours(&self, live: Option<&Value>) -> bool {
        spec(live)["holderIdentity"] == *self.identity
    }
}

/// A Lease that a run has, renewed.
pub fn renewed(held: &Value, moment: &str) -> Value {
    let mut object = held.clone();
    object["spec"]["renewTime"] = moment.into();
    object
}

/// A Lease that a run has, given back.
pub fn released(held: &Value, moment: &str) -> Value {
    let mut object = renewed(held, moment);
    if let Some(spec) = object["spec"].as_object_mut() {
        spec.shift_remove("holderIdentity");
        spec.shift_remove("acquireTime");
    }
    object
}

/// A time, in microseconds since 1970, as Kubernetes writes it: `2026-11-29T23:50:11.000000Z`.
pub fn moment(micros: u64) -> String {
    let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z")
}

impl Holder {
    /// Who a Lease says has it; `None` if it was given back, or never taken.
    pub fn of(spec: &Value) -> Option<Self> {
        let identity = text(spec, "/holderIdentity");
        (!identity.is_empty())
            .then(|| Self { identity: identity.to_owned(), since: text(spec, "/acquireTime").to_owned() })
    }
}

/// `anna@laptop (process 4711), since 2026-11-29 23:50:11 UTC by its clock`.
impl fmt::Display for Holder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is behind the name is for programs.
        let name = self.identity.split_inclusive(')').next().unwrap_or_default();
        out.write_str(name)?;
        match self.since.split_once('T') {
            Some((day, time)) => {
                let time = time.split('.').next().unwrap_or_default().trim_end_matches('Z');
                write!(out, ", since {day} {time} UTC by its clock")
            }
            None => Ok(()),
        }
    }
}

fn spec(live: Option<&Value>) -> Value {
    live.map_or(Value::Null, |live| live["spec"].clone())
}

/// How long a Lease lasts, as it says itself.
fn lasts(spec: &Value) -> Duration {
    spec["leaseDurationSeconds"].as_u64().map_or(LASTS, |said| Duration::from_secs(said.min(LONGEST)))
}

/// The year, month and day that is so many days after the first of 1970.
///
/// Source: Howard Hinnant, `chrono-Compatible Low-Level Date Algorithms`.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: &str = "anna@laptop (process 4711) mark";

    fn second(second: u64) -> Duration {
        Duration::from_secs(second)
    }

    fn turn(name: &str) -> Turn {
        Turn::new("home", name)
    }

    /// A Lease that Anna took and renewed so often.
    fn annas(renewals: u64) -> Value {
        let mut anna = turn(ANNA);
        anna.look(None, second(0), |_| false);
        let lease = anna.claimed(None, &moment(0)).expect("nobody has it");
        renewed(&lease, &moment(renewals * 5_000_000))
    }

    fn never(_: &str) -> bool {
        false
    }

    #[test]
    fn what_is_renewed_is_held_and_what_is_not_was_left_behind() {
        let mut bert = turn("bert@attic (process 7) mark");
        let Standing::Unclear(holder) = bert.look(Some(&annas(0)), second(1_000), never) else {
            panic!("nobody knows yet")
        };
        assert_eq!(
            holder.to_string(),
            "anna@laptop (process 4711), since 1970-01-01 00:00:00 UTC by its clock"
        );
        assert!(matches!(bert.look(Some(&annas(0)), second(1_029), never), Standing::Unclear(_)));
        let mut other = bert.clone();
        assert!(matches!(other.look(Some(&annas(1)), second(1_029), never), Standing::Held(_)));
        assert_eq!(bert.look(Some(&annas(0)), second(1_030), never), Standing::Free);
        let taken = bert.claimed(Some(&annas(0)), &moment(0)).expect("it was left behind");
        assert_eq!(taken["spec"]["leaseTransitions"], 2);
        // It was renewed after all, between the last look and this.
        assert_eq!(bert.claimed(Some(&annas(1)), &moment(0)).map_err(|holder| holder.is_some()), Err(true));
    }

    #[test]
    fn what_is_gone_for_certain_is_not_waited_for() {
        let mut bert = turn("bert@attic (process 7) mark");
        assert_eq!(bert.look(Some(&annas(3)), second(0), |who| who == ANNA), Standing::Free);
        assert!(bert.claimed(Some(&annas(3)), &moment(0)).is_ok());
    }

    #[test]
    fn whoever_was_there_since_it_was_planned_is_noticed() {
        let mut bert = turn("bert@attic (process 7) mark");
        assert_eq!(bert.look(None, second(0), never), Standing::Free);
        let back = released(&annas(2), &moment(0));
        assert_eq!(Holder::of(&back["spec"]), None);
        assert_eq!(bert.claimed(Some(&back), &moment(0)), Err(None), "she is gone, and has changed things");
        assert_eq!(bert.look(Some(&back), second(0), never), Standing::Free);
        assert!(bert.claimed(Some(&back), &moment(0)).is_ok());
        // What we wrote ourselves, without hearing of it, is ours.
        let ours = bert.claimed(Some(&back), &moment(0)).expect("it is free");
        assert!(bert.is_ours(Some(&ours)) && bert.claimed(Some(&ours), &moment(0)).is_ok());
    }

    #[test]
    fn whatever_a_lease_says_it_is_not_waited_for_without_end() {
        let mut odd = annas(0);
        odd["spec"]["leaseDurationSeconds"] = u64::MAX.into();
        let mut bert = turn("bert");
        assert!(matches!(bert.look(Some(&odd), second(0), never), Standing::Unclear(_)));
        assert_eq!(bert.look(Some(&odd), second(LONGEST), never), Standing::Free);
        let nothing = json!({"spec": {"holderIdentity": 7}});
        assert_eq!(bert.look(Some(&nothing), second(0), never), Standing::Free);
    }

    #[test]
    fn times_are_written_as_kubernetes_has_them() {
        assert_eq!(moment(0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(moment(951_827_696_000_001), "2000-02-29T12:34:56.000001Z");
        assert_eq!(moment(1_796_083_199_000_000), "2026-11-30T23:59:59.000000Z");
    }
}
