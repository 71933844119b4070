//! How the data key comes out of a file.

use std::cell::OnceCell;

use age::DecryptError;
use zeroize::Zeroizing;

use super::agreement::Half;
use super::armor::unwrapped;
use super::identity::{Identities, Identity};
use super::plugins::{NoPlugins, Plugins, said};
use super::recipient::key_of;
use super::{SecretString, shamir};
use crate::data_key::{DataKey, LENGTH, Opened};
use crate::error::{Error, Problem};
use crate::metadata::{Entry, Group, Metadata};

/// What somebody has to decrypt files with: identities, a way to ask for passphrases, and a way to use plugins.
#[derive(Clone, Copy)]
pub struct Access<'a> {
    identities: &'a Identities,
    passphrase: &'a dyn Fn(&str) -> Option<SecretString>,
    plugins: &'a dyn Plugins,
}

impl<'a> Access<'a> {
    /// With these identities, nobody to ask, and no plugins.
    pub fn new(identities: &'a Identities) -> Self {
        Self { identities, passphrase: &|_| None, plugins: &NoPlugins }
    }

    /// Passphrases are asked for by the name of the file that they unlock.
    #[must_use]
    pub fn passphrases(self, passphrase: &'a dyn Fn(&str) -> Option<SecretString>) -> Self {
        Self { passphrase, ..self }
    }

    /// Whether one of the identities agrees with others as it is, without a passphrase.
    pub fn agrees(&self) -> bool {
        self.identities.agreeing().next().is_some()
    }

    /// Plugins are used like this.
    #[must_use]
    pub fn plugins(self, plugins: &'a dyn Plugins) -> Self {
        Self { plugins, ..self }
    }
}

/// What an entry held, how it was opened, and what the identity that opened it agrees with others by.
struct Part {
    bytes: Zeroizing<Vec<u8>>,
    opened: Opened,
    half: Option<Half>,
}

/// Decrypts a data key of which these are the copies.
pub(crate) fn unwrap_entries(entries: &[Entry], access: &Access<'_>) -> Result<DataKey, Error> {
    let group = Group { age: entries.to_vec(), others: Vec::new() };
    let part = Ring::new(access).open(&group)?.ok_or_else(|| {
        Error::new(Problem::NoIdentity(entries.iter().map(|entry| entry.recipient.clone()).collect()))
    })?;
    let key = exactly::<LENGTH>(std::slice::from_ref(&part))?.remove(0);
    Ok(DataKey::from_bytes(key).opened_by(vec![part.opened], part.half))
}

/// Decrypts the data key of a file.
pub(crate) fn unwrap(metadata: &Metadata, access: &Access<'_>) -> Result<DataKey, Error> {
    let ring = Ring::new(access);
    let needed = metadata.threshold.unwrap_or(1);
    let (mut parts, mut failed): (Vec<Part>, Option<Error>) = (Vec::new(), None);
    for group in &metadata.groups {
        match ring.open(group) {
            Ok(part) => parts.extend(part),
            Err(error) => failed = failed.or(Some(error)),
        }
        if parts.len() == needed {
            break;
        }
    }
    if parts.len() < needed {
        let recipients = metadata.recipients().map(str::to_owned).collect();
        if let (true, None, Some(named)) = (parts.is_empty(), &failed, named(metadata, access)) {
            return Err(Error::at_entry(Problem::OthersEntry, named));
        }
        return Err(failed.unwrap_or_else(|| match metadata.threshold {
            Some(needed) => Error::new(Problem::TooFewGroups(parts.len(), needed)),
            None => Error::new(Problem::NoIdentity(recipients)),
        }));
    }
    let key = match metadata.threshold {
        Some(_) => shamir::combined(&exactly(&parts)?)?,
        None => exactly::<LENGTH>(&parts)?.remove(0),
    };
    let half = parts.iter_mut().find_map(|part| part.half.take());
    Ok(DataKey::from_bytes(key).opened_by(parts.into_iter().map(|part| part.opened).collect(), half))
}

/// An entry that says that it is for one of the identities.
fn named<'m>(metadata: &'m Metadata, access: &Access<'_>) -> Option<&'m str> {
    let mut entries = metadata.groups.iter().flat_map(|group| &group.age);
    let is_ours = |entry: &&Entry| access.identities.recipients().any(|one| one == key_of(&entry.recipient));
    entries.find(is_ours).map(|entry| entry.recipient.as_str())
}

