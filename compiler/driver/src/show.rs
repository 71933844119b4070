//! Values and declarations as people write them in the language.

use std::fmt::Write;

use diagnostics::render::plain;
use smol_str::SmolStr;
use types::{DeclRef, Field, Value, last_segment};

use crate::Session;

/// What fits is written on one line.
const WIDTH: usize = 100;

/// A value as it is written in the language.
pub fn value(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, 0, 0);
    text
}

/// A value in one line, and cut if it is a long one.
pub fn brief(value: &Value) -> String {
    const LONGEST: usize = 56;
    let text = flat(value);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A declaration with its fields and the declarations in it, as it could be written.
pub fn declaration(session: &Session, decl: &DeclRef) -> String {
    let mut text = String::new();
    write_declaration(&mut text, session, decl, 0);
    text
}

/// The kind and name of a declaration: `app n8n`, `port n8n.http`.
pub fn reference(decl: &DeclRef) -> String {
    format!("{} {}", last_segment(values::kind_of(decl)), path(decl))
}

/// The name of a declaration with that of what it is in: `n8n.http`.
pub fn path(decl: &DeclRef) -> String {
    decl.written(decl.item().name())
}

/// The name of a declaration in what it is in.
pub fn own_name(decl: &DeclRef) -> String {
    match decl.steps().last() {
        Some(step) => match &step.index {
            Some(index) => format!("{}[{index}]", step.name),
            None => step.name.to_string(),
        },
        None => path(decl),
    }
}

fn write_declaration(text: &mut String, session: &Session, decl: &DeclRef, indent: usize) {
    let name = if indent == 0 { path(decl) } else { own_name(decl) };
    let fields = session.fields(decl);
    let children = session.children(decl);
    let kind = last_segment(values::kind_of(decl));
    let start = text.len();
    let _ = write!(text, "{:indent$}{kind} {} ", "", if indent == 0 { name } else { key(&name) });
    if let ([(field, only)], true) = (fields.as_slice(), children.is_empty())
        && primary(session, decl).as_ref() == Some(field)
    {
        text.push_str("= ");
        let used = text.len() - start;
        write(text, &only.value, indent, used);
        text.push('\n');
        return;
    }
    text.push_str("{\n");
    for (name, field) in fields {
        let start = text.len();
        let _ = write!(text, "{:1$}{2} = ", "", indent + 2, key(&name));
        let used = text.len() - start;
        write(text, &field.value, indent + 2, used);
        text.push('\n');
    }
    for child in children {
        write_declaration(text, session, &child, indent + 2);
    }
    let _ = writeln!(text, "{:indent$}}}", "");
}

/// The field that `= value` sets in a declaration of this kind.
pub fn primary(session: &Session, decl: &DeclRef) -> Option<SmolStr> {
    let (shape, _) = types::shape(session.db(), values::kind_of(decl))?;
    shape.primary().map(|field| field.name.clone())
}

/// Writes a value at `indent`, where `used` characters of the line are taken.
fn write(text: &mut String, value: &Value, indent: usize, used: usize) {
    let line = flat(value);
    if used + line.chars().count() <= WIDTH {
        text.push_str(&line);
        return;
    }
    let inner = indent + 2;
    match value {
        Value::List(list) => {
            text.push_str("[\n");
            for field in list.iter() {
                let _ = write!(text, "{:inner$}", "");
                write(text, &field.value, inner, inner);
                text.push_str(",\n");
            }
            let _ = write!(text, "{:indent$}]", "");
        }
        Value::Map(map) => {
            text.push_str("{\n");
            for (name, field) in map.iter() {
                let name = key(name);
                let _ = write!(text, "{:inner$}{name} = ", "");
                write(text, &field.value, inner, inner + name.chars().count() + 3);
                text.push('\n');
            }
            let _ = write!(text, "{:indent$}}}", "");
        }
        Value::Text(lines) if lines.contains('\n') => block(text, lines, inner),
        _ => text.push_str(&line),
    }
}

/// A text of several lines.
fn block(text: &mut String, lines: &str, indent: usize) {
    text.push_str("\"\"\"\n");
    for line in lines.split('\n') {
        let line = escaped(line).replace("\\\"", "\"").replace("\"\"\"", "\\\"\\\"\\\"");
        let _ = writeln!(text, "{:1$}{line}", "", if line.is_empty() { 0 } else { indent });
    }
    // The end of the last line is the text's own if it has one.
    let _ = text.pop();
    if lines.ends_with('\n') {
        let _ = write!(text, "{:indent$}", "");
    }
    text.push_str("\"\"\"");
}

fn flat(value: &Value) -> String {
    match value {
        Value::Error(_) => "<error>".to_owned(),
        Value::None => "none".to_owned(),
        Value::Text(text) => quoted(text),
        Value::Nix(text) => format!("nix\"{}\"", plain(text).replace('"', "\\\"")),
        Value::Secret(secret) if secret.parts.len() > 1 => quoted(&types::redacted(secret)),
        Value::List(list) if list.is_empty() => "[]".to_owned(),
        Value::List(list) => format!("[{}]", joined(list.iter().map(|field| flat(&field.value)))),
        Value::Map(map) if map.is_empty() => "{}".to_owned(),
        Value::Map(map) => {
            let entry = |(name, field): (&SmolStr, &Field)| format!("{} = {}", key(name), flat(&field.value));
            format!("{{ {} }}", joined(map.iter().map(entry)))
        }
        Value::Decl(decl) => reference(decl),
        Value::Range(_) => value.shown().unwrap_or_default().replace('-', " .. "),
        other => plain(&other.shown().unwrap_or_default()).into_owned(),
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// A name, in quotes where it could not be written without.
fn key(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    if starts && name.chars().all(plain) { name.to_owned() } else { quoted(name) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "\\${");
    plain(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_so_that_they_are_read_as_the_same() {
        assert_eq!(value(&Value::text("a\"b\\ ${c}\n\u{1b}\u{202e}")), r#""a\"b\\ \${c}\n\u{1b}\u{202e}""#);
        let lines = format!("{}\n  b\"\"\"\n", "a".repeat(WIDTH));
        assert_eq!(
            value(&Value::text(lines)),
            format!("\"\"\"\n  {}\n    b\\\"\\\"\\\"\n  \"\"\"", "a".repeat(WIDTH))
        );
    }
}
