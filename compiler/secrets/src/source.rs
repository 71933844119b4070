//! The file that holds all values, open.
//!
//! ```yaml
//! db:                                  a secret with keys
//!   password: ENC[…]
//! pihole-admin: ENC[…]                 a value
//! hlc_delivery: ENC[…]                 what keys of delivered files are derived from
//! hlc_seal: ENC[…]                     what belongs together: readers, copies of the data key, the plain part
//! hlc_unencrypted: { changed: …, public: … }
//! sops: …                              SOPS' own
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::Date;
use model::SecretRef;
use sops::keys::Access;
use sops::{DataKey, Deviation, Document, Format, Node, Settings, Timestamp, Tree, Value};
use zeroize::Zeroizing;

use crate::Error;
use crate::origin::{Origin, left_to_ask, origin};
use crate::plain::Plain;
use crate::seal::{Loose, Seal};

/// What the key that data keys of delivered files are derived from is kept under.
pub const DELIVERY: &str = "hlc_delivery";
/// How names begin under which hlc keeps what is no secret of the lab.
pub(crate) const OWN: &str = "hlc_";
/// What the plain part is kept under.
pub(crate) const PLAIN: &str = "hlc_unencrypted";
/// What the seal is kept under.
const SEAL: &str = "hlc_seal";
/// What the number that the plain part comes to was kept under, before there was a seal.
const PLAIN_SUM: &str = "hlc_plain";

/// All values, in the clear.
#[derive(Debug, Default)]
pub struct Source {
    values: BTreeMap<SecretRef, sops::Secret<String>>,
    pub(crate) plain: Plain,
    plain_sum: Option<sops::Secret<String>>,
    pub(crate) seal: Option<Seal>,
    pub(crate) delivery: Option<sops::Secret<String>>,
    /// The file that they were read from, and its key.
    pub(crate) file: Option<(Arc<Document>, DataKey)>,
    loose: Vec<Loose>,
}

impl Source {
    /// With no values: there is no file yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Decrypts the file. Fails if anybody changed it who had no key, also where SOPS does not notice.
    pub fn open(text: &[u8], access: &Access<'_>) -> Result<Self, Error> {
        Self::open_document(Arc::new(Document::parse(text, Format::Yaml)?), access)
    }

    /// The same for a file that has been read.
    pub fn open_document(document: Arc<Document>, access: &Access<'_>) -> Result<Self, Error> {
        let key = document.unwrap_key(access)?;
        if let Some(deviation) = key.mislabelled() {
            return Err(Error::Deviation(deviation));
        }
        let mut source = Self::read(document.decrypt(&key)?)?;
        source.expect_own_form(&document)?;
        source.loose = source.loose_of(&document, &key);
        source.file = Some((document, key));
        Ok(source)
    }

    /// Takes values from a tree in the clear, as the file has them.
    pub fn read(tree: Tree) -> Result<Self, Error> {
        let mut source = Self::new();
        for (name, node) in tree {
            match node {
                node if name == PLAIN => source.plain = Plain::read(node)?,
                Node::Leaf(value) if name == DELIVERY => {
                    source.delivery = Some(text(&SecretRef::whole(&name), value)?);
                }
                Node::Leaf(value) if name == SEAL => {
                    let text = text(&SecretRef::whole(&name), value)?;
                    source.seal = Some(Seal::read(text.expose())?);
                }
                Node::Leaf(value) if name == PLAIN_SUM => {
                    source.plain_sum = Some(text(&SecretRef::whole(&name), value)?);
                }
                Node::Leaf(value) => source.insert(SecretRef::whole(name), value)?,
                Node::Map(keys) => {
                    for (key, node) in keys {
                        let secret = SecretRef::key(&name, key);
                        let Node::Leaf(value) = node else { return Err(Error::NotText(secret)) };
                        source.insert(secret, value)?;
                    }
                }
                Node::List(_) => return Err(Error::NotText(SecretRef::whole(name))),
            }
        }
        Ok(source)
    }

