//! Places that are edited together: a name and all that refer to it, where they stand in one file.

use driver::Session;

use crate::{FilePosition, FileRange, prepare_rename, references};

/// The places that have the name at a place, if it can be renamed by changing them, and no other file.
pub fn linked_editing(session: &Session, at: &FilePosition) -> Vec<FileRange> {
    let Ok((_, name)) = prepare_rename(session, at) else { return Vec::new() };
    let all = references(session, at, true);
    let is_plain = |range: &FileRange| {
        let text = session.text(&range.file).filter(|_| range.file == at.file);
        text.and_then(|text| text.get(range.start as usize..range.end as usize)) == Some(name.as_str())
    };
    if all.iter().all(is_plain) { all } else { Vec::new() }
}
