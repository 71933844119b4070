//! YAML as SOPS writes it: by go-yaml version 3, with an indentation of 4.

use zeroize::Zeroizing;

use super::resolve::resolve;
use crate::error::{Error, Problem};
use crate::store::plaintext::Plaintext;
use crate::tree::{Map, Node};
use crate::value::{Tree, Value, float_literal};

/// How a text can be written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// Writes a tree as a document.
pub(in crate::store) fn write(tree: &Tree) -> Result<Zeroizing<String>, Error> {
    let mut writer = Writer::default();
    if tree.is_empty() {
        writer.text.push_str("{}\n");
    }
    writer.map(tree, 0)?;
    Ok(writer.text.finish())
}

#[derive(Default)]
struct Writer {
    text: Plaintext,
}

/// The indentation of what is in something with this one.
fn deeper(indent: usize) -> usize {
    4 * (indent / 4 + 1)
}

impl Writer {
    fn map(&mut self, map: &Map<Value>, indent: usize) -> Result<(), Error> {
        for (at, (key, node)) in map.iter().enumerate() {
            // The first entry of a map in a list stands behind the dash.
            if at > 0 || !self.text.as_str().ends_with("- ") {
                self.text.push_times(' ', indent);
            }
            self.key(key);
            self.text.push(':');
            match node {
                Node::Map(map) if !map.is_empty() => {
                    self.text.push('\n');
                    self.map(map, deeper(indent))?;
                }
                Node::List(items) if !items.is_empty() => {
                    self.text.push('\n');
                    self.list(items, deeper(indent))?;
                }
                node => {
                    self.text.push(' ');
                    self.short(node, deeper(indent))?;
                }
            }
        }
        Ok(())
    }

    fn list(&mut self, items: &[Node<Value>], indent: usize) -> Result<(), Error> {
        for (at, item) in items.iter().enumerate() {
            if at > 0 || !self.text.as_str().ends_with("- ") {
                self.text.push_times(' ', indent);
            }
            self.text.push_str("- ");
            match item {
                Node::Map(map) if !map.is_empty() => self.map(map, indent + 2)?,
                Node::List(items) if !items.is_empty() => self.list(items, indent + 2)?,
                item => self.short(item, indent + 2)?,
            }
        }
        Ok(())
    }

    /// What goes on the line that it belongs to, and the end of that line.
    fn short(&mut self, node: &Node<Value>, indent: usize) -> Result<(), Error> {
        match node {
            Node::Map(_) => self.text.push_str("{}"),
            Node::List(_) => self.text.push_str("[]"),
            Node::Leaf(value) => return self.value(value, indent),
        }
        self.text.push('\n');
        Ok(())
    }

    fn value(&mut self, value: &Value, indent: usize) -> Result<(), Error> {
        match value {
            Value::Null => self.text.push_str("null"),
            Value::Bool(value) => self.text.push_str(if *value.expose() { "true" } else { "false" }),
            Value::Time(text) => self.text.push_str(text.expose()),
            Value::Int(number) => self.text.push_str(&Zeroizing::new(number.expose().to_string())),
            Value::Float(number) if !number.expose().is_finite() => {
                return Err(Error::new(Problem::UnusableValue("SOPS files have no infinite numbers")));
            }
            Value::Float(number) => self.text.push_str(&float_literal(*number.expose())),
            Value::Bytes(_) => {
                return Err(Error::new(Problem::UnusableValue("bytes go into binary files only")));
            }
            Value::Str(text) => {
                self.str(text.expose(), indent);
                return Ok(());
            }
        }
        self.text.push('\n');
        Ok(())
    }

    fn key(&mut self, key: &str) {
        match style(key) {
            Style::Literal => self.double(key),
            style => self.in_style(key, style),
        }
    }

    fn str(&mut self, text: &str, indent: usize) {
        match style(text) {
            Style::Literal => self.literal(text, indent),
            style => {
                self.in_style(text, style);
                self.text.push('\n');
            }
        }
    }

