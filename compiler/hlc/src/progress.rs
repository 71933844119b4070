//! What is seen of a run: lines that stay, and on a terminal, below them, what is waited for, with the time that passes.

use apply::Event;
use plan::{Action, Reason, ReleaseAction, ReleaseStep, Step};

use crate::cluster::queued;
use crate::terminal::Terminal;

/// What takes so many seconds to be applied is said where nothing can be drawn.
const LONG: i64 = 10;

/// What was told of a run.
pub(crate) struct Progress<'a> {
    terminal: &'a Terminal,
    /// What is not ready, as it was told last.
    left: Vec<Reason>,
    /// How many lines of it are drawn.
    drawn: usize,
}

impl<'a> Progress<'a> {
    /// Nothing yet.
    pub(crate) fn new(terminal: &'a Terminal) -> Self {
        Self { terminal, left: Vec::new(), drawn: 0 }
    }

    /// Tells what happens.
    pub(crate) fn tell(&mut self, event: Event<'_>) {
        match event {
            Event::Done(step) => {
                self.clear();
                self.terminal.note(&done(step));
            }
            Event::Released(step) => {
                self.clear();
                self.terminal.note(&released(step));
            }
            Event::Working(left) => self.wait(left, LONG),
            Event::Waiting(left) => self.wait(left, 0),
            Event::Queued(holder) => queued(holder, self.terminal),
        }
    }

    /// Says what is waited for; where nothing can be drawn, only what has taken so many seconds.
    fn wait(&mut self, left: &[Reason], seconds: i64) {
        if !self.draw(left) {
            // Each is said once for each state that it is in.
            let is_new = |one: &&Reason| {
                one.seconds >= seconds
                    && !self.left.iter().any(|old| old.key == one.key && old.sentence == one.sentence)
            };
            for reason in left.iter().filter(is_new) {
                self.terminal.note(&format!("waiting for {}: {}", reason.key, reason.sentence));
            }
        }
        self.left = left.iter().filter(|one| one.seconds >= seconds).cloned().collect();
    }

    /// Draws what takes its time. Whether there is a terminal to draw on.
    fn draw(&mut self, left: &[Reason]) -> bool {
        let Some((width, height)) = self.terminal.size() else { return false };
        self.clear();
        let lines = lines(left, width, height);
        self.drawn = lines.len();
        self.terminal.draw(&lines);
        true
    }

    /// Takes away what is drawn.
    fn clear(&mut self) {
        self.terminal.erase(self.drawn);
        self.drawn = 0;
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.clear();
    }
}

/// A line for each object that is waited for, as many as there is room for.
fn lines(left: &[Reason], width: usize, height: usize) -> Vec<String> {
    let most = height.saturating_sub(2).max(1);
    let shown = if left.len() > most { most - 1 } else { left.len() };
    let line = |one: &Reason| cut(&format!("  {:>4} s  {}: {}", one.seconds, one.key, one.sentence), width);
    let mut lines: Vec<String> = left.iter().take(shown).map(line).collect();
    if left.len() > shown {
        lines.push(cut(&format!("          and {} more", left.len() - shown), width));
    }
    lines
}

/// As much of a text as there is room for on a line, so that it is no more than one.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.chars().count() < width {
        return text.to_owned();
    }
    let short: String = text.chars().take(width.saturating_sub(2)).collect();
    format!("{short}…")
}

fn done(step: &Step) -> String {
    let what = match step.action {
        Action::Create { .. } => "made",
        Action::Change { .. } => "changed",
        Action::Recreate { .. } => "made anew",
        Action::Prune => "deleted",
        Action::Nothing | Action::Keep { .. } | Action::Refused { .. } => "left",
    };
    format!("{what} {}", step.key)
}

fn released(step: &ReleaseStep) -> String {
    let what = match step.action {
        ReleaseAction::Install { .. } => "installed",
        ReleaseAction::Upgrade { .. } => "upgraded",
        ReleaseAction::Uninstall => "uninstalled",
        ReleaseAction::Nothing | ReleaseAction::Keep { .. } | ReleaseAction::Refused { .. } => "left",
    };
    format!("{what} release {}", step.id)
}

#[cfg(test)]
mod tests {
    use plan::{Key, Kind};

    use super::*;

    #[test]
    fn there_are_never_more_or_longer_lines_than_there_is_room_for() {
        let reason = |nth: usize| Reason {
            key: Key { kind: Kind::new("apps", "Deployment"), namespace: None, name: format!("web-{nth}") },
            sentence: "0 of 1 pods are updated".into(),
            seconds: 12,
        };
        let all: Vec<Reason> = (0..9).map(reason).collect();
        let shown = lines(&all, 30, 6);
        assert_eq!(
            shown,
            [
                "    12 s  Deployment web-0: …",
                "    12 s  Deployment web-1: …",
                "    12 s  Deployment web-2: …",
                "          and 6 more"
            ]
        );
        assert_eq!(lines(&all[..2], 80, 6)[1], "    12 s  Deployment web-1: 0 of 1 pods are updated");
        assert!(lines(&all, 1, 0).iter().all(|line| line.chars().count() <= 1));
    }
}
