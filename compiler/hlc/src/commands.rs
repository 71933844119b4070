//! What the commands do, a file each.

mod apply;
mod build;
mod check;
mod completions;
mod diff;
mod eval;
mod explain;
mod fix;
mod fmt;
mod init;
mod install;
mod lsp;
mod man;
mod plan;
mod report;
mod secrets;
mod status;
mod watch;
mod why;

pub(crate) use build::is_built;
pub(crate) use diff::causes;

use crate::args::{Args, Command, Secrets};
use crate::exit::{Exit, Failure};
use crate::load::Lab;
use crate::terminal::Terminal;

/// Does what the command line says.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let lab = || Lab::open(args.file.as_deref(), terminal);
    match &args.command {
        Command::Check { format } => check::run(lab()?, *format, terminal),
        Command::Build(build) => build::run(&lab()?, build, terminal),
        Command::Diff(args) => diff::run(&lab()?, args, terminal),
        Command::Plan(args) => plan::run(&lab()?, args, terminal),
        Command::Apply(args) => apply::run(&lab()?, args, terminal),
        Command::Install(args) => install::run(&lab()?, args, terminal),
        Command::Status(args) => status::run(&lab()?, args, terminal),
        Command::Watch(build) => watch::run(args.file.as_deref(), build, terminal),
        Command::Fmt(fmt) => fmt::run(fmt, lab, terminal),
        Command::Fix { dry_run, edition } => fix::run(&lab()?, *dry_run, *edition, terminal),
        Command::Eval { expression, json } => eval::run(&lab()?, expression, *json, terminal),
        // Git compares files of commits in which the lab was another one.
        Command::Secrets { command: Secrets::Diff { path } } => secrets::diff(path, terminal),
        // And merges them while that of the work tree is in the middle of being merged.
        Command::Secrets { command: Secrets::Merge { base, ours, theirs, write } } => {
            secrets::merge(lab().ok().as_ref(), [base, ours, theirs], *write, terminal)
        }
        Command::Secrets { command } => secrets::run(&lab()?, command, terminal),
        Command::Why { path } => why::run(&lab()?, path, terminal),
        Command::Explain { name: Some(name), docs_url, .. } => {
            explain::page(name, docs_url.as_deref(), terminal)
        }
        Command::Explain { name: None, .. } => explain::list(terminal),
        Command::Lsp { .. } => lsp::run(),
        Command::Init { folder } => init::run(folder, terminal),
        Command::Completions { shell } => completions::run(*shell, terminal),
        Command::Man { command } => man::run(command, terminal),
    }
}
