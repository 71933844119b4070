//! The command line: the only crate that knows one, and with `workspace` and `output` the only one that knows a disk.
//!
//! ```text
//! args ─▶ load: the lab, opened by workspace ─▶ driver::Session ─▶ commands ─▶ stdout, exit code
//! ```
//!
//! Results go to stdout, everything else to stderr; the exit code is what scripts rely on (see [`exit`]).

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "the edge: it reads files and prints"
)]

mod args;
mod causes;
mod changed;
mod cluster;
mod commands;
mod exit;
mod hosts;
mod layers;
mod load;
mod noted;
mod paths;
mod progress;
mod replace;
mod secrets;
mod show;
mod terminal;
mod waiting;

use std::process::ExitCode;
use std::thread;

use clap::Parser;

use args::{Args, Colour};
use exit::Exit;
use terminal::{Terminal, Verbosity};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // On a thread of its own, which has as much stack as the deepest lab takes.
    let work = || -> Exit {
        let args = Args::parse();
        let terminal = Terminal::new(args.color, args.verbosity());
        commands::run(&args, &terminal).unwrap_or_else(|failure| {
            failure.message().into_iter().for_each(|message| terminal.error(message));
            failure.exit(args.command.when_it_cannot_run())
        })
    };
    let spawned =
        thread::Builder::new().name("hlc".to_owned()).stack_size(workspace::crew::STACK).spawn(work);
    let exit = match spawned.map(thread::JoinHandle::join) {
        Ok(Ok(exit)) => exit,
        // What went wrong, and where, has been printed by then.
        Ok(Err(_)) => cannot("this is a mistake of hlc's, not of the lab: please report what it says above"),
        Err(error) => cannot(&format!("cannot start a thread: {error}")),
    };
    exit.code().into()
}

fn cannot(message: &str) -> Exit {
    Terminal::new(Colour::Auto, Verbosity::Quiet).error(message);
    Exit::CannotRun
}
