//! `hlc secrets import FILE`: values from a file of SOPS, or from one that is not encrypted.

use std::fs;

use model::SecretRef;
use secrets::Source;
use sops::{Document, Format, Problem, Tree};
use zeroize::Zeroizing;

use super::found::{Found, Leaf, at, found};
use super::generate::follow;
use super::set;
use super::{Vault, failed};
use crate::args::Import;
use crate::exit::{Exit, Failure};
use crate::secrets::store::Store;
use crate::terminal::shown;

/// What was taken, and what was left and why.
#[derive(Default)]
struct Taken {
    taken: Vec<(SecretRef, Found)>,
    left: Vec<(String, String)>,
}

/// Takes the values of declared secrets from a file; with a name, all of the file, or of a part of it, as one value.
pub(super) fn run(vault: &Vault<'_>, import: &Import) -> Result<Exit, Failure> {
    let file = import.from.as_path();
    let cannot = |reason: String| Failure::cannot(format!("cannot import {}: {reason}", shown(file)));
    let bytes =
        fs::read(file).map(Zeroizing::new).map_err(|error| cannot(workspace::read::reason(&error)))?;
    let format = Format::of(&file.to_string_lossy());
    let mut was_plain = false;
    let (_, taken) = vault.change(|store, source| {
        let tree = decrypted(store, &bytes, format).map_err(|error| cannot(with_help(&error)))?;
        was_plain = tree.is_none();
        let taken = take_from(vault, source, (tree, &bytes, format), import)?;
        follow(vault, source, &taken.taken.iter().map(|(secret, _)| secret.clone()).collect())?;
        Ok(taken)
    })?;
    tell(vault, &taken);
    if taken.taken.is_empty() {
        return Err(cannot("nothing was taken".to_owned()));
    }
    if was_plain {
        vault.terminal.note(&format!("{} is not encrypted: remove it, and keep it out of Git", shown(file)));
    }
    vault.deliver_hint();
    Ok(Exit::Success)
}

/// Takes what is asked for of a file: what SOPS decrypts it to, if it is one of SOPS', and its bytes.
fn take_from(
    vault: &Vault<'_>,
    into: &mut Source,
    (tree, bytes, format): (Option<Tree>, &[u8], Format),
    import: &Import,
) -> Result<Taken, Failure> {
    let cannot = |reason: String| Failure::cannot(format!("cannot import {}: {reason}", shown(&import.from)));
    if let (Some(name), None) = (&import.name, &import.at) {
        let whole = tree.map(|tree| tree.to_text(format)).transpose();
        let whole = whole.map_err(|error| cannot(error.to_string()))?;
        let whole = whole.as_ref().map_or(bytes, |text| text.expose().as_slice());
        return take_whole(vault, into, whole, name, import.replace);
    }
    let tree = tree.map_or_else(|| Tree::of_texts(bytes, format), Ok);
    let mut values = found(tree.map_err(|error| cannot(with_help(&error)))?, format);
    if let Some(part) = &import.at {
        values = at(values, part).ok_or_else(|| cannot(format!("nothing is called '{part}' in it")))?;
    }
    match &import.name {
        Some(name) => take_one(vault, into, values, name, import.replace).map_err(cannot)?,
        None => take(vault, into, values, import.replace),
    }
}

fn tell(vault: &Vault<'_>, taken: &Taken) {
    for (secret, found) in &taken.taken {
        let from = found.name();
        let from = if from == secret.to_string() { String::new() } else { format!(" from '{from}'") };
        vault.terminal.note(&format!("took '{secret}'{from}"));
        if found.was_number {
            vault.terminal.note(&format!(
                "warning: '{secret}' was a number or a truth value to SOPS, which keeps neither zeros in front nor how it \
                 was written: compare it with 'hlc secrets show {secret}'"
            ));
        }
    }
    for (name, why) in &taken.left {
        vault.terminal.note(&format!("left '{name}': {why}"));
    }
}

fn with_help(error: &sops::Error) -> String {
    error.help().map_or_else(|| error.to_string(), |help| format!("{error}; {help}"))
}

