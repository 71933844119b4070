//! What editors are told of labs.
#![allow(clippy::disallowed_methods, reason = "tests read the lab of this project")]

mod assisting;
mod building;
mod completing;
mod deploying;
mod half_typed;
mod naming;
mod relating;
mod renaming;
mod showing;
mod structure;
mod tree_sitter;

use std::path::Path;

use driver::Session;
use ide::FilePosition;

/// The lab's own file in tests.
const MAIN: &str = "homelab.hl";

/// The lab at the root.
fn root_lab() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../homelab.hl");
    std::fs::read_to_string(file).expect("the lab at the root")
}

fn open(text: &str) -> Session {
    Session::open(vec![(MAIN.to_owned(), text.to_owned())])
}

/// A lab, and the place in it where `$0` stands.
fn at_cursor(text: &str) -> (Session, FilePosition) {
    let offset = text.find("$0").expect("a cursor");
    let session = open(&text.replacen("$0", "", 1));
    (session, FilePosition { file: MAIN.into(), offset: u32::try_from(offset).expect("small") })
}

/// The words of a text that are names, with where each begins.
fn names(text: &str) -> Vec<(usize, &str)> {
    let mut start = 0;
    let mut found = Vec::new();
    for token in syntax::tokens(text) {
        let end = start + token.len as usize;
        if token.kind == syntax::TokenKind::Word {
            found.push((start, &text[start..end]));
        }
        start = end;
    }
    found
}