    /// Fails on what SOPS does not protect: names of plain values, types, empty values, comments, the rule. Whom the
    /// file is for is another question, which only the lab answers.
    fn expect_own_form(&self, document: &Document) -> Result<(), Error> {
        self.values.keys().try_for_each(check_name)?;
        let sum = match &self.seal {
            Some(seal) => Some(seal.plain.as_str()).filter(|sum| !sum.is_empty()),
            None => self.plain_sum.as_ref().map(|sum| sum.expose().as_str()),
        };
        if sum != self.plain.sum().as_deref() {
            return Err(Error::Plain("a name or a value below 'hlc_unencrypted' was changed"));
        }
        let settings = Settings::new([], Timestamp::from_unix(0)).rule(sops::Rule::default());
        let deviations = document.deviations(&self.kept_tree().shape(), &settings);
        let is_about_form = |deviation: &Deviation| {
            !matches!(
                deviation,
                // Whoever edits the file with SOPS may put values in any order, which the MAC then goes over.
                Deviation::UnexpectedRecipient(_) | Deviation::MissingRecipient(_) | Deviation::Order(_)
            )
        };
        deviations
            .into_iter()
            .find(is_about_form)
            .map_or(Ok(()), |deviation| Err(Error::Deviation(deviation)))
    }

    /// Where the file is not the one that was sealed.
    fn loose_of(&self, document: &Document, key: &DataKey) -> Vec<Loose> {
        let Some(seal) = &self.seal else { return vec![Loose::NoSeal] };
        let entries: Vec<_> =
            document.metadata().groups.iter().flat_map(|group| group.age.iter().cloned()).collect();
        let others = document.metadata().groups.iter().flat_map(|group| &group.others);
        let mut found = seal.loose(key, &entries, self.delivery());
        found.extend(others.map(|key| Loose::LetIn(key.clone())));
        found
    }

    /// Why the file is to be encrypted anew before anything is made of it; nothing where it is as hlc left it.
    pub fn loose(&self) -> &[Loose] {
        &self.loose
    }

    /// What is known of who wrote the file, where `recipients` are those who may.
    pub fn origin(&self, recipients: &[String]) -> Origin {
        self.file.as_ref().map_or(Origin::Unknown, |(_, key)| origin(self.seal.as_ref(), key, recipients))
    }

    /// Those of whom the file, as it is written now, says nothing about who wrote it, though their keys could be shown it.
    pub fn left_to_ask(&self) -> Vec<String> {
        self.seal.as_ref().map(left_to_ask).unwrap_or_default()
    }

    /// Whose private key opened the file, as the file says it.
    pub fn opened_by(&self) -> Option<&str> {
        let (_, key) = self.file.as_ref()?;
        key.opened().first().map(|opened| opened.says.as_str())
    }

    /// Whether that key shows others who wrote what it writes, and can be shown it.
    pub fn shows_origin(&self) -> bool {
        self.file.as_ref().zip(self.opened_by()).is_some_and(|((_, key), by)| key.agreed(by).is_some())
    }

    /// Whether it was read from a file.
    pub fn is_read(&self) -> bool {
        self.file.is_some()
    }

    /// How often hlc has written the file.
    pub fn generation(&self) -> u64 {
        self.seal.as_ref().map_or(0, |seal| seal.generation)
    }

    /// What was sealed.
    pub(crate) fn sealed(&self) -> Option<&Seal> {
        self.seal.as_ref()
    }

    /// The public halves of pairs of keys.
    pub fn public_halves(&self) -> impl Iterator<Item = (&SecretRef, &str)> {
        self.plain.public.iter().map(|(name, half)| (name, half.as_str()))
    }

    fn insert(&mut self, secret: SecretRef, value: Value) -> Result<(), Error> {
        let text = text(&secret, value)?;
        // An empty value is none: SOPS does not even encrypt it.
        if !text.expose().is_empty() {
            self.values.insert(secret, text);
        }
        Ok(())
    }

    /// The names of all values.
    pub fn names(&self) -> impl Iterator<Item = &SecretRef> {
        self.values.keys()
    }

    /// The names of the values that a secret has: its own, or those of its keys.
    pub(crate) fn names_of(&self, secret: &str) -> impl Iterator<Item = &SecretRef> {
        let from = SecretRef::whole(secret);
        let all = self.values.range(from.clone()..).map(|(name, _)| name);
        all.take_while(move |name| name.name == from.name)
    }