/// What is in a file of SOPS; nothing where it is none.
fn decrypted(store: &Store, bytes: &[u8], format: Format) -> Result<Option<Tree>, sops::Error> {
    let document = match Document::parse(bytes, format) {
        Ok(document) => document,
        Err(error) if *error.problem() == Problem::NotEncrypted => return Ok(None),
        // A binary file of SOPS is JSON; what is none is a file like any other.
        Err(_) if format == Format::Binary => return Ok(None),
        // What SOPS could not keep, such as a very long number, is a text in a file that is not its own.
        Err(error) => {
            let is_plain = Tree::of_texts(bytes, format).is_ok_and(|tree| tree.get("sops").is_none());
            return if is_plain { Ok(None) } else { Err(error) };
        }
    };
    let key = document.unwrap_key(&store.keys().access())?;
    document.decrypt(&key).map(Some)
}

/// Why what is nested is not taken.
const IS_NESTED: &str =
    "a secret is a text or has keys that are, and none of the lab is called so; --at and --as take a part";

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
        return Ok(Taken { left: vec![(secret.to_string(), IS_THERE.to_owned())], ..Taken::default() });
    }
    let value = set::value(&secret, declared, bytes)?;
    keep(vault, into, &secret, value)?;
    let found = Found { path: vec![secret.to_string()], was_number: false, leaf: Leaf::None };
    Ok(Taken { taken: vec![(secret, found)], ..Taken::default() })
}

/// Takes the only value of a part as that of a secret.
fn take_one(
    vault: &Vault<'_>,
    into: &mut Source,
    values: Vec<Found>,
    name: &str,
    replace: bool,
) -> Result<Result<Taken, Failure>, String> {
    let (secret, _) = match vault.find(name) {
        Ok(found) => found,
        Err(failure) => return Ok(Err(failure)),
    };
    let Ok([value]) = <[Found; 1]>::try_from(values) else {
        return Err("there is more than one value; name one of them with --at".to_owned());
    };
    let mut taken = Taken::default();
    Ok(take_as(vault, into, secret, value, replace, &mut taken).map(|()| taken))
}

fn take(vault: &Vault<'_>, into: &mut Source, values: Vec<Found>, replace: bool) -> Result<Taken, Failure> {
    let (mut taken, mut unknown) = (Taken::default(), Vec::new());
    let is_declared = |secret: &SecretRef| vault.declared.contains_key(secret);
    let meant: Vec<Vec<SecretRef>> = values.iter().map(|value| value.meant(&is_declared)).collect();
    for (value, secrets) in values.into_iter().zip(&meant) {
        let name = value.name();
        let mut left = |why: &str| taken.left.push((name.clone(), why.to_owned()));
        match secrets.as_slice() {
            [] if value.path.len() > 2 => unknown.push(value),
            [] => left("the lab declares no such secret"),
            [secret, ..] if meant.iter().filter(|other| other.contains(secret)).count() > 1 => {
                left("the file has several values that could be the same secret; --at and --as take one");
            }
            [secret] => take_as(vault, into, secret.clone(), value, replace, &mut taken)?,
            [_, _, ..] => left("it could be several secrets of the lab; --at and --as take it as one"),
        }
    }
    // One line for all of a part of which nothing was taken.
    let mut parts: Vec<String> = Vec::new();
    for value in unknown {
        let top = &value.path[0];
        let is_taken = |(_, found): &(SecretRef, Found)| &found.path[0] == top;
        let part = if taken.taken.iter().any(is_taken) { value.name() } else { value.top() };
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    taken.left.extend(parts.into_iter().map(|part| (part, IS_NESTED.to_owned())));
    Ok(taken)
}

fn take_as(
    vault: &Vault<'_>,
    into: &mut Source,
    secret: SecretRef,
    value: Found,
    replace: bool,
    taken: &mut Taken,
) -> Result<(), Failure> {
    let Found { path, leaf, was_number } = value;
    let value = Found { path, leaf: Leaf::None, was_number };
    let mut left = |why: &str| taken.left.push((value.name(), why.to_owned()));
    match leaf {
        Leaf::Unusable(why) => left(why),
        Leaf::None => left("it has no value"),
        Leaf::Text(_) if into.value(&secret).is_some() && !replace => left(IS_THERE),
        Leaf::Text(text) => {
            keep(vault, into, &secret, text)?;
            taken.taken.push((secret, value));
        }
    }
    Ok(())
}

fn keep(
    vault: &Vault<'_>,
    into: &mut Source,
    secret: &SecretRef,
    value: Zeroizing<String>,
) -> Result<(), Failure> {
    if let Some(declared) = vault.declared.get(secret) {
        vault.warn(secret, declared, &value);
    }
    let public = vault.public_half(secret, &value);
    into.set(secret, value, public, vault.today).map_err(|error| failed(&error))
}
