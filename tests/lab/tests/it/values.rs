//! The values of a lab's secrets, and what a delivered file holds with them.

use model::{Data, SecretPart, SecretRef, SecretText};
use serde_json::{Value, json};

use crate::lab::Written;

/// The file of all values, as SOPS decrypts it.
pub(crate) struct Values(Value);

impl Values {
    /// Those of a folder with a lab.
    #[track_caller]
    pub(crate) fn of(written: &Written) -> Self {
        Self(written.key.decrypt(&written.folder().join("homelab.secrets.yaml")))
    }

    /// The value of a secret.
    #[track_caller]
    fn value(&self, secret: &SecretRef) -> &str {
        let value = &self.0[&secret.name];
        let value = secret.key.as_ref().map_or(value, |key| &value[key]);
        value.as_str().unwrap_or_else(|| panic!("{secret} has no value"))
    }

    /// A text with its values in it.
    pub(crate) fn resolved(&self, text: &SecretText) -> String {
        let part = |part: &SecretPart| match part {
            SecretPart::Plain(plain) => plain.clone(),
            SecretPart::Secret(secret) | SecretPart::Bytes(secret) => self.value(secret).to_owned(),
        };
        text.parts.iter().map(part).collect()
    }

    /// What a delivered file should hold.
    pub(crate) fn tree(&self, data: &Data) -> Value {
        match data {
            Data::Null => Value::Null,
            Data::Bool(value) => json!(value),
            Data::Int(value) => json!(value),
            Data::Float(value) => json!(value.0),
            Data::Text(text) | Data::Nix(text) => json!(text),
            Data::Secret(text) => json!(self.resolved(text)),
            Data::List(items) => items.iter().map(|item| self.tree(item)).collect(),
            Data::Map(entries) => {
                entries.iter().map(|(key, entry)| (key.clone(), self.tree(entry))).collect()
            }
        }
    }
}
