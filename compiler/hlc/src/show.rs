//! Values and declarations as JSON.

use std::fmt::Write;

use diagnostics::render::plain;
use driver::Session;
use serde_json::{Map, Value as Json};
use types::{DeclRef, last_segment};

use driver::show::own_name;
pub(crate) use driver::show::{declaration, path, reference, value};

/// A declaration as JSON: its fields, and by kind and name the declarations in it.
pub(crate) fn declaration_json(session: &Session, decl: &DeclRef) -> Json {
    let fields = session.fields(decl).into_iter();
    let mut object: Map<String, Json> =
        fields.map(|(name, field)| (name.to_string(), values::data::readable(&field.value))).collect();
    for child in session.children(decl) {
        let kind = last_segment(values::kind_of(&child)).to_owned();
        let inner = declaration_json(session, &child);
        let of_kind = object.entry(kind).or_insert_with(|| Json::Object(Map::new()));
        if let Json::Object(of_kind) = of_kind {
            of_kind.insert(own_name(&child), inner);
        }
    }
    Json::Object(object)
}

/// JSON for a terminal or a pipe: no character in it acts on either.
pub(crate) fn json(value: &Json) -> String {
    // Of what is JSON already, nothing can go wrong.
    let text = serde_json::to_string_pretty(value).unwrap_or_default() + "\n";
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        // Only strings have others than ASCII, and there an escape means the same.
        if c != '\n' && plain(c.encode_utf8(&mut [0; 4])).len() > c.len_utf8() {
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_no_characters_that_act() {
        assert_eq!(json(&Json::from("é\u{9b}\u{202e}\t\"")), "\"é\\u009b\\u202e\\t\\\"\"\n");
    }
}
