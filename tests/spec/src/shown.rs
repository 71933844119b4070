//! Values as pages write them.

use types::{DeclRef, Value};

/// A value as it is written in the language, as far as that goes.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::None => "none".to_owned(),
        Value::Error(_) => "error".to_owned(),
        Value::Text(text) => format!("{text:?}"),
        Value::Secret(_) => value.shown().unwrap_or_default(),
        Value::Nix(text) => format!("nix{text:?}"),
        Value::List(list) => {
            let all: Vec<String> = list.iter().map(|field| shown(&field.value)).collect();
            format!("[{}]", all.join(", "))
        }
        Value::Map(map) if map.is_empty() => "{ }".to_owned(),
        Value::Map(map) => {
            let all: Vec<String> =
                map.iter().map(|(key, field)| format!("{key} = {}", shown(&field.value))).collect();
            format!("{{ {} }}", all.join(", "))
        }
        Value::Decl(decl) => declaration(decl),
        plain => plain.shown().unwrap_or_default(),
    }
}

/// A declaration by its kind and its way: `app n8n`, `app.port n8n.http`.
fn declaration(decl: &DeclRef) -> String {
    let head = decl.item().head();
    let name = head.split_once(' ').map_or(head, |(_, name)| name);
    format!("{} {}", values::kind_of(decl), decl.written(name))
}
