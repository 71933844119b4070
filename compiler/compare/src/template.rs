//! Templates of Helm as the objects that they make, with something in the place of each secret.

use plan::SECRET;
use serde_json::{Value, json};

/// What stands for a secret in the text.
const WORD: &str = "hlcSecretOfTheLab";

/// What a template makes, with a word where it takes a value from elsewhere; nothing for what is no such template.
pub(crate) fn plain(template: &str) -> Option<String> {
    let mut out = String::new();
    let lines = template.split_inclusive('\n').skip_while(|line| line.starts_with("{{-"));
    let text: String = lines.collect();
    let mut rest = text.as_str();
    while let Some((before, behind)) = rest.split_once("{{") {
        let end = end(behind)?;
        out.push_str(before);
        // Braces that are meant as such.
        out.push_str(if behind[..end].trim() == "\"{{\"" { "{{" } else { WORD });
        rest = &behind[end + 2..];
    }
    out.push_str(rest);
    Some(out)
}

/// The same objects with what stands for secrets where the words are.
pub(crate) fn filled(objects: Vec<Value>) -> Vec<Value> {
    objects.into_iter().map(value).collect()
}

fn value(value: Value) -> Value {
    match value {
        Value::String(text) if text == WORD => json!({ SECRET: "" }),
        Value::Array(items) => Value::Array(items.into_iter().map(self::value).collect()),
        Value::Object(map) => map.into_iter().map(|(key, inner)| (key, self::value(inner))).collect(),
        plain => plain,
    }
}

/// Where the braces are that end what begins a text, outside of quotes.
fn end(text: &str) -> Option<usize> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b'}' if !is_quoted && text[at..].starts_with("}}") => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree;

    #[test]
    fn secrets_are_holes_and_everything_else_stays() {
        let text = "{{- /* Made by hlc from homelab.hl: n8n. */ -}}\n{{- $secrets := .Values.secrets }}\n---\nkind: Secret\n\
                    note: \"{{ \"{{\" }} x }}\"\ndata:\n  A: {{ required \"no }} \\\" value\" (dig \"a\" $secrets) | b64enc }}\n  B: \"\"\n";
        let objects = tree::documents(&plain(text).expect("a template")).expect("YAML");
        let secret = json!({ SECRET: "" });
        let expected = json!({"kind": "Secret", "note": "{{ x }}", "data": {"A": secret, "B": ""}});
        assert_eq!(filled(objects), [expected]);
        assert_eq!(plain("a: {{ b"), None);
    }
}
