//! `hlc secrets rekey`: the file of values for the recipients that the lab has now.

use super::Vault;
use crate::exit::{Exit, Failure};
use crate::secrets::store::Store;

/// Encrypts the file for those who should read it. Leaving somebody out costs a new data key.
pub(super) fn run(vault: &Vault<'_>) -> Result<Exit, Failure> {
    let _lock = Store::lock(vault.lab, vault.terminal)?;
    let store = Store::read(vault.lab)?;
    store.needs_admins()?;
    if store.text.is_none() {
        return Err(store.is_missing());
    }
    let mut source = store.open()?;
    let Some(new) = store.write(&mut source, vault.terminal)? else {
        vault.terminal.note("nothing to do: the file is for the recipients of the lab already");
        return Ok(Exit::Success);
    };
    for reader in &new.added {
        vault.terminal.note(&format!("{} can read the secrets now", store.reader(reader)));
    }
    vault.tell_readers(&new, &source);
    vault.deliver_hint();
    Ok(Exit::Success)
}
