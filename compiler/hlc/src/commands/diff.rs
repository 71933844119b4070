//! `hlc diff`: what changes in what is built.

mod builds;
mod shown;

use diagnostics::render;
use workspace::Revision;

use crate::args::Diff;
use crate::exit::{Exit, Failure};
use crate::load::{Lab, has_errors};
use crate::terminal::Terminal;

/// Compares the last build, or the lab as it was in a revision, with what the lab builds to.
///
/// ```text
/// lab ─ git ─▶ as it was ─ compile ─▶ files ─┐
/// folders ─ record of the last build ─▶ files ─┴─▶ compare ─▶ differences, with lines of the lab
/// lab, or another revision ─ compile ─▶ files ─┘
/// ```
pub(crate) fn run(lab: &Lab, args: &Diff, terminal: &Terminal) -> Result<Exit, Failure> {
    let at = |revision: &Option<String>| revision.as_deref().map(|one| at(lab, one, terminal)).transpose();
    let (before, after) = (at(&args.revision)?, at(&args.to)?);
    let before = before.as_ref().map(|lab| Side { lab, revision: args.revision.as_deref() });
    let after = Side { lab: after.as_ref().unwrap_or(lab), revision: args.to.as_deref() };
    let errors = before.iter().chain([&after]).map(|side| side.errors(terminal));
    let errors: Vec<String> = errors.filter_map(Result::transpose).collect::<Result<_, _>>()?;
    if !errors.is_empty() {
        terminal.error(&format!("nothing was compared: {}", errors.join(", ")));
        return Err(Failure::Told);
    }
    let old = match &before {
        Some(side) => builds::of_lab(side.lab)?,
        None => builds::last(args.out.as_ref().unwrap_or(&lab.folder), terminal)?,
    };
    let differences = compare::differences(&old, &builds::of_lab(after.lab)?);
    if args.json {
        terminal.result(&shown::json(&differences))?;
    } else if args.markdown {
        terminal.result(&shown::markdown(&differences))?;
    } else {
        terminal.result(&shown::human(&differences, terminal.colours_results()))?;
    }
    let is_told = args.detailed_exitcode && !differences.is_empty();
    Ok(if is_told { Exit::CannotRun } else { Exit::Success })
}

/// The lab as it was in a revision.
fn at(lab: &Lab, revision: &str, terminal: &Terminal) -> Result<Lab, Failure> {
    let texts = Revision::find(&lab.folder, revision).map_err(Failure::Cannot)?;
    lab.within(&texts, &format!("revision '{}'", revision.escape_debug()), terminal)
}

/// One of two labs.
struct Side<'a> {
    lab: &'a Lab,
    /// What it was asked for as; nothing for the lab as it is.
    revision: Option<&'a str>,
}

impl Side<'_> {
    /// Shows all problems where one is an error, and says how many there are.
    fn errors(&self, terminal: &Terminal) -> Result<Option<String>, Failure> {
        let problems = self.lab.problems()?;
        if !has_errors(&problems) {
            return Ok(None);
        }
        let path = |name: &str| match self.revision {
            // As git calls it.
            Some(revision) => format!("{revision}:{}", self.lab.path(name)),
            None => self.lab.path(name),
        };
        terminal.problems(&problems, &self.lab.session.sources(), &path);
        let whose = self.revision.map_or_else(
            || "the lab as it is".to_owned(),
            |revision| format!("revision '{}'", revision.escape_debug()),
        );
        Ok(Some(format!("{} in {whose}", render::summary(&problems))))
    }
}
