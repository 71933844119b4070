//! What the last build left in a folder, as it is there now.

use std::path::Path;

use emit::Files;

use crate::hash::Hash;
use crate::look::Tree;
use crate::record::Record;
use crate::{Disk, OutputError};

/// What the last build left in a folder, as it is there now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The files that hlc wrote and that are there.
    pub files: Files,
    /// Those of them that were edited by hand since.
    pub edited_by_hand: Vec<String>,
}

/// Reads what hlc wrote in `folder`, by the record; nothing where it never wrote there. What is no text any more is read
/// as far as it is one.
pub fn written<D: Disk>(disk: &D, folder: &Path) -> Result<Option<Written>, OutputError> {
    let tree = Tree::new(disk, folder);
    let (true, (record, Some(_))) = (tree.exists()?, Record::load(disk, folder)?) else { return Ok(None) };
    let mut written = Written::default();
    for path in record.0.keys() {
        let Ok(content) = tree.read(path)? else { continue };
        if !record.knows(path, Hash::of(&content)) {
            written.edited_by_hand.push(path.clone());
        }
        written.files.insert(path.clone(), String::from_utf8_lossy(&content).into_owned());
    }
    Ok(Some(written))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MemoryDisk, Options, Target, build};

    #[test]
    fn what_was_written_is_read_as_it_is_now() {
        let (disk, folder) = (MemoryDisk::default(), Path::new("k8s"));
        assert_eq!(written(&disk, folder).expect("nothing is there"), None);
        let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let files = Files::from([file("a/b", "1"), file("c", "2"), file("d", "3")]);
        let target = Target { folder, files: &files, is_protected: &|_| false };
        build(&disk, &[target], Options::default()).expect("a build");
        disk.write_new(&folder.join("mine"), b"x").expect("a file of somebody");
        disk.remove_file(&folder.join("c")).expect("a file that goes");
        disk.remove_file(&folder.join("d")).expect("a file that goes");
        disk.write_new(&folder.join("d"), b"\xff").expect("another in its place");
        let found = written(&disk, folder).expect("it can be read").expect("a build");
        assert_eq!(found.files, Files::from([file("a/b", "1"), file("d", "\u{fffd}")]));
        assert_eq!(found.edited_by_hand, ["d"]);
    }
}
