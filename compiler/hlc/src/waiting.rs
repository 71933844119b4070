//! Who is waited for, where two runs would write the same.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use crate::terminal::Terminal;

/// Says whom a run waits for that is about to lock `folder`, if anybody has locked it.
pub(crate) fn announce(folder: &Path, terminal: &Terminal) {
    if let Some(holder) = holder(folder) {
        terminal.note(&format!("waiting for {holder}, which works on the same lab"));
    }
}

/// Who has locked a folder: `'hlc secrets edit' (process 4711)`.
pub(crate) fn holder(folder: &Path) -> Option<String> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let folder = File::open(folder).ok()?;
    if !matches!(folder.try_lock(), Err(TryLockError::WouldBlock)) {
        return None;
    }
    let process = process(&folder);
    let command = process.as_ref().and_then(|process| command(process));
    Some(match (command, process) {
        (Some(command), Some(process)) => format!("'{command}' (process {process})"),
        (None, Some(process)) => format!("process {process}"),
        _ => "another hlc".to_owned(),
    })
}

/// Which process it is, as Linux lists it: `1: FLOCK ADVISORY WRITE 4711 08:01:5678 0 EOF`.
#[cfg(unix)]
fn process(folder: &File) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let number = folder.metadata().ok()?.ino().to_string();
    let locks = fs::read_to_string("/proc/locks").ok()?;
    let process = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().filter(|word| *word != "->").collect();
        let [_, "FLOCK", _, _, process, file, ..] = words.as_slice() else { return None };
        (file.rsplit(':').next() == Some(&number)).then(|| (*process).to_owned())
    };
    locks.lines().find_map(process)
}

#[cfg(not(unix))]
fn process(_: &File) -> Option<String> {
    None
}

/// What it was started as, without the path of the program.
fn command(process: &str) -> Option<String> {
    let line = fs::read(format!("/proc/{process}/cmdline")).ok()?;
    let line = String::from_utf8_lossy(&line).into_owned();
    let mut words: Vec<&str> = line.split('\0').filter(|word| !word.is_empty()).collect();
    let first = words.first_mut()?;
    *first = first.rsplit('/').next().unwrap_or_default();
    Some(words.join(" "))
}
