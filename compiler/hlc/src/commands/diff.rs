//! `hlc diff`: what changes in what is built.

mod builds;
mod shown;

use std::collections::BTreeMap;

use compare::{Built, Detail, Difference, What};
use diagnostics::{Severity, render};
use plan::hosts::Cause;
use workspace::Revision;

use crate::args::Diff;
use crate::causes::Marks;
use crate::exit::{Exit, Failure};
use crate::load::Lab;
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
    let after = after.as_ref().unwrap_or(lab);
    let errors = before.iter().chain([after]).map(|side| errors(side, terminal));
    let errors: Vec<String> = errors.filter_map(Result::transpose).collect::<Result<_, _>>()?;
    if !errors.is_empty() {
        terminal.error(&format!("nothing was compared: {}", errors.join(", ")));
        return Err(Failure::Told);
    }
    let old = match &before {
        Some(before) => builds::of_lab(before)?,
        None => builds::last(args.out.as_ref().unwrap_or(&lab.folder), terminal)?,
    };
    let mut differences = compare::differences(&old, &builds::of_lab(after)?);
    mark(&mut differences, after);
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

/// What of `nixos/` a host is built from that the lab says now, and was built from before.
pub(crate) fn causes(
    lab: &Lab,
    before: BTreeMap<String, String>,
    now: BTreeMap<String, String>,
) -> Vec<Cause> {
    let before = Built { nixos: before, ..Built::default() };
    let now = Built { nixos: now, origins: builds::origins(lab), ..Built::default() };
    let mut differences = compare::differences(&before, &now);
    mark(&mut differences, lab);
    shown::causes(&differences)
}

/// The lab as it was in a revision.
fn at(lab: &Lab, revision: &str, terminal: &Terminal) -> Result<Lab, Failure> {
    let texts = Revision::find(&lab.folder, revision).map_err(Failure::Cannot)?;
    lab.at(revision, &texts, terminal)
}

/// Says of each field which line of the lab it comes from.
fn mark(differences: &mut [Difference], lab: &Lab) {
    let marks = Marks::of(lab);
    for difference in differences {
        let (Some(origin), What::Changed(details)) = (&difference.origin, &mut difference.what) else {
            continue;
        };
        for detail in details {
            if let Detail::Field(change) = detail {
                marks.mark(origin, std::slice::from_mut(change));
            }
        }
    }
}

/// Shows all errors of a lab, and says how many there are.
fn errors(lab: &Lab, terminal: &Terminal) -> Result<Option<String>, Failure> {
    let mut problems = lab.problems()?;
    problems.retain(|problem| problem.severity() == Severity::Error);
    if problems.is_empty() {
        return Ok(None);
    }
    terminal.problems(&problems, &lab.session.sources(), &|name| lab.path(name));
    Ok(Some(format!("{} in {}", render::summary(&problems), lab.called())))
}
