//! What leads to another file: imports, of files and of modules of the library, and files that are read as data.

use driver::Session;
use syntax::ast::{Import, StatementKind};

use crate::FileRange;
use crate::data_paths::data_paths;

/// A word that leads to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The word.
    pub range: FileRange,
    /// The file, as the lab names it.
    pub target: String,
}

/// The links of a file, in the order written.
pub fn links(session: &Session, file: &str) -> Vec<Link> {
    let imports = session.imports(file);
    let mut found = Vec::new();
    for item in session.items(file) {
        let Some(parsed) = session.parsed(&item.key) else { continue };
        let StatementKind::Import(import) = &parsed.statement.kind else { continue };
        let (span, target) = match import {
            Import::File(name) => {
                let meant = imports.iter().find(|import| import.place.item == item.key);
                (name.span, meant.map(|import| import.path.clone()))
            }
            Import::Module(path) => {
                let words: Vec<&str> = path.iter().map(|name| name.text.as_str()).collect();
                let (Some(first), Some(last)) = (path.first(), path.last()) else { continue };
                (first.span.to(last.span), Some(format!("{}.hl", words.join("/"))))
            }
        };
        let target = target.filter(|target| session.text(target).is_some());
        let range = FileRange::new(file, item.range.start + span.start, item.range.start + span.end);
        found.extend(target.map(|target| Link { range, target }));
    }
    let data = data_paths(session, file).filter(|(used, _)| session.text(&used.path).is_some());
    // What is between the quotes leads there.
    found.extend(data.map(|(used, range)| Link {
        range: FileRange::new(file, range.start + 1, range.end - 1),
        target: used.path,
    }));
    found.sort_by_key(|link| link.range.start);
    found
}

/// What is said of a link when somebody points at it: what the file says of itself, or what it declares.
pub fn link_tooltip(session: &Session, link: &Link) -> String {
    let text = session.text(&link.target).map_or("", |text| text);
    if session.data_file(&link.target).is_some() {
        return format!("{}: {} lines", link.target, text.lines().count());
    }
    let comments = text.lines().take_while(|line| line.starts_with('#'));
    let said: Vec<&str> = comments.map(|line| line.trim_start_matches('#').trim()).collect();
    if !said.is_empty() {
        return said.join(" ");
    }
    let symbols = crate::document_symbols(session, &link.target);
    let names: Vec<String> = symbols.map(|symbol| symbol.name).collect();
    format!("{}: {}", link.target, names.join(", "))
}