/// Parts, all of which have this length.
fn exactly<const N: usize>(parts: &[Part]) -> Result<Vec<Zeroizing<[u8; N]>>, Error> {
    let part = |Part { bytes, opened, .. }: &Part| {
        let mut part = Zeroizing::new([0; N]);
        if bytes.len() != N {
            return Err(Error::at_entry(Problem::DataKeyLength, &opened.says));
        }
        part.copy_from_slice(bytes);
        Ok(part)
    };
    parts.iter().map(part).collect()
}

/// The identities, of which those behind passphrases are unlocked once, when they are needed.
struct Ring<'a> {
    access: &'a Access<'a>,
    unlocked: Vec<OnceCell<Result<Vec<Identity>, Error>>>,
}

impl<'a> Ring<'a> {
    fn new(access: &'a Access<'a>) -> Self {
        let unlocked = access.identities.all.iter().map(|_| OnceCell::new()).collect();
        Self { access, unlocked }
    }

    /// What a group holds: by identities that are ready, those first that agree with others; then by plugins, then by
    /// those behind passphrases.
    fn open(&self, group: &Group) -> Result<Option<Part>, Error> {
        let mut failed = None;
        for step in [Step::Agreeing, Step::Ready, Step::Plugins, Step::Locked] {
            for (identity, unlocked) in self.access.identities.all.iter().zip(&self.unlocked) {
                match self.try_one(step, identity, unlocked, group) {
                    Ok(None) => {}
                    Ok(Some(part)) => return Ok(Some(part)),
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
        }
        failed.map_or(Ok(None), Err)
    }

    fn try_one(
        &self,
        step: Step,
        identity: &Identity,
        unlocked: &OnceCell<Result<Vec<Identity>, Error>>,
        group: &Group,
    ) -> Result<Option<Part>, Error> {
        match (step, identity) {
            (Step::Agreeing | Step::Ready, Identity::Ready { identity, recipient, half })
                if half.is_some() == matches!(step, Step::Agreeing) =>
            {
                let part = open_any(group, &**identity, Some(recipient), "")?;
                Ok(part.map(|part| Part { half: half.clone(), ..part }))
            }
            (Step::Plugins, Identity::Plugin { name, text }) => {
                let identity = self.access.plugins.identity(name, text);
                let identity = identity.map_err(|said| Error::new(Problem::Plugin(name.clone(), said)))?;
                open_any(group, &*identity, None, name)
            }
            (Step::Locked, Identity::Locked(locked)) => {
                // Nobody is asked for the passphrase of a key that the file is not for.
                let is_named = |entry: &Entry| {
                    locked.recipients().iter().any(|recipient| recipient == key_of(&entry.recipient))
                };
                if !locked.recipients().is_empty() && !group.age.iter().any(is_named) {
                    return Ok(None);
                }
                let inner = unlocked.get_or_init(|| locked.unlock(self.access.passphrase));
                for identity in inner.as_ref().map_err(Clone::clone)? {
                    let none = OnceCell::new();
                    for step in [Step::Agreeing, Step::Ready, Step::Plugins] {
                        if let Some(part) = self.try_one(step, identity, &none, group)? {
                            return Ok(Some(part));
                        }
                    }
                }
                Ok(None)
            }
            _ => Ok(None),
        }
    }
}

#[derive(Clone, Copy)]
enum Step {
    Agreeing,
    Ready,
    Plugins,
    Locked,
}

/// What the first entry that is for this identity holds.
fn open_any(
    group: &Group,
    identity: &dyn age::Identity,
    is: Option<&str>,
    plugin: &str,
) -> Result<Option<Part>, Error> {
    let mut failed = None;
    for entry in &group.age {
        match unwrapped(entry, identity) {
            Ok(None) => {}
            Ok(Some(bytes)) => {
                let opened = Opened { says: entry.recipient.clone(), is: is.map(str::to_owned) };
                return Ok(Some(Part { bytes, opened, half: None }));
            }
            Err(error) => failed = failed.or_else(|| Some(unwrap_error(entry, plugin, &error))),
        }
    }
    failed.map_or(Ok(None), Err)
}

fn unwrap_error(entry: &Entry, plugin: &str, error: &DecryptError) -> Error {
    match error {
        DecryptError::Plugin(_) | DecryptError::PluginResolve(_) => {
            Error::new(Problem::Plugin(plugin.to_owned(), said(error)))
        }
        _ => Error::at_entry(Problem::BadEntry("its copy of the data key is damaged"), &entry.recipient),
    }
}
