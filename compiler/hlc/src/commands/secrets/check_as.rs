//! `hlc secrets check --as KEY`: whether a private key opens what it should. A drill for the day on which it is needed.

use std::path::Path;

use domain::RecipientKey;
use emit_secrets::Format;
use sops::Document;

use super::Vault;
use crate::exit::{Exit, Failure};
use crate::secrets::keys::Keys;
use crate::secrets::store::Store;
use crate::terminal::shown;

/// A file that somebody should be able to open.
struct Readable {
    path: std::path::PathBuf,
    format: sops::Format,
}

/// Tries the key in the file called `key` on each file that the lab says it opens.
pub(super) fn run(vault: &Vault<'_>, out: Option<&Path>, key: &Path) -> Result<Exit, Failure> {
    let keys = Keys::of(key);
    if keys.is_empty() {
        let faults: Vec<String> = keys.faults().collect();
        return Err(Failure::cannot(format!("{} is no private key: {}", shown(key), faults.join("; "))));
    }
    let files = files(vault, out.unwrap_or(&vault.lab.folder), &keys)?;
    if files.is_empty() {
        return Err(Failure::cannot(format!(
            "nothing in the lab is for {}: it is the key of no recipient, host or deployer, as far as can be seen \
             without a passphrase",
            shown(key)
        )));
    }
    let mut is_well = true;
    for file in &files {
        let opened = opens(file, &keys);
        is_well &= opened.is_ok();
        let said = opened.map_or_else(|reason| reason, |()| "opens".to_owned());
        vault.terminal.result(&format!("{}: {said}\n", shown(&file.path)))?;
    }
    Ok(if is_well { Exit::Success } else { Exit::Problems })
}

/// What the lab says that the keys open: all of its files where it cannot be seen whose they are.
fn files(vault: &Vault<'_>, folder: &Path, keys: &Keys) -> Result<Vec<Readable>, Failure> {
    let store = Store::read(vault.lab)?;
    let own: Vec<RecipientKey> = keys.recipients().filter_map(|key| RecipientKey::parse(key).ok()).collect();
    let reads =
        |readers: &[RecipientKey]| own.is_empty() || readers.iter().any(|reader| own.contains(reader));
    let mut files = Vec::new();
    if reads(&store.admins) {
        files.push(Readable { path: store.path.clone(), format: sops::Format::Yaml });
    }
    for file in vault.lab.outputs()?.secrets.iter().filter(|file| !file.readers.is_empty()) {
        if !reads(&file.readers) {
            continue;
        }
        let format = match file.format {
            Format::Yaml => sops::Format::Yaml,
            Format::Binary => sops::Format::Binary,
        };
        files.push(Readable { path: folder.join(&file.path), format });
    }
    Ok(files)
}

/// Decrypts a file, or says why that does not work.
fn opens(file: &Readable, keys: &Keys) -> Result<(), String> {
    let bytes = workspace::read::bytes(&file.path).map_err(|error| workspace::read::reason(&error))?;
    let document = Document::parse(&bytes, file.format).map_err(|error| error.to_string())?;
    let key = document.unwrap_key(&keys.access()).map_err(|error| format!("does not open: {error}"))?;
    document.decrypt(&key).map(drop).map_err(|error| error.to_string())
}
