//! dotenv: a line a value, without quotes. `\n` stands for the end of a line.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::plaintext::Plaintext;
use super::{Content, Reading};
use crate::error::{Error, Problem};
use crate::path::Path;
use crate::tree::Node;
use crate::value::{Tree, Value};

/// Why a value is refused that SOPS and others read differently.
const UNCLEAR: &str =
    "'\\n' in a value is the end of a line to SOPS and two characters to others; give the value another way";

/// Reads a file. Values are texts, whatever they look like.
pub(super) fn read(text: &str, reading: Reading) -> Result<Content, Error> {
    let (mut tree, mut keys, mut comments) = (Tree::new(), BTreeSet::new(), Vec::new());
    for (at, line) in text.split('\n').enumerate() {
        let line = if reading == Reading::Meaning { line } else { line.strip_suffix('\r').unwrap_or(line) };
        if line.starts_with('#') {
            comments.push(at + 1);
        } else if !line.is_empty() {
            let entry = line.split_once('=');
            let (key, value) =
                entry.ok_or_else(|| Error::at_line(Problem::Syntax("a '=' is missing"), at + 1))?;
            if reading != Reading::Meaning && value.contains("\\n") {
                return Err(Error::at_line(Problem::Syntax(UNCLEAR), at + 1));
            }
            if !keys.insert(key) {
                return Err(Error::at_line(Problem::DuplicateKey, at + 1));
            }
            tree.push(key.to_owned(), Node::Leaf(Value::Str(unescaped(value).into())));
        }
    }
    Ok(Content { documents: vec![tree], comments })
}

fn unescaped(value: &str) -> Zeroizing<String> {
    let mut text = Plaintext::default();
    for (at, part) in value.split("\\n").enumerate() {
        text.push_str(if at == 0 { "" } else { "\n" });
        text.push_str(part);
    }
    text.finish()
}

/// Writes a file. What would not be read back as it was is refused.
pub(super) fn write(tree: &Tree) -> Result<Zeroizing<String>, Error> {
    let mut text = Plaintext::default();
    let mut path = Path::root();
    for (key, node) in tree.iter() {
        path.enter_key(key);
        let refuse = |what| Error::at_path(Problem::UnusableValue(what), &path);
        // A mark at the start of a file is no part of it.
        if key.starts_with(['#', '\u{feff}']) || key.contains(['=', '\n']) || key.is_empty() {
            return Err(Error::at_path(Problem::UnusableKey("dotenv files have no such keys"), &path));
        }
        let Node::Leaf(Value::Str(value)) = node else {
            return Err(refuse("dotenv files have texts only"));
        };
        if value.expose().contains("\\n") {
            return Err(refuse(
                "in dotenv files '\\n' stands for the end of a line, so it cannot stand for itself",
            ));
        }
        text.push_str(key);
        text.push('=');
        for (at, line) in value.expose().split('\n').enumerate() {
            text.push_str(if at == 0 { "" } else { "\\n" });
            text.push_str(line);
        }
        text.push('\n');
        path.leave();
    }
    Ok(text.finish())
}
