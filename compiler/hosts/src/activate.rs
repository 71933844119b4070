//! A host becomes another system, or stays what it was.

use std::ops::ControlFlow::{self, Break, Continue};
use std::process;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use plan::hosts::{Activation, Facts, MARK, Phase};

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
    /// Nothing more happens to it now.
    Over,
}

/// How often a host is asked how far it is.
pub(crate) const EVERY: Duration = Duration::from_millis(250);

/// How long somebody who was told to begin may take to do so.
const SLOW: Duration = Duration::from_secs(3);

/// What a host is switched from, and to what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way<'a> {
    /// The system that it runs.
    pub(crate) old: &'a str,
    /// The one that it would boot. If that or what it runs is another by now, nothing is done to it.
    pub(crate) boots: &'a str,
    /// The one that it is to run and boot, which is there.
    pub(crate) new: &'a str,
    /// The start of the host at which that was so.
    pub(crate) boot: &'a str,
}

/// Has a host become another system. Whatever happens on the way, it runs one or the other whole, and boots what it ran
/// before until somebody has reached it again.
///
/// # Errors
///
/// If it does not come to run and boot the new one, or that is not known.
pub(crate) fn switch(host: &Host, way: Way<'_>, limits: Limits, tell: &dyn Fn(Stage)) -> Result<(), Error> {
    let id = id();
    tell(Stage::Activating);
    let (confirm, limit) = (limits.confirmation.to_string(), limits.activation.to_string());
    let words = ["begin", &id, way.new, way.old, way.boots, &confirm, &limit];
    let lost = match host.run_to_its_end(&words) {
        Ok(said) => begun(&said).map(|()| None)?,
        // It may have begun all the same.
        Err(error @ Error::Unreachable(_)) => Some(error),
        Err(error) => return Err(error),
    };
    Followed { host, id: &id, way, tell, began: Instant::now(), is_heard: lost.is_none(), lost }.ended(limits)
}

/// Whether it has begun, from what it said.
fn begun(said: &str) -> Result<(), Error> {
    match value(said, "refused") {
        None => Ok(()),
        Some("busy") => Err(Error::Busy),
        Some("moved") => Err(Error::Moved),
        Some("boots-other") => Err(Error::BootsOther),
        Some("missing") => Err(Error::NotBegun("what was copied there is no system".into())),
        Some(other) => Err(Error::NotBegun(other.to_owned())),
    }
}

/// An activation that is on its way.
struct Followed<'a> {
    host: &'a Host,
    id: &'a str,
    way: Way<'a>,
    tell: &'a dyn Fn(Stage),
    began: Instant,
    /// Whether the host answered when it was last asked.
    is_heard: bool,
    /// Why it last did not answer.
    lost: Option<Error>,
}

