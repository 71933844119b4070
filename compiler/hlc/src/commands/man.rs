//! `hlc man`: the manual page.

use clap::CommandFactory;
use clap_mangen::Man;
use diagnostics::{closest, did_you_mean};

use crate::args::Args;
use crate::exit::{Exit, Failure};
use crate::terminal::Terminal;

/// Prints the page of hlc, or of one of its commands, for `man -l -`.
pub(crate) fn run(name: Option<&str>, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut command = Args::command();
    command.build();
    let page = match name {
        None => command,
        Some(name) => command.find_subcommand(name).cloned().ok_or_else(|| unknown(&command, name))?,
    };
    let mut text = Vec::new();
    Man::new(page).render(&mut text).map_err(|error| Failure::cannot(error.to_string()))?;
    terminal.result(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Success)
}

fn unknown(command: &clap::Command, name: &str) -> Failure {
    let names = command.get_subcommands().map(clap::Command::get_name);
    let help = did_you_mean(&closest(name, names, 3)).map(|help| format!("; {help}")).unwrap_or_default();
    Failure::cannot(format!("hlc has no command '{name}'{help}"))
}
