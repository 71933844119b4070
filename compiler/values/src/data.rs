//! Values as plain data.

use model::{Data, Float, SecretText};
use types::{Value, entries, redacted};

/// A value as free-form data, in the form that Kubernetes and charts read: sizes and CPU as quantities, what is
/// none left out of maps.
pub fn data(value: &Value) -> Data {
    match value {
        Value::Error(_) | Value::None | Value::Null => Data::Null,
        Value::Bool(value) => Data::Bool(*value),
        Value::Int(value) => Data::Int(*value),
        Value::Float(value) => Data::Float(*value),
        Value::Text(text) => Data::Text(text.to_string()),
        Value::Secret(secret) => Data::Secret((**secret).clone()),
        Value::Nix(text) => Data::Nix(text.to_string()),
        Value::Size(size) => Data::Text(size.kubernetes()),
        Value::Cpu(cpu) => Data::Text(cpu.kubernetes()),
        Value::Duration(duration) => Data::Text(duration.go()),
        Value::Address(_) | Value::Cidr(_) | Value::Range(_) => Data::Text(value.shown().unwrap_or_default()),
        Value::List(list) => Data::List(list.iter().map(|field| data(&field.value)).collect()),
        Value::Map(map) => {
            Data::Map(entries(map).map(|(key, field)| (key.to_string(), data(&field.value))).collect())
        }
        Value::Decl(decl) => Data::Text(crate::name_of(decl)),
    }
}

/// Data as JSON. Secrets are shown by name; their values are not known here.
pub fn json(value: &Data) -> serde_json::Value {
    match value {
        Data::Null => serde_json::Value::Null,
        Data::Bool(value) => (*value).into(),
        Data::Int(value) => (*value).into(),
        Data::Float(Float(value)) => (*value).into(),
        Data::Text(text) | Data::Nix(text) => text.as_str().into(),
        Data::Secret(secret) => shown(secret).into(),
        Data::List(list) => list.iter().map(json).collect(),
        Data::Map(map) => map.iter().map(|(key, value)| (key.clone(), json(value))).collect(),
    }
}

fn shown(secret: &SecretText) -> String {
    redacted(secret)
}

/// A value as people read it in JSON: as in the language, so `8GiB` and not `8Gi`.
pub fn readable(value: &Value) -> serde_json::Value {
    match value {
        Value::None | Value::Null | Value::Error(_) => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Float(Float(value)) => (*value).into(),
        Value::Nix(text) => text.to_string().into(),
        Value::List(list) => list.iter().map(|field| readable(&field.value)).collect(),
        Value::Map(map) => map.iter().map(|(key, field)| (key.to_string(), readable(&field.value))).collect(),
        Value::Decl(decl) => crate::name_of(decl).into(),
        other => other.shown().unwrap_or_default().into(),
    }
}

/// Bytes in base64, with padding.
pub fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let index = (bits >> (18 - 6 * at) & 63) as usize;
            text.push(if at <= chunk.len() { char::from(ALPHABET[index]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_is_padded() {
        let all = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|text| base64(text.as_bytes()));
        assert_eq!(all, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
    }
}
