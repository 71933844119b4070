//! Files that the lab reads as data, and what is found under their names.

use std::collections::{BTreeMap, BTreeSet};

use driver::{Builtin, Format, Found, Session, Unreadable};

use crate::texts::Texts;

/// How large a file may be that is read as data: twice of what Kubernetes takes in one object.
const LARGEST: usize = 2 << 20;

/// How many files of a folder are read.
const MOST_FILES: usize = 2_000;

/// Reads the files that a lab reads as data, once it is known which files it has itself.
pub fn read_data(session: &mut Session, texts: &dyn Texts) {
    let files = session.file_names();
    let reads: BTreeSet<_> = files.iter().flat_map(|file| paths_read(session, file)).collect();
    if !reads.is_empty() {
        session.set_data_files(found(&reads, texts));
    }
}

/// What a file of the lab reads as data, and by what.
pub(crate) fn paths_read(session: &Session, file: &str) -> Vec<(String, Builtin)> {
    session.file_uses(file).iter().map(|used| (used.path.clone(), used.reader)).collect()
}

/// What is found under the names that the lab reads, `reads`, each with what reads it; the files of a folder among it.
pub(crate) fn found(reads: &BTreeSet<(String, Builtin)>, texts: &dyn Texts) -> BTreeMap<String, Found> {
    let mut all = BTreeMap::new();
    for (path, reader) in reads {
        let found = if is_outside(path) { outside() } else { one(path, texts) };
        if let Found::Folder(names) = &found
            && matches!(reader, Builtin::Files | Builtin::Documents)
        {
            let files = names.iter().filter(|name| !name.ends_with('/'));
            let wanted = files.filter(|name| *reader == Builtin::Files || Format::of(name).is_some());
            for name in wanted {
                let path = format!("{path}/{name}");
                let found = one(&path, texts);
                all.insert(path, found);
            }
        }
        all.insert(path.clone(), found);
    }
    all
}

fn is_outside(path: &str) -> bool {
    path.starts_with('/') || path == ".." || path.starts_with("../")
}

fn outside() -> Found {
    nothing("it is outside of the lab's folder")
}

fn nothing(reason: impl Into<String>) -> Found {
    Found::Nothing(Unreadable { reason: reason.into(), beside: Vec::new() })
}

fn one(path: &str, texts: &dyn Texts) -> Found {
    if path.starts_with("std/") {
        return nothing("a lab cannot have a folder 'std', which is the library's");
    }
    if !texts.is_inside(path) {
        return nothing("it is a link to what is outside of the lab's folder");
    }
    if let Some(names) = texts.entries(path) {
        let names = shown(names);
        if names.len() > MOST_FILES {
            return nothing(format!("there are more than {MOST_FILES} files in it"));
        }
        return Found::Folder(names.into());
    }
    match texts.text(path) {
        Ok(text) if text.len() > LARGEST => nothing(format!("it is larger than {} MiB", LARGEST >> 20)),
        Ok(text) => Found::Text(text),
        Err(unread) => {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let beside = if unread.is_there { None } else { texts.entries(folder) };
            Found::Nothing(Unreadable { reason: unread.reason, beside: shown(beside.unwrap_or_default()) })
        }
    }
}

/// The names that are no hidden ones.
fn shown(names: Vec<String>) -> Vec<String> {
    names.into_iter().filter(|name| !name.starts_with('.')).collect()
}
