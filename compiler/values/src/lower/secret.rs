//! Secrets, who reads them, and how their values are made.

use domain::RecipientKey;
use model::{At, Generator, Recipient, Secret, SecretFile, SecretKind, SecretText, SecretValue};
use types::{DeclRef, Field, Value};

use super::read::{entry, optional};
use crate::eval::secret::{as_secret_decl, secret_ref};
use crate::eval::{Evaluator, name_of};

impl Evaluator<'_> {
    pub(super) fn recipient(&mut self, decl: &DeclRef) -> Option<Recipient> {
        let key = self.parsed(decl, "key", RecipientKey::parse)?;
        Some(Recipient { name: name_of(decl), key, place: self.head(decl) })
    }

    pub(super) fn secret(&mut self, decl: &DeclRef) -> Option<Secret> {
        let keys = self.secret_keys(decl);
        let values = match self.field_value(decl, "content") {
            Value::None if keys.is_empty() => vec![self.secret_value(decl, None)?],
            Value::None => {
                keys.iter().map(|key| self.secret_value(key, Some(name_of(key)))).collect::<Option<_>>()?
            }
            Value::Error => return None,
            _ => Vec::new(),
        };
        Some(Secret { name: name_of(decl), values, place: self.head(decl) })
    }

    fn secret_value(&mut self, decl: &DeclRef, key: Option<String>) -> Option<SecretValue> {
        let generate = match self.field_value(decl, "generate") {
            Value::None => None,
            _ => Some(self.generator(decl)?),
        };
        Some(SecretValue {
            key,
            kind: match self.text(decl, "kind")?.as_str() {
                "file" => SecretKind::File,
                "bytes" => SecretKind::Bytes,
                "dotenv" => SecretKind::Dotenv,
                "bcrypt" => SecretKind::Bcrypt,
                "htpasswd" => SecretKind::Htpasswd,
                _ => SecretKind::Text,
            },
            generate,
            rotate: self.duration_if(decl, "rotate")?,
            place: self.head(decl),
        })
    }

    /// How a secret, or a key of one, is generated.
    pub(crate) fn generator(&mut self, decl: &DeclRef) -> Option<Generator> {
        let value = self.field_value(decl, "generate");
        let text = |name: &str| entry(&value, name)?.value.as_text().map(str::to_owned);
        let number = |name: &str| match entry(&value, name)?.value {
            Value::Int(number) => u32::try_from(number).ok(),
            _ => None,
        };
        let length = || number("length");
        let of = || Some(secret_ref(as_secret_decl(&entry(&value, "of")?.value)?));
        let cost = || u8::try_from(number("cost")?).ok();
        Some(match text("method")?.as_str() {
            "random" => Generator::Random { length: length()?, alphabet: distinct(&text("alphabet")?) },
            "hex" => Generator::Hex(length()?),
            "base64" => Generator::Base64(length()?),
            "bytes" => Generator::Bytes(length()?),
            "uuid" => Generator::Uuid,
            "ssh-key" => Generator::SshKey { comment: text("comment").unwrap_or_default() },
            "age-key" => Generator::AgeKey,
            "bcrypt" => Generator::Bcrypt { of: of()?, cost: cost()? },
            "htpasswd" => Generator::Htpasswd { user: text("user")?, of: of()?, cost: cost()? },
            _ => return None,
        })
    }

    /// The secrets that a list names, as files of a host. A key is as its secret says.
    pub(super) fn secret_files(&mut self, decl: &DeclRef, field: &str) -> Option<Vec<SecretFile>> {
        let secrets = self.decls(decl, field)?;
        secrets.into_iter().map(|(secret, _)| self.secret_file(&secret)).collect()
    }

    fn secret_file(&mut self, decl: &DeclRef) -> Option<SecretFile> {
        let secret = secret_ref(decl);
        let owner = if secret.key.is_some() { decl.parent()? } else { decl.clone() };
        Some(SecretFile {
            name: secret.to_string(),
            content: self.secret_text(decl).ok()?,
            owner: self.text_if(&owner, "owner")?,
            group: self.text_if(&owner, "group")?,
            mode: self.text_if(&owner, "mode")?,
            restart: self.texts(&owner, "restart")?,
        })
    }

    /// The public keys that a list names.
    pub(super) fn recipient_keys(&mut self, decl: &DeclRef, field: &str) -> Option<Vec<At<RecipientKey>>> {
        let Value::List(list) = self.field_value(decl, field) else { return None };
        list.iter().map(|field| Some(At::new(as_recipient_key(&field.value)?, field.place.clone()))).collect()
    }

    /// The public key that a field has, if it has one.
    pub(super) fn recipient_key_if(
        &mut self,
        decl: &DeclRef,
        field: &str,
    ) -> Option<Option<At<RecipientKey>>> {
        let Field { value, place } = self.field(decl, field);
        Some(optional(&value, as_recipient_key)?.map(|key| At::new(key, place)))
    }

    /// A secret that a field takes, as a file. One that is made of several has no name of its own, and is called
    /// `other`.
    pub(super) fn unnamed_secret(
        &mut self,
        decl: &DeclRef,
        field: &str,
        other: &str,
    ) -> Option<Option<SecretFile>> {
        let file = |text: &SecretText| {
            let name = text.alone().map_or_else(|| other.to_owned(), ToString::to_string);
            SecretFile::new(name, text.clone())
        };
        optional(&self.field_value(decl, field), |value| match value {
            Value::Secret(text) => Some(file(text)),
            _ => None,
        })
    }
}

fn as_recipient_key(value: &Value) -> Option<RecipientKey> {
    RecipientKey::parse(value.as_text()?).ok()
}

/// The characters of an alphabet, each once.
fn distinct(alphabet: &str) -> String {
    let mut distinct = String::with_capacity(alphabet.len());
    for char in alphabet.chars() {
        if !distinct.contains(char) {
            distinct.push(char);
        }
    }
    distinct
}