    /// A value.
    pub fn value(&self, secret: &SecretRef) -> Option<&str> {
        self.values.get(secret).map(|value| value.expose().as_str())
    }

    /// When a value was last changed, as far as hlc did it.
    pub fn changed(&self, secret: &SecretRef) -> Option<Date> {
        self.plain.changed.get(secret).copied()
    }

    /// The public half of a value that is a pair of keys.
    pub(crate) fn public(&self, secret: &SecretRef) -> Option<&str> {
        self.plain.public.get(secret).map(String::as_str)
    }

    /// Notes of a value that it was changed when `other` says, if that is later.
    pub(crate) fn take_later_date(&mut self, secret: &SecretRef, other: &Self) {
        if let Some(later) = other.changed(secret).max(self.changed(secret)) {
            self.plain.changed.insert(secret.clone(), later);
        }
    }

    /// Keeps a value; `public` is the public half of a pair of keys.
    pub fn set(
        &mut self,
        secret: &SecretRef,
        value: Zeroizing<String>,
        public: Option<String>,
        today: Date,
    ) -> Result<(), Error> {
        self.keep(secret, value, public, Some(today))
    }

    /// Keeps a value that was changed on that day, if that is known.
    pub(crate) fn keep(
        &mut self,
        secret: &SecretRef,
        value: Zeroizing<String>,
        public: Option<String>,
        changed: Option<Date>,
    ) -> Result<(), Error> {
        check_name(secret)?;
        // A secret is one value or has keys, not both: what it was before goes.
        let is_other = |other: &&SecretRef| other.key.is_some() != secret.key.is_some();
        let replaced: Vec<SecretRef> = self.names_of(&secret.name).filter(is_other).cloned().collect();
        for one in &replaced {
            self.remove(one);
        }
        self.values.insert(secret.clone(), value.into());
        match changed {
            Some(changed) => drop(self.plain.changed.insert(secret.clone(), changed)),
            None => drop(self.plain.changed.remove(secret)),
        }
        self.keep_public(secret, public);
        Ok(())
    }

    /// Keeps the public half of a value, or that it has none.
    pub(crate) fn keep_public(&mut self, secret: &SecretRef, public: Option<String>) {
        match public {
            Some(public) => drop(self.plain.public.insert(secret.clone(), public)),
            None => drop(self.plain.public.remove(secret)),
        }
    }

    /// Forgets a value.
    pub fn remove(&mut self, secret: &SecretRef) {
        self.values.remove(secret);
        self.plain.changed.remove(secret);
        self.plain.public.remove(secret);
    }

    /// Keeps a value under another name, with all that is known of it.
    pub fn rename(&mut self, secret: &SecretRef, to: SecretRef) -> Result<(), Error> {
        check_name(&to)?;
        let Some(value) = self.values.remove(secret) else { return Ok(()) };
        self.values.insert(to.clone(), value);
        self.plain.rename(secret, &to);
        Ok(())
    }

    /// Puts other values in the place of all: what somebody edited. Those that differ were changed today; `public` says
    /// what their public halves are. Returns those that were set, and those that are gone.
    pub fn replace(
        &mut self,
        edited: Self,
        today: Date,
        public: &dyn Fn(&SecretRef, &str) -> Option<String>,
    ) -> Result<(Vec<SecretRef>, Vec<SecretRef>), Error> {
        let gone: Vec<SecretRef> =
            self.values.keys().filter(|name| edited.value(name).is_none()).cloned().collect();
        for name in &gone {
            self.remove(name);
        }
        let mut set = Vec::new();
        for (name, value) in edited.values {
            if self.value(&name) != Some(value.expose()) {
                let public = public(&name, value.expose());
                let value = Zeroizing::new(value.expose().clone());
                self.set(&name, value, public, today)?;
                set.push(name);
            }
        }
        Ok((set, gone))
    }

    /// The key that data keys of delivered files are derived from.
    pub(crate) fn delivery(&self) -> Option<&str> {
        self.delivery.as_ref().map(|key| key.expose().as_str())
    }

