//! What declared secrets stand for where a secret is expected.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostics::Reported;
use domain::Invalid;
use model::{SecretPart, SecretRef, SecretText};
use types::{Core, DeclRef, Field, Hatch, Ty, Value, is_secret_kind};

use super::convert::Unfit;
use super::{Env, Evaluator, kind_of, name_of};
use crate::problems::no_public_key::{no_pair_of_keys, unknown_public_key};
use crate::queries::{public_half, secret_mark};

/// A part of a type that takes secrets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// `secret<string>`.
    Text,
    /// `secret<any>`.
    Any,
    /// A map, of which a secret with keys is one.
    Map,
    /// Helm values.
    Data,
}

impl Evaluator<'_> {
    /// A secret as a `ty`; nothing where `ty` takes no secrets.
    pub(super) fn secret_as(&mut self, decl: &DeclRef, ty: &Ty) -> Option<Result<Value, Unfit>> {
        let (wanted, arm) = ty.arms().iter().find_map(|arm| match arm {
            Ty::Secret(inner) if matches!(**inner, Ty::Free(_)) => Some((Wanted::Any, arm)),
            Ty::Secret(_) => Some((Wanted::Text, arm)),
            Ty::Map(value) => Some((Wanted::Map, &**value)),
            Ty::Free(Hatch::HelmValues) => Some((Wanted::Data, arm)),
            _ => None,
        })?;
        let keys = match self.secret_keys(decl) {
            Ok(keys) => keys,
            Err(reported) => return Some(Err(reported.into())),
        };
        Some(match (wanted, keys.is_empty()) {
            (Wanted::Map, true) => {
                let name = name_of(decl);
                let message = format!("secret '{name}' has no keys, and a map is expected here");
                let help = format!("declare them: 'secret {name} {{ key NAME {{ }} }}'");
                Err(Invalid::new(message).with_help(help).into())
            }
            (Wanted::Map | Wanted::Data, false) => self.map_of(&keys, arm),
            (Wanted::Text, false) => {
                let name = name_of(decl);
                let first = keys.first().map(name_of).unwrap_or_default();
                let message = format!("secret '{name}' has several values, and one is expected here");
                Err(Invalid::new(message).with_help(format!("name a key of it: '{name}.{first}'")).into())
            }
            (_, _) => {
                let text = self.secret_text(decl);
                text.and_then(|text| Ok(types::fit_value(Value::Secret(Arc::new(text)), arm)?))
            }
        })
    }

    /// The value of a secret or of a key, as text: what it is made of, where it is made of others; a line for each
    /// key, where it has keys.
    pub(crate) fn secret_text(&mut self, decl: &DeclRef) -> Result<SecretText, Unfit> {
        match self.field(decl, "content").value {
            Value::Secret(content) => return Ok((*content).clone()),
            Value::Error(reported) => return Err(reported.into()),
            _ => {}
        }
        let keys = self.secret_keys(decl)?;
        if !keys.is_empty() {
            return self.assignments(&keys);
        }
        let secret = secret_ref(decl);
        let is_bytes = self.text(decl, "kind")? == "bytes";
        Ok(if is_bytes { SecretText::of_bytes(secret) } else { SecretText::of(secret) })
    }

    /// The keys of a secret, by name.
    pub(crate) fn secret_keys(&mut self, decl: &DeclRef) -> Result<Vec<DeclRef>, Reported> {
        let mut keys = self.inner_declarations(decl)?;
        keys.retain(|inner| kind_of(inner) == "secret.key");
        keys.sort_by_cached_key(name_of);
        Ok(keys)
    }

    fn map_of(&mut self, keys: &[DeclRef], element: &Ty) -> Result<Value, Unfit> {
        let mut map = BTreeMap::new();
        for key in keys {
            let value = types::fit_value(Value::Secret(Arc::new(self.secret_text(key)?)), element)?;
            map.insert(name_of(key).into(), Field { value, place: self.head(key) });
        }
        Ok(Value::Map(Arc::new(map)))
    }

    /// `NAME=value`, a line a key.
    fn assignments(&mut self, keys: &[DeclRef]) -> Result<SecretText, Unfit> {
        let mut parts = Vec::new();
        for key in keys {
            let text = self.secret_text(key)?;
            if text.is_bytes() {
                let key = secret_ref(key);
                let message = format!("key '{key}' holds bytes, which stand in no line of text");
                return Err(Invalid::new(message).into());
            }
            parts.push(SecretPart::Plain(format!("{}=", name_of(key))));
            parts.extend(text.parts);
            parts.push(SecretPart::Plain("\n".to_owned()));
        }
        Ok(SecretText { parts: joined(parts) })
    }

    /// The public half of the pair of keys that a secret is generated as.
    pub(super) fn public_key(&mut self, decl: &DeclRef, core: &Core, env: &Env) -> Result<Value, Reported> {
        let secret = secret_ref(decl);
        let generator = self.generator(decl)?;
        if !generator.is_some_and(|generator| generator.has_public_half()) {
            let (place, _) = self.blame(core, env);
            return Err(self.report(no_pair_of_keys(place, &secret)));
        }
        if let Some(public) = public_half(self.db, &secret) {
            return Ok(Value::text(public));
        }
        let (place, _) = self.blame(core, env);
        Err(self.report(unknown_public_key(place, &secret)))
    }

    /// What is another text when the value of a secret is another one. It begins with a letter, so that no chart takes
    /// it for a number.
    pub(super) fn fingerprint(&self, text: &SecretText) -> String {
        let marks = text.secrets().map(|secret| secret_mark(self.db, secret).unwrap_or("none"));
        ["sealed"].into_iter().chain(marks).collect::<Vec<_>>().join("-")
    }
}

/// What the value of a declared secret, or of a key of one, is called.
pub(crate) fn secret_ref(decl: &DeclRef) -> SecretRef {
    match decl.parent().filter(|_| kind_of(decl) == "secret.key") {
        Some(parent) => SecretRef::key(name_of(&parent), name_of(decl)),
        None => SecretRef::whole(name_of(decl)),
    }
}

/// The parts, with plain ones that follow each other as one.
fn joined(parts: Vec<SecretPart>) -> Vec<SecretPart> {
    let mut joined: Vec<SecretPart> = Vec::with_capacity(parts.len());
    for part in parts {
        match (joined.last_mut(), part) {
            (Some(SecretPart::Plain(before)), SecretPart::Plain(more)) => before.push_str(&more),
            (_, part) => joined.push(part),
        }
    }
    joined
}

/// The declared secret, or key of one, that a value is.
pub(crate) fn as_secret_decl(value: &Value) -> Option<&DeclRef> {
    match value {
        Value::Decl(decl) if is_secret_kind(kind_of(decl)) => Some(decl),
        _ => None,
    }
}
