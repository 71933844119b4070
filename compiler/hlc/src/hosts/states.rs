//! How hosts are, against what the lab says.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::SystemTime;

use hosts::Observed;
use plan::hosts::{Activation, Facts, HostAction, Phase};
use serde_json::{Value, json};

use crate::load::Lab;
use crate::terminal::{paint, plain};

/// By how many seconds a clock may differ: certificates and logs mind more than that.
const CLOCK: i64 = 30;

/// How a host is.
pub(crate) struct State {
    host: String,
    /// What it runs, if it could be asked.
    facts: Option<Facts>,
    /// What differs from the lab.
    differs: Vec<String>,
    /// What else is wrong.
    wrong: Vec<String>,
}

impl State {
    /// Whether it is as the lab says, and nothing is wrong.
    pub(crate) fn is_well(&self) -> bool {
        self.differs.is_empty() && self.wrong.is_empty()
    }
}

/// How hosts are.
pub(crate) fn states(lab: &Lab, observed: &[Observed]) -> Vec<State> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(now.as_secs()).unwrap_or_default();
    let state = |one: &Observed| {
        let host = one.step.host.clone();
        let secrets = lab.session.secrets_of_host(&host);
        let mut wrong = one.facts.as_ref().map(|facts| wrong(facts, &secrets, now)).unwrap_or_default();
        let differs = differs(&one.step.action);
        // That it was rolled back to what the lab says now is no news.
        let ended = one.facts.as_ref().and_then(|facts| facts.activation.as_ref());
        wrong.extend(ended.filter(|_| !differs.is_empty()).and_then(self::ended));
        State { host, facts: one.facts.clone(), differs, wrong }
    };
    observed.iter().map(state).collect()
}

fn differs(action: &HostAction) -> Vec<String> {
    let one = match action {
        HostAction::Nothing { reboot: None } => return Vec::new(),
        HostAction::Nothing { reboot: Some(why) } => format!("it has to be started again for {why}"),
        HostAction::Switch { old, .. } => format!("it runs another system: {old}"),
        HostAction::Save { why, .. } => format!("it runs that, and {why}"),
        HostAction::Unknown { why } | HostAction::Unbuilt { why } | HostAction::Busy { why } => why.clone(),
    };
    vec![one]
}

/// What is wrong with a host, whatever it runs.
fn wrong(facts: &Facts, secrets: &BTreeSet<String>, now: i64) -> Vec<String> {
    let failed = facts.failed.iter().map(|unit| format!("unit {unit} failed"));
    let missing = secrets.iter().filter(|name| !facts.secrets.contains(name));
    let missing = missing.map(|name| format!("secret '{name}' is not decrypted there"));
    let full = facts.disks.iter().filter(|disk| disk.is_nearly_full());
    let full = full.map(|disk| format!("{} MiB are free in {}", disk.free / 1024, disk.mount));
    let off = now - facts.clock;
    let clock = (off.abs() > CLOCK).then(|| {
        let which = if off > 0 { "behind" } else { "ahead" };
        format!("its clock is {} seconds {which}", off.abs())
    });
    failed.chain(missing).chain(full).chain(clock).collect()
}

/// How the last activation of a host ended, unless it did well.
fn ended(activation: &Activation) -> Option<String> {
    match activation.phase {
        Phase::Stuck => Some(format!("it was not rolled back whole: {}", activation.why)),
        Phase::RolledBack => Some(format!("it was rolled back: {}", activation.why)),
        Phase::Unsaved => Some(activation.why.clone()),
        phase if !phase.is_final() && !activation.is_watched => {
            Some("its last activation came to no end".to_owned())
        }
        _ => None,
    }
}

/// How hosts are, for people. Nothing in it acts on a terminal but the styles.
pub(crate) fn told(states: &[State], colour: bool) -> String {
    let mut out = String::new();
    let width = states.iter().map(|state| state.host.len()).max().unwrap_or_default();
    for state in states {
        let (word, style) = match (&state.facts, state.differs.is_empty(), state.wrong.is_empty()) {
            (None, ..) => ("unreachable", "31"),
            (_, true, true) => ("in step", "32"),
            (_, false, true) => ("differs", "33"),
            (_, true, false) => ("not well", "31"),
            (_, false, false) => ("differs, not well", "31"),
        };
        let about = state.facts.as_ref().map(about).unwrap_or_default();
        let word = paint(colour, style, word);
        let line = format!("{:width$}  {word}  {}", plain(&state.host), paint(colour, "2", &plain(&about)));
        let _ = writeln!(out, "{}", line.trim_end());
        for line in state.differs.iter().chain(&state.wrong).flat_map(|text| text.lines()) {
            let _ = writeln!(out, "    {}", plain(line));
        }
    }
    let well = states.iter().filter(|state| state.is_well()).count();
    let _ = writeln!(out, "{well} of {} hosts are in step", states.len());
    out
}

/// What a host is at.
fn about(facts: &Facts) -> String {
    let generation = facts.generation.map(|number| format!("generation {number}, "));
    format!("{}up {}", generation.unwrap_or_default(), duration(facts.uptime))
}

/// A time as people say it: its greatest unit.
fn duration(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// How hosts are, for programs.
pub(crate) fn as_json(states: &[State]) -> Value {
    let one = |state: &State| {
        json!({"host": state.host, "in_step": state.is_well(), "reachable": state.facts.is_some(),
               "differs": state.differs, "wrong": state.wrong, "facts": state.facts})
    };
    states.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use plan::hosts::Disk;

    use super::*;

    #[test]
    fn what_is_wrong_is_said_whatever_runs() {
        let facts = Facts {
            clock: 1_000,
            failed: vec!["k3s.service".into()],
            secrets: vec!["db".into()],
            disks: vec![Disk { mount: "/".into(), size: 10_000_000, free: 20_480 }],
            ..Facts::default()
        };
        let secrets = ["db", "token"].map(String::from).into();
        assert_eq!(
            wrong(&facts, &secrets, 1_031),
            [
                "unit k3s.service failed",
                "secret 'token' is not decrypted there",
                "20 MiB are free in /",
                "its clock is 31 seconds behind"
            ]
        );
        assert_eq!(wrong(&Facts { clock: 1_000, ..Facts::default() }, &BTreeSet::new(), 970), [""; 0]);
    }

    #[test]
    fn times_are_said_in_their_greatest_unit() {
        for (seconds, said) in [(7, "7 s"), (180, "3 min"), (7_300, "2 h"), (864_000, "10 days")] {
            assert_eq!(duration(seconds), said);
        }
    }
}
