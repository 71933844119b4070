//! `hlc secrets set NAME`: keeps a value that somebody types or pipes in. It is never on a command line, where every
//! user of the machine could see it.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use model::{SecretKind, SecretRef, SecretValue};
use zeroize::Zeroizing;

use super::generate::follow;
use super::{Vault, failed};
use crate::exit::{Exit, Failure};
use crate::secrets::ask;
use crate::terminal::shown;

/// Asks for the value and keeps it.
pub(super) fn run(vault: &Vault<'_>, name: &str, from: Option<&Path>) -> Result<Exit, Failure> {
    let (secret, declared) = vault.find(name)?;
    let cannot = |reason: String| Failure::cannot(format!("cannot set '{secret}': {reason}"));
    let bytes = match from {
        Some(path) => read(path).map_err(|reason| cannot(format!("{}: {reason}", shown(path))))?,
        None => ask::value(name).map_err(cannot)?,
    };
    let value = value(&secret, declared, &bytes)?;
    vault.warn(&secret, declared, &value);
    let public = vault.public_half(&secret, &value);
    vault.change(|_, source| {
        source.set(&secret, value, public, vault.today).map_err(|error| failed(&error))?;
        follow(vault, source, &BTreeSet::from([secret.clone()]))
    })?;
    vault.terminal.note(&format!("'{secret}' is set"));
    vault.deliver_hint();
    Ok(Exit::Success)
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut file = File::open(path).map_err(|error| workspace::read::reason(&error))?;
    ask::all(&mut file)
}

/// What was given, in the form in which it is kept.
pub(super) fn value(
    secret: &SecretRef,
    declared: &SecretValue,
    bytes: &[u8],
) -> Result<Zeroizing<String>, Failure> {
    let cannot = |reason: &str| Failure::cannot(format!("cannot set '{secret}': {reason}"));
    if declared.kind == SecretKind::Bytes {
        return Ok(Zeroizing::new(BASE64_STANDARD.encode(bytes)));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| {
        cannot("the value is not text; if it is meant to be bytes, declare it with 'kind = bytes'")
    })?;
    let text = match declared.kind {
        // The end of the line is of the tool that printed it.
        SecretKind::Text | SecretKind::Bcrypt | SecretKind::Crypt => {
            let line = text.strip_suffix('\n').unwrap_or(text);
            line.strip_suffix('\r').unwrap_or(line)
        }
        _ => text,
    };
    if text.is_empty() {
        return Err(cannot("the value is empty"));
    }
    Ok(Zeroizing::new(text.to_owned()))
}
