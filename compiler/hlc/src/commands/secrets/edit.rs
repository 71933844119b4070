//! `hlc secrets edit`: all values in an editor.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};

use model::SecretRef;
use secrets::Source;
use sops::{Format, Tree};
use zeroize::Zeroizing;

use super::generate::follow;
use super::{Vault, failed};
use crate::exit::{Exit, Failure};
use crate::secrets::store::Store;
use crate::secrets::{ask, editor, hidden};
use crate::terminal::shown;

/// What stands above the values.
const ABOUT: &str = "# All secrets of the lab, each NAME: VALUE. What you type is kept as it is.\n";

/// Shows the values in an editor, and keeps what they are then. `may_empty` says that all of them may go.
pub(super) fn run(vault: &Vault<'_>, may_empty: bool) -> Result<Exit, Failure> {
    hidden::sweep();
    let _lock = Store::lock(vault.lab, vault.terminal)?;
    let store = vault.store()?;
    store.needs_admins()?;
    store.is_not_lost()?;
    let mut source = store.open()?;
    store.will_show_origin(&source)?;
    vault.renew_halves(&mut source);
    let before = text(&source)?;
    let name = store.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut typed = Zeroizing::new(before.as_str().to_owned());
    let edited = loop {
        typed = editor::edit(&typed, &name).map_err(cannot)?;
        if *typed == *before {
            vault.terminal.note("nothing was changed");
            return Ok(Exit::Success);
        }
        match read(&source, &before, &typed, may_empty) {
            Ok(edited) => break edited,
            Err(reason) if edits_again(vault, &reason) => {}
            Err(reason) => return Err(cannot(format!("{reason}; nothing was changed"))),
        }
    };
    warn(vault, &source, &edited);
    let public = |name: &SecretRef, text: &str| vault.public_half(name, text);
    let (set, gone) = source.replace(edited, vault.today, &public).map_err(|error| failed(&error))?;
    follow(vault, &mut source, &set.iter().cloned().collect())?;
    let lost = write(vault, store, source)?;
    let is_kept = |secret: &&SecretRef| !lost.contains(secret);
    for secret in set.iter().filter(is_kept) {
        vault.terminal.note(&format!("'{secret}' is set"));
    }
    for secret in gone.iter().filter(is_kept) {
        vault.terminal.note(&format!("'{secret}' has no value any more"));
    }
    if set.iter().chain(&gone).any(|secret| is_kept(&secret)) {
        vault.deliver_hint();
    } else {
        vault.terminal.note("nothing was changed");
    }
    Ok(if lost.is_empty() { Exit::Success } else { Exit::Problems })
}

fn cannot(reason: impl std::fmt::Display) -> Failure {
    Failure::cannot(format!("cannot edit the secrets: {reason}"))
}

/// What the editor shows.
fn text(source: &Source) -> Result<Zeroizing<String>, Failure> {
    let text = source.values_tree().to_text(Format::Yaml).map_err(cannot)?;
    let text = std::str::from_utf8(text.expose()).map_err(cannot)?;
    let mut shown = Zeroizing::new(String::with_capacity(ABOUT.len() + text.len()));
    shown.push_str(ABOUT);
    shown.push_str(text);
    Ok(shown)
}

/// The values that somebody typed, or why they cannot be taken.
fn read(source: &Source, before: &str, typed: &str, may_empty: bool) -> Result<Source, String> {
    let is_guarded = !may_empty && source.names().next().is_some();
    if is_guarded && before.starts_with(typed) {
        return Err(format!("the file ends in the middle of what it was, {BY_MISTAKE}"));
    }
    let tree = Tree::typed(typed).map_err(|error| format!("what was edited cannot be read: {error}"))?;
    if let Some((name, _)) = tree.iter().find(|(name, _)| name.starts_with("hlc_")) {
        return Err(format!("'{name}' cannot be the name of a secret"));
    }
    let edited = Source::read(tree).map_err(|error| error.to_string())?;
    if is_guarded && edited.names().next().is_none() {
        return Err(format!("no value is left, {BY_MISTAKE}"));
    }
    Ok(edited)
}

/// What is said of a file that holds too little.
const BY_MISTAKE: &str = "as if it had been emptied by mistake; if it was not, use --allow-empty";

/// Whether somebody wants to mend what cannot be taken.
fn edits_again(vault: &Vault<'_>, reason: &str) -> bool {
    if !io::stdin().is_terminal() {
        return false;
    }
    vault.terminal.error(reason);
    ask::confirm("go on editing?", "yes", None).unwrap_or_default()
}

fn warn(vault: &Vault<'_>, source: &Source, edited: &Source) {
    for name in edited.names().filter(|name| source.value(name) != edited.value(name)) {
        match (vault.declared.get(name), edited.value(name)) {
            (Some(declared), Some(text)) => vault.warn(name, declared, text),
            _ => vault.terminal.note(&format!("warning: the lab declares no secret '{name}'")),
        }
    }
}

/// Writes what `edited` says. Where somebody changed the file while the editor was open, such as with SOPS, both
/// changes are put together. Returns what they changed to something else, which is as they have it.
fn write(vault: &Vault<'_>, store: Store, mut edited: Source) -> Result<BTreeSet<SecretRef>, Failure> {
    let now = vault.store()?;
    if now.text == store.text {
        vault.write(&store, &mut edited)?;
        return Ok(BTreeSet::new());
    }
    let path = shown(&store.path);
    let mut current = now.open()?;
    let merged = current.merge(&store.open()?, &edited).map_err(|error| failed(&error))?;
    vault.write(&now, &mut current)?;
    if merged.conflicts.is_empty() {
        vault.terminal.note(&format!("somebody else changed {path} meanwhile; both changes are kept"));
        return Ok(merged.conflicts);
    }
    let names: Vec<String> = merged.conflicts.iter().map(|secret| format!("'{secret}'")).collect();
    vault.terminal.error(&format!(
        "somebody else changed {path} meanwhile, and to something else: {}; theirs is kept, and all else that you changed; \
         edit it again",
        names.join(", ")
    ));
    Ok(merged.conflicts)
}
