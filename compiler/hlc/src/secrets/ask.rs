//! What is asked of a person. What is typed is not shown where it is a secret.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::sync::{Mutex, PoisonError};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use sops::keys::SecretString;
use zeroize::Zeroizing;

use super::signals::Held;

/// Larger values are no secrets but mistakes.
const LARGEST: u64 = 16 << 20;
/// The system keeps no more of a line that is typed.
const LONGEST_LINE: usize = 4095;
/// How often it is looked whether a signal came.
const PAUSE: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// The passphrase of a private key, which is asked for once in a run.
pub(crate) fn passphrase(of: &str) -> Option<SecretString> {
    static KNOWN: Mutex<BTreeMap<String, SecretString>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(passphrase) = known.get(of) {
        return Some(passphrase.clone());
    }
    let typed = hidden(&format!("passphrase of {of}: ")).ok()?;
    let passphrase = SecretString::from(typed.as_str().to_owned());
    known.insert(of.to_owned(), passphrase.clone());
    Some(passphrase)
}

/// A line that is not shown while it is typed, or why there is none.
pub(crate) fn hidden(prompt: &str) -> Result<Zeroizing<String>, String> {
    let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty");
    let mut terminal = terminal.map_err(|_| "there is no terminal to ask on".to_owned())?;
    let held = Held::back();
    let silence =
        Silence::on(&terminal).map_err(|error| format!("the terminal cannot be silenced: {error}"))?;
    let typed = write!(terminal, "{}", crate::terminal::plain(prompt))
        .and_then(|()| typed(&mut terminal, &held))
        .map_err(|error| workspace::read::reason(&error));
    // What ended the line was not shown either.
    let _ = writeln!(terminal);
    drop(silence);
    held.end_if_one_came();
    typed
}

/// Reads a line, for as long as no signal comes.
fn typed(terminal: &mut File, held: &Held) -> io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(vec![0; LONGEST_LINE + 1]);
    loop {
        if held.came() {
            return Err(io::Error::other("it was interrupted"));
        }
        match poll(&mut [PollFd::new(&*terminal, PollFlags::IN)], Some(&PAUSE)) {
            Ok(0) | Err(Errno::INTR) => continue,
            ready => ready?,
        };
        let length = terminal.read(&mut line)?;
        if length == 0 {
            return Err(io::Error::other("nothing was typed"));
        }
        let typed = &line[..length];
        let Some(typed) = typed.strip_suffix(b"\n") else {
            return Err(io::Error::other(
                "it is too long to be typed: pipe it in, or give a file with --from",
            ));
        };
        let text = std::str::from_utf8(typed).map_err(|_| io::Error::other("it is not UTF-8"))?;
        return Ok(Zeroizing::new(text.to_owned()));
    }
}

/// As long as it lives, the terminal shows nothing of what is typed.
struct Silence {
    terminal: File,
    before: Termios,
}

impl Silence {
    fn on(terminal: &File) -> io::Result<Self> {
        let terminal = terminal.try_clone()?;
        let before = tcgetattr(&terminal)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL);
        silent.local_modes.insert(LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(&terminal, OptionalActions::Now, &silent)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
    }
}

/// A line that is shown; nothing where there is no terminal.
pub(crate) fn line(prompt: &str) -> Option<String> {
    let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty").ok()?;
    write!(terminal, "{} ", crate::terminal::plain(prompt)).ok()?;
    let mut line = String::new();
    BufReader::new(terminal).read_line(&mut line).ok()?;
    Some(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// One of two answers.
pub(crate) fn confirm(message: &str, yes: &str, no: Option<&str>) -> Option<bool> {
    let no = no.unwrap_or("no");
    let answer = line(&format!("{message} [{yes}/{no}]"))?;
    Some(answer.eq_ignore_ascii_case(yes) || answer.eq_ignore_ascii_case("y"))
}

/// Says something that is no result.
pub(crate) fn say(message: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", crate::terminal::plain(message));
}

/// A value: typed twice on a terminal, or all of what is piped in.
pub(crate) fn value(name: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    if !io::stdin().is_terminal() {
        return all(&mut io::stdin().lock());
    }
    let first = hidden(&format!("value of {name} (not shown): "))?;
    if *first != *hidden("the same again: ")? {
        return Err("what was typed the second time is something else".to_owned());
    }
    Ok(Zeroizing::new(first.as_bytes().to_vec()))
}

/// All that somebody gives.
pub(crate) fn all(from: &mut dyn Read) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut bytes = Zeroizing::new(Vec::new());
    from.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| workspace::read::reason(&error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("it is larger than {} MiB", LARGEST >> 20));
    }
    Ok(bytes)
}
