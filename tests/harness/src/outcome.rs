//! What became of a tool that ran to its end.

use std::process::Command;

/// What a tool printed and whether it was content.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The command line, for messages.
    pub command: String,
    /// Whether it exited with 0.
    pub ok: bool,
    /// Its exit status, unless a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Outcome {
    /// Runs a command to its end.
    #[track_caller]
    pub fn of(command: &mut Command) -> Self {
        let line = format!("{command:?}");
        let output = command.output().unwrap_or_else(|error| panic!("{line} does not start: {error}"));
        Self {
            command: line,
            ok: output.status.success(),
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The outcome of a command that must have worked; panics with all it said if it did not.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "often all that a test wants to know")]
    pub fn succeeded(self) -> Self {
        assert!(self.ok, "{self}");
        self
    }

    /// The outcome of a command that must have been refused.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "often all that a test wants to know")]
    pub fn failed(self) -> Self {
        assert!(!self.ok, "should have failed: {self}");
        self
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { command, code, stdout, stderr, .. } = self;
        write!(f, "{command}\nexit status: {code:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}
