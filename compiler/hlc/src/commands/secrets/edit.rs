//! `hlc secrets edit`: all values in an editor.

use model::SecretRef;
use secrets::Source;
use sops::{Format, Tree};
use zeroize::Zeroizing;

use super::{Vault, failed};
use crate::exit::{Exit, Failure};
use crate::secrets::editor;

/// What stands above the values.
const ABOUT: &str = "# All secrets of the lab, each NAME: VALUE.\n";

/// Shows the values in an editor, and keeps what they are then.
pub(super) fn run(vault: &Vault<'_>) -> Result<Exit, Failure> {
    let cannot = |reason: String| Failure::cannot(format!("cannot edit the secrets: {reason}"));
    let (_, (set, gone)) = vault.change(|store, source| {
        let text = source.values_tree().to_text(Format::Yaml).map_err(|error| cannot(error.to_string()))?;
        let mut shown = Zeroizing::new(ABOUT.to_owned());
        shown.push_str(std::str::from_utf8(text.expose()).unwrap_or_default());
        let name = store.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let edited = editor::edit(&shown, &name).map_err(cannot)?;
        if *edited == *shown {
            return Ok((Vec::new(), Vec::new()));
        }
        let tree = Tree::from_text(edited.as_bytes(), Format::Yaml).map_err(|error| {
            cannot(format!("what was edited cannot be read: {error}; nothing was changed"))
        })?;
        if let Some((name, _)) = tree.iter().find(|(name, _)| name.starts_with("hlc_")) {
            return Err(cannot(format!("'{name}' cannot be the name of a secret; nothing was changed")));
        }
        let edited = Source::read(tree).map_err(|error| failed(&error))?;
        for name in edited.names().filter(|name| source.value(name) != edited.value(name)) {
            match (vault.declared.get(name), edited.value(name)) {
                (Some(declared), Some(text)) => vault.warn(name, declared, text),
                _ => vault.terminal.note(&format!("warning: the lab declares no secret '{name}'")),
            }
        }
        let public = |name: &SecretRef, text: &str| vault.public_half(name, text);
        source.replace(edited, vault.today, &public).map_err(|error| failed(&error))
    })?;
    for secret in &set {
        vault.terminal.note(&format!("'{secret}' is set"));
    }
    for secret in &gone {
        vault.terminal.note(&format!("'{secret}' has no value any more"));
    }
    if set.is_empty() && gone.is_empty() {
        vault.terminal.note("nothing was changed");
    } else {
        vault.deliver_hint();
    }
    Ok(Exit::Success)
}
