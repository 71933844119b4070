//! `hlc secrets remove NAME…`: forgets values.

use std::collections::BTreeSet;

use diagnostics::closest;
use model::SecretRef;
use secrets::Source;

use super::Vault;
use crate::exit::{Exit, Failure};

/// Removes the named values, whether the lab still declares them or not; a secret with keys goes with all of them.
pub(super) fn run(vault: &Vault<'_>, names: &[String]) -> Result<Exit, Failure> {
    let (_, removed) = vault.change(|store, source| {
        if store.text.is_none() {
            return Err(store.is_missing());
        }
        let mut removed = BTreeSet::new();
        for name in names {
            removed.extend(found(source, name)?);
        }
        for secret in &removed {
            source.remove(secret);
        }
        Ok(removed)
    })?;
    for secret in &removed {
        vault.terminal.note(&format!("'{secret}' has no value any more"));
    }
    let declared: Vec<String> = removed
        .iter()
        .filter(|secret| vault.declared.contains_key(secret))
        .map(ToString::to_string)
        .collect();
    if !declared.is_empty() {
        vault.terminal.note(&format!("warning: the lab still declares {}", declared.join(", ")));
    }
    vault
        .terminal
        .note("what was readable still is, in the history of the repository: change it where it is used");
    Ok(Exit::Success)
}

/// The values that are called so.
pub(super) fn found(source: &Source, name: &str) -> Result<Vec<SecretRef>, Failure> {
    let is_meant = |secret: &&SecretRef| secret.to_string() == name || secret.name == name;
    let found: Vec<SecretRef> = source.names().filter(is_meant).cloned().collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let names: Vec<String> = source.names().map(ToString::to_string).collect();
    let near = closest(name, names.iter().map(String::as_str), 3);
    let hint = diagnostics::did_you_mean(&near).map_or_else(String::new, |hint| format!("; {hint}"));
    Err(Failure::cannot(format!("no value is called '{name}'; nothing was changed{hint}")))
}
