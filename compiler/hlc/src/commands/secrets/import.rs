//! `hlc secrets import FILE`: values from a file of SOPS, or from one that is not encrypted.

use std::fs;
use std::path::Path;

use model::SecretRef;
use secrets::Source;
use sops::{Document, Format, Problem, Tree};
use zeroize::Zeroizing;

use super::set;
use super::{Vault, failed};
use crate::exit::{Exit, Failure};
use crate::secrets::store::Store;
use crate::terminal::shown;

/// What was taken, and what was left and why.
type Taken = (Vec<SecretRef>, Vec<(SecretRef, &'static str)>);

/// Takes the values of declared secrets from a file; with a name, all of the file as one value.
pub(super) fn run(
    vault: &Vault<'_>,
    file: &Path,
    name: Option<&str>,
    replace: bool,
) -> Result<Exit, Failure> {
    let cannot = |reason: String| Failure::cannot(format!("cannot import {}: {reason}", shown(file)));
    let bytes = fs::read(file).map(Zeroizing::new).map_err(|error| cannot(crate::read::reason(&error)))?;
    let format = Format::of(&file.to_string_lossy());
    let (_, (taken, left)) = vault.change(|store, source| {
        let tree = decrypted(store, &bytes, format).map_err(|error| cannot(error.to_string()))?;
        match name {
            Some(name) => {
                let whole = tree.map(|tree| tree.to_text(format)).transpose();
                let whole = whole.map_err(|error| cannot(error.to_string()))?;
                let whole = whole.as_ref().map_or(bytes.as_slice(), |text| text.expose().as_slice());
                take_whole(vault, source, whole, name, replace)
            }
            None => {
                let tree = tree.map_or_else(|| Tree::from_text(&bytes, format), Ok);
                let tree = tree.map_err(|error| cannot(error.to_string()))?;
                take(vault, source, &Source::read(tree).map_err(|error| failed(&error))?, replace)
            }
        }
    })?;
    for secret in &taken {
        vault.terminal.note(&format!("took '{secret}'"));
    }
    for (secret, why) in &left {
        vault.terminal.note(&format!("left '{secret}': {why}"));
    }
    if taken.is_empty() {
        return Err(cannot("nothing was taken".to_owned()));
    }
    vault.deliver_hint();
    Ok(Exit::Success)
}

/// What is in a file of SOPS; nothing where it is none.
fn decrypted(store: &Store, bytes: &[u8], format: Format) -> Result<Option<Tree>, sops::Error> {
    let document = match Document::parse(bytes, format) {
        Ok(document) => document,
        Err(error) if *error.problem() == Problem::NotEncrypted => return Ok(None),
        // A binary file of SOPS is JSON; what is none is a file like any other.
        Err(_) if format == Format::Binary => return Ok(None),
        Err(error) => return Err(error),
    };
    let key = document.unwrap_key(&store.keys.access())?;
    document.decrypt(&key).map(Some)
}

/// Why a value is not put in the place of another.
const IS_THERE: &str = "it has a value; use --replace to put this one in its place";

fn take_whole(
    vault: &Vault<'_>,
    into: &mut Source,
    bytes: &[u8],
    name: &str,
    replace: bool,
) -> Result<Taken, Failure> {
    let (secret, declared) = vault.find(name)?;
    if into.value(&secret).is_some() && !replace {
        return Ok((Vec::new(), vec![(secret, IS_THERE)]));
    }
    let value = set::value(&secret, declared, bytes)?;
    keep(vault, into, &secret, value)?;
    Ok((vec![secret], Vec::new()))
}

fn take(vault: &Vault<'_>, into: &mut Source, from: &Source, replace: bool) -> Result<Taken, Failure> {
    let (mut taken, mut left) = (Vec::new(), Vec::new());
    for secret in from.names() {
        let Some(text) = from.value(secret) else { continue };
        if !vault.declared.contains_key(secret) {
            left.push((secret.clone(), "the lab declares no such secret"));
        } else if into.value(secret).is_some() && !replace {
            left.push((secret.clone(), IS_THERE));
        } else {
            keep(vault, into, secret, Zeroizing::new(text.to_owned()))?;
            taken.push(secret.clone());
        }
    }
    Ok((taken, left))
}

fn keep(
    vault: &Vault<'_>,
    into: &mut Source,
    secret: &SecretRef,
    value: Zeroizing<String>,
) -> Result<(), Failure> {
    let declared = vault.declared.get(secret);
    if let Some(declared) = declared {
        vault.warn(secret, declared, &value);
    }
    let public = vault.public_half(secret, &value);
    into.set(secret, value, public, vault.today).map_err(|error| failed(&error))
}
