//! What a command did that succeeded in a hostile repository, held against what the lab's own values say.

use std::fs;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrets::Source;
use sops::keys::Access;
use sops::{Document, Format, Node, Tree};

use super::{BLOB, CHART, Files, Ground, HERS, HOST, SET, drawer, format, identities};
use crate::vault::{SOURCE, Vault, admin, keys};
use crate::world::Run;

/// What is wrong with what a command did, if anything.
pub(super) fn wrong(
    ground: &Ground,
    (command, has_key): (&[&str], bool),
    run: &Run,
    (before, after): (&Files, &Files),
) -> Option<String> {
    if run.err.contains("panicked") || !(0..=2).contains(&run.code) {
        return Some("it panics".to_owned());
    }
    if run.code != 0 {
        return (before != after).then(|| "it fails and writes".to_owned());
    }
    let is_hers = |(path, text): (&String, &String)| path.starts_with("nixos/") && text.contains(HERS);
    if run.out.contains(HERS) || after.iter().any(is_hers) && !before.iter().any(is_hers) {
        return Some("her key is on hosts".to_owned());
    }
    match command {
        ["secrets", "show", name] => {
            let is_true = ground.truths.iter().any(|truth| truth[*name] == run.out.trim_end());
            (!is_true).then(|| "it shows another value".to_owned())
        }
        ["eval" | "why", _] => (!run.out.contains(&ground.half)).then(|| "it shows another half".to_owned()),
        ["build", ..] if has_key => of_build(ground, command, after),
        ["build", ..] => {
            let changed = [HOST, BLOB, CHART].iter().find(|path| before.get(**path) != after.get(**path));
            changed.map(|path| format!("it writes {path} without a key"))
        }
        ["secrets", "check"] => {
            of_build(ground, command, after).map(|wrong| format!("it finds nothing: {wrong}"))
        }
        _ => of_source(ground, command, after).or_else(|| taken_over(ground, run, before, after)),
    }
}

/// Whether a command wrote the file of values, so that a build has to follow.
pub(super) fn changes_values(command: &[&str]) -> bool {
    matches!(command, ["secrets", "rekey" | "rotate" | "set" | "merge" | "generate", ..])
}

/// What is wrong with files after a build with a key that followed a command.
pub(super) fn of_build(ground: &Ground, command: &[&str], files: &Files) -> Option<String> {
    if let Some(wrong) = of_source(ground, command, files) {
        return Some(wrong);
    }
    let source = opened(files).ok()?;
    let value = |name: &str| value(&source, name);
    let hers = fs::read_to_string(drawer().file()).expect("a key");
    let host = keys().one.age_identity();
    for (path, reader) in [(HOST, host.clone()), (BLOB, host), (CHART, admin()), (CHART, hers)] {
        let tree = match read_by(ground, files, path, &reader) {
            Ok(tree) => tree,
            Err(wrong) => return Some(wrong),
        };
        let is_true = match path {
            HOST => text(tree.get("token")) == value("token"),
            BLOB => {
                let bytes = tree.to_text(Format::Binary).expect("bytes");
                BASE64_STANDARD.encode(bytes.expose()) == value("blob")
            }
            _ => {
                inner(&tree, "web-secrets", "TOKEN") == value("token")
                    && inner(&tree, "web-secrets", "NOTE") == value("note")
            }
        };
        if !is_true {
            return Some(format!("{path} has other values"));
        }
    }
    None
}