impl Followed<'_> {
    /// Asks how far it is until that is the end, and confirms in between that it can be reached.
    fn ended(mut self, limits: Limits) -> Result<(), Error> {
        // After that, it has ended one way or the other: there, and back again.
        let longest = Duration::from_secs(2 * limits.activation + limits.confirmation + 30);
        loop {
            match self.host.run_to_its_end(&["state", self.id]) {
                Ok(said) => {
                    let came = match Activation::parse(&said) {
                        Some(activation) => self.came(activation, &said),
                        None => self.is_gone(),
                    };
                    if let Break(ended) = came {
                        return ended;
                    }
                }
                Err(error @ (Error::Stopped | Error::NoProgram(..))) => return Err(error),
                // A system that lets nobody in is as one that does not answer: the host becomes what it was.
                Err(error) => self.unheard(error),
            }
            if self.began.elapsed() > longest {
                let why = self.lost.filter(|_| !self.is_heard).map(|error| error.to_string());
                return Err(Error::Lost(why.unwrap_or_else(|| "it takes longer than it may".into())));
            }
            sleep(EVERY);
        }
    }

    fn unheard(&mut self, error: Error) {
        if self.is_heard {
            (self.tell)(Stage::Unheard);
        }
        (self.is_heard, self.lost) = (false, Some(error));
    }

    /// What follows from how far it is.
    fn came(&mut self, activation: Activation, said: &str) -> ControlFlow<Result<(), Error>> {
        let was_heard = std::mem::replace(&mut self.is_heard, true);
        match activation.phase {
            Phase::Done => Break(Ok(())),
            phase if phase.is_final() => {
                let mut why = activation.why;
                // What nobody could do, this machine tried.
                if let Some(lost) = self.lost.take().filter(|_| !was_heard) {
                    why = format!("{why}; from here, {lost}");
                }
                Break(Err(Error::Ended { phase, why, log: log(said) }))
            }
            _ if !activation.is_watched => Break(Err(Error::Unwatched)),
            Phase::Activated => {
                self.confirm();
                Continue(())
            }
            _ => Continue(()),
        }
    }

    /// Says that the host can be reached. That this comes about says that others do.
    fn confirm(&mut self) {
        match self.host.run_to_its_end(&["confirm", self.id]) {
            Ok(said) if value(&said, "verdict") == Some("confirmed") => (self.tell)(Stage::Saving),
            // It was too late.
            Ok(_) => {}
            Err(error) => self.unheard(error),
        }
    }

    /// Why a host knows nothing of what was begun there.
    fn is_gone(&mut self) -> ControlFlow<Result<(), Error>> {
        let facts = match self.host.look() {
            Ok(facts) => facts,
            Err(error) => {
                self.unheard(error);
                return Continue(());
            }
        };
        let Way { old, new, boot, .. } = self.way;
        if facts.boot != boot {
            // It was saved, and only that could not be heard.
            let is_done = facts.running == new && facts.boots == new;
            return Break(if is_done { Ok(()) } else { Err(restarted(&facts, old, new)) });
        }
        match &self.lost {
            // Who was told of it may still be on the way there.
            Some(_) if self.began.elapsed() < SLOW => Continue(()),
            Some(lost) => Break(Err(Error::NotBegun(format!("the connection broke off; {lost}")))),
            None => Break(Err(Error::NotBegun("it says nothing of what it was told to do".into()))),
        }
    }
}

/// That a host was started while it was switched, and how it came back.
fn restarted(facts: &Facts, old: &str, new: &str) -> Error {
    let runs = match facts.running.as_str() {
        running if running == old => "what it ran before".to_owned(),
        running if running == new => "the new system, which is not what it boots".to_owned(),
        running => running.to_owned(),
    };
    Error::Restarted { seconds: facts.uptime, runs }
}

/// Starts a host again, and waits until it is back with the system that it is to boot.
///
/// # Errors
///
/// If it runs or boots another one by now, does not come back in time, or comes back with another one.
pub(crate) fn restart(host: &Host, system: &str, limits: Limits, tell: &dyn Fn(Stage)) -> Result<(), Error> {
    tell(Stage::Restarting);
    let began = Instant::now();
    let (mut before, mut is_told): (Option<String>, bool) = (None, false);
    loop {
        let why = match host.look() {
            Ok(facts) => match &before {
                Some(boot) if facts.boot != *boot => {
                    let is_right = facts.running == system;
                    return if is_right { Ok(()) } else { Err(Error::OtherBack(facts.running)) };
                }
                _ => {
                    before = Some(facts.boot);
                    "it has not gone down".to_owned()
                }
            },
            Err(error @ (Error::Stopped | Error::NoProgram(..))) => return Err(error),
            Err(error) => error.to_string(),
        };
        // It is told again where nothing says that it heard. If it did, it is another start, and passes that over.
        if let Some(boot) = before.as_ref().filter(|_| !is_told)
            && let Ok(said) = host.run_to_its_end(&["restart", boot, system])
        {
            begun(&said)?;
            is_told = true;
        }
        if began.elapsed() > Duration::from_secs(limits.activation) {
            return Err(Error::NotBack(why));
        }
        sleep(EVERY);
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
