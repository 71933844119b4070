//! `hlc secrets import FILE`: values from a file of SOPS, or from one that is not encrypted.

use std::fs;
use std::path::Path;

use model::SecretRef;
use secrets::Source;
use sops::{Document, Format, Node, Problem, Tree, Value};
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
    let mut was_plain = false;
    let (_, (taken, left)) = vault.change(|store, source| {
        let tree = decrypted(store, &bytes, format).map_err(|error| cannot(with_help(&error)))?;
        was_plain = tree.is_none();
        if let Some(name) = name {
            let whole = tree.map(|tree| tree.to_text(format)).transpose();
            let whole = whole.map_err(|error| cannot(error.to_string()))?;
            let whole = whole.as_ref().map_or(bytes.as_slice(), |text| text.expose().as_slice());
            return take_whole(vault, source, whole, name, replace);
        }
        let tree = tree.map_or_else(|| Tree::from_text(&bytes, format), Ok);
        let tree = tree.map_err(|error| cannot(error.to_string()))?;
        let (texts, nested) = split(tree);
        let from = Source::read(texts).map_err(|error| failed(&error))?;
        let (taken, mut left) = take(vault, source, &from, replace)?;
        left.extend(nested.into_iter().map(|name| (SecretRef::whole(name), IS_NESTED)));
        Ok((taken, left))
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
    if was_plain {
        vault.terminal.note(&format!("{} is not encrypted: remove it, and keep it out of Git", shown(file)));
    }
    vault.deliver_hint();
    Ok(Exit::Success)
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
        Err(error) => return Err(error),
    };
    let key = document.unwrap_key(&store.keys().access())?;
    document.decrypt(&key).map(Some)
}

/// What can be values of secrets and of their keys, and the names of what is nested deeper.
fn split(tree: Tree) -> (Tree, Vec<String>) {
    let is_leaf = |node: &Node<Value>| matches!(node, Node::Leaf(_));
    let (mut texts, mut nested) = (Tree::new(), Vec::new());
    for (name, node) in tree {
        match &node {
            Node::Map(keys) if !keys.iter().all(|(_, node)| is_leaf(node)) => nested.push(name),
            Node::List(_) => nested.push(name),
            // Names are unique.
            _ => drop(texts.insert(name, node)),
        }
    }
    (texts, nested)
}

/// Why what is nested is not taken.
const IS_NESTED: &str = "a secret is a text or has keys that are; take a part with 'sops decrypt --extract', and 'hlc secrets set'";

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
    if let Some(declared) = vault.declared.get(secret) {
        vault.warn(secret, declared, &value);
    }
    let public = vault.public_half(secret, &value);
    into.set(secret, value, public, vault.today).map_err(|error| failed(&error))
}
