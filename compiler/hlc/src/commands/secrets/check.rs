//! `hlc secrets check`: whether every encrypted file is what it should be, and nobody changed it.

use std::path::Path;

use model::{Generator, SecretRef};
use secrets::{Source, is_made_of, verify};
use workspace::Disk;
use workspace::index::Indexes;

use super::{Vault, failed};
use crate::exit::{Exit, Failure};
use crate::secrets::store::Store;
use crate::terminal::shown;

/// Decrypts all files and compares them with what the lab says.
pub(super) fn run(vault: &Vault<'_>, out: Option<&Path>) -> Result<Exit, Failure> {
    let store = Store::read(vault.lab)?;
    if store.text.is_none() {
        return Err(store.is_missing());
    }
    let source = store.open_to_mend()?;
    let deviations = source.deviations(&store.settings(&store.admins)?);
    let mut found: Vec<String> =
        deviations.iter().map(|deviation| format!("{}: {deviation}", shown(&store.path))).collect();
    store.tell_age(&source, 0, vault.terminal);
    store.tell_origin(&source, vault.terminal);
    let doubts = store.doubts(&source).into_iter();
    found.extend(
        doubts.map(|doubt| format!("{}: {doubt}; 'hlc secrets rekey' encrypts it anew", shown(&store.path))),
    );
    for (secret, declared) in &vault.declared {
        match source.value(secret) {
            None => found.push(format!("'{secret}' has no value")),
            Some(text) => found.extend(declared.flaw(text).map(|flaw| format!("'{secret}' {flaw}"))),
        }
    }
    found.extend(unlike(vault, &source));
    found.extend(delivered(vault, &store, &source, out.unwrap_or(&vault.lab.folder))?);
    for finding in &found {
        vault.terminal.lines(&format!("{finding}\n"))?;
    }
    if found.is_empty() {
        vault.terminal.note("all secrets are as they should be");
        return Ok(Exit::Success);
    }
    Ok(Exit::Problems)
}

/// Values that belong together and do not any more, as after another program changed one of them.
fn unlike(vault: &Vault<'_>, source: &Source) -> Vec<String> {
    let made = vault.made();
    let halves = source.other_halves(&made).into_iter().map(|secret| {
        format!(
            "the public half of '{secret}' is not that of its private key; 'hlc secrets rekey' makes it anew"
        )
    });
    let is_old = |(secret, generator): &(&SecretRef, &&Generator)| {
        source.value(secret).is_some_and(|value| is_made_of(generator, value, source) == Some(false))
    };
    let old = made.iter().filter(is_old).filter_map(|(secret, generator)| {
        let of = generator.source()?;
        Some(format!(
            "'{secret}' is not made of the '{of}' that is there now; 'hlc secrets rotate {secret}' is"
        ))
    });
    halves.chain(old).collect()
}

/// What is not right about the encrypted copies.
fn delivered(
    vault: &Vault<'_>,
    store: &Store,
    source: &Source,
    folder: &Path,
) -> Result<Vec<String>, Failure> {
    let (mut found, known) = (Vec::new(), Indexes::read(&Disk::new(folder)));
    // Until it is encrypted anew, there is nothing to compare copies with.
    if !source.loose().is_empty() {
        return Ok(found);
    }
    for file in vault.lab.outputs()?.secrets.iter().filter(|file| !file.readers.is_empty()) {
        if file.secrets().into_iter().any(|secret| source.value(secret).is_none()) {
            continue;
        }
        let path = folder.join(&file.path);
        let Ok(text) = workspace::read::bytes(&path) else {
            found.push(format!("{}: it is not there; 'hlc build' makes it", shown(&path)));
            continue;
        };
        let settings = store.settings(&file.readers)?;
        let findings = verify(file, &text, known.record(file), source, &settings);
        let findings = findings.map_err(|error| failed(&error))?;
        found.extend(findings.iter().map(|finding| format!("{}: {finding}", shown(&path))));
    }
    Ok(found)
}
