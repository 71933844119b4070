//! `hlc man`: the manual page.

use clap::CommandFactory;
use clap_mangen::Man;
use diagnostics::{closest, did_you_mean};

use crate::args::Args;
use crate::exit::{Exit, Failure};
use crate::terminal::Terminal;

/// Prints the page of hlc, or of the command that `names` lead to, for `man -l -`.
pub(crate) fn run(names: &[String], terminal: &Terminal) -> Result<Exit, Failure> {
    // `hlc help COMMAND` shows what the page of the command shows.
    let mut program = Args::command().disable_help_subcommand(true);
    program.build();
    let mut command = &program;
    for name in names {
        command = command.find_subcommand(name).ok_or_else(|| unknown(command, name))?;
    }
    let page = Man::new(command.clone()).source(concat!("hlc ", env!("CARGO_PKG_VERSION")));
    let mut text = Vec::new();
    page.render(&mut text).map_err(|error| Failure::cannot(error.to_string()))?;
    terminal.result(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Success)
}

fn unknown(command: &clap::Command, name: &str) -> Failure {
    let names = command.get_subcommands().map(clap::Command::get_name);
    let help = did_you_mean(&closest(name, names, 3)).map(|help| format!("; {help}")).unwrap_or_default();
    let whole = command.get_bin_name().unwrap_or("hlc");
    Failure::cannot(format!("{whole} has no command '{name}'{help}"))
}
