//! `hlc secrets rotate [NAME…]`: new values, and a new data key for the file that keeps them.

use std::collections::BTreeSet;

use model::{Rotation, SecretRef};
use secrets::Source;

use super::Vault;
use super::generate::{generators, make, named, with_dependents};
use crate::exit::{Exit, Failure};
use crate::secrets::store::Store;

/// Makes the named values anew, and those that are made of them; then encrypts everything anew. With `all`, those whose
/// new value is not all that is needed stay as they are.
pub(super) fn run(vault: &Vault<'_>, names: &[String], all: bool) -> Result<Exit, Failure> {
    let asked = with_dependents(vault, named(vault, names)?);
    refuse_never(vault, &asked)?;
    let _lock = Store::lock(vault.lab, vault.terminal)?;
    let store = vault.store()?;
    store.needs_admins()?;
    if store.text.is_none() {
        return Err(store.is_missing());
    }
    let mut source = store.open_to_mend()?;
    vault.renew_halves(&mut source);
    let wanted = if all { free(vault) } else { asked };
    let made = make(vault, &mut source, wanted)?;
    vault.take_over(&store, &source, false)?;
    let new = store.write_by(&mut source, Source::rotate, vault.terminal)?;
    if let Some(new) = new {
        vault.tell_readers(&new, &source);
    }
    for secret in &made {
        vault.terminal.note(&format!("'{secret}' has a new value"));
        if let Some(steps) = steps(vault, secret) {
            vault.terminal.note(&format!("  that is not all: {steps}"));
        }
    }
    if all {
        tell_kept(vault, &made);
    }
    vault.terminal.note("the file of secrets has a new data key");
    vault.deliver_hint();
    Ok(Exit::Success)
}

/// All that just get another value, without those that something is made of which does not.
fn free(vault: &Vault<'_>) -> BTreeSet<SecretRef> {
    let is_free = |secret: &SecretRef| rotation(vault, secret) == Rotation::Freely;
    let mut free: BTreeSet<SecretRef> =
        generators(vault).map(|(secret, _)| secret.clone()).filter(is_free).collect();
    loop {
        let is_kept = |secret: &SecretRef| {
            generators(vault).any(|(other, made)| made.source() == Some(secret) && !free.contains(other))
        };
        // What is made of one that stays would be made of the same once more, which is no harm.
        let kept: Vec<SecretRef> = free.iter().filter(|secret| is_kept(secret)).cloned().collect();
        if kept.is_empty() {
            return free;
        }
        for secret in &kept {
            free.remove(secret);
        }
    }
}

fn rotation(vault: &Vault<'_>, secret: &SecretRef) -> Rotation {
    vault.declared.get(secret).map(|declared| declared.rotation).unwrap_or_default()
}

/// What must be done beside making a value.
fn steps(vault: &Vault<'_>, secret: &SecretRef) -> Option<String> {
    let declared = vault.declared.get(secret)?;
    let otherwise = match declared.rotation {
        Rotation::Freely => return None,
        Rotation::ByHand => "change it where it is used, too",
        Rotation::Never => "what is stored is encrypted with it, and cannot be read with another one",
    };
    Some(declared.rotation_steps.clone().unwrap_or_else(|| otherwise.to_owned()))
}

/// Fails for values of which the lab says that they are never rotated.
fn refuse_never(vault: &Vault<'_>, asked: &BTreeSet<SecretRef>) -> Result<(), Failure> {
    let Some(secret) = asked.iter().find(|secret| rotation(vault, secret) == Rotation::Never) else {
        return Ok(());
    };
    Err(Failure::cannot(format!(
        "nothing was changed: the lab says that '{secret}' is never rotated: {}\n  if it must be, give it a value with \
         'hlc secrets set {secret}'",
        steps(vault, secret).unwrap_or_default()
    )))
}

/// Says what was left as it is, and what would have to be done.
fn tell_kept(vault: &Vault<'_>, made: &[SecretRef]) {
    for (secret, _) in generators(vault).filter(|(secret, _)| !made.contains(secret)) {
        let why = match (rotation(vault, secret), steps(vault, secret)) {
            (Rotation::Never, Some(steps)) => format!("it is never rotated: {steps}"),
            (Rotation::ByHand, Some(steps)) => {
                format!("rotate it by hand, with 'hlc secrets rotate {secret}': {steps}")
            }
            _ => "a value is made of it that is not rotated".to_owned(),
        };
        vault.terminal.note(&format!("'{secret}' keeps its value: {why}"));
    }
}
