//! Processes that end with the test that started them.

use std::fs::File;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};

/// Runs a program and ends it when standard input closes, which happens however the test itself ends: by
/// returning, panicking or being killed.
///
/// The program's end is the shell's end too, with its exit status. The guard is stopped then, so that it never
/// kills by a number that has become another process's.
const WATCH: &str = r#"
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
{ read -r _ <&3; kill -KILL "$program"; } 2>/dev/null &
guard=$!
exec 3<&-
wait "$program"
status=$?
kill "$guard" 2>/dev/null
exit "$status"
"#;

/// A running program.
pub(crate) struct Watched {
    pub(crate) name: String,
    shell: Child,
    lifeline: Option<ChildStdin>,
}

impl Watched {
    /// Starts a program, whose output goes into a file.
    #[track_caller]
    pub(crate) fn start(program: &Command, log: &Path) -> Self {
        let name = Path::new(program.get_program()).file_name().unwrap_or_default();
        let log = File::create(log).expect("the log can be written");
        let mut shell = Command::new("sh");
        shell.args(["-c", WATCH, "watch"]).arg(program.get_program()).args(program.get_args());
        for (variable, value) in program.get_envs() {
            match value {
                Some(value) => shell.env(variable, value),
                None => shell.env_remove(variable),
            };
        }
        shell.stdin(Stdio::piped()).stdout(log.try_clone().expect("files can be cloned")).stderr(log);
        let mut shell = shell.spawn().expect("there is a shell");
        let lifeline = shell.stdin.take();
        Self { name: name.to_string_lossy().into_owned(), shell, lifeline }
    }

    /// How the program ended, if it did.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.shell.try_wait().expect("a child can be waited for")
    }

    /// Ends the program and waits until it is gone.
    pub(crate) fn end(&mut self) {
        drop(self.lifeline.take());
        let _ = self.shell.wait();
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn a_program_ends_with_what_watches_it() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut program = Command::new("sh");
        program.args(["-c", "echo $$; exec sleep 60"]);
        let mut watched = Watched::start(&program, &log);
        let pid = loop {
            let text = std::fs::read_to_string(&log).unwrap();
            if let Ok(pid) = text.trim().parse::<u32>() {
                break pid;
            }
        };
        let alive = || Path::new(&format!("/proc/{pid}")).exists();
        assert!(alive());
        assert!(watched.ended().is_none());

        let start = Instant::now();
        drop(watched);
        assert!(!alive());
        assert!(start.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn the_end_of_a_program_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let mut program = Command::new("sh");
        program.args(["-c", "exit 3"]);
        let mut watched = Watched::start(&program, &folder.path().join("log"));
        let status = loop {
            if let Some(status) = watched.ended() {
                break status;
            }
        };
        assert_eq!(status.code(), Some(3));
    }
}
