//! `hlc fix`: what problems offer to repair, done.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use driver::Applied;
use similar::TextDiff;
use types::Edition;
use workspace::read;

use crate::exit::{Exit, Failure};
use crate::load::{Lab, has_errors};
use crate::replace::replace;
use crate::terminal::{Terminal, shown};

/// Applies the fixes of all problems, and brings the lab over to another edition if one is asked for; writes the files
/// that change, or shows how they would.
pub(crate) fn run(
    lab: &Lab,
    dry_run: bool,
    edition: Option<Edition>,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let mut editable = lab.editable();
    let before: BTreeMap<String, String> = editable.session().texts().into_iter().collect();
    let applied = editable.rewrite(|session, follow| match edition {
        Some(edition) => session.raise(edition, follow),
        None => Some(session.mend(follow)),
    });
    let applied = applied
        .ok_or_else(|| Failure::cannot("nothing says the lab's edition: declare 'lab NAME { … }' first"))?;
    let session = editable.session();
    let changed: Vec<(String, String)> = session
        .texts()
        .into_iter()
        .filter(|(name, text)| before.get(name).is_some_and(|before| before != text))
        .collect();
    for Applied { file, line, rule, title } in &applied {
        terminal.detail(&format!("{}:{line}: {title} [{rule}]", lab.path(file)));
    }
    for (name, text) in &changed {
        let path = lab.path(name);
        if dry_run {
            terminal.text(&difference(&path, &before[name], text))?;
        } else {
            write(Path::new(&path), &before[name], text)?;
        }
    }
    say(&applied, lab, dry_run, terminal);
    let left = session.problems();
    terminal.problems(&left, &session.sources(), &|name| lab.path(name));
    let is_done = !has_errors(&left) && (!dry_run || changed.is_empty());
    Ok(if is_done { Exit::Success } else { Exit::Problems })
}

/// How many problems were repaired in which file.
fn say(applied: &[Applied], lab: &Lab, dry_run: bool, terminal: &Terminal) {
    let files: BTreeSet<&str> = applied.iter().map(|one| one.file.as_str()).collect();
    if files.is_empty() {
        return terminal.note("nothing to do: no problem has a fix");
    }
    for file in files {
        let many = applied.iter().filter(|one| one.file == file).count();
        let fixed = if dry_run { "would fix" } else { "fixed" };
        let problems = if many == 1 { "problem" } else { "problems" };
        terminal.note(&format!("{fixed} {many} {problems} in {}", lab.path(file)));
    }
}

/// What changes in a file, as `diff -u` and `patch` have it.
fn difference(path: &str, before: &str, after: &str) -> String {
    TextDiff::from_lines(before, after).unified_diff().header(path, path).to_string()
}

/// Writes a file, unless somebody else has written it meanwhile.
fn write(path: &Path, before: &str, after: &str) -> Result<(), Failure> {
    let cannot = |reason: &str| Failure::cannot(format!("cannot write {}: {reason}", shown(path)));
    if read::text(path).map_err(|reason| cannot(&reason))? != before {
        return Err(cannot("somebody changed it meanwhile; try again"));
    }
    replace(path, after).map_err(|error| cannot(&read::reason(&error)))
}
