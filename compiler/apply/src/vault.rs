//! The secrets of a run, each known by its digest.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::hash::{BuildHasher, Hasher, RandomState};

use plan::{SECRET, is_secret};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

/// What is shorter may stand in any text by chance.
const SHORTEST: usize = 4;

/// The secrets of a run. A digest says nothing without the salt, which is drawn anew for each run and kept here.
pub struct Vault {
    salt: [u8; 32],
    texts: BTreeMap<String, Zeroizing<String>>,
    /// Secrets that nothing is filled with as they are, and that nobody is to see all the same.
    hidden: Vec<Zeroizing<String>>,
}

impl Default for Vault {
    fn default() -> Self {
        Self::new()
    }
}

impl Vault {
    /// An empty one.
    pub fn new() -> Self {
        // What the standard library seeds its maps with is drawn from the system for each state.
        let mut salt = [0; 32];
        for chunk in salt.chunks_mut(8) {
            chunk.copy_from_slice(&RandomState::new().build_hasher().finish().to_le_bytes());
        }
        Self { salt, texts: BTreeMap::new(), hidden: Vec::new() }
    }

    /// Keeps a secret; what stands in its place.
    pub fn keep(&mut self, secret: Zeroizing<String>) -> Value {
        let digest = self.digest(&secret);
        let placeholder = json!({ SECRET: digest });
        self.texts.insert(digest, secret);
        placeholder
    }

    /// Keeps a secret from being seen that only a part of a text is, or another form of it.
    pub fn hide(&mut self, secret: Zeroizing<String>) {
        if !self.hidden.contains(&secret) {
            self.hidden.push(secret);
        }
    }

    /// What stands in the place of a text, whether it is kept or not.
    pub(crate) fn placeholder(&self, text: &str) -> Value {
        json!({ SECRET: self.digest(text) })
    }

    /// The text that a placeholder stands for.
    pub(crate) fn text(&self, placeholder: &Value) -> Option<&str> {
        let digest = is_secret(placeholder).then(|| placeholder[SECRET].as_str())??;
        self.texts.get(digest).map(|text| text.as_str())
    }

    /// Whether there is a secret in a text: it is one, or one that is long enough is a part of it.
    pub(crate) fn has(&self, text: &str) -> bool {
        let is_in = |secret: &str| secret.len() >= SHORTEST && text.contains(secret);
        !text.is_empty() && (self.texts.contains_key(&self.digest(text)) || self.all().any(is_in))
    }

    /// A text for people, with every secret in it that is long enough to be one replaced: as it is, as it is quoted, and
    /// each line of it.
    pub(crate) fn redacted(&self, text: &str) -> String {
        let mut forms: Vec<Zeroizing<String>> = Vec::new();
        for secret in self.all() {
            let quoted = Zeroizing::new(Value::String(secret.to_owned()).to_string());
            forms.push(Zeroizing::new(quoted.trim_matches('"').to_owned()));
            forms.extend(secret.lines().map(|line| Zeroizing::new(line.trim().to_owned())));
            forms.push(Zeroizing::new(secret.to_owned()));
        }
        forms.retain(|form| form.len() >= SHORTEST);
        // The longest first: one may be the beginning of another.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.iter().fold(text.to_owned(), |text, form| text.replace(form.as_str(), "(secret)"))
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        self.texts.values().chain(&self.hidden).map(|secret| secret.as_str())
    }

    /// An object as JSON, with secrets in their places.
    pub(crate) fn filled(&self, object: &Value) -> Zeroizing<Vec<u8>> {
        // Room for all of it, so that no copy is left behind where it grows.
        let mut out = Zeroizing::new(Vec::with_capacity(self.room(object)));
        self.write(object, &mut out);
        out
    }