    fn in_style(&mut self, text: &str, style: Style) {
        match style {
            Style::Plain => self.text.push_str(text),
            Style::Single => {
                self.text.push('\'');
                for (at, part) in text.split('\'').enumerate() {
                    self.text.push_str(if at == 0 { "" } else { "''" });
                    self.text.push_str(part);
                }
                self.text.push('\'');
            }
            Style::Double | Style::Literal => self.double(text),
        }
    }

    fn double(&mut self, text: &str) {
        self.text.push('"');
        for char in text.chars() {
            match escape(char) {
                Some(short) => {
                    self.text.push('\\');
                    self.text.push(short);
                }
                None if is_printable(char) => self.text.push(char),
                None => {
                    let (letter, digits) = match u32::from(char) {
                        0..=0xff => ('x', 2),
                        0x100..=0xffff => ('u', 4),
                        _ => ('U', 8),
                    };
                    self.text.push_str(&Zeroizing::new(format!("\\{letter}{:0digits$X}", u32::from(char))));
                }
            }
        }
        self.text.push('"');
    }

    /// Text as it is, line by line; the mark behind the bar says how it ends.
    fn literal(&mut self, text: &str, indent: usize) {
        let end = match text {
            text if !text.ends_with('\n') => "-",
            text if text.ends_with("\n\n") => "+",
            _ => "",
        };
        self.text.push('|');
        self.text.push_str(end);
        self.text.push('\n');
        for line in text.split_terminator('\n') {
            if !line.is_empty() {
                self.text.push_times(' ', indent);
                self.text.push_str(line);
            }
            self.text.push('\n');
        }
    }
}

/// The style that go-yaml takes for a text.
fn style(text: &str) -> Style {
    let is_text = matches!(resolve(text), Ok(Value::Str(_))) && text != "<<";
    let is_odd = text.chars().any(|char| !is_printable(char) && char != '\n' && char != '\t');
    let begins_white = text.starts_with([' ', '\n']);
    let ends_white = text.ends_with([' ', '\n']);
    if text.contains('\n') {
        let can_stand_as_is = !is_odd && !begins_white && !text.ends_with(' ') && !text.contains(" \n");
        return if can_stand_as_is { Style::Literal } else { Style::Double };
    }
    if !is_text || is_old_bool(text) || is_base_60(text) || is_odd || text.contains('\t') {
        return Style::Double;
    }
    if begins_white || ends_white || has_indicators(text) { Style::Single } else { Style::Plain }
}

/// Whether a text has something in it that YAML would take for its own.
fn has_indicators(text: &str) -> bool {
    let first_alone = text.chars().nth(1).is_none_or(|char| matches!(char, ' ' | '\t'));
    text.starts_with("---")
        || text.starts_with("...")
        || text.starts_with(['#', ',', '[', ']', '{', '}', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`'])
        || text.starts_with(['?', ':', '-']) && first_alone
        || text.contains(": ")
        || text.ends_with(':')
        || text.contains(" #")
}

/// The letter that go-yaml escapes a character with.
fn escape(char: char) -> Option<char> {
    Some(match char {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => return None,
    })
}

/// Whether go-yaml takes a character for printable. Ends of lines that not every version knows are not, here.
fn is_printable(char: char) -> bool {
    match char {
        '\u{2028}' | '\u{2029}' | '\u{feff}' => false,
        ' '..='~' | '\u{a0}'..='\u{fffd}' => true,
        _ => false,
    }
}

/// Words that mean yes or no in YAML 1.1.
fn is_old_bool(text: &str) -> bool {
    matches!(
        text,
        "y" | "Y"
            | "yes"
            | "Yes"
            | "YES"
            | "on"
            | "On"
            | "ON"
            | "n"
            | "N"
            | "no"
            | "No"
            | "NO"
            | "off"
            | "Off"
            | "OFF"
    )
}

/// Numbers in base 60 in YAML 1.1: `12:30:45`.
fn is_base_60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let Some((first, rest)) = whole.split_once(':') else { return false };
    let is_sixtieth = |text: &str| {
        let is_short = text.len() == 1 || text.len() == 2 && text.as_bytes()[0] < b'6';
        is_short && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    first.starts_with(|char: char| char.is_ascii_digit())
        && are_digits(first)
        && are_digits(part)
        && rest.split(':').all(is_sixtieth)
}
