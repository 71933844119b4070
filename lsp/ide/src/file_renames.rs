//! What a file that gets another name changes: imports of it, its own, and paths of files that are read as data.

use driver::Session;
use syntax::ast::{Import, StatementKind};

use crate::data_paths::data_paths;
use crate::{FileEdit, FileRange};

/// The edits that keep all imports as they were when files are called otherwise, all at once: each `old` name with its
/// `new` one, both relative to the lab's folder. A name may be that of a folder.
pub fn rename_files(session: &Session, names: &[(String, String)]) -> Vec<FileEdit> {
    let mut edits = Vec::new();
    for file in session.file_names() {
        let own = renamed(&file, names);
        for (used, range) in data_paths(session, &file) {
            let target = renamed(&used.path, names);
            let is_concerned = target != used.path || own != file;
            let written = way(&own, &target);
            if is_concerned && written.trim_start_matches("./") != used.written.trim_start_matches("./") {
                edits.push(FileEdit::new(range, format!("\"{written}\"")));
            }
        }
        for item in session.items(&file) {
            let Some(parsed) = session.parsed(&item.key) else { continue };
            let StatementKind::Import(Import::File(name)) = &parsed.statement.kind else { continue };
            let imports = session.imports(&file);
            let Some(import) = imports.iter().find(|import| import.place.item == item.key) else { continue };
            let target = renamed(&import.path, names);
            let is_concerned = target != import.path || own != file;
            let written = way(&own, &target);
            if is_concerned && written.trim_start_matches("./") != import.written.trim_start_matches("./") {
                let (start, end) = (item.range.start + name.span.start, item.range.start + name.span.end);
                edits.push(FileEdit::new(FileRange::new(&file, start, end), format!("\"{written}\"")));
            }
        }
    }
    edits
}

/// What a file is called afterwards.
fn renamed(file: &str, names: &[(String, String)]) -> String {
    let new = names.iter().find_map(|(old, new)| {
        let rest = file.strip_prefix(old.trim_end_matches('/'))?;
        (rest.is_empty() || rest.starts_with('/')).then(|| format!("{}{rest}", new.trim_end_matches('/')))
    });
    new.unwrap_or_else(|| file.to_owned())
}

/// The way from the folder of one file to another file: `./media.hl`, `../lab/media.hl`.
fn way(from: &str, to: &str) -> String {
    let mut folders: Vec<&str> = from.split('/').collect();
    folders.pop();
    let parts: Vec<&str> = to.split('/').collect();
    let shared = folders.iter().zip(&parts[..parts.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(folders.len() - shared);
    let start = if up.is_empty() { "./" } else { &up };
    format!("{start}{}", parts[shared..].join("/"))
}

#[cfg(test)]
mod tests {
    use super::way;

    #[test]
    fn ways_are_short() {
        assert_eq!(way("homelab.hl", "media.hl"), "./media.hl");
        assert_eq!(way("a/b/x.hl", "a/y.hl"), "../y.hl");
        assert_eq!(way("a/x.hl", "a/b/y.hl"), "./b/y.hl");
        assert_eq!(way("a/x.hl", "c/y.hl"), "../c/y.hl");
    }
}
