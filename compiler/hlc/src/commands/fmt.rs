//! `hlc fmt`: files in their usual form.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use source::LineIndex;

use crate::args::Fmt;
use crate::exit::{Exit, Failure};
use crate::load::Lab;
use crate::read;
use crate::terminal::{Terminal, shown};

/// How a file came out, from the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    /// It is in its usual form.
    Same,
    /// It is not, or was not.
    Changed,
    /// A part of it cannot be read and is left as it is.
    Unparsed,
}

/// Formats the files that are named, standard input for `-`, or all files of the lab.
pub(crate) fn run(
    fmt: &Fmt,
    lab: impl FnOnce() -> Result<Lab, Failure>,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let files = if fmt.files.is_empty() { lab()?.files() } else { fmt.files.clone() };
    let mut worst = Found::Same;
    for file in &files {
        let found = if file.as_os_str() == "-" {
            from_stdin(fmt.check, terminal)?
        } else {
            in_place(file, fmt.check, terminal)?
        };
        worst = worst.max(found);
    }
    Ok(match worst {
        Found::Unparsed => Exit::CannotRun,
        Found::Changed if fmt.check => Exit::Problems,
        _ => Exit::Success,
    })
}

fn from_stdin(check: bool, terminal: &Terminal) -> Result<Found, Failure> {
    let mut text = String::new();
    io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| Failure::cannot(format!("cannot read standard input: {error}")))?;
    let (formatted, found) = formatted(&text, "standard input", terminal);
    if !check {
        terminal.result(&formatted)?;
    }
    Ok(found)
}

fn in_place(file: &Path, check: bool, terminal: &Terminal) -> Result<Found, Failure> {
    let cannot = |reason: &str| Failure::cannot(format!("cannot format {}: {reason}", shown(file)));
    let text = read::text(file).map_err(|reason| cannot(&reason))?;
    let (formatted, found) = formatted(&text, &shown(file), terminal);
    if formatted == text {
        return Ok(found);
    }
    if check {
        terminal.result(&format!("{}\n", shown(file)))?;
    } else {
        replace(file, &formatted).map_err(|error| cannot(&read::reason(&error)))?;
        terminal.note(&format!("formatted {}", shown(file)));
    }
    Ok(found.max(Found::Changed))
}

/// The text in its usual form; says which parts cannot be read.
fn formatted(text: &str, name: &str, terminal: &Terminal) -> (String, Found) {
    let formatted = syntax::format(text);
    let lines = LineIndex::new(text);
    for range in &formatted.unparsed {
        let line = lines.line(u32::try_from(range.start).unwrap_or(u32::MAX));
        terminal.error(&format!("{name}:{line}: this cannot be read and is left as it is; see 'hlc check'"));
    }
    let found = match (formatted.unparsed.is_empty(), formatted.text == text) {
        (false, _) => Found::Unparsed,
        (true, true) => Found::Same,
        (true, false) => Found::Changed,
    };
    (formatted.text, found)
}

/// Puts `text` in the place of a file, which has either its old text or all of the new one at any time.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    // A link is followed: what it leads to is the file.
    let file = file.canonicalize()?;
    let temporary = beside(&file);
    let written = write(&temporary, text, &file).and_then(|()| fs::rename(&temporary, &file));
    if written.is_err() {
        // What is there has not been touched; the new one is of no use.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn write(path: &Path, text: &str, like: &Path) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.set_permissions(fs::metadata(like)?.permissions())?;
    file.sync_all()
}

fn beside(file: &Path) -> PathBuf {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    file.with_file_name(format!(".{name}.hlc-tmp-{}", std::process::id()))
}
