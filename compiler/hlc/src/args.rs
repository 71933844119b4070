//! What can be said on the command line.

mod install;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use types::Edition;

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

/// What can be done with secrets.
#[derive(Subcommand)]
pub(crate) enum Secrets {
    /// Set a value: it is asked for, or piped in
    Set {
        /// The secret, or a key of one: `pihole-admin`, `db.password`
        #[arg(value_name = "NAME")]
        name: String,
        /// A file whose content is the value
        #[arg(long, value_name = "PATH")]
        from: Option<PathBuf>,
        #[command(flatten)]
        write: Write,
    },
    /// Make the values that are missing and that the lab says how to make
    Generate {
        /// Only these
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        #[command(flatten)]
        write: Write,
    },
    /// Edit all values in the editor that EDITOR names
    Edit {
        /// All values may go, where none is left in the editor
        #[arg(long)]
        allow_empty: bool,
        #[command(flatten)]
        write: Write,
    },
    /// Print a value
    Show {
        /// The secret, or a key of one
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// List all secrets, how old they are, and who reads them
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Give secrets new values, and the file that keeps them a new key
    Rotate {
        /// The secrets; only the key when left out
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        /// All that the lab says how to make
        #[arg(long, conflicts_with = "names")]
        all: bool,
        #[command(flatten)]
        write: Write,
    },
    /// Encrypt the file of values for the recipients that the lab has now
    Rekey {
        /// Take over a file that nothing shows the origin of, without being asked: it is what you left
        #[arg(long)]
        take_over: bool,
        #[command(flatten)]
        write: Write,
    },
    /// Check that every encrypted file is what it should be, and that nobody changed it
    Check {
        /// Where the lab was built; beside the lab's file when left out
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Try a private key on every file that it should open, and no other key
        #[arg(long = "as", value_name = "KEY")]
        key: Option<PathBuf>,
    },
    /// Forget values
    Remove {
        /// The secrets, or keys of some, whether the lab declares them or not
        #[arg(value_name = "NAME", required = true)]
        names: Vec<String>,
        #[command(flatten)]
        write: Write,
    },
    /// Keep a value under the name that the lab has for it now
    Rename {
        /// What it is called in the file: a secret, with all its keys, or one of them
        #[arg(value_name = "OLD")]
        old: String,
        /// What it is to be called
        #[arg(value_name = "NEW")]
        new: String,
        #[command(flatten)]
        write: Write,
    },
    /// Merge three versions of the file of values: a merge driver for Git
    ///
    /// Decrypts all three in memory, and writes what both sides did since BASE into OURS. Exits with 1 where both
    /// changed one value, and names it.
    Merge {
        /// What both sides began with: %O
        #[arg(value_name = "BASE")]
        base: PathBuf,
        /// This side, and the result: %A
        #[arg(value_name = "OURS")]
        ours: PathBuf,
        /// The other side: %B
        #[arg(value_name = "THEIRS")]
        theirs: PathBuf,
        #[command(flatten)]
        write: Write,
    },
    /// Show names, dates and readers of a file of values, for Git to compare
    Diff {
        /// The file
        #[arg(value_name = "FILE")]
        path: PathBuf,
    },
    /// Take values from a file of SOPS, or from one that is not encrypted
    Import(Import),
}

/// What `secrets import` can be told.
#[derive(clap::Args)]
pub(crate) struct Import {
    /// The file
    // Not called 'file', which is the lab's in all commands.
    #[arg(value_name = "FILE")]
    pub(crate) from: PathBuf,
    /// Take all of the file as the value of this secret; with `--at`, that part
    #[arg(long = "as", value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Take only what is called so in the file, or stands below it: `apps/n8n`
    #[arg(long, value_name = "PATH")]
    pub(crate) at: Option<String>,
    /// Put them in the place of values that are there
    #[arg(long)]
    pub(crate) replace: bool,
    #[command(flatten)]
    pub(crate) write: Write,
}

/// What all who write the file of values can be told.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(crate) struct Write {
    /// Write it also where your key cannot show the other readers that it was you: they are asked to take it over
    #[arg(long)]
    pub(crate) without_origin: bool,
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

/// What all who ask the cluster can be told.
#[derive(Clone, clap::Args)]
pub(crate) struct ClusterArgs {
    /// Only these: hosts, such as `homelab-0`, components, such as `n8n`, or stages, such as `10_apps`
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// Only this, as TARGET
    #[arg(long, value_name = "TARGET")]
    only: Vec<String>,
    /// Only what is in this stage, as TARGET
    #[arg(long, value_name = "STAGE")]
    stage: Vec<String>,
    /// Only hosts, or only what runs in the cluster
    #[arg(long, value_enum)]
    pub(crate) layer: Option<Layer>,
    /// The file that says where the cluster is; what KUBECONFIG says, or ~/.kube/config, when left out
    #[arg(long, value_name = "PATH")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// The context in it; the current one when left out
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,
    /// How many questions and objects are on their way at once
    #[arg(long, value_name = "N", default_value = "8")]
    pub(crate) parallel: NonZeroUsize,
}

impl ClusterArgs {
    /// All that is named, in whatever way.
    pub(crate) fn targets(&self) -> Vec<String> {
        [&self.targets, &self.only, &self.stage].into_iter().flatten().cloned().collect()
    }

