//! Secrets, who reads them, and how their values are made.

use domain::RecipientKey;
use model::{At, Generator, Recipient, Rotation, Secret, SecretFile, SecretKind, SecretText, SecretValue};
use source::Place;
use types::problems::invalid_value::invalid_result;
use types::{DeclRef, Value};

use super::read::{Read, as_int, entry, optional};
use crate::eval::convert::Unfit;
use crate::eval::secret::{as_secret_decl, secret_ref};
use crate::eval::{Evaluator, name_of};

const KINDS: &[(&str, SecretKind)] = &[
    ("bcrypt", SecretKind::Bcrypt),
    ("bytes", SecretKind::Bytes),
    ("crypt", SecretKind::Crypt),
    ("dotenv", SecretKind::Dotenv),
    ("file", SecretKind::File),
    ("htpasswd", SecretKind::Htpasswd),
    ("text", SecretKind::Text),
];

const ROTATIONS: &[(&str, Rotation)] =
    &[("by-hand", Rotation::ByHand), ("freely", Rotation::Freely), ("never", Rotation::Never)];

impl Evaluator<'_> {
    pub(super) fn recipient(&mut self, decl: &DeclRef) -> Read<Recipient> {
        let key = self.parsed(decl, "key", RecipientKey::parse)?;
        Ok(Recipient { name: name_of(decl), key, place: self.head(decl) })
    }

    pub(super) fn secret(&mut self, decl: &DeclRef) -> Read<Secret> {
        let keys = self.secret_keys(decl)?;
        let values = match self.value_of(decl, "content")? {
            Value::None if keys.is_empty() => vec![self.secret_value(decl, None)?],
            Value::None => {
                keys.iter().map(|key| self.secret_value(key, Some(name_of(key)))).collect::<Read<_>>()?
            }
            // Put together of others, which have the values.
            _ => Vec::new(),
        };
        Ok(Secret { name: name_of(decl), values, place: self.head(decl) })
    }

    fn secret_value(&mut self, decl: &DeclRef, key: Option<String>) -> Read<SecretValue> {
        Ok(SecretValue {
            key,
            kind: self.choice(decl, "kind", KINDS)?,
            generate: self.generator(decl)?,
            rotate: self.duration_if(decl, "rotate")?,
            rotation: self.choice(decl, "rotation", ROTATIONS)?,
            rotation_steps: self.text_if(decl, "rotation-steps")?,
            place: self.head(decl),
        })
    }

    /// How a secret, or a key of one, is generated, if it is.
    pub(crate) fn generator(&mut self, decl: &DeclRef) -> Read<Option<Generator>> {
        self.record(decl, "generate", |value| optional(value, generator))
    }

    /// The secrets that a list names, as files of a host. A key is as its secret says.
    pub(super) fn secret_files(&mut self, decl: &DeclRef, field: &str) -> Read<Vec<SecretFile>> {
        let secrets = self.decls(decl, field)?;
        secrets.into_iter().map(|(secret, place)| self.secret_file(&secret, place)).collect()
    }

    fn secret_file(&mut self, decl: &DeclRef, place: Place) -> Read<SecretFile> {
        let secret = secret_ref(decl);
        let owner = decl.parent().filter(|_| secret.key.is_some()).unwrap_or_else(|| decl.clone());
        Ok(SecretFile {
            name: secret.to_string(),
            content: self.content_at(decl, place)?,
            owner: self.text_if(&owner, "owner")?,
            group: self.text_if(&owner, "group")?,
            mode: self.text_if(&owner, "mode")?,
            restart: self.texts(&owner, "restart")?,
        })
    }

    /// What a secret holds, as text.
    pub(super) fn content_of(&mut self, secret: &DeclRef) -> Read<SecretText> {
        let place = self.head(secret);
        self.content_at(secret, place)
    }

    /// What a secret holds, as text; `place` wants it so.
    fn content_at(&mut self, secret: &DeclRef, place: Place) -> Read<SecretText> {
        self.secret_text(secret).map_err(|unfit| match unfit {
            Unfit::Failed(reported) => reported,
            Unfit::Invalid(invalid) => self.report(invalid_result(place, &invalid, None)),
        })
    }

    /// The public keys that a list names.
    pub(super) fn recipient_keys(&mut self, decl: &DeclRef, field: &str) -> Read<Vec<At<RecipientKey>>> {
        self.list(decl, field, |field| Some(At::new(as_recipient_key(&field.value)?, field.place.clone())))
    }

    /// The public key that a field has, if it has one.
    pub(super) fn recipient_key_if(&mut self, decl: &DeclRef, field: &str) -> Read<Option<At<RecipientKey>>> {
        self.get_if_at(decl, field, as_recipient_key)
    }

    /// A secret that a field takes, as a file. One that is made of several has no name of its own, and is called
    /// `other`.
    pub(super) fn unnamed_secret(
        &mut self,
        decl: &DeclRef,
        field: &str,
        other: &str,
    ) -> Read<Option<SecretFile>> {
        let file = |text: &SecretText| {
            let name = text.alone().map_or_else(|| other.to_owned(), ToString::to_string);
            SecretFile::new(name, text.clone())
        };
        self.get_if(decl, field, |value| match value {
            Value::Secret(text) => Some(file(text)),
            _ => None,
        })
    }
}

/// What the record says that a function of the library made. The methods are those that `std/core/secret.hl` has.
fn generator(value: &Value) -> Option<Generator> {
    let text = |name: &str| entry(value, name)?.value.as_text().map(str::to_owned);
    let number = |name: &str| as_int(&entry(value, name)?.value);
    let length = || u32::try_from(number("length")?).ok();
    let of = || Some(secret_ref(as_secret_decl(&entry(value, "of")?.value)?));
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
