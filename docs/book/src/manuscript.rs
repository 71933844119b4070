//! All pages of the book as Markdown, with a summary of them, as mdBook takes them.

use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

use crate::colours::Painter;
use crate::contents::{CONTENTS, Part, parts};
use crate::page::{Places, page};
use crate::{library, rules};

/// A file of the book and what is in it.
pub type Written = (String, String);

/// The pictures that pages show.
const PICTURES: &str = "docs/pictures";

/// The pages of the project in `root`, and their summary.
pub fn manuscript(root: &Path) -> io::Result<Vec<Written>> {
    let parts = parts(&fs::read_to_string(root.join(CONTENTS))?);
    let places = places(root, &parts)?;
    let mut painter = Painter::default();
    let mut written = vec![("SUMMARY.md".to_owned(), summary(&parts))];
    for chapter in parts.iter().flat_map(|part| &part.chapters) {
        let text = fs::read_to_string(root.join(&chapter.source))?;
        let path = chapter.path();
        written.push((path.clone(), page(&text, &chapter.source, &path, &places, &mut painter)));
    }
    written.push((rules::LIST.to_owned(), rules::list()));
    written.push((library::KINDS.to_owned(), library::list()));
    for (path, _, text) in rules::chapters().into_iter().chain(library::kind_pages()).chain(library::others())
    {
        let text = page(&text, "", &path, &places, &mut painter);
        written.push((path, text));
    }
    Ok(written)
}

/// Writes the book's sources to an empty folder.
pub fn write(root: &Path, folder: &Path) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    for (path, text) in manuscript(root)? {
        write_to(&folder.join("src").join(path), text.as_bytes())?;
    }
    for picture in pictures(root)? {
        write_to(
            &folder.join("src/pictures").join(&picture),
            &fs::read(root.join(PICTURES).join(&picture))?,
        )?;
    }
    for name in ["book.toml", "hl.css"] {
        fs::copy(root.join("docs/book").join(name), folder.join(name))?;
    }
    Ok(())
}

fn write_to(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, bytes)
}

fn pictures(root: &Path) -> io::Result<Vec<String>> {
    let entries = fs::read_dir(root.join(PICTURES))?.flatten();
    Ok(entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}

fn places(root: &Path, parts: &[Part]) -> io::Result<Places> {
    let chapters = parts.iter().flat_map(|part| &part.chapters);
    let mut places: Places = chapters.map(|chapter| (chapter.source.clone(), chapter.path())).collect();
    for picture in pictures(root)? {
        places.insert(format!("{PICTURES}/{picture}"), format!("pictures/{picture}"));
    }
    Ok(places)
}

/// The table of contents as mdBook reads it. What is made stands behind the first part, which is for the same readers.
fn summary(parts: &[Part]) -> String {
    let mut text = "# Summary\n".to_owned();
    for (at, part) in parts.iter().enumerate() {
        let _ = write!(text, "\n# {}\n\n", part.title);
        for chapter in &part.chapters {
            let _ = writeln!(text, "- [{}]({})", chapter.title, chapter.path());
        }
        if at == 0 {
            text.push_str("\n# Reference\n\n");
            text.push_str(&nested("Kinds", library::KINDS, library::kind_pages()));
            for (path, title, _) in library::others() {
                let _ = writeln!(text, "- [{title}]({path})");
            }
            text.push_str(&nested("Rules", rules::LIST, rules::chapters()));
        }
    }
    text
}

/// A chapter with others below it.
fn nested(title: &str, path: &str, below: Vec<library::Made>) -> String {
    let mut text = format!("- [{title}]({path})\n");
    for (path, name, _) in below {
        let _ = writeln!(text, "  - [{name}]({path})");
    }
    text
}
