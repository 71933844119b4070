//! `hlc check`: all problems of the lab.

use diagnostics::{Registry, render};

use crate::args::Format;
use crate::exit::{Exit, Failure};
use crate::load::{Lab, has_errors};
use crate::terminal::Terminal;

/// Shows all problems, which are the result in every format.
pub(crate) fn run(mut lab: Lab, format: Format, terminal: &Terminal) -> Result<Exit, Failure> {
    let values = lab.look_at_values(terminal);
    let problems = lab.problems()?;
    let path = |name: &str| lab.path(name);
    let text = match format {
        Format::Human => render::human(&problems, &lab.session.sources(), &path, terminal.colours_results()),
        Format::Short => render::short(&problems, &path),
        Format::Json => render::json(&problems, &path),
        Format::Sarif => render::sarif(&problems, &Registry::new(driver::RULES), &path),
    };
    terminal.result(&text)?;
    if format == Format::Human && problems.is_empty() && values.is_ok() {
        terminal.note(&render::summary(&problems));
    }
    // Where values stand in plain, that is what is wrong, and it has been said.
    if !has_errors(&problems)
        && let Err(Failure::Cannot(reason)) = values
    {
        terminal.error(&reason);
        return Ok(Exit::Problems);
    }
    Ok(if has_errors(&problems) { Exit::Problems } else { Exit::Success })
}
