//! `hlc secrets rekey`: the file of values for the recipients that the lab has now.

use secrets::Source;

use super::Vault;
use crate::exit::{Exit, Failure};
use crate::secrets::store::Store;

/// Encrypts the data key anew for each of those who should read it, whether or not they could until now. Leaving somebody
/// out costs a new one, and so does whatever another program did to the file. With `takes_over`, nobody is asked whether that
/// was meant.
pub(super) fn run(vault: &Vault<'_>, takes_over: bool) -> Result<Exit, Failure> {
    let _lock = Store::lock(vault.lab, vault.terminal)?;
    let store = vault.store()?;
    store.needs_admins()?;
    if store.text.is_none() {
        return Err(store.is_missing());
    }
    let mut source = store.open_to_mend()?;
    vault.take_over(&store, &source, takes_over)?;
    vault.renew_halves(&mut source);
    let Some(new) = store.write_by(&mut source, Source::rekey, vault.terminal)? else {
        return Ok(Exit::Success);
    };
    for reader in &new.added {
        vault.terminal.note(&format!("{} can read the secrets now", store.reader(reader)));
    }
    vault.tell_readers(&new, &source);
    let readers: Vec<String> = store.admins.iter().map(|key| store.reader(&key.to_string())).collect();
    vault.terminal.note(&format!("the data key is encrypted anew for {}", readers.join(", ")));
    vault.deliver_hint();
    Ok(Exit::Success)
}
