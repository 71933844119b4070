//! Files that change while they are open.

use driver::Session;

use crate::lab::come_to;

/// The line between two versions of a file.
pub const VERSION: &str = "\n#### next version\n";

/// So many versions of one file are gone through; what follows is left out.
const MOST: usize = 8;

/// As [`versions`], of one file: what stands between lines of [`VERSION`].
pub fn edits(text: &str) {
    let mut texts = text.split(VERSION).take(MOST).map(|text| ("homelab.hl", text.to_owned()));
    let first = texts.next();
    versions(first.as_slice(), &texts.collect::<Vec<_>>());
}

/// Whatever stood in files before, a lab comes to what it comes to when it is opened as it is.
pub fn versions(files: &[(&str, String)], later: &[(&str, String)]) {
    let mut files: Vec<(String, String)> =
        files.iter().map(|(path, text)| ((*path).to_owned(), text.clone())).collect();
    let mut session = Session::open(files.clone());
    come_to(&session);
    for (path, text) in later {
        session.set_text(path, text);
        match files.iter_mut().find(|(known, _)| known == path) {
            Some((_, known)) => known.clone_from(text),
            None => files.push(((*path).to_owned(), text.clone())),
        }
        let fresh = Session::open(files.clone());
        assert_eq!(come_to(&session), come_to(&fresh), "after the edit of {path} to\n{text}");
    }
}
