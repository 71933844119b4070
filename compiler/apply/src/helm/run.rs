//! A run of helm: what it is given, what it prints, and how it is told to stop.

use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use zeroize::Zeroizing;

use super::{NO_HELM, absent, reason};

/// How much a run of helm may print before it is given up.
const MOST: u64 = 256 * 1024 * 1024;

/// How long it goes on once somebody asked to stop, so that it ends what ends by itself. Then it is told to stop, as it
/// takes a Ctrl-C of its own, and notes that the release has failed, so that the next run goes on from there.
const LEFT_ALONE_FOR: Duration = Duration::from_secs(10);

/// How often it is looked whether it has ended.
const LOOKED_AFTER_EVERY: Duration = Duration::from_millis(20);

/// What is said in place of helm's own words where it was told to stop.
pub(super) const TOLD_TO_STOP: &str = "it was told to stop";

/// What is done with what helm prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Output {
    Kept,
    /// It may have secrets in it that nobody asked for: notes of charts like to.
    Dropped,
}

/// Runs helm away from the thread that speaks to the cluster. Why it failed is what it says itself.
pub(super) async fn run(
    command: Command,
    input: Zeroizing<Vec<u8>>,
    output: Output,
    stop: Arc<AtomicBool>,
) -> Result<Zeroizing<Vec<u8>>, String> {
    let work = tokio::task::spawn_blocking(move || exchange(command, &input, output, &stop));
    work.await.unwrap_or_else(|_| Err("the run of helm broke off".to_owned()))
}

fn exchange(
    mut command: Command,
    input: &[u8],
    output: Output,
    stop: &AtomicBool,
) -> Result<Zeroizing<Vec<u8>>, String> {
    let stdout = if output == Output::Kept { Stdio::piped() } else { Stdio::null() };
    command.stdin(Stdio::piped()).stdout(stdout).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn().map_err(|error| absent(&error))?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (sent, printed, said, ended) = thread::scope(|scope| {
        let printed = scope.spawn(|| stdout.map(read).transpose());
        let said = scope.spawn(|| stderr.map(read).transpose());
        // A helm that has no use for values closes the pipe, which is no failure of its own.
        let sent = scope.spawn(|| stdin.map_or(Ok(()), |mut stdin| stdin.write_all(input)));
        let ended = end(&mut child, stop, LEFT_ALONE_FOR);
        (sent.join(), printed.join(), said.join(), ended)
    });
    let (status, is_told) = ended.map_err(|error| error.to_string())?;
    let printed = printed.map_err(|_| "nobody read what it printed")?.map_err(|error| error.to_string())?;
    let said = said.ok().and_then(Result::ok).flatten().unwrap_or_default();
    // As a shell says that there is no such program.
    if status.code() == Some(127) {
        return Err(NO_HELM.to_owned());
    }
    if !status.success() {
        return Err(if is_told { TOLD_TO_STOP.to_owned() } else { reason(&String::from_utf8_lossy(&said)) });
    }
    sent.map_err(|_| "nobody sent its values")?
        .map_err(|error| format!("it did not read its values: {error}"))?;
    Ok(printed.unwrap_or_default())
}

/// Waits until helm has ended; how, and whether it was told to, which it is so long after somebody asked to stop.
fn end(child: &mut Child, stop: &AtomicBool, left_alone_for: Duration) -> io::Result<(ExitStatus, bool)> {
    let (mut since, mut is_told) = (None, false);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((status, is_told));
        }
        if stop.load(Ordering::Relaxed) && !is_told {
            is_told = since.get_or_insert_with(Instant::now).elapsed() >= left_alone_for;
            if is_told {
                // Who was started in the background of a shell may not hear the signal of a Ctrl-C.
                kill_process(Pid::from_child(child), Signal::TERM)?;
            }
        }
        thread::sleep(LOOKED_AFTER_EVERY);
    }
}

fn read(from: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = from.take(MOST + 1).read_to_end(&mut bytes)?;
    if u64::try_from(read).unwrap_or(u64::MAX) > MOST {
        return Err(io::Error::other("it printed too much"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_in_and_what_is_printed_comes_out() {
        let never = AtomicBool::new(false);
        let mut cat = Command::new("cat");
        cat.arg("-");
        let input = "x".repeat(1 << 20);
        let printed = exchange(cat, input.as_bytes(), Output::Kept, &never).expect("it runs");
        assert_eq!(printed.len(), input.len());
        let missing = exchange(Command::new("/nowhere/helm"), b"", Output::Dropped, &never);
        assert!(missing.expect_err("there is none").contains("PATH"));
        let mut failing = Command::new("sh");
        failing.args(["-c", "echo Error: bad >&2; exit 1"]);
        assert_eq!(exchange(failing, input.as_bytes(), Output::Dropped, &never), Err("bad".to_owned()));
    }

    #[test]
    fn who_does_not_end_is_told_to_stop() {
        let stop = AtomicBool::new(true);
        let mut sleeping = Command::new("sleep").arg("infinity").spawn().expect("it starts");
        let (status, is_told) = end(&mut sleeping, &stop, Duration::ZERO).expect("it is ours");
        assert!(is_told && !status.success());
        let mut ending = Command::new("true").spawn().expect("it starts");
        let (status, is_told) = end(&mut ending, &stop, Duration::MAX).expect("it is ours");
        assert!(!is_told && status.success());
    }
}
