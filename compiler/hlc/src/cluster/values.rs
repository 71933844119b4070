//! The values of secrets, of the files that components are delivered.

use std::collections::BTreeMap;

use apply::Vault;
use driver::{HelmRelease, Part};
use emit_secrets::Delivered;
use secrets::{Clear, Source};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::exit::Failure;
use crate::load::Lab;
use crate::secrets::store::Store;

/// The values of secrets, of the files that components are delivered.
pub(super) struct Values {
    files: BTreeMap<String, Clear>,
    /// Those that were taken.
    pub(super) vault: Vault,
}

impl Values {
    /// Those that objects and releases of `parts` have in them; the file of values is opened only where there are any.
    pub(super) fn of(lab: &Lab, parts: &[Part], delivered: &[Delivered]) -> Result<Self, Failure> {
        let (mut files, mut vault) = (BTreeMap::new(), Vault::new());
        let is_used = |part: &&Part| part.objects.iter().any(|object| !object.holes.is_empty());
        let of_objects = parts.iter().filter(is_used).filter_map(|part| part.values.clone());
        let of_charts = parts.iter().flat_map(|part| {
            let charts = part.releases.iter().filter(|release| release.place.is_some());
            charts.filter_map(|release| secret_file(part, release))
        });
        let paths: Vec<String> = of_objects.chain(of_charts).collect();
        if !paths.is_empty() {
            let source = opened(lab)?;
            // What the cluster says may show a value that is only a part of what it was given.
            for value in source.names().filter_map(|name| source.value(name)) {
                vault.hide(Zeroizing::new(value.to_owned()));
            }
            for path in paths {
                let Some(file) = delivered.iter().find(|file| file.path == path) else { continue };
                let clear = Clear::of(file, &source);
                files.insert(path, clear.map_err(|error| Failure::cannot(said(&error)))?);
            }
        }
        Ok(Self { files, vault })
    }

    /// What stands in an object for the value that `path` leads to.
    pub(super) fn take(
        &mut self,
        part: &Part,
        path: &[String],
        is_to_encode: bool,
    ) -> Result<Value, Failure> {
        let file = part.values.as_deref().and_then(|file| self.files.get(file));
        let Some(text) = file.and_then(|file| file.text(path)) else {
            let (name, component) = (path.join("."), &part.component.name);
            return Err(Failure::cannot(format!("'{component}' has no value for {name}")));
        };
        let kept = if is_to_encode { Clear::encoded(&text) } else { text.clone() };
        self.vault.hide(text);
        Ok(self.vault.keep(kept))
    }

    /// All that a release is given: what stands in the open, and what is secret over it, as Helm joins them.
    pub(super) fn all(&mut self, part: &Part, release: &HelmRelease) -> Result<Value, Failure> {
        let plain = release.plain.as_ref().map_or_else(|| Value::Object(Map::new()), Value::from);
        let Some(path) = secret_file(part, release) else { return Ok(plain) };
        let Some(file) = self.files.get(&path) else {
            return Err(Failure::cannot(format!("release '{}' has no values in {path}", release.name)));
        };
        let vault = &mut self.vault;
        Ok(over(plain, file.json(&mut |text| vault.keep(text))))
    }
}

/// The encrypted file of a release's values.
fn secret_file(part: &Part, release: &HelmRelease) -> Option<String> {
    release.secrets.as_ref().map(|path| format!("{}/{path}", part.folder))
}

/// As Helm joins files of values: maps are joined, everything else is replaced.
fn over(plain: Value, secret: Value) -> Value {
    match (plain, secret) {
        (Value::Object(mut plain), Value::Object(secret))
            if !plan::is_secret(&Value::Object(secret.clone())) =>
        {
            for (key, value) in secret {
                let joined = match plain.shift_remove(&key) {
                    Some(left) => over(left, value),
                    None => value,
                };
                plain.insert(key, joined);
            }
            Value::Object(plain)
        }
        (_, secret) => secret,
    }
}

fn opened(lab: &Lab) -> Result<Source, Failure> {
    let store = Store::read(lab)?;
    let source = store.open_for_use(&|readers| store.lacks_key_of(readers))?;
    lab.has_own_halves(&source)?;
    Ok(source)
}

fn said(error: &secrets::Error) -> String {
    let help = error.help().map_or_else(String::new, |help| format!("\n  {help}"));
    format!("{error}{help}")
}
