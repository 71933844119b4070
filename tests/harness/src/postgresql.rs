//! A database server of Debian's for one test, with one database and a user that owns it and logs in with a password.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::outcome::Outcome;
use crate::scratch::Scratch;
use crate::tools;
use crate::watched::Watched;

/// The password of the user and of the administrator.
const PASSWORD: &str = "swordfish";

/// How long it may take to be there; it takes a second on an idle machine.
const START: Duration = Duration::from_mins(1);

/// A running server, reached by a socket. It ends when this is dropped, when the test panics and when it is killed.
pub struct Postgresql {
    // Dropped in this order: first the process, then the folder that it writes to.
    _process: Watched,
    scratch: Scratch,
    database: String,
    user: String,
}

impl Postgresql {
    /// Starts a server, and waits until it has the database and the user.
    ///
    /// # Panics
    ///
    /// When it does not start.
    #[track_caller]
    pub fn start(database: &str, user: &str) -> Self {
        let scratch = Scratch::new("hlc-postgresql-");
        let folder = scratch.path();
        std::fs::write(folder.join("password"), PASSWORD).expect("the password can be written");
        if is_root() {
            // It refuses to run as root.
            Outcome::of(Command::new("chown").args(["-R", "postgres"]).arg(folder)).succeeded();
        }
        let mut initdb = server("initdb");
        initdb.args(["--username=postgres", "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8"]);
        initdb.arg("--pwfile").arg(folder.join("password")).arg("--pgdata").arg(folder.join("data"));
        Outcome::of(&mut initdb).succeeded();
        let mut postgres = server("postgres");
        postgres.arg("-D").arg(folder.join("data")).arg("-k").arg(folder).args(["-h", "", "-F"]);
        let mut process = Watched::start(&postgres, &folder.join("log"));
        await_ready(&mut process, folder);
        let this = Self { _process: process, scratch, database: database.to_owned(), user: user.to_owned() };
        this.told("postgres", "postgres", &format!("create role \"{user}\" login password '{PASSWORD}'"));
        this.told("postgres", "postgres", &format!("create database \"{database}\" owner \"{user}\""));
        this
    }

    /// The folder that its socket is in, which is what `PGHOST` may be.
    pub fn socket(&self) -> &Path {
        self.scratch.path()
    }

    /// What the user logs in with.
    pub fn password(&self) -> &'static str {
        PASSWORD
    }

    /// What the database answers its user.
    #[track_caller]
    pub fn sql(&self, statement: &str) -> String {
        self.told(&self.user, &self.database, statement)
    }

    /// What the database answers who may do everything.
    #[track_caller]
    pub fn administer(&self, statement: &str) -> String {
        self.told("postgres", &self.database, statement)
    }

    #[track_caller]
    fn told(&self, user: &str, database: &str, statement: &str) -> String {
        let mut psql = Command::new(program("psql"));
        psql.args(["--no-psqlrc", "--tuples-only", "--no-align", "--quiet", "--set=ON_ERROR_STOP=1"]);
        psql.arg("--host").arg(self.socket()).args(["--username", user, "--dbname", database]);
        psql.args(["--command", statement]).env("PGPASSWORD", PASSWORD);
        Outcome::of(&mut psql).succeeded().stdout.trim_end().to_owned()
    }
}

#[track_caller]
fn await_ready(process: &mut Watched, folder: &Path) {
    let begun = Instant::now();
    while !Outcome::of(Command::new(program("pg_isready")).arg("--host").arg(folder)).ok {
        let log = || std::fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert!(
            process.ended().is_none() && begun.elapsed() < START,
            "{} is not there: {}",
            process.name,
            log()
        );
        thread::sleep(Duration::from_millis(50));
    }
}

/// A program that touches the server's files, as the user whose they are.
fn server(name: &str) -> Command {
    if !is_root() {
        return Command::new(program(name));
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program(name));
    command
}

fn is_root() -> bool {
    Outcome::of(Command::new("id").arg("-u")).succeeded().stdout.trim() == "0"
}

/// One of its programs. Debian has those of each version in a folder of their own.
///
/// # Panics
///
/// When it is not installed.
#[track_caller]
pub fn program(name: &str) -> PathBuf {
    folder().join(name)
}

/// The folder of the newest version's programs.
///
/// # Panics
///
/// When it is not installed.
#[track_caller]
pub fn folder() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let folders = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    let newest = folders.filter(|folder| folder.join("postgres").exists()).max();
    newest.unwrap_or_else(|| {
        panic!("Debian's postgresql is missing: run tests/tools/install {}", tools::folder().display())
    })
}
