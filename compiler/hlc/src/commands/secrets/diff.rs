//! `hlc secrets diff FILE`: what can be seen of a file of values, as lines for Git to compare. Needs no key and no lab.

use std::fmt::Write;
use std::path::Path;

use secrets::Fingerprint;
use sops::{Document, Format, Map, Node, Visible};

use crate::exit::{Exit, Failure};
use crate::terminal::Terminal;

/// How much of a number tells two apart.
const SHORT: usize = 12;

/// Prints who reads the file, and of each value its name, its date, and a mark that changes when it does: part of the
/// SHA-256 of what it is encrypted to. No value is printed, not even one that is not encrypted.
pub(super) fn run(file: &Path, terminal: &Terminal) -> Result<Exit, Failure> {
    let cannot =
        |reason: String| Failure::cannot(format!("cannot show {}: {reason}", crate::terminal::shown(file)));
    let bytes = workspace::read::bytes(file).map_err(|error| cannot(workspace::read::reason(&error)))?;
    let text = match Document::parse(&bytes, Format::Yaml) {
        Ok(document) => described(&document),
        // Git shows the other side all the same.
        Err(_) if bytes.iter().all(u8::is_ascii_whitespace) => String::new(),
        Err(error) => format!("no file of values: {error}\n"),
    };
    terminal.lines(&text)?;
    Ok(Exit::Success)
}

fn described(document: &Document) -> String {
    let mut text = String::new();
    let mut readers: Vec<&str> = document.metadata().recipients().collect();
    readers.sort_unstable();
    for reader in readers {
        let _ = writeln!(text, "reader  {}", one_line(reader));
    }
    let facts = secrets::facts("", document);
    for (secret, value) in facts.values.iter().flatten() {
        let changed = value.changed.map_or_else(|| "?".to_owned(), |date| date.to_string());
        let _ = writeln!(
            text,
            "value   {}  {changed}  {}",
            one_line(&secret.to_string()),
            mark(document, secret)
        );
    }
    for (name, key) in &facts.public {
        let _ = writeln!(text, "public  {}  {}", one_line(name), one_line(key));
    }
    text
}

/// What of a value changes when it does.
fn mark(document: &Document, secret: &model::SecretRef) -> String {
    let visible = document.visible();
    let of = |map: &Map<Visible>, name: &str| match map.get(name) {
        Some(Node::Leaf(Visible::Encrypted(text))) => {
            Fingerprint::of_content(text.as_bytes()).as_str()[..SHORT].to_owned()
        }
        Some(Node::Leaf(Visible::Plain(value))) if value.is_empty() => "empty".to_owned(),
        _ => "not encrypted".to_owned(),
    };
    match (&secret.key, visible.get(&secret.name)) {
        (Some(key), Some(Node::Map(keys))) => of(keys, key),
        _ => of(&visible, &secret.name),
    }
}

fn one_line(text: &str) -> String {
    diagnostics::render::plain(text).into_owned()
}
