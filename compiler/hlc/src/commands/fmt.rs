//! `hlc fmt`: files in their usual form.

use std::io::{self, Read};
use std::path::Path;

use source::LineIndex;
use workspace::read;

use crate::args::Fmt;
use crate::exit::{Exit, Failure};
use crate::load::Lab;
use crate::replace::replace;
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
