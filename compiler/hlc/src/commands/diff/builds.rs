//! Builds to compare: what a lab is built to, and what the last build left.

use std::collections::BTreeMap;
use std::path::Path;

use compare::{Built, Sealed, Thing};
use driver::Outputs;
use emit_secrets::Delivered;
use output::{RealDisk, written};
use plan::{Key, Origin};
use secrets::{Fingerprint, fingerprint};
use serde_json::Value;
use workspace::Disk;
use workspace::index::{INDEX, Indexes};

use crate::exit::Failure;
use crate::load::Lab;
use crate::secrets::store::sealed_in;
use crate::terminal::{Terminal, shown};

/// What a lab without errors is built to.
pub(super) fn of_lab(lab: &Lab) -> Result<Built, Failure> {
    let Outputs { nixos, k8s, secrets } = lab.outputs()?;
    let values = lab.stored_document().map(sealed_in).unwrap_or_default();
    let sealed = |file: Delivered| {
        let is_for_somebody = !file.readers.is_empty();
        let made_of = fingerprint(&file, &|secret| values.get(secret).cloned()).filter(|_| is_for_somebody);
        let sealed = Sealed { names: file.names(), made_of: made_of.map(|number| number.to_string()) };
        (file.path, sealed)
    };
    let sealed = secrets.into_iter().map(sealed).collect();
    Ok(Built { nixos, k8s, sealed, origins: origins(lab) })
}

/// What the last build left below `folder`, as it is there now.
pub(super) fn last(folder: &Path, terminal: &Terminal) -> Result<Built, Failure> {
    let indexes = Indexes::read(&Disk::new(folder));
    let mut built = Built::default();
    let (mut edited, mut is_there) = (Vec::new(), false);
    for name in ["nixos", "k8s"] {
        let read = written(&RealDisk, &folder.join(name));
        let Some(written) = read.map_err(|error| Failure::cannot(error.to_string()))? else { continue };
        is_there = true;
        edited.extend(written.edited_by_hand.iter().map(|path| shown(&folder.join(name).join(path))));
        let files = if name == "nixos" { &mut built.nixos } else { &mut built.k8s };
        for (path, text) in written.files.into_iter().filter(|(path, _)| path != INDEX) {
            let full = format!("{name}/{path}");
            if is_encrypted(&full) {
                built.sealed.insert(full.clone(), sealed(&full, &text, &indexes));
            } else {
                files.insert(path, text);
            }
        }
    }
    if !is_there {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        return Err(Failure::cannot(format!(
            "there is no build in {} to compare with; 'hlc build' writes one, and 'hlc diff HEAD' compares with the last \
             commit",
            shown(folder)
        )));
    }
    if !edited.is_empty() {
        terminal.note(&format!("edited by hand since the last build: {}", edited.join(", ")));
    }
    Ok(built)
}

/// Whether a build puts encrypted files there.
fn is_encrypted(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts.as_slice(), ["nixos", "secrets", ..] | ["k8s", _, _, "secrets", _])
}

/// An encrypted file as it is there, and what it was made of if it is still what was written.
fn sealed(path: &str, text: &str, indexes: &Indexes) -> Sealed {
    let content = Fingerprint::of_content(text.as_bytes());
    let record = indexes.record_at(path).filter(|record| record.content == content);
    let made_of = record.map(|record| record.made_of.to_string());
    // What is bytes has no names in it.
    let is_bytes = Path::new(path).extension().is_some_and(|end| end == "bin");
    if is_bytes { Sealed { made_of, ..Sealed::default() } } else { Sealed::read(text, made_of) }
}

/// Where what a lab is built to is declared.
pub(super) fn origins(lab: &Lab) -> BTreeMap<Thing, Origin> {
    let said = lab.session.origins();
    let mut origins = BTreeMap::new();
    for (path, place) in &said.files {
        let thing = if is_encrypted(path) { Thing::Encrypted } else { Thing::File };
        origins.insert(thing(path.clone()), lab.origin(place));
    }
    for ((host, key), place) in &said.settings {
        origins.insert(Thing::Setting { host: host.clone(), key: key.clone() }, lab.origin(place));
    }
    for (path, place) in &said.helmfiles {
        origins.insert(Thing::Helmfile(path.clone()), lab.origin(place));
    }
    for part in lab.session.deployment() {
        for object in &part.objects {
            let origin = lab.origin(&object.place);
            if let Some(path) = part.values.as_ref().filter(|_| !object.holes.is_empty()) {
                origins.entry(Thing::Encrypted(path.clone())).or_insert_with(|| origin.clone());
            }
            origins.insert(Thing::Object(Key::of(&Value::from(&object.yaml))), origin);
        }
        for release in &part.releases {
            let Some(place) = &release.place else { continue };
            let (namespace, name) = (release.namespace.clone(), release.name.clone());
            let secrets = release.secrets.as_ref().map(|path| format!("{}/{path}", part.folder));
            origins.extend(secrets.map(|path| (Thing::Encrypted(path), lab.origin(place))));
            origins.insert(Thing::Release { namespace, name }, lab.origin(place));
        }
    }
    origins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encrypted_files_are_known_by_where_they_are() {
        for path in [
            "nixos/secrets/one.yaml",
            "nixos/secrets/one/blob.bin",
            "k8s/10_apps/web/secrets/web.values.secrets.yaml",
        ] {
            assert!(is_encrypted(path), "{path}");
        }
        for path in [
            "nixos/hosts/secrets/default.nix",
            "k8s/10_apps/secrets/helmfile.yaml",
            "k8s/10_apps/web/templates/secrets.yaml",
        ] {
            assert!(!is_encrypted(path), "{path}");
        }
    }
}
