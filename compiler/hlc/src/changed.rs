//! How what changes is shown, whoever would change it: `plan`, `apply` and `diff` say it alike. Nothing in what is returned
//! acts on a terminal but the styles.

use diagnostics::render::plain;
use plan::{Change, Origin, is_secret};
use serde_json::Value;

use crate::terminal::paint;

/// How long a value may be that is shown whole.
const LONGEST: usize = 72;

/// Something that changes, with a sign in its style, and where it is declared.
pub(crate) fn head((sign, style): (&str, &str), name: &str, origin: Option<&Origin>, colour: bool) -> String {
    let from = origin.map_or_else(String::new, |origin| {
        let from = format!("{}: {}", origin.line, origin.declaration);
        format!("  {}", paint(colour, "2", &plain(&from)))
    });
    format!("{} {}{from}", paint(colour, style, sign), plain(name))
}

/// A field that changes, on one line.
pub(crate) fn field(change: &Change) -> String {
    let Change { path, before, after, line } = change;
    let said = match (before, after) {
        (Some(before), Some(after)) if is_secret(before) && is_secret(after) => {
            format!("{path}: (another secret)")
        }
        (Some(before), Some(after)) => format!("{path}: {} → {}", value(before), value(after)),
        (None, Some(after)) => format!("{path}: + {}", value(after)),
        (Some(before), None) => format!("{path}: - {}", value(before)),
        (None, None) => path.clone(),
    };
    let from = line.as_ref().map_or_else(String::new, |line| format!("  {line}"));
    plain(&format!("{said}{from}")).into_owned()
}

/// A value on one line, without what is secret in it.
fn value(value: &Value) -> String {
    let text = masked(value).to_string();
    if text.chars().count() <= LONGEST {
        return text;
    }
    let short: String = text.chars().take(LONGEST).collect();
    format!("{short}…")
}

/// The same with a word in the place of each secret.
pub(crate) fn masked(value: &Value) -> Value {
    match value {
        secret if is_secret(secret) => Value::String("(secret)".to_owned()),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), masked(value))).collect(),
        Value::Array(items) => items.iter().map(masked).collect(),
        plain => plain.clone(),
    }
}

#[cfg(test)]
mod tests {
    use plan::SECRET;
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_not_shown_and_long_values_are_cut() {
        let change = |before: Value, after: Value| {
            super::field(&Change::new("data.a".into(), Some(before), Some(after)))
        };
        assert_eq!(change(json!({SECRET: "1"}), json!({SECRET: "2"})), "data.a: (another secret)");
        assert_eq!(change(json!("x"), json!({"b": {SECRET: "2"}})), "data.a: \"x\" → {\"b\":\"(secret)\"}");
        assert!(change(json!("x".repeat(100)), json!(1)).chars().count() < 100);
    }
}
