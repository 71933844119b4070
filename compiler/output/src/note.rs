//! The note of a build that had nothing to do: what it was made of, and how its files looked. The next build of the
//! same needs a look at each file then, and makes and reads none.
//!
//! A note is of one machine and kept with caches, not with the lab. Whatever is odd about it, it counts as none, and
//! everything is made and compared. How a file looks is what the system says of it without opening it. A file that
//! changes in the moment of the look could look the same afterwards ("racy git" in git's documentation), so nothing is
//! noted while a file is younger than [`SETTLED`].

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::disk::Stamp;
use crate::hash::Hash;
use crate::shares::{in_shares, worth};
use crate::{Disk, Kind, RECORD, Report, Target, replace};

/// Longer than any file system's clock takes to move on, in nanoseconds: FAT has the slowest, of two seconds.
pub const SETTLED: i128 = 2_500_000_000;

/// What a build is made of: everything that its files depend on.
#[derive(Clone, Default)]
pub struct Inputs(Sha256);

impl Inputs {
    /// Adds one of the things that files depend on.
    #[must_use]
    pub fn with(mut self, input: &[u8]) -> Self {
        self.0.update((input.len() as u64).to_le_bytes());
        self.0.update(input);
        self
    }

    /// A name for what was added so far, fit for a file.
    pub fn name(&self) -> String {
        self.hash().to_string()
    }

    fn hash(&self) -> Hash {
        Hash::finished(self.0.clone())
    }
}

/// A note that was left by a build of the same inputs.
pub struct Note {
    /// All but the last line.
    text: String,
}

impl Note {
    /// The note at `path`, where it is one of a build of `inputs`.
    pub fn read<D: Disk>(disk: &D, path: &Path, inputs: &Inputs) -> Option<Self> {
        let mut text = String::from_utf8(disk.read(path).ok()?).ok()?;
        text.truncate(text.strip_suffix(END)?.len());
        text.strip_prefix(&heading(inputs)).is_some_and(|rest| rest.starts_with(' ')).then_some(Self { text })
    }

    /// What was said to whoever reads the note.
    pub fn remark(&self) -> &str {
        let first = self.text.lines().next().unwrap_or_default();
        first.splitn(5, ' ').nth(4).unwrap_or_default()
    }

    /// What the build does to `folders`, which is nothing, if all files look as they did when it was noted.
    pub fn look<D: Disk>(&self, disk: &D, folders: &[&Path]) -> Option<Vec<Report>> {
        let mut looks: BTreeMap<usize, Vec<Look<'_>>> = BTreeMap::new();
        for line in self.text.lines().skip(1) {
            let (folder, look) = line.split_once(' ')?;
            looks.entry(folder.parse().ok()?).or_default().push(Look::parse(look)?);
        }
        let report = |(nth, folder): (usize, &&Path)| {
            let looks = looks.get(&nth).map(Vec::as_slice).unwrap_or_default();
            let is_same = |share: &[Look<'_>]| {
                let is_same = |look: &Look<'_>| disk.stamp(&look.path(folder)).ok() == Some(look.stamp);
                share.iter().all(is_same).then_some(()).ok_or(())
            };
            in_shares(worth(disk.threads(), looks.len()), looks, is_same).ok()?;
            // Neither the folder nor the record is a file that is made.
            Some(Report {
                folder: (*folder).to_owned(),
                unchanged: looks.len().saturating_sub(2),
                ..Report::default()
            })
        };
        folders.iter().enumerate().map(report).collect()
    }
}

/// Notes at `path` that a build of `inputs` into `targets` did nothing, with a remark of one line. `now` is the time in
/// nanoseconds since 1970. A note that cannot be made is none: nothing depends on it.
pub fn note<D: Disk>(
    disk: &D,
    path: &Path,
    (inputs, remark): (&Inputs, &str),
    targets: &[Target<'_>],
    now: i128,
) {
    let Some(looks) = looks(disk, targets, now) else { return };
    let text = format!("{} {remark}{looks}{END}", heading(inputs));
    let Some(folder) = path.parent() else { return };
    if crate::build::make_directory(disk, folder).is_err() {
        return;
    }
    let _ = replace(disk, path, &text);
}

/// A line for each file, each folder and each record, behind what ends the line before.
fn looks<D: Disk>(disk: &D, targets: &[Target<'_>], now: i128) -> Option<String> {
    let mut text = String::new();
    for (nth, target) in targets.iter().enumerate() {
        if disk.kind(target.folder).ok()? != Some(Kind::Directory) {
            continue;
        }
        let files = target.files.keys().map(String::as_str);
        // A change of the folder itself shows what was left over there.
        for path in ["", RECORD].into_iter().chain(files) {
            let mut look = Look { stamp: Stamp::default(), path };
            look.stamp = disk.stamp(&look.path(target.folder)).ok()?;
            if look.stamp.latest() > now - SETTLED {
                return None;
            }
            let _ = write!(text, "\n{nth} {}", look.line());
        }
    }
    Some(text)
}

/// What ends a note, without which it is not whole.
const END: &str = "\nend\n";

fn heading(inputs: &Inputs) -> String {
    format!("hlc note 2 {}", inputs.hash())
}

/// A file, or the folder where the path is empty, and how it looks.
struct Look<'a> {
    stamp: Stamp,
    path: &'a str,
}

impl<'a> Look<'a> {
    fn path(&self, folder: &Path) -> std::path::PathBuf {
        if self.path.is_empty() { folder.to_owned() } else { folder.join(self.path) }
    }

    fn line(&self) -> String {
        let Stamp { kind, length, modified, changed, number } = self.stamp;
        format!("{kind} {length} {modified} {changed} {number} {}", self.path)
    }

    fn parse(line: &'a str) -> Option<Self> {
        let mut parts = line.splitn(6, ' ');
        let kind = parts.next()?.parse().ok()?;
        let length = parts.next()?.parse().ok()?;
        let modified = parts.next()?.parse().ok()?;
        let changed = parts.next()?.parse().ok()?;
        let number = parts.next()?.parse().ok()?;
        Some(Self { stamp: Stamp { kind, length, modified, changed, number }, path: parts.next()? })
    }
}
