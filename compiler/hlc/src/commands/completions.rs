//! `hlc completions`: what a shell needs to complete commands and flags.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Args;
use crate::exit::{Exit, Failure};
use crate::terminal::Terminal;

/// Prints the completions for `shell`.
pub(crate) fn run(shell: Shell, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "hlc", &mut script);
    terminal.result(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Success)
}