    fn room(&self, value: &Value) -> usize {
        if let Some(text) = self.text(value) {
            return text.len() * 6 + 2;
        }
        match value {
            Value::Object(map) => {
                map.iter().map(|(key, value)| key.len() * 6 + 4 + self.room(value)).sum::<usize>() + 2
            }
            Value::Array(items) => items.iter().map(|item| self.room(item) + 1).sum::<usize>() + 2,
            Value::String(text) => text.len() * 6 + 2,
            Value::Number(number) => number.to_string().len(),
            Value::Null | Value::Bool(_) => 5,
        }
    }

    fn write(&self, value: &Value, out: &mut Vec<u8>) {
        if let Some(text) = self.text(value) {
            return write_text(text, out);
        }
        match value {
            Value::Object(map) => {
                out.push(b'{');
                for (nth, (key, value)) in map.iter().enumerate() {
                    if nth > 0 {
                        out.push(b',');
                    }
                    write_text(key, out);
                    out.push(b':');
                    self.write(value, out);
                }
                out.push(b'}');
            }
            Value::Array(items) => {
                out.push(b'[');
                for (nth, item) in items.iter().enumerate() {
                    if nth > 0 {
                        out.push(b',');
                    }
                    self.write(item, out);
                }
                out.push(b']');
            }
            Value::String(text) => write_text(text, out),
            Value::Null | Value::Bool(_) | Value::Number(_) => out.extend(value.to_string().bytes()),
        }
    }

    fn digest(&self, text: &str) -> String {
        let hash = Sha256::new().chain_update(self.salt).chain_update(text.as_bytes()).finalize();
        hex(&hash[..16])
    }
}

/// Bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

impl Drop for Vault {
    fn drop(&mut self) {
        self.salt.zeroize();
    }
}

/// A text as JSON has it. The writer's buffer has room for it.
fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', byte]),
            0..0x20 => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                let (high, low) = (HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]);
                out.extend([b'\\', b'u', b'0', b'0', high, low]);
            }
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> (Vault, Value) {
        let mut vault = Vault::new();
        let placeholder = vault.keep(Zeroizing::new("hunter2\n\"\u{1}ä".to_owned()));
        (vault, placeholder)
    }

    #[test]
    fn secrets_are_put_where_their_digests_are() {
        let (vault, placeholder) = vault();
        let object =
            json!({"a": ["b\\", 1.5, null, true], "data": {"x\"": placeholder, "other": {SECRET: "?"}}});
        let filled = vault.filled(&object);
        assert!(filled.len() <= vault.room(&object), "nothing had to grow");
        let read: Value = serde_json::from_slice(&filled).expect("it is JSON");
        assert_eq!(read["data"]["x\""], "hunter2\n\"\u{1}ä");
        assert_eq!(read["a"], object["a"]);
        assert_eq!(read["data"]["other"], json!({SECRET: "?"}), "what nobody keeps stays");
    }

    #[test]
    fn a_secret_is_known_again_and_taken_out_of_what_is_said() {
        let (vault, placeholder) = vault();
        assert!(vault.has("hunter2\n\"\u{1}ä") && !vault.has("hunter3") && !vault.has(""));
        assert_eq!(vault.placeholder("hunter2\n\"\u{1}ä"), placeholder);
        assert_ne!(
            Vault::new().placeholder("hunter2\n\"\u{1}ä"),
            placeholder,
            "another run has other digests"
        );
        assert_eq!(vault.redacted("is hunter2\n\"\u{1}ä!"), "is (secret)!");
        assert!(vault.has("postgres://u:hunter2\n\"\u{1}ä@db"));
    }

    #[test]
    fn secrets_are_taken_out_in_every_form_and_the_longest_first() {
        let mut vault = Vault::new();
        for secret in ["hunter2", "hunter2-and-more", "-----BEGIN-----\nabcdefgh\n"] {
            vault.hide(Zeroizing::new(secret.to_owned()));
        }
        assert_eq!(vault.redacted("hunter2-and-more, hunter2"), "(secret), (secret)");
        let shown = vault.redacted(r#"Invalid value: "-----BEGIN-----\nabcdefgh\n": abcdefgh"#);
        assert_eq!(shown, "Invalid value: \"(secret)\": (secret)");
    }
}
