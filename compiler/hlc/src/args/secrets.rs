//! What commands for secrets can be told.

use std::path::PathBuf;

use clap::Subcommand;

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
