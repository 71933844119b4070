//! What is asked of a person. What is typed is not shown where it is a secret.

use std::fs::OpenOptions;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};

use sops::keys::SecretString;
use zeroize::Zeroizing;

/// Larger values are no secrets but mistakes.
const LARGEST: u64 = 16 << 20;

/// The passphrase of a private key.
pub(crate) fn passphrase(of: &str) -> Option<SecretString> {
    hidden(&format!("passphrase of {of}: ")).map(|text| SecretString::from(text.as_str().to_owned()))
}

/// A line that is not shown while it is typed; nothing where there is no terminal.
pub(crate) fn hidden(prompt: &str) -> Option<Zeroizing<String>> {
    rpassword::prompt_password(prompt).ok().map(Zeroizing::new)
}

/// A line that is shown; nothing where there is no terminal.
pub(crate) fn line(prompt: &str) -> Option<String> {
    let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty").ok()?;
    write!(terminal, "{prompt} ").ok()?;
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
    let _ = writeln!(io::stderr().lock(), "{message}");
}

/// A value: typed twice on a terminal, or all of what is piped in.
pub(crate) fn value(name: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    if !io::stdin().is_terminal() {
        return all(&mut io::stdin().lock());
    }
    let ask = |prompt: &str| hidden(prompt).ok_or_else(|| "nothing was typed".to_owned());
    let first = ask(&format!("value of {name} (not shown): "))?;
    if *first != *ask("the same again: ")? {
        return Err("what was typed the second time is something else".to_owned());
    }
    Ok(Zeroizing::new(first.as_bytes().to_vec()))
}

/// All that somebody gives.
pub(crate) fn all(from: &mut dyn Read) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut bytes = Zeroizing::new(Vec::new());
    from.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| crate::read::reason(&error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("it is larger than {} MiB", LARGEST >> 20));
    }
    Ok(bytes)
}
