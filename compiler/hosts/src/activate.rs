//! A host becomes another system, or stays what it was.

use std::process;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use plan::hosts::{Activation, MARK, Phase};

use crate::error::Error;
use crate::ssh::Host;

/// How long what is waited for may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a host waits for somebody to reach it, before it becomes what it was; in seconds.
    pub confirmation: u64,
    /// How long an activation may take, in seconds.
    pub activation: u64,
}

/// What a host is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its system is copied there.
    Copying,
    /// Its system is started.
    Activating,
    /// It was reached over a new connection, and makes its system what it boots.
    Saving,
    /// It does not answer, and may again.
    Unheard,
    /// It is started again.
    Restarting,
}

/// How often a host is asked how far it is.
pub(crate) const EVERY: Duration = Duration::from_millis(250);

/// Has a host that runs `old` run and boot `new`, which is there. Whatever happens on the way, it runs one or the other
/// whole, and boots what it ran before until somebody has reached it again.
///
/// # Errors
///
/// If it does not come to run and boot `new`, or that is not known.
pub(crate) fn switch(
    host: &Host,
    new: &str,
    old: &str,
    limits: Limits,
    tell: &dyn Fn(Stage),
) -> Result<(), Error> {
    let id = id();
    tell(Stage::Activating);
    let (confirm, limit) = (limits.confirmation.to_string(), limits.activation.to_string());
    match host.run_to_its_end(&["begin", &id, new, old, &confirm, &limit]) {
        Ok(said) => begun(&said)?,
        // It may have begun all the same.
        Err(Error::Unreachable(_)) => {}
        Err(error) => return Err(error),
    }
    follow(host, &id, limits, tell)
}

/// Whether it has begun, from what it said.
fn begun(said: &str) -> Result<(), Error> {
    match value(said, "refused") {
        None => Ok(()),
        Some("busy") => Err(Error::Busy),
        Some("moved") => Err(Error::Moved),
        Some("missing") => Err(Error::NotBegun("what was copied there is no system".into())),
        Some(other) => Err(Error::NotBegun(other.to_owned())),
    }
}

/// Asks how far it is until that is the end, and confirms in between that it can be reached.
fn follow(host: &Host, id: &str, limits: Limits, tell: &dyn Fn(Stage)) -> Result<(), Error> {
    // After that, it has ended one way or the other: there, and back again.
    let longest = Duration::from_secs(2 * limits.activation + limits.confirmation + 30);
    let (began, mut last, mut is_heard) = (Instant::now(), None, true);
    loop {
        let said = match host.run_to_its_end(&["state", id]) {
            Ok(said) => said,
            Err(error) if began.elapsed() > longest => return Err(Error::Lost(error.to_string())),
            Err(error @ Error::Unreachable(_)) => {
                if is_heard {
                    tell(Stage::Unheard);
                }
                (is_heard, last) = (false, Some(error));
                sleep(EVERY);
                continue;
            }
            Err(error) => return Err(error),
        };
        is_heard = true;
        let Some(activation) = Activation::parse(&said) else { return Err(never_begun(host, last.as_ref())) };
        match activation.phase {
            Phase::Done => return Ok(()),
            Phase::Activated => {
                // That it comes about says that others do.
                match host.run_to_its_end(&["confirm", id]) {
                    Ok(_) => tell(Stage::Saving),
                    Err(Error::Unreachable(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            phase if phase.is_final() => {
                return Err(Error::Ended { phase, why: activation.why, log: log(&said) });
            }
            _ if !activation.is_watched && !is_ended(host, id) => return Err(Error::Unwatched),
            _ => {}
        }
        if began.elapsed() > longest {
            return Err(Error::Lost("it takes longer than it may".into()));
        }
        sleep(EVERY);
    }
}

/// Whether what nobody watched over a moment ago had just come to its end.
fn is_ended(host: &Host, id: &str) -> bool {
    let said = host.run_to_its_end(&["state", id]);
    // Of a host that does not answer, nothing is known.
    said.map_or(true, |said| Activation::parse(&said).is_some_and(|one| one.phase.is_final()))
}

/// Why a host knows nothing of what was begun there.
fn never_begun(host: &Host, last: Option<&Error>) -> Error {
    match last {
        Some(_) => match host.look() {
            Ok(facts) => Error::Lost(format!(
                "it was started again {} seconds ago, and runs {}",
                facts.uptime, facts.running
            )),
            Err(error) => error,
        },
        None => Error::NotBegun("it says nothing of what it was told to do".into()),
    }
}

/// Starts a host again, and waits until it is back with the system that it is to boot.
///
/// # Errors
///
/// If it does not come back in time, or with another one.
pub(crate) fn restart(host: &Host, system: &str, limits: Limits, tell: &dyn Fn(Stage)) -> Result<(), Error> {
    tell(Stage::Restarting);
    let before = host.look()?.boot;
    host.run_to_its_end(&["restart"])?;
    let began = Instant::now();
    loop {
        sleep(EVERY);
        let why = match host.look() {
            Ok(facts) if facts.boot != before => {
                return if facts.running == system { Ok(()) } else { Err(Error::OtherBack(facts.running)) };
            }
            Ok(_) => "it has not gone down".to_owned(),
            Err(Error::Stopped) => return Err(Error::Stopped),
            Err(error) => error.to_string(),
        };
        if began.elapsed() > Duration::from_secs(limits.activation) {
            return Err(Error::NotBack(why));
        }
    }
}

/// The last lines of what an activation said.
fn log(said: &str) -> Vec<String> {
    let lines = said.lines().filter_map(|line| line.strip_prefix(MARK)?.strip_prefix("log="));
    let lines: Vec<String> = lines.filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
    lines[lines.len().saturating_sub(8)..].to_vec()
}

pub(crate) fn value<'a>(said: &'a str, word: &str) -> Option<&'a str> {
    said.lines().find_map(|line| line.strip_prefix(MARK)?.strip_prefix(word)?.strip_prefix('='))
}

/// What nothing else is called that was begun on a host.
pub(crate) fn id() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    format!("{:x}-{:x}", now.as_nanos(), process::id())
}
