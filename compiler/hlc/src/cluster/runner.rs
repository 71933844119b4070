//! Who runs: what other runs of the same lab are told, and whether one of them is certainly no more.

use std::env;
use std::fs;

use apply::{Cluster, Desired, Event, Runner, Who};
use plan::lease::{Holder, Turn};
use rustix::process::{Pid, getpid, test_kill_process};

use crate::exit::Failure;
use crate::terminal::Terminal;

/// Waits until nobody else applies the lab.
pub(super) fn turn(cluster: &Cluster, desired: &Desired, terminal: &Terminal) -> Result<Turn, Failure> {
    let runner = Runner { identity: &identity(), is_gone: &is_gone };
    let mut tell = |event: Event<'_>| {
        if let Event::Queued(holder) = event {
            queued(holder, terminal);
        }
    };
    apply::turn(cluster, desired, runner, &mut tell).map_err(|error| super::failure(&error))
}

/// Says that somebody seems to apply the lab.
pub(crate) fn queued(holder: &Holder, terminal: &Terminal) {
    terminal.note(&format!(
        "this lab is being applied by {holder}; looking whether it still is, for half a minute at most"
    ));
}

/// Who runs.
pub(crate) fn who() -> Who {
    Who { identity: identity(), is_gone }
}

/// What this run calls itself: `anna@laptop (process 4711) MARK`.
fn identity() -> String {
    let user = ["USER", "LOGNAME"].iter().find_map(|name| env::var(name).ok());
    let user = user.filter(|name| !name.is_empty()).unwrap_or_else(|| "somebody".to_owned());
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let process = getpid().as_raw_nonzero().get();
    let mark = mark(process).unwrap_or_else(|| "-".to_owned());
    let plain = |text: &str| text.replace([' ', '(', ')'], "_");
    format!("{}@{} (process {process}) {mark}", plain(&user), plain(&host))
}

/// What no other process has, on this machine and since it was started: `BOOT:NAMESPACE:PROCESS:START`.
fn mark(process: i32) -> Option<String> {
    let start = started(process)?;
    Some(format!("{}:{process}:{start}", place()?))
}

/// Where numbers of processes mean the same: a machine since it was started, and in it a container.
fn place() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = fs::read_link("/proc/self/ns/pid").ok()?;
    let number: String = namespace.to_string_lossy().chars().filter(char::is_ascii_digit).collect();
    Some(format!("{}:{number}", boot.trim()))
}

/// When a process was started, since the machine was; `None` if it has ended, or cannot be seen.
fn started(process: i32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // What it is called stands in brackets, and may have any in it.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let is_over = fields.first().is_some_and(|state| matches!(*state, "Z" | "X"));
    (!is_over).then(|| fields.get(19).map(|start| (*start).to_owned()))?
}

/// Whether who calls itself so was a process of this machine that has ended.
fn is_gone(identity: &str) -> bool {
    let ended = || {
        let (_, mark) = identity.rsplit_once(' ')?;
        let rest = mark.strip_prefix(place()?.as_str())?.strip_prefix(':')?;
        let (process, start) = rest.split_once(':')?;
        let process: i32 = process.parse().ok()?;
        // Others' processes may not be seen, and still be there.
        if test_kill_process(Pid::from_raw(process)?) == Err(rustix::io::Errno::SRCH) {
            return Some(true);
        }
        let is_hidden = fs::metadata(format!("/proc/{process}")).is_err();
        Some(!is_hidden && started(process).as_deref() != Some(start))
    };
    ended().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_process_that_has_ended_is_gone_and_no_other() {
        assert!(!is_gone(&identity()), "{}", identity());
        let mut sleeping = Command::new("sleep").arg("60").stdin(Stdio::null()).spawn().expect("it starts");
        let process = i32::try_from(sleeping.id()).expect("a small number");
        let other = format!("anna@laptop (process {process}) {}", mark(process).expect("it is there"));
        assert!(!is_gone(&other));
        sleeping.kill().expect("it is ours");
        sleeping.wait().expect("it is ours");
        assert!(is_gone(&other));
        // Another one has its number.
        assert!(is_gone(&format!("{}0", identity())));
        for unknown in
            ["", "anna", "anna@laptop (process 1) -", "a 00-00:1:1:1", "a (process 99999999) x:1:2:3"]
        {
            assert!(!is_gone(unknown), "{unknown}");
        }
    }
}
