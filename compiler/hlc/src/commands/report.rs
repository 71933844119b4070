//! What a build did, for people and for programs.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use output::{Refusal, Report};
use serde_json::json;

use crate::show;
use crate::terminal::shown;

/// What was done to all folders. Paths are relative to the working directory, or as `--out` gave them.
#[derive(Debug, Default)]
pub(super) struct Summary {
    written: Vec<PathBuf>,
    removed: Vec<PathBuf>,
    unchanged: usize,
    edited_by_hand: Vec<PathBuf>,
    left: Vec<PathBuf>,
}

impl Summary {
    /// What was done to each folder, together.
    pub(super) fn new(reports: &[Report]) -> Self {
        let mut all = Self::default();
        for report in reports {
            let within = |paths: &[String]| -> Vec<PathBuf> {
                paths.iter().map(|path| report.folder.join(path)).collect()
            };
            all.written.extend(within(&report.written));
            all.removed.extend(within(&report.removed));
            all.unchanged += report.unchanged;
            all.edited_by_hand.extend(within(&report.edited_by_hand));
            all.left.extend(within(&report.left));
        }
        all
    }

    /// Nothing was done, because of files that were edited.
    pub(super) fn refused(refusal: &Refusal) -> Self {
        Self { edited_by_hand: refusal.edited_by_hand.clone(), ..Self::default() }
    }

    /// The JSON object that `cli.md` promises, and the edited files that are no longer made.
    pub(super) fn json(&self) -> String {
        let paths = |paths: &[PathBuf]| -> Vec<String> {
            paths.iter().map(|path| path.to_string_lossy().into_owned()).collect()
        };
        show::json(&json!({
            "version": 1,
            "written": paths(&self.written),
            "removed": paths(&self.removed),
            "unchanged": self.unchanged,
            "edited_by_hand": paths(&self.edited_by_hand),
            "left": paths(&self.left),
        }))
    }

    /// A line for each file, and how many there are.
    pub(super) fn human(&self, would: bool) -> String {
        let mut text = String::new();
        let (write, remove) = if would { ("would write", "would remove") } else { ("wrote", "removed") };
        lines(&mut text, write, &self.written);
        lines(&mut text, remove, &self.removed);
        lines(&mut text, "left, edited by hand and no longer made:", &self.left);
        let count = |n: usize, what: &str| (n > 0).then(|| format!("{n} {what}"));
        let done = if would { ["to write", "to remove"] } else { ["written", "removed"] };
        let parts = [
            count(self.written.len(), done[0]),
            count(self.removed.len(), done[1]),
            count(self.unchanged, "unchanged"),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let nothing = self.written.is_empty() && self.removed.is_empty();
        let _ = match (nothing, parts.is_empty()) {
            (true, true) => writeln!(text, "nothing to do: the lab has no hosts and no apps"),
            (true, false) => writeln!(text, "nothing to do: {}", parts.join(", ")),
            (false, _) => writeln!(text, "{}", parts.join(", ")),
        };
        text
    }
}

fn lines(text: &mut String, what: &str, paths: &[PathBuf]) {
    for path in paths {
        let _ = writeln!(text, "{what} {}", shown(Path::new(path)));
    }
}
