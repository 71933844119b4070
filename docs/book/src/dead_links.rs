//! Links in the book that lead nowhere: to pages, to places in pages, to pictures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, io};

use crate::contents::resolved;

/// A page that is laid out: where it leads, and what in it can be led to.
#[derive(Clone, Debug, Default)]
struct Laid {
    links: Vec<String>,
    names: BTreeSet<String>,
}

/// The links that lead nowhere in the pages below a folder, each with the page that has it.
pub fn dead_links(folder: &Path) -> io::Result<Vec<String>> {
    let files = files(folder, "")?;
    let mut pages = BTreeMap::new();
    for path in files.iter().filter(|path| Path::new(path).extension().is_some_and(|found| found == "html")) {
        pages.insert(path.clone(), read(&fs::read_to_string(folder.join(path))?));
    }
    let mut dead = Vec::new();
    for (path, page) in &pages {
        let around = path.rsplit_once('/').map_or("", |(around, _)| around);
        let is_dead = |link: &&String| !leads_somewhere(link, path, around, &files, &pages);
        dead.extend(page.links.iter().filter(is_dead).map(|link| format!("{path}: {link}")));
    }
    Ok(dead)
}

fn leads_somewhere(
    link: &str,
    page: &str,
    around: &str,
    files: &BTreeSet<String>,
    pages: &BTreeMap<String, Laid>,
) -> bool {
    if link.contains("://") || link.starts_with("mailto:") || link.starts_with("data:") {
        return true;
    }
    let (path, name) = link.split_once('#').unwrap_or((link, ""));
    let target = if path.is_empty() { page.to_owned() } else { resolved(around, path) };
    let has_name = || pages.get(&target).is_some_and(|page| page.names.contains(name));
    files.contains(&target) && (name.is_empty() || has_name())
}

/// All files below a folder, by their paths from there.
fn files(folder: &Path, before: &str) -> io::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder)?.flatten() {
        let path = format!("{before}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            found.extend(files(&entry.path(), &format!("{path}/"))?);
        } else {
            found.insert(path);
        }
    }
    Ok(found)
}

/// The links and names of a page, as its tags have them.
fn read(html: &str) -> Laid {
    let mut laid = Laid::default();
    for tag in html.split('<').skip(1).filter_map(|part| part.split_once('>')).map(|(tag, _)| tag) {
        laid.links.extend(["href", "src"].into_iter().filter_map(|name| attribute(tag, name)));
        laid.names.extend(["id", "name"].into_iter().filter_map(|name| attribute(tag, name)));
    }
    laid
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?;
    Some(value.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_followed() {
        let files = BTreeSet::from(["a.html".to_owned(), "b/c.html".to_owned(), "x.png".to_owned()]);
        let c =
            read("<h2 id=\"d\">D</h2><a class=\"e\" href=\"../a.html#f&amp;g\">F</a><img src=\"../x.png\">");
        assert_eq!(c.links, ["../a.html#f&g", "../x.png"]);
        let pages = BTreeMap::from([("a.html".to_owned(), Laid::default()), ("b/c.html".to_owned(), c)]);
        let leads = |link: &str| leads_somewhere(link, "b/c.html", "b", &files, &pages);
        for link in ["#d", "c.html#d", "../a.html", "../x.png", "https://nowhere.example/#q", ""] {
            assert!(leads(link), "{link}");
        }
        for link in ["#e", "a.html", "../a.html#d", "../y.png"] {
            assert!(!leads(link), "{link}");
        }
    }
}
