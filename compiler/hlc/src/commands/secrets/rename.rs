//! `hlc secrets rename OLD NEW`: keeps a value under another name, as the lab calls it now.

use model::SecretRef;

use super::{Vault, failed, remove};
use crate::exit::{Exit, Failure};

/// Keeps what is called `old` as `new`; a secret with keys goes with all of them. Its dates and public halves go along.
pub(super) fn run(vault: &Vault<'_>, old: &str, new: &str) -> Result<Exit, Failure> {
    let (_, renamed) = vault.change(|store, source| {
        if store.text.is_none() {
            return Err(store.is_missing());
        }
        let mut pairs = Vec::new();
        for from in remove::found(source, old)? {
            let to = called(&from, old, new)?;
            if source
                .names()
                .any(|taken| taken.name == to.name && (taken.key.is_none() || taken.key == to.key))
            {
                return Err(Failure::cannot(format!("'{to}' has a value already; nothing was renamed")));
            }
            pairs.push((from, to));
        }
        for (from, to) in &pairs {
            source.rename(from, to.clone()).map_err(|error| failed(&error))?;
        }
        Ok(pairs)
    })?;
    for (from, to) in &renamed {
        vault.terminal.note(&format!("'{from}' is called '{to}' now"));
        if vault.declared.contains_key(from) {
            vault.terminal.note(&format!("warning: the lab still declares '{from}'"));
        }
        if !vault.declared.contains_key(to) {
            vault.terminal.note(&format!("warning: the lab declares no '{to}'"));
        }
    }
    Ok(Exit::Success)
}

/// What `from`, which was found by `old`, is called when that is called `new`.
fn called(from: &SecretRef, old: &str, new: &str) -> Result<SecretRef, Failure> {
    match (from.name == old, new.split_once('.')) {
        (true, None) => Ok(SecretRef { name: new.to_owned(), key: from.key.clone() }),
        (false, Some((name, key))) => Ok(SecretRef { name: name.to_owned(), key: Some(key.to_owned()) }),
        (true, Some(_)) => Err(Failure::cannot(format!(
            "'{old}' is a secret, and '{new}' a key of one; nothing was renamed"
        ))),
        (false, None) => Err(Failure::cannot(format!(
            "'{old}' is a key of a secret, and '{new}' a secret; nothing was renamed"
        ))),
    }
}
