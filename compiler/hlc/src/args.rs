//! What can be said on the command line.

mod cluster;
mod install;
mod secrets;

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use types::Edition;

pub(crate) use self::secrets::{Import, Secrets, Write};
pub(crate) use cluster::{Apply, ClusterArgs, Layer, Plan, Status};
pub(crate) use install::Install;

use crate::exit::Exit;
use crate::terminal::Verbosity;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// The compiler for homelabs: one file in, NixOS and Kubernetes out.
#[derive(Parser)]
#[command(name = "hlc", version, about, styles = STYLES, max_term_width = 100, infer_long_args = false)]
pub(crate) struct Args {
    /// The lab's file; the nearest homelab.hl upward when left out
    #[arg(long, value_name = "PATH", global = true)]
    pub(crate) file: Option<PathBuf>,

    /// When to use colours
    #[arg(long, value_name = "WHEN", global = true, value_enum, default_value_t = Colour::Auto)]
    pub(crate) color: Colour,

    /// Say more about what is done
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,

    /// Say nothing but results and errors
    #[arg(short, long, global = true)]
    quiet: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, if `NO_COLOR` is not set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// A command.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Show all problems of the lab
    ///
    /// Exits with 0 if there are none but warnings, with 1 if there are errors, and with 2 if it could not run.
    Check {
        /// How to show them
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Write nixos/ and k8s/
    ///
    /// Only files whose content changed are written, and only files that hlc wrote are removed. If the lab has
    /// errors nothing is written. Exits with 0 if all is written, with 1 otherwise.
    Build(Build),
    /// Show what changes in what is built, by line of the lab
    ///
    /// Compares the last build, or the lab as it was in a revision of git, with what the lab builds to now. Asks no cluster,
    /// takes no key and writes nothing. Exits with 0, with 1 if either side has errors or cannot be read, and with
    /// --detailed-exitcode with 2 if anything changes.
    Diff(Diff),
    /// Show what apply would do to hosts and to the cluster, and why
    ///
    /// Builds what hosts are to run, asks hosts and the cluster, and changes nothing. Exits with 0, with 1 if the cluster refuses something or cannot be asked,
    /// and with --detailed-exitcode with 2 if anything would change.
    Plan(Plan),
    /// Make hosts and the cluster what the lab says
    ///
    /// Shows what it would do, asks, and does it. Hosts come first: each becomes another system, and what it was again if it
    /// cannot be reached afterwards. Then the cluster, stage by stage, each when the one before is ready, and deletes what left
    /// the lab at the end. A run that breaks off does no harm, the next one goes on. Exits with 0 if everything is done and
    /// ready, with 1 otherwise.
    Apply(Apply),
    /// Install a host on a machine that was started from an installer of NixOS
    ///
    /// Step by step: makes the host's key, brings back what the hardware is, has the disks that the lab declares erased and
    /// formatted after their host's name was typed, copies the system and the key there, and starts it. What is done
    /// already is seen, so that a run that broke off is gone on with. Exits with 0 if the host runs what the lab says,
    /// with 1 otherwise.
    Install(Install),
    /// Show what is live, against what the lab says
    ///
    /// Of each host whether it can be reached, and runs and boots what the lab says, and what is wrong with it; of each
    /// component whether it is as the lab has it, whether it is ready, and what it runs; and what is in the lab's
    /// namespaces that is not the lab's. Exits with 0 if everything is in step, with 1 otherwise.
    Status(Status),
    /// Check and build on every change of the lab's files
    ///
    /// Builds as hlc build does, and again whenever a file of the lab or that of its secrets' values is saved, until it
    /// is stopped. What is wrong is shown, and stops nothing.
    #[command(mut_arg("check", |check| check.help("Write nothing, and say what would be written")))]
    Watch(Build),
    /// Format files
    ///
    /// Exits with 0, with --check with 1 if a file would change, and with 2 if a part of one cannot be read; that
    /// part is left as it is.
    Fmt(Fmt),
    /// Repair what hlc knows how to repair
    ///
    /// Applies the fixes that hlc check offers, and writes the files of the lab that change. Exits with 0 if no error
    /// is left, with 1 otherwise, with --dry-run also if a file would change, and with 2 if it could not run.
    Fix {
        /// Write nothing, and show what would change as a diff
        #[arg(long)]
        dry_run: bool,
        /// Bring the lab over to an edition of HL, and say it there
        #[arg(long, value_name = "EDITION", value_parser = edition())]
        edition: Option<Edition>,
    },
    /// Show the value of an expression in the lab's scope
    Eval {
        /// Any expression, such as `lab.domain`, `apps` or `app.n8n`
        #[arg(value_name = "EXPR", allow_negative_numbers = true)]
        expression: String,
        /// Show it as JSON
        #[arg(long)]
        json: bool,
    },
    /// Set, make, show and check the values of secrets
    Secrets {
        /// What to do
        #[command(subcommand)]
        command: Secrets,
    },
    /// Show where a value comes from
    ///
    /// The line that sets it, and what that line overrode: templates and defaults.
    Why {
        /// A declaration, or what is in it: `app.n8n`, `app.n8n.resources.memory`, `lan.ingress`
        #[arg(value_name = "PATH")]
        path: String,
    },
    /// Explain a rule, a kind, a field, a type or a function
    ///
    /// Rules are what problems name in brackets. With --docs-url, or `HLC_DOCS_URL` in the environment, it says where that
    /// is in the book of the documentation, too.
    Explain {
        /// What to explain: `unknown-name`, `app`, `app.image`, `size`, `file`
        #[arg(value_name = "NAME", required_unless_present = "list", conflicts_with = "list")]
        name: Option<String>,
        /// Show all that can be explained
        #[arg(long)]
        list: bool,
        /// Where the book of the documentation begins
        #[arg(long, value_name = "URL")]
        docs_url: Option<String>,
    },
    /// Write a small working lab to start from
    Init {
        /// The folder; made if it is not there
        #[arg(value_name = "DIR", default_value = ".")]
        folder: PathBuf,
    },
    /// Speak LSP with an editor, over the standard streams
    ///
    /// Exits with 0 if the editor shuts it down before it leaves, with 1 if it just goes, and with 2 if it could not run.
    Lsp {
        /// What it does anyway: editors like to say so
        #[arg(long, hide = true)]
        stdio: bool,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print the manual page, of hlc or of a command
    Man {
        /// The command, and the one inside of it: `secrets set`
        #[arg(value_name = "COMMAND")]
        command: Vec<String>,
    },
}

/// What `fmt` can be told.
#[derive(clap::Args)]
pub(crate) struct Fmt {
    /// Only name the files that would change
    #[arg(long)]
    pub(crate) check: bool,
    /// The files, or `-` for standard input; those of the lab when left out
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// What `build` can be told.
#[derive(clap::Args)]
pub(crate) struct Build {
    /// Where to write; beside the lab's file when left out
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Write nothing, and exit with 1 if anything would change
    #[arg(long)]
    pub(crate) check: bool,
    /// Make files anew that were edited by hand since hlc wrote them
    #[arg(long)]
    pub(crate) force: bool,
    /// Say what was done as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `diff` can be told.
#[derive(clap::Args)]
pub(crate) struct Diff {
    /// A branch, a tag or a commit of git, such as `origin/main` or `HEAD~2`; the last build when left out
    #[arg(value_name = "REV")]
    pub(crate) revision: Option<String>,
    /// Another revision to compare it with; the lab as it is when left out
    #[arg(long, value_name = "REV", requires = "revision")]
    pub(crate) to: Option<String>,
    /// Where the lab was built; beside the lab's file when left out
    #[arg(long, value_name = "DIR", conflicts_with = "revision")]
    pub(crate) out: Option<PathBuf>,
    /// Say it as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Say it as Markdown, for a comment on a pull request
    #[arg(long, conflicts_with = "json")]
    pub(crate) markdown: bool,
    /// Exit with 2 if anything changes
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
}

/// How problems are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Each with the text that it is about
    Human,
    /// A line each
    Short,
    /// One object
    Json,
    /// For tools that collect problems (SARIF 2.1.0)
    Sarif,
}

impl Args {
    /// How much to say.
    pub(crate) fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (false, true) => Verbosity::Verbose,
            (false, false) => Verbosity::Normal,
        }
    }
}

impl Command {
    /// The exit code where the command could not run. Only some tell that from errors in the lab.
    pub(crate) fn when_it_cannot_run(&self) -> Exit {
        if matches!(self, Self::Check { .. } | Self::Fmt(_) | Self::Fix { .. } | Self::Lsp { .. }) {
            Exit::CannotRun
        } else {
            Exit::Problems
        }
    }
}

/// Reads an edition of HL.
fn edition() -> impl TypedValueParser<Value = Edition> {
    let all = Edition::ALL.iter().map(|(written, _)| PossibleValue::new(*written));
    let by_name = |written: String| Edition::ALL.iter().find(|(name, _)| *name == written);
    PossibleValuesParser::new(all)
        .map(move |written| by_name(written).map_or(Edition::NEWEST, |(_, one)| *one))
}
