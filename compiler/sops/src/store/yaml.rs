//! YAML: what secrets files have of it, read strictly, and written as SOPS does.
//!
//! Of YAML everything is read that has one meaning: block and flow collections, all five styles of scalars, comments,
//! several documents. What secrets files have no use for, and what readers have disagreed about, is refused instead of
//! guessed at: anchors and aliases, tags, merges, directives, `?` keys, keys that are no text, line breaks that are not
//! in every version. Plain scalars mean what they mean to SOPS (go-yaml), for the MAC goes over their meaning.

mod block;
mod cursor;
mod flow;
mod resolve;
mod scalar;
mod writer;

use zeroize::Zeroizing;

use super::{Content, Reading};
use crate::error::{Error, Problem};
use crate::value::Tree;
use cursor::Cursor;

pub(super) use writer::write;

/// Reads the documents of a file.
pub(super) fn read(text: &str, reading: Reading) -> Result<Content, Error> {
    let text = Zeroizing::new(text.replace("\r\n", "\n"));
    refuse_odd_characters(&text)?;
    let mut cursor = Cursor::new(&text, reading);
    let mut documents = Vec::new();
    let mut is_open = false;
    loop {
        cursor.skip_blank()?;
        if cursor.is_at_marker("---") {
            if is_open {
                documents.push(Tree::new());
            }
            cursor.take_marker()?;
            is_open = true;
        } else if cursor.is_at_marker("...") {
            if is_open {
                documents.push(Tree::new());
            } else if documents.is_empty() {
                return Err(cursor.error(Problem::Syntax("a document ends before it begins")));
            }
            cursor.take_marker()?;
            is_open = false;
        } else if cursor.is_at_end() {
            if is_open || documents.is_empty() {
                documents.push(Tree::new());
            }
            break;
        } else if !is_open && !documents.is_empty() {
            return Err(cursor.error(Problem::Syntax("a document begins with '---'")));
        } else {
            documents.push(cursor.document()?);
            is_open = false;
        }
    }
    Ok(Content { documents, comments: cursor.into_comments() })
}

/// Refuses what is no text, and what some readers take for the end of a line and others do not.
fn refuse_odd_characters(text: &str) -> Result<(), Error> {
    let mut line = 1;
    for char in text.chars() {
        match char {
            '\n' => line += 1,
            '\t' => {}
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                let problem = Problem::Unsupported("there is a character that YAML readers disagree about");
                return Err(Error::at_line(problem, line));
            }
            char if char.is_control() => {
                return Err(Error::at_line(Problem::Syntax("there is a control character"), line));
            }
            _ => {}
        }
    }
    Ok(())
}