    /// The same for what is named here.
    pub(crate) fn naming(&self, targets: &[String]) -> Self {
        Self { targets: targets.to_vec(), only: Vec::new(), stage: Vec::new(), ..self.clone() }
    }
}

/// A layer of a lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Layer {
    /// Hosts
    Hosts,
    /// What runs in the cluster
    Cluster,
}

/// What `plan` can be told.
#[derive(clap::Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Say it as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Exit with 2 if anything would change
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    /// As apply would with the same
    #[arg(long)]
    pub(crate) delete_data: bool,
    /// Save it, for apply --plan
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// What `status` can be told.
#[derive(clap::Args)]
pub(crate) struct Status {
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Say it as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Look again and again, and say what is new, until stopped
    #[arg(long)]
    pub(crate) watch: bool,
}

/// What `apply` can be told.
#[derive(clap::Args)]
pub(crate) struct Apply {
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    #[command(flatten)]
    pub(crate) agreed: Agreed,
    /// Do what was planned and saved there, without asking, and nothing if that is not what would be done now
    #[arg(long, value_name = "FILE", conflicts_with_all = ["targets", "only", "stage", "layer", "delete_data", "dry_run"])]
    pub(crate) plan: Option<PathBuf>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How long to wait until everything of a stage is ready, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    pub(crate) timeout: i64,
    /// How long a host waits until it can be reached again, before it becomes what it was, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub(crate) confirm: u64,
    /// How long a host may take to become another system, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) activation: u64,
    /// Start hosts again that have to be, for a new kernel
    #[arg(long)]
    pub(crate) reboot: bool,
    /// Delete what takes data with it, too: volumes, namespaces and kinds that left the lab, and objects that can only be
    /// changed by making them anew
    #[arg(long)]
    pub(crate) delete_data: bool,
}

/// What nobody has to be asked.
#[derive(clap::Args)]
pub(crate) struct Agreed {
    /// Do not ask whether that is wanted
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Say that the cluster is the lab's, where nothing in it says so yet
    #[arg(long)]
    pub(crate) new_cluster: bool,
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

impl Secrets {
    /// How the file of values is written, by those who do.
    pub(crate) fn write(&self) -> Write {
        match self {
            Self::Set { write, .. }
            | Self::Generate { write, .. }
            | Self::Edit { write, .. }
            | Self::Rotate { write, .. }
            | Self::Rekey { write, .. }
            | Self::Remove { write, .. }
            | Self::Rename { write, .. }
            | Self::Merge { write, .. }
            | Self::Import(Import { write, .. }) => *write,
            Self::Show { .. } | Self::List { .. } | Self::Check { .. } | Self::Diff { .. } => {
                Write::default()
            }
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
