//! `hlc secrets rotate [NAME…]`: new values, and a new data key for the file that keeps them.

use std::collections::BTreeSet;

use model::SecretRef;
use secrets::Source;

use super::Vault;
use super::generate::{generators, make, named};
use crate::exit::{Exit, Failure};
use crate::secrets::store::Store;

/// Makes the named values anew, and those that are made of them; then encrypts everything anew.
pub(super) fn run(vault: &Vault<'_>, names: &[String], all: bool) -> Result<Exit, Failure> {
    let asked = named(vault, names)?;
    let _lock = Store::lock(vault.lab, vault.terminal)?;
    let store = Store::read(vault.lab)?;
    store.needs_admins()?;
    if store.text.is_none() {
        return Err(store.is_missing());
    }
    let mut source = store.open_to_mend()?;
    let wanted = if all { generators(vault).map(|(secret, _)| secret.clone()).collect() } else { asked };
    let made = make(vault, &mut source, with_dependents(vault, wanted))?;
    vault.tell_doubts(&store, &source);
    let new = store.write_by(&mut source, Source::rotate, vault.terminal)?;
    if let Some(new) = new {
        vault.tell_readers(&new, &source);
    }
    for secret in &made {
        vault.terminal.note(&format!("'{secret}' has a new value"));
    }
    vault.terminal.note("the file of secrets has a new data key");
    vault.deliver_hint();
    Ok(Exit::Success)
}

/// With the values that are made of them: a hash of an old password lets nobody in.
fn with_dependents(vault: &Vault<'_>, mut wanted: BTreeSet<SecretRef>) -> BTreeSet<SecretRef> {
    loop {
        let of = generators(vault).filter(|(_, made)| made.source().is_some_and(|of| wanted.contains(of)));
        let more: Vec<SecretRef> = of.map(|(secret, _)| secret.clone()).collect();
        let before = wanted.len();
        wanted.extend(more);
        if wanted.len() == before {
            return wanted;
        }
    }
}
