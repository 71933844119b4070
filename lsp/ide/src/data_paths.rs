//! Paths of files that are read as data: where they stand, where they lead, and what else could stand there.

use driver::{FileUse, Found, Session};
use source::relative_to;

use crate::here::range;
use crate::{FilePosition, FileRange};

/// The path that a place is in, and where it stands, with its quotes.
pub(crate) fn data_path_at(session: &Session, at: &FilePosition) -> Option<(FileUse, FileRange)> {
    data_paths(session, &at.file).find(|(_, range)| range.start < at.offset && at.offset < range.end)
}

/// All paths of a file, in the order written.
pub(crate) fn data_paths<'s>(
    session: &'s Session,
    file: &str,
) -> impl Iterator<Item = (FileUse, FileRange)> + use<'s> {
    let uses = session.file_uses(file).iter();
    uses.filter_map(|used| Some((used.clone(), range(session, &used.place)?)))
}

/// What could stand behind the last `/` of the path that ends where the cursor is, and the bytes of what is typed of it.
pub(crate) fn path_candidates(session: &Session, at: &FilePosition) -> Option<(Vec<String>, FileRange)> {
    let (used, place) = data_path_at(session, at)?;
    if at.offset + 1 != place.end {
        return Some((Vec::new(), place));
    }
    let typed = used.written.rsplit('/').next().unwrap_or_default();
    let start = at.offset.saturating_sub(u32::try_from(typed.len()).unwrap_or_default());
    let around = &used.written[..used.written.len() - typed.len()];
    let path = if typed.is_empty() { relative_to(&at.file, around) } else { used.path };
    let names = match session.data_file(&path) {
        Some(Found::Folder(names)) => names.to_vec(),
        Some(Found::Nothing(why)) => why.beside.clone(),
        _ => Vec::new(),
    };
    Some((names, FileRange::new(&at.file, start, at.offset)))
}
