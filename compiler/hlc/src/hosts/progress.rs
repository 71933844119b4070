//! What is seen of hosts that are switched: a line for each thing that one of them begins, and on a terminal, below them,
//! what each is at, with the time that passes.

use std::collections::BTreeMap;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use hosts::Stage;

use crate::progress::cut;
use crate::terminal::Terminal;

/// How often what is drawn is drawn anew.
const TICK: Duration = Duration::from_secs(1);

/// What was told of hosts.
pub(crate) struct Progress<'a> {
    terminal: &'a Terminal,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// What each host is at that is at something, and since when.
    at: BTreeMap<String, (&'static str, Instant)>,
    /// How many lines of it are drawn.
    drawn: usize,
}

impl<'a> Progress<'a> {
    /// Nothing yet.
    pub(crate) fn new(terminal: &'a Terminal) -> Self {
        Self { terminal, seen: Mutex::default() }
    }

    /// Does something, and draws meanwhile what hosts are at.
    pub(crate) fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        if self.terminal.size().is_none() {
            return work();
        }
        let (end, ended) = channel::<()>();
        let done = thread::scope(|scope| {
            scope.spawn(move || {
                while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                    self.draw(&mut self.seen());
                }
            });
            // It is gone when the work is, whatever becomes of that.
            let _end = end;
            work()
        });
        self.clear(&mut self.seen());
        done
    }

    /// Tells what a host is at.
    pub(crate) fn tell(&self, host: &str, stage: Stage) {
        let Some(what) = about(stage) else {
            let mut seen = self.seen();
            seen.at.remove(host);
            return self.draw(&mut seen);
        };
        self.seen().at.insert(host.to_owned(), (what, Instant::now()));
        self.say(&format!("{host}: {what}"));
    }

    /// Says something else.
    pub(crate) fn say(&self, text: &str) {
        let mut seen = self.seen();
        self.clear(&mut seen);
        self.terminal.note(text);
        self.draw(&mut seen);
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn draw(&self, seen: &mut Seen) {
        let Some((width, height)) = self.terminal.size() else { return };
        self.clear(seen);
        let lines = lines(&seen.at, width, height);
        seen.drawn = lines.len();
        self.terminal.draw(&lines);
    }

    fn clear(&self, seen: &mut Seen) {
        self.terminal.erase(std::mem::take(&mut seen.drawn));
    }
}

/// What is said of a stage; `None` if a host is at nothing any more.
const fn about(stage: Stage) -> Option<&'static str> {
    Some(match stage {
        Stage::Copying => "its system is copied there",
        Stage::Activating => "its system is activated",
        Stage::Saving => "it was reached again, and makes that what it boots",
        Stage::Unheard => "it does not answer; if nobody reaches it in time, it becomes what it was",
        Stage::Restarting => "it is started again",
        Stage::Over => return None,
    })
}

/// A line for each host that is at something, as many as there is room for.
fn lines(at: &BTreeMap<String, (&'static str, Instant)>, width: usize, height: usize) -> Vec<String> {
    let line = |(host, (what, since)): (&String, &(&str, Instant))| {
        cut(&format!("  {:>4} s  {host}: {what}", since.elapsed().as_secs()), width)
    };
    at.iter().take(height.saturating_sub(2).max(1)).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_never_more_or_longer_lines_than_there_is_room_for() {
        let what = about(Stage::Copying).expect("it is at something");
        let at: BTreeMap<_, _> = (0..9).map(|nth| (format!("host-{nth}"), (what, Instant::now()))).collect();
        assert_eq!(lines(&at, 80, 40)[8], "     0 s  host-8: its system is copied there");
        let few = lines(&at, 20, 6);
        assert_eq!((few.len(), few[0].as_str()), (4, "     0 s  host-0: …"));
        assert_eq!(lines(&at, 80, 0).len(), 1);
    }
}
