//! INI: sections of keys and values, as SOPS (go-ini) reads them.

use std::collections::BTreeSet;

use super::plaintext::Plaintext;
use super::{Content, Reading};
use crate::error::{Error, Problem};
use crate::tree::Node;
use crate::value::{Tree, Value};

/// What holds the keys before the first section.
const DEFAULT_SECTION: &str = "DEFAULT";

/// A section in the making.
struct Section {
    name: String,
    values: Tree,
    keys: BTreeSet<String>,
}

/// Reads a file. Values are texts, whatever they look like.
pub(super) fn read(text: &str, reading: Reading) -> Result<Content, Error> {
    let (mut tree, mut names, mut comments) = (Tree::new(), BTreeSet::new(), Vec::new());
    let mut section = Section::named(DEFAULT_SECTION);
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let (at, line) = (at + 1, line.trim());
        if line.starts_with([';', '#']) {
            comments.push(at);
        } else if let Some(name) = line.strip_prefix('[') {
            let name = name.strip_suffix(']').ok_or_else(|| syntax("the section is not closed", at))?.trim();
            if !names.insert(name.to_owned()) {
                return Err(Error::at_line(Problem::DuplicateKey, at));
            }
            std::mem::replace(&mut section, Section::named(name)).finish(&mut tree);
        } else if !line.is_empty() {
            let entry = line.split_once(['=', ':']);
            let (key, value) = entry.ok_or_else(|| syntax("a '=' is missing", at))?;
            let value = match value.trim().strip_prefix("\"\"\"") {
                Some(begin) => block(begin, &mut lines).ok_or_else(|| syntax("a quote is not closed", at))?,
                None => unquoted(value.trim(), at, reading)?,
            };
            section.insert(key.trim(), value, at)?;
        }
    }
    section.finish(&mut tree);
    Ok(Content { documents: vec![tree], comments })
}

fn syntax(what: &'static str, line: usize) -> Error {
    Error::at_line(Problem::Syntax(what), line)
}

/// What stands between three quotes, on several lines.
fn block<'t>(begin: &'t str, lines: &mut impl Iterator<Item = (usize, &'t str)>) -> Option<Plaintext> {
    let mut text = Plaintext::default();
    let (mut line, mut further) = (begin, lines.map(|(_, line)| line));
    loop {
        if let Some((last, _)) = line.split_once("\"\"\"") {
            text.push_str(last);
            return Some(text);
        }
        text.push_str(line);
        text.push('\n');
        line = further.next()?;
    }
}

/// A value without the quotes around it. What would go on over the end of the line is refused.
fn unquoted(value: &str, line: usize, reading: Reading) -> Result<Plaintext, Error> {
    let mut text = Plaintext::default();
    for quote in ['`', '"', '\''] {
        let inside = value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote));
        if let Some(inside) = inside.filter(|inside| !inside.contains(quote)) {
            text.push_str(inside);
            return Ok(text);
        }
    }
    if value.ends_with('\\') {
        return Err(Error::at_line(
            Problem::Unsupported("values that go on on the next line have no use here"),
            line,
        ));
    }
    let is_comment = |mark: &str| value.starts_with(mark) || value.contains(&format!(" {mark}"));
    if reading != Reading::Meaning && [";", "#"].into_iter().any(is_comment) {
        let what = "what stands behind ';' or '#' could be a comment; put the value in quotes";
        return Err(syntax(what, line));
    }
    text.push_str(value);
    Ok(text)
}

impl Section {
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), values: Tree::new(), keys: BTreeSet::new() }
    }

    fn insert(&mut self, key: &str, value: Plaintext, line: usize) -> Result<(), Error> {
        if !self.keys.insert(key.to_owned()) {
            return Err(Error::at_line(Problem::DuplicateKey, line));
        }
        self.values.push(key.to_owned(), Node::Leaf(Value::Str(value.finish().into())));
        Ok(())
    }

    fn finish(self, tree: &mut Tree) {
        if self.name != DEFAULT_SECTION || !self.values.is_empty() {
            tree.push(self.name, Node::Map(self.values));
        }
    }
}
