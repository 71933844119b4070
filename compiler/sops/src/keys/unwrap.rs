//! How the data key comes out of a file.

use std::cell::OnceCell;

use age::DecryptError;
use zeroize::Zeroizing;

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

    /// Plugins are used like this.
    #[must_use]
    pub fn plugins(self, plugins: &'a dyn Plugins) -> Self {
        Self { plugins, ..self }
    }
}

/// What an entry held, and how it was opened.
type Part = (Zeroizing<Vec<u8>>, Opened);

/// Decrypts the data key of a file.
pub(crate) fn unwrap(metadata: &Metadata, access: &Access<'_>) -> Result<DataKey, Error> {
    let ring = Ring::new(access);
    let needed = metadata.threshold.unwrap_or(1);
    let (mut parts, mut failed) = (Vec::new(), None);
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
        return Err(failed.unwrap_or_else(|| match metadata.threshold {
            Some(needed) => Error::new(Problem::TooFewGroups(parts.len(), needed)),
            None => Error::new(Problem::NoIdentity(recipients)),
        }));
    }
    let key = match metadata.threshold {
        Some(_) => shamir::combined(&exactly(&parts)?)?,
        None => exactly::<LENGTH>(&parts)?.remove(0),
    };
    Ok(DataKey::from_bytes(key).opened_by(parts.into_iter().map(|(_, opened)| opened).collect()))
}

/// Parts, all of which have this length.
fn exactly<const N: usize>(parts: &[Part]) -> Result<Vec<Zeroizing<[u8; N]>>, Error> {
    let part = |(bytes, opened): &Part| {
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

    /// What a group holds: by identities that are ready, then by plugins, then by those behind passphrases.
    fn open(&self, group: &Group) -> Result<Option<Part>, Error> {
        let mut failed = None;
        for step in [Step::Ready, Step::Plugins, Step::Locked] {
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
            (Step::Ready, Identity::Ready { identity, recipient }) => {
                open_any(group, &**identity, Some(recipient), "")
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
                    for step in [Step::Ready, Step::Plugins] {
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
                return Ok(Some((bytes, opened)));
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