/// What is wrong with the file of values after a command.
fn of_source(ground: &Ground, command: &[&str], files: &Files) -> Option<String> {
    let source = match opened(files) {
        Ok(source) => source,
        Err(wrong) => return Some(wrong),
    };
    let has =
        |truth: &std::collections::BTreeMap<String, String>, name: &str| truth[name] == value(&source, name);
    let is_true = match command {
        ["secrets", "set", "note"] => {
            value(&source, "note") == SET && ["token", "blob"].iter().all(|name| has(&ground.truths[0], name))
        }
        ["secrets", "rotate", "token"] => {
            let others = |truth| ["note", "blob"].iter().all(|name| has(truth, name));
            ground.truths.iter().any(others) && !has(&ground.truths[0], "token")
        }
        _ => ground.truths.iter().any(|truth| ["token", "note", "blob"].iter().all(|name| has(truth, name))),
    };
    if !is_true {
        return Some("the file of values has others".to_owned());
    }
    let text = &files[SOURCE];
    if text.contains(HERS) {
        return Some("the file of values has her half".to_owned());
    }
    let document = Document::parse(text.as_bytes(), Format::Yaml).expect("it was opened");
    let mut readers: Vec<&str> = document.metadata().recipients().collect();
    readers.sort_unstable();
    let mut named = [keys().admin.recipient(), drawer().recipient()];
    named.sort_unstable();
    if readers != named {
        return Some(format!("the file of values is for {readers:?}"));
    }
    let hers = fs::read_to_string(drawer().file()).expect("a key");
    [admin(), hers].iter().find_map(|reader| read_by(ground, files, SOURCE, reader).err())
}

/// What is wrong with how a file was taken over whose data key Eve knows: she must know nothing of what comes, and it
/// must be said whose keys are taken from it.
fn taken_over(ground: &Ground, run: &Run, before: &Files, after: &Files) -> Option<String> {
    let delivery = |files: &Files, key| {
        let document = Document::parse(files.get(SOURCE)?.as_bytes(), Format::Yaml).ok()?;
        Some(text(document.decrypt(key).ok()?.get("hlc_delivery")))
    };
    let known = ground.known_keys.iter().find_map(|key| delivery(before, key))?;
    let own = identities(&[&admin()]);
    let document = Document::parse(after[SOURCE].as_bytes(), Format::Yaml).ok()?;
    let now = delivery(after, &document.unwrap_key(&Access::new(&own)).ok()?)?;
    if known == now {
        return Some("Eve knows what keys of copies are made of".to_owned());
    }
    (!run.err.contains(&ground.half)).then(|| "it is not said which public halves are taken over".to_owned())
}

/// What a file holds, as one of its readers opens it.
fn read_by(ground: &Ground, files: &Files, path: &str, reader: &str) -> Result<Tree, String> {
    let text = files.get(path).ok_or_else(|| format!("{path} is not there"))?;
    let document =
        Document::parse(text.as_bytes(), format(path)).map_err(|_| format!("{path} is none of SOPS'"))?;
    let reader = identities(&[reader]);
    let tree = document.unwrap_key(&Access::new(&reader)).and_then(|key| document.decrypt(&key));
    let tree = tree.map_err(|error| format!("a reader cannot open {path}: {error}"))?;
    if ground.known_keys.iter().any(|key| document.decrypt(key).is_ok()) {
        return Err(format!("Eve knows the data key of {path}"));
    }
    Ok(tree)
}

fn opened(files: &Files) -> Result<Source, String> {
    let source = files.get(SOURCE).ok_or("there is no file of values")?;
    let own = identities(&[&admin()]);
    Source::open(source.as_bytes(), &Access::new(&own))
        .map_err(|error| format!("the file of values does not open: {error}"))
}

fn value(source: &Source, name: &str) -> String {
    let found = source.names().find(|one| one.to_string() == name);
    found.and_then(|one| source.value(one)).unwrap_or_default().to_owned()
}

fn text(node: Option<&Node<sops::Value>>) -> String {
    match node {
        Some(Node::Leaf(value)) => value.as_str().unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

/// A value of a chart's Secret, wherever its values have it.
fn inner(tree: &Tree, name: &str, key: &str) -> String {
    match tree.get("secrets").or(tree.get(name)) {
        Some(Node::Map(map)) => match map.get(name) {
            Some(Node::Map(map)) => text(map.get(key)),
            _ => text(map.get(key)),
        },
        _ => String::new(),
    }
}

/// All files of a build that follows, where it succeeds.
pub(super) fn built(vault: &Vault) -> Option<Files> {
    let run = vault.run(&["build", "--force"]);
    (run.code == 0).then(|| super::files(vault))
}
