//! A folder to run the program in.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A temporary folder with a lab in it.
pub(crate) struct World {
    root: TempDir,
    folder: PathBuf,
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit code.
    pub(crate) code: i32,
    /// What was printed.
    pub(crate) out: String,
    /// What was said.
    pub(crate) err: String,
}

/// A lab without problems.
pub(crate) const GOOD: &str = include_str!("good.hl");

impl World {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        let root = TempDir::new().expect("a temporary folder");
        Self { folder: root.path().to_owned(), root }
    }

    /// A folder in which `homelab.hl` is `text`.
    pub(crate) fn with(text: &str) -> Self {
        Self::empty().file("homelab.hl", text)
    }

    /// A folder with a lab without problems.
    pub(crate) fn good() -> Self {
        Self::with(GOOD)
    }

    /// Writes a file, and the folders that it is in.
    pub(crate) fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.write(path, text);
        self
    }

    /// As [`World::file`].
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
    }

    /// Runs in this folder from now on, which is made.
    pub(crate) fn within(mut self, folder: &str) -> Self {
        self.folder = self.path(folder);
        fs::create_dir_all(&self.folder).expect("a new folder");
        self
    }

    /// A path in the temporary folder.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// What stands in a file.
    pub(crate) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("a text")
    }

    /// The program, to run with `arguments`.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hlc"));
        command.args(arguments).current_dir(&self.folder).env_remove("NO_COLOR");
        // Nobody's own keys, settings and editors.
        command.env("HOME", self.path("home"));
        for name in
            ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "VISUAL", "EDITOR", "SOURCE_DATE_EPOCH"]
        {
            command.env_remove(name);
        }
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SOPS_")) {
            command.env_remove(name);
        }
        command
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&self.command(arguments).output().expect("the program runs"))
    }

    /// Runs the program with little memory; what wants more ends it.
    #[cfg(target_os = "linux")]
    pub(crate) fn run_in_little_memory(&self, arguments: &[&str]) -> Run {
        // Address space, most of which is reserved and never used.
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -v 3000000 && exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_hlc")]);
        command.args(arguments).current_dir(&self.folder).env_remove("NO_COLOR");
        Run::of(&command.output().expect("the program runs"))
    }

    /// All files under `path` with their contents, sorted.
    pub(crate) fn tree(&self, path: &str) -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        collect(&self.path(path), &mut found);
        found.sort();
        found
    }
}

impl Run {
    /// What a finished process came to.
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().expect("an exit code"),
            out: String::from_utf8(output.stdout.clone()).expect("text"),
            err: String::from_utf8(output.stderr.clone()).expect("text"),
        }
    }

    /// All of it, for a snapshot.
    pub(crate) fn all(&self) -> String {
        format!("exit code {}\n---- stdout\n{}---- stderr\n{}", self.code, self.out, self.err)
    }
}

fn collect(path: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(path).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push((path.clone(), fs::read_to_string(&path).expect("a text")));
        }
    }
}
