//! JSON, read strictly, and written as SOPS does: indented by tabs.
//!
//! The reader is our own for three things that SOPS's MAC and secrets need together: numbers as Go takes them, no key
//! twice, and no copies of values left in memory.

mod reader;

use zeroize::Zeroizing;

use super::plaintext::Plaintext;
use crate::error::{Error, Problem};
use crate::tree::{Map, Node};
use crate::value::{Tree, Value, float_literal};

pub(super) use reader::read;

/// Writes a tree as an object.
pub(super) fn write(tree: &Tree) -> Result<Zeroizing<String>, Error> {
    let mut text = Plaintext::default();
    map(&mut text, tree, 0)?;
    text.push('\n');
    Ok(text.finish())
}

fn map(text: &mut Plaintext, map: &Map<Value>, depth: usize) -> Result<(), Error> {
    text.push('{');
    for (at, (key, item)) in map.iter().enumerate() {
        line(text, at, depth + 1);
        string(text, key);
        text.push_str(": ");
        node(text, item, depth + 1)?;
    }
    close(text, map.is_empty(), depth, '}');
    Ok(())
}

fn node(text: &mut Plaintext, node: &Node<Value>, depth: usize) -> Result<(), Error> {
    match node {
        Node::Leaf(leaf) => value(text, leaf),
        Node::Map(inner) => map(text, inner, depth),
        Node::List(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                line(text, at, depth + 1);
                self::node(text, item, depth + 1)?;
            }
            close(text, items.is_empty(), depth, ']');
            Ok(())
        }
    }
}

/// The beginning of the line of an entry.
fn line(text: &mut Plaintext, at: usize, depth: usize) {
    text.push_str(if at == 0 { "\n" } else { ",\n" });
    text.push_times('\t', depth);
}

fn close(text: &mut Plaintext, is_empty: bool, depth: usize, bracket: char) {
    if !is_empty {
        text.push('\n');
        text.push_times('\t', depth);
    }
    text.push(bracket);
}

fn value(text: &mut Plaintext, value: &Value) -> Result<(), Error> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value.expose() { "true" } else { "false" }),
        Value::Str(inner) | Value::Time(inner) => string(text, inner.expose()),
        Value::Bytes(_) => {
            return Err(Error::new(Problem::UnusableValue("bytes go into binary files only")));
        }
        Value::Float(number) if !number.expose().is_finite() => {
            return Err(Error::new(Problem::UnusableValue("SOPS files have no infinite numbers")));
        }
        Value::Int(number) => text.push_str(&Zeroizing::new(number.expose().to_string())),
        Value::Float(number) => text.push_str(&float_literal(*number.expose())),
    }
    Ok(())
}

/// A string as Go writes it, safe within HTML.
fn string(text: &mut Plaintext, inner: &str) {
    text.push('"');
    for char in inner.chars() {
        match char {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                text.push_str(&Zeroizing::new(format!("\\u{:04x}", u32::from(char))));
            }
            char => text.push(char),
        }
    }
    text.push('"');
}
