//! Files of the lab that hold data: an input each, so that who uses one depends on no other.
#![allow(missing_docs, reason = "salsa's macros make functions that cannot be documented")]

use std::collections::BTreeMap;
use std::sync::Arc;

use salsa::{Durability, Setter};

use crate::known::word;
use crate::queries::{Db, Word};

/// What was found under the name of a file that the lab reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Found {
    /// A text.
    Text(Arc<str>),
    /// A folder: the names of the files in it, in order, and of folders, which end with `/`.
    Folder(Arc<[String]>),
    /// Nothing that can be read.
    Nothing(Unreadable),
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unreadable {
    /// The end of a sentence.
    pub reason: String,
    /// What else is beside it, where it is not there: names of files, and of folders with a `/` at their end.
    pub beside: Vec<String>,
}

/// A file or folder that the lab reads as data.
#[salsa::input(debug)]
pub struct DataFile {
    /// Relative to the lab's folder, with `/`.
    pub path: Arc<str>,
    /// What is there.
    pub found: Found,
}

/// All of them, by path. One that nobody reads any longer is kept for when somebody does: inputs are never freed.
#[salsa::input(singleton, debug)]
pub struct DataFiles {
    /// By path.
    pub known: BTreeMap<Arc<str>, DataFile>,
}

impl DataFiles {
    /// With none. The only one of its kind.
    pub fn open(db: &dyn Db) {
        let _ = Self::builder(BTreeMap::new()).durability(Durability::LOW).new(db);
    }

    /// Says what is found under the names that the lab reads.
    pub fn set(db: &mut impl Db, found: BTreeMap<String, Found>) {
        let all = Self::get(db);
        let mut known = all.known(db).clone();
        let mut is_new = false;
        for (path, found) in found {
            match known.get(path.as_str()) {
                Some(file) if *file.found(db) == found => {}
                Some(file) => drop(file.set_found(db).to(found)),
                None => {
                    let path: Arc<str> = path.into();
                    let file =
                        DataFile::builder(Arc::clone(&path), found).durability(Durability::LOW).new(db);
                    known.insert(path, file);
                    is_new = true;
                }
            }
        }
        if is_new {
            all.set_known(db).to(known);
        }
    }
}

/// What is found under a name, relative to the lab's folder; nothing where nobody has looked.
pub fn data_file<'db>(db: &'db dyn Db, path: &str) -> Option<&'db Found> {
    Some(data_file_called(db, word(db, path))?.found(db))
}

/// The input of a name: all that who reads a file sees of which others there are.
#[salsa::tracked(returns(copy))]
fn data_file_called<'db>(db: &'db dyn Db, path: Word<'db>) -> Option<DataFile> {
    DataFiles::try_get(db)?.known(db).get(path.text(db).as_str()).copied()
}
