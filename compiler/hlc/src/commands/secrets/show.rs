//! `hlc secrets show NAME`: a value, on stdout.

use super::Vault;
use crate::exit::{Exit, Failure};
use crate::secrets::store::Store;

/// Prints the value, with the end of a line behind it that may be missing.
pub(super) fn run(vault: &Vault<'_>, name: &str) -> Result<Exit, Failure> {
    let (secret, _) = vault.find(name)?;
    let store = Store::read(vault.lab)?;
    let source = store.open_for_use(&|readers| store.lacks_key_of(readers))?;
    let Some(value) = source.value(&secret) else {
        return Err(Failure::cannot(format!(
            "'{secret}' has no value; set it with 'hlc secrets set {secret}'"
        )));
    };
    vault.terminal.result(value)?;
    if !value.ends_with('\n') {
        vault.terminal.result("\n")?;
    }
    Ok(Exit::Success)
}
