//! A temporary folder that goes away also when the test is killed.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A temporary folder, and a shell that removes it should the test not live to do so.
pub(crate) struct Scratch {
    folder: TempDir,
    janitor: Child,
}

impl Scratch {
    pub(crate) fn new(prefix: &str) -> Self {
        let folder = tempfile::Builder::new().prefix(prefix).tempdir().expect("a temporary folder");
        // A moment later, for the programs that write there are ending at the same time.
        let remove = r#"read -r _; sleep 1; rm -rf "$1""#;
        let mut janitor = Command::new("sh");
        janitor.args(["-c", remove, "janitor"]).arg(folder.path());
        janitor.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let janitor = janitor.spawn().expect("there is a shell");
        Self { folder, janitor }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The folder itself is removed right after this; there is nothing left for the janitor.
        let _ = self.janitor.kill();
        let _ = self.janitor.wait();
    }
}
