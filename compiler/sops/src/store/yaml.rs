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
    let documents = documents(&mut cursor)?;
    Ok(Content { documents, comments: cursor.into_comments() })
}

fn documents(cursor: &mut Cursor<'_>) -> Result<Vec<Tree>, Error> {
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
    Ok(documents)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Reading;

    /// How many steps it takes to read, or to refuse, a text.
    fn steps(text: &str) -> usize {
        let mut cursor = Cursor::new(text, Reading::Meaning);
        let _ = documents(&mut cursor);
        cursor.steps.get()
    }

    #[test]
    fn a_text_that_is_twice_as_long_takes_twice_as_many_steps() {
        let repeated: [(&str, &str); 18] = [
            ("z: ", "["),
            ("z: ", "{a: "),
            ("z: ", "[a, "),
            ("", "- "),
            ("z:\n", "- - - x\n"),
            ("z: ", "? "),
            ("z: \"", "\\n"),
            ("z: '", "''"),
            ("z: \"", " \n"),
            ("z: |\n", "\n"),
            ("z: >\n", " a\n\n"),
            ("z: a", "\n b"),
            ("z: a", "\n"),
            ("z: a\n", "# b\n"),
            ("z:\n", "\n   \n"),
            ("z: ", "a: "),
            ("z: [", "a, b, "),
            ("", "---\na: b\n"),
        ];
        for (start, part) in repeated {
            let [one, two] = [4_000, 8_000].map(|times| steps(&format!("{start}{}", part.repeat(times))));
            assert!(two <= 2 * one + 1_000, "{start}{part}…: {one} and {two} steps");
        }
        let keys = |count: usize| (0..count).map(|at| format!("k{at:06}: v\n")).collect::<Vec<_>>().concat();
        assert!(steps(&keys(8_000)) <= 2 * steps(&keys(4_000)) + 1_000);
    }
}
