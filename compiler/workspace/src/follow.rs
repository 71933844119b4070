//! The files of a lab: its own and what that imports.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diagnostics::closest;
use driver::{Import, ImportFault};

use crate::texts::Texts;

/// The files of a lab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Followed {
    /// Its own first, then what that imports, in the order in which it is found.
    pub(crate) files: Vec<String>,
    /// Why files that are imported are no part of it, by [`Import::key`].
    pub(crate) faults: BTreeMap<String, ImportFault>,
}

/// Follows the imports of the lab's own file, which is called `root` and says `text`. `read` is given each file once, and
/// says what it imports.
pub(crate) fn follow(
    (root, text): (&str, Arc<str>),
    texts: &dyn Texts,
    read: &mut dyn FnMut(&str, Arc<str>) -> Vec<Import>,
) -> Followed {
    let mut followed = Followed { files: vec![root.to_owned()], ..Followed::default() };
    let mut known: BTreeSet<String> = [root.to_owned()].into();
    // A file may be imported under two names.
    let mut identities: BTreeSet<PathBuf> = [texts.identity(root)].into();
    let mut unread = vec![text];
    let mut nth = 0;
    while let Some(name) = followed.files.get(nth) {
        let imports = read(name, Arc::clone(&unread[nth]));
        for import in imports.iter().filter(|import| known.insert(import.key().to_owned())) {
            match text_of(import, texts) {
                Ok(text) if identities.insert(texts.identity(&import.path)) => {
                    followed.files.push(import.path.clone());
                    unread.push(text);
                }
                Ok(_) => {}
                Err(fault) => drop(followed.faults.insert(import.key().to_owned(), fault)),
            }
        }
        nth += 1;
    }
    followed
}

/// What is in a file that is imported, or why it is no part of the lab.
fn text_of(import: &Import, texts: &dyn Texts) -> Result<Arc<str>, ImportFault> {
    let fault = |reason: &str| ImportFault { reason: reason.to_owned(), near: Vec::new() };
    if import.written.starts_with('/') || import.path == ".." || import.path.starts_with("../") {
        return Err(fault("it is outside of the lab's folder"));
    }
    if import.path.is_empty() {
        return Err(fault("it names no file"));
    }
    if import.path.starts_with("std/") {
        return Err(fault("a lab cannot have a folder 'std', which is the library's"));
    }
    let near = |reason| ImportFault { near: near(&import.path, texts), reason };
    texts.text(&import.path).map_err(|unread| near(unread.reason))
}

/// The files beside one that is not there whose names are like its.
fn near(name: &str, texts: &dyn Texts) -> Vec<String> {
    let own = name.rsplit('/').next().unwrap_or(name);
    let names: Vec<String> = texts.beside(name);
    let names = names.iter().filter(|name| Path::new(name).extension().is_some_and(|end| end == "hl"));
    closest(own, names.map(String::as_str), 3).into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files and faults of a lab of these files, its own first.
    fn followed(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let texts: BTreeMap<String, Arc<str>> =
            files.iter().map(|(name, text)| ((*name).to_owned(), Arc::from(*text))).collect();
        let mut read = |name: &str, text: Arc<str>| driver::imports(name, &text, &syntax::cut(&text));
        let Followed { files, faults } = follow((files[0].0, Arc::from(files[0].1)), &texts, &mut read);
        let said = |(key, fault): (String, ImportFault)| format!("{key}: {} {:?}", fault.reason, fault.near);
        (files, faults.into_iter().map(said).collect())
    }

    #[test]
    fn each_file_is_there_once_in_the_order_found() {
        let lab = [
            ("homelab.hl", "import \"b.hl\"\nimport \"./a.hl\"\nimport \"homelab.hl\"\n"),
            ("a.hl", "import \"b.hl\"\nimport \"x/c.hl\"\n"),
            ("b.hl", "import \"homelab.hl\"\n"),
            ("x/c.hl", "import \"../a.hl\"\n"),
            ("unused.hl", ""),
        ];
        assert_eq!(followed(&lab).0, ["homelab.hl", "b.hl", "a.hl", "x/c.hl"]);
        assert_eq!(followed(&lab).1, [""; 0]);
    }

    #[test]
    fn what_cannot_be_part_of_the_lab_is_told() {
        let lab = [
            (
                "homelab.hl",
                "import \"medai.hl\"\nimport \"../x.hl\"\nimport \"/y.hl\"\nimport \"std/z.hl\"\nimport \".\"\n",
            ),
            ("media.hl", ""),
            ("media.txt", ""),
        ];
        let (files, faults) = followed(&lab);
        assert_eq!(files, ["homelab.hl"]);
        assert_eq!(
            faults,
            [
                ": it names no file []",
                "../x.hl: it is outside of the lab's folder []",
                "/y.hl: it is outside of the lab's folder []",
                "medai.hl: there is no such file [\"media.hl\"]",
                "std/z.hl: a lab cannot have a folder 'std', which is the library's []",
            ]
        );
    }
}
