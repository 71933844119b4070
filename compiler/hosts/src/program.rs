//! Programs that are started: what they are told, and what they say.

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// What a program said until it ended.
#[derive(Debug)]
pub(crate) struct Said {
    /// How it ended.
    pub(crate) status: ExitStatus,
    /// What it said.
    pub(crate) out: String,
    /// What it said beside that.
    pub(crate) err: String,
}

/// Why there is nothing that a program said.
#[derive(Debug)]
pub(crate) enum Unheard {
    /// It could not be started.
    Missing(io::Error),
    /// Somebody asked to stop, and it was ended.
    Stopped,
}

/// How often it is looked whether somebody asked to stop.
const EVERY: Duration = Duration::from_millis(20);

/// Runs a program, tells it `input`, and ends it when `stop` gets true.
pub(crate) fn run(command: &mut Command, input: &[u8], stop: &AtomicBool) -> Result<Said, Unheard> {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(Unheard::Missing)?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        // It need not listen to all that it is told.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        let out = scope.spawn(move || whole(stdout));
        let err = scope.spawn(move || whole(stderr));
        let status = ended(&mut child, stop);
        let text = |said: thread::ScopedJoinHandle<'_, Vec<u8>>| {
            String::from_utf8_lossy(&said.join().unwrap_or_default()).into_owned()
        };
        Ok(Said { status: status?, out: text(out), err: text(err) })
    })
}

fn whole(stream: Option<impl Read>) -> Vec<u8> {
    let mut all = Vec::new();
    if let Some(mut stream) = stream {
        // What came until it broke off is what there is.
        let _ = stream.read_to_end(&mut all);
    }
    all
}

fn ended(child: &mut Child, stop: &AtomicBool) -> Result<ExitStatus, Unheard> {
    loop {
        if let Some(status) = child.try_wait().map_err(Unheard::Missing)? {
            return Ok(status);
        }
        if stop.load(Ordering::Relaxed) {
            let _ = child.kill();
            let _ = child.wait();
            return Err(Unheard::Stopped);
        }
        thread::sleep(EVERY);
    }
}

/// The last lines of what a program said, for people.
pub(crate) fn last_lines(said: &str, most: usize) -> String {
    let lines: Vec<&str> = said.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(most)..].join("\n")
}
