//! The encrypted copies as part of a build: those that are up to date are kept as they are, the others are made anew.

use std::collections::BTreeSet;
use std::path::Path;

use driver::Outputs;
use emit::Files;
use emit_secrets::Delivered;
use model::SecretRef;
use secrets::{Delivery, Fingerprint, Source, deliver, fingerprint};

use super::index::{INDEX, Index};
use super::store::Store;
use crate::exit::Failure;
use crate::load::Lab;
use crate::read;
use crate::terminal::Terminal;

/// A file that is to be made anew.
struct Stale<'a> {
    file: &'a Delivered,
    made_of: Fingerprint,
    old: Option<Vec<u8>>,
}

/// Adds the encrypted copies to what is built below `folder`. Without a key, this works as long as none has to be
/// made anew. Returns whether the file of values was looked at with a key.
pub(crate) fn add(
    lab: &Lab,
    folder: &Path,
    outputs: &mut Outputs,
    terminal: &Terminal,
) -> Result<bool, Failure> {
    let mut all = std::mem::take(&mut outputs.secrets);
    // Whose readers are nobody has been reported.
    all.retain(|file| !file.readers.is_empty());
    let store = Store::read(lab)?;
    // With a key it is known whether somebody changed the file, of which public halves are used in the open, too.
    let opened = store.open_quietly()?;
    let is_verified = opened.is_some();
    if all.is_empty() {
        return Ok(is_verified);
    }
    let sealed = store.sealed()?;
    let known = Indexes::read(folder);
    let mut indexes = Indexes::default();
    let mut stale = Vec::new();
    for file in &all {
        let old = read::bytes(&folder.join(&file.path)).ok();
        let Some(made_of) = fingerprint(file, &|secret| sealed.get(secret).cloned()) else {
            // Without a value nothing can be made; what is there stays.
            if let Some(old) = old.and_then(|old| String::from_utf8(old).ok()) {
                indexes.keep(file, &known);
                put(outputs, file, old);
            }
            continue;
        };
        let content = old.as_deref().map(Fingerprint::of_content);
        match (content, old) {
            (Some(content), Some(old)) if known.says(file, &made_of, &content) => {
                indexes.note(file, &made_of, &content);
                put(outputs, file, String::from_utf8_lossy(&old).into_owned());
            }
            (_, old) => stale.push(Stale { file, made_of, old }),
        }
    }
    if !stale.is_empty() {
        make(&store, opened, stale, outputs, &mut indexes, terminal)?;
    }
    indexes.add_to(outputs);
    Ok(is_verified)
}

/// Makes files anew, with a key: `opened` where nobody had to be asked for it.
fn make(
    store: &Store,
    opened: Option<Source>,
    stale: Vec<Stale<'_>>,
    outputs: &mut Outputs,
    indexes: &mut Indexes,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let source = match opened {
        Some(source) => source,
        None => store.open_for_use(&|readers| needs_key(store, &stale, readers))?,
    };
    for Stale { file, made_of, old } in stale {
        let settings = store.settings(&file.readers)?;
        let delivery =
            deliver(file, &source, &store.admins, old.as_deref(), &store.keys().access(), &settings)
                .map_err(|error| Failure::cannot(format!("cannot make {}: {error}", file.path)))?;
        let text = match (delivery, old) {
            (Delivery::Untouched, Some(old)) => String::from_utf8_lossy(&old).into_owned(),
            (Delivery::New(text), _) => {
                terminal.detail(&format!("encrypted {}", file.path));
                text
            }
            (Delivery::Untouched, None) => continue,
        };
        indexes.note(file, &made_of, &Fingerprint::of_content(text.as_bytes()));
        put(outputs, file, text);
    }
    Ok(())
}

/// Which files cannot be made without a key, and whose would do.
fn needs_key(store: &Store, stale: &[Stale<'_>], readers: &[String]) -> Failure {
    let mut message = "nothing was written: these files must be encrypted anew, which takes a key".to_owned();
    for Stale { file, .. } in stale {
        let secrets: BTreeSet<&SecretRef> = file.secrets();
        let secrets: Vec<String> = secrets.iter().map(|secret| format!("'{secret}'")).collect();
        message.extend(["\n  ", &file.path, ": ", &secrets.join(", ")]);
    }
    let readers: Vec<String> = readers.iter().map(|key| store.reader(key)).collect();
    message.extend(["\nthat of ", &readers.join(" or "), " would do", &store.where_keys_are()]);
    Failure::cannot(message)
}

fn put(outputs: &mut Outputs, file: &Delivered, text: String) {
    if let Some((folder, path)) = split(file) {
        folder.of(outputs).insert(path.to_owned(), text);
    }
}

/// The two folders.
#[derive(Clone, Copy)]
enum Folder {
    Nixos,
    K8s,
}

impl Folder {
    fn of(self, outputs: &mut Outputs) -> &mut Files {
        match self {
            Self::Nixos => &mut outputs.nixos,
            Self::K8s => &mut outputs.k8s,
        }
    }
}

fn split(file: &Delivered) -> Option<(Folder, &str)> {
    let nixos = file.path.strip_prefix("nixos/").map(|path| (Folder::Nixos, path));
    nixos.or_else(|| file.path.strip_prefix("k8s/").map(|path| (Folder::K8s, path)))
}

/// An index in each folder.
#[derive(Default)]
struct Indexes {
    nixos: Index,
    k8s: Index,
}

impl Indexes {
    fn read(folder: &Path) -> Self {
        let read = |name: &str| {
            let text = read::bytes(&folder.join(name).join(INDEX));
            text.map(|text| Index::parse(&String::from_utf8_lossy(&text))).unwrap_or_default()
        };
        Self { nixos: read("nixos"), k8s: read("k8s") }
    }

    fn of(&self, folder: Folder) -> &Index {
        match folder {
            Folder::Nixos => &self.nixos,
            Folder::K8s => &self.k8s,
        }
    }

    fn of_mut(&mut self, folder: Folder) -> &mut Index {
        match folder {
            Folder::Nixos => &mut self.nixos,
            Folder::K8s => &mut self.k8s,
        }
    }

    fn says(&self, file: &Delivered, made_of: &Fingerprint, content: &Fingerprint) -> bool {
        split(file).is_some_and(|(folder, path)| self.of(folder).says(path, made_of, content))
    }

    fn keep(&mut self, file: &Delivered, from: &Self) {
        if let Some((folder, path)) = split(file) {
            self.of_mut(folder).keep(path, from.of(folder));
        }
    }

    fn note(&mut self, file: &Delivered, made_of: &Fingerprint, content: &Fingerprint) {
        if let Some((folder, path)) = split(file) {
            self.of_mut(folder).note(path, made_of, content);
        }
    }

    fn add_to(&self, outputs: &mut Outputs) {
        for folder in [Folder::Nixos, Folder::K8s] {
            let index = self.of(folder);
            if !index.is_empty() {
                folder.of(outputs).insert(INDEX.to_owned(), index.text());
            }
        }
    }
}