    /// Who reads the file and should not, or should and does not.
    pub fn reader_deviations(&self, settings: &Settings<'_>) -> Vec<Deviation> {
        self.file.as_ref().map_or_else(Vec::new, |(document, _)| document.reader_deviations(settings))
    }

    /// What is not right about the file beyond its values: whom it is for, and what SOPS does not protect. The order of
    /// values is that of whoever wrote it.
    pub fn deviations(&self, settings: &Settings<'_>) -> Vec<Deviation> {
        let Some((document, key)) = &self.file else { return Vec::new() };
        let Ok(tree) = document.decrypt(key) else { return Vec::new() };
        let settings = settings.clone().rule(sops::Rule::default());
        document.deviations(&tree.shape(), &settings)
    }

    /// All that is kept, in the order of names.
    pub(crate) fn kept_tree(&self) -> Tree {
        let mut tree = self.values_tree();
        if let Some(delivery) = &self.delivery {
            let _ = tree.insert(DELIVERY, Value::Str(Zeroizing::new(delivery.expose().clone()).into()));
        }
        if let Some(seal) = &self.seal {
            let _ = tree.insert(SEAL, Value::str(seal.text()));
        } else if let Some(sum) = self.plain.sum() {
            let _ = tree.insert(PLAIN_SUM, Value::str(sum));
        }
        if let Some(plain) = self.plain.node() {
            let _ = tree.insert(PLAIN, plain);
        }
        tree
    }

    /// The values alone, for somebody to edit.
    pub fn values_tree(&self) -> Tree {
        let mut tree = Tree::new();
        let mut keys: BTreeMap<&str, Tree> = BTreeMap::new();
        let value = |text: &sops::Secret<String>| Value::Str(Zeroizing::new(text.expose().clone()).into());
        for (secret, text) in &self.values {
            if let Some(key) = &secret.key {
                // Names are unique.
                let _ = keys.entry(&secret.name).or_default().insert(key.clone(), value(text));
            }
        }
        let names: BTreeSet<&str> = self.values.keys().map(|secret| secret.name.as_str()).collect();
        for name in names {
            let node = match (keys.remove(name), self.values.get(&SecretRef::whole(name))) {
                (Some(keys), _) => Node::Map(keys),
                (None, Some(text)) => Node::Leaf(value(text)),
                (None, None) => continue,
            };
            let _ = tree.insert(name, node);
        }
        tree
    }
}

/// `db.password`, as it is written beside the values.
pub(crate) fn reference(name: &str) -> SecretRef {
    match name.split_once('.') {
        Some((name, key)) => SecretRef::key(name, key),
        None => SecretRef::whole(name),
    }
}

fn check_name(secret: &SecretRef) -> Result<(), Error> {
    let is_taken = |name: &str| name.ends_with("_unencrypted") || name == "sops" || name.starts_with(OWN);
    let is_active = |name: &str| name.chars().any(char::is_control);
    // To SOPS, `a:b` and the `b` in `a` are the same place; to hlc, `a.b` and that are.
    let is_unclear = |name: &str| name.contains([':', '.']);
    let has = |is: fn(&str) -> bool| is(&secret.name) || secret.key.as_deref().is_some_and(is);
    let refuse = |why| Err(Error::UnusableName(secret.clone(), why));
    match () {
        () if has(is_taken) => refuse("SOPS and hlc keep other things under such names"),
        () if has(is_active) => refuse("a name has no control characters"),
        () if has(is_unclear) => refuse("a name with ':' or '.' could mean a key of another one"),
        () => Ok(()),
    }
}

/// What somebody else wrote may be a number or a truth value; it is used as a text all the same.
fn text(secret: &SecretRef, value: Value) -> Result<sops::Secret<String>, Error> {
    Ok(match value {
        Value::Str(text) => text,
        Value::Null => String::new().into(),
        Value::Int(number) => number.expose().to_string().into(),
        Value::Float(number) => number.expose().to_string().into(),
        Value::Bool(value) => value.expose().to_string().into(),
        Value::Time(_) | Value::Bytes(_) => return Err(Error::NotText(secret.clone())),
    })
}
