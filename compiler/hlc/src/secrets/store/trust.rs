//! Whether the file of all values is to be relied on: who wrote it, whom it is for, and whether it is the newest.

use domain::RecipientKey;
use secrets::{Origin, Source};
use sops::Deviation;
use workspace::index::Indexes;

use super::Store;
use crate::exit::Failure;
use crate::load::Lab;
use crate::secrets::seen;
use crate::terminal::{Terminal, shown};

impl Store {
    /// Fails if the file says that it was written by one of those who may, and was not.
    pub(crate) fn is_by_one_of_us(&self, source: &Source) -> Result<(), Failure> {
        match source.origin(&self.recipients()) {
            Origin::Forged => Err(Failure::cannot(format!(
                "{} was made by somebody who is no recipient of the lab, of public keys alone: nothing in it is \
                 yours\n  take the file from before the change, such as with 'git checkout'",
                shown(&self.path)
            ))),
            _ => Ok(()),
        }
    }

    /// Fails if a key is here that the lab names, while the file is not for it: somebody took it out, or nobody has let
    /// it in yet.
    pub(super) fn is_not_for_us(&self, readers: &[String]) -> Result<(), Failure> {
        let named: Vec<String> = readers.iter().map(|reader| self.reader(reader)).collect();
        let readers: Vec<RecipientKey> =
            readers.iter().filter_map(|reader| RecipientKey::parse(reader).ok()).collect();
        let here = self.keys().recipients().filter_map(|key| RecipientKey::parse(key).ok());
        let mut left_out = here.filter(|key| self.admins.contains(key) && !readers.contains(key));
        let Some(key) = left_out.next() else { return Ok(()) };
        Err(Failure::cannot(format!(
            "{} is not for {}, who is a recipient of the lab, and whose key is here, but for {}: nothing in it can be \
             relied on\n  let somebody who can read it run 'hlc secrets rekey'; if you could read it before, somebody replaced it",
            shown(&self.path),
            self.reader(&key.to_string()),
            named.join(", ")
        )))
    }

    /// Fails, without a key, if the file says something in the open that no build with a key has used.
    pub(crate) fn has_known_halves(&self, lab: &Lab, known: &Indexes) -> Result<(), Failure> {
        let unknown = known.unknown_halves(lab.public_halves());
        if unknown.is_empty() {
            return Ok(());
        }
        let unknown: Vec<String> = unknown.iter().map(|name| format!("'{}'", name.escape_debug())).collect();
        Err(Failure::cannot(format!(
            "{} has public halves that no build with a key has used yet, and that anybody could have put there: {}{}",
            shown(&self.path),
            unknown.join(", "),
            self.where_keys_are()
        )))
    }

    /// Why the file is to be encrypted anew before anything in it is used; nothing where it is as hlc left it.
    pub(crate) fn doubts(&self, source: &Source) -> Vec<String> {
        let mut doubts: Vec<String> = source.loose().iter().map(ToString::to_string).collect();
        if let Origin::Other(by) = source.origin(&self.recipients()) {
            doubts.push(format!("it was written by {}, who is no recipient of the lab", self.reader(&by)));
        }
        doubts
    }

    /// Fails if there are any.
    pub(super) fn is_as_left(&self, source: &Source) -> Result<(), Failure> {
        self.is_by_one_of_us(source)?;
        let doubts = self.doubts(source);
        if doubts.is_empty() {
            return Ok(());
        }
        Err(Failure::cannot(format!(
            "{} must be encrypted anew before it is used:\n  {}\n  if that was you, or who works with you, do it with \
             'hlc secrets rekey'; if not, take the file from before the change",
            shown(&self.path),
            doubts.join("\n  ")
        )))
    }

    /// Fails if the file names somebody as a reader whom the lab does not.
    pub(super) fn has_no_strangers(&self, source: &Source) -> Result<(), Failure> {
        if self.admins.is_empty() {
            return Ok(());
        }
        let deviations = source.reader_deviations(&self.settings(&self.admins)?);
        let is_named = |text: &str| RecipientKey::parse(text).is_ok_and(|key| self.admins.contains(&key));
        let stranger = deviations.into_iter().find_map(|deviation| match deviation {
            // Two entries for one are another matter.
            Deviation::UnexpectedRecipient(text) if !is_named(&text) => Some(text),
            _ => None,
        });
        let Some(stranger) = stranger else { return Ok(()) };
        Err(Failure::cannot(format!(
            "{}: {}, who is no recipient of the lab\n  'hlc secrets rekey' locks them out, if it was you who took them \
             out of the lab",
            shown(&self.path),
            Deviation::UnexpectedRecipient(stranger)
        )))
    }

    /// Says if the file is older than one that was seen before: on this machine, or by a build whose indexes say `built`.
    pub(crate) fn tell_age(&self, source: &Source, built: u64, terminal: &Terminal) {
        let (is, newest) = (source.generation(), seen::newest(&self.path).max(built));
        if is < newest {
            terminal.note(&format!(
                "warning: {} is older than one that was used before (number {is}, and there was {newest}): take the \
                 newest from Git, unless it was you who went back",
                shown(&self.path),
            ));
        }
        seen::note(&self.path, is);
    }

    /// Says if nothing shows who wrote the file, though it is sealed.
    pub(crate) fn tell_origin(&self, source: &Source, terminal: &Terminal) {
        if source.loose().is_empty() && source.origin(&self.recipients()) == Origin::Unknown {
            terminal.note(&format!(
                "nothing shows who wrote {}: keys for quantum computers, in hardware and of RSA, and SSH keys behind a \
                 passphrase cannot; look at its history",
                shown(&self.path)
            ));
        }
    }

    /// Fails if the lab names no recipient any more: what is there for them would be removed.
    pub(crate) fn is_for_somebody(&self) -> Result<(), Failure> {
        if self.text.is_some() && self.admins.is_empty() {
            return Err(Failure::cannot(format!(
                "nothing was written: the lab has no recipient, so nobody could read what is made of {}, and what was \
                 made of it before would be removed\n  declare who reads it, such as 'recipient laptop = \"age1…\"'; \
                 if the secrets are to go, remove them from the lab, and the file",
                shown(&self.path)
            )));
        }
        Ok(())
    }

    /// Those who may read and write the file, as files name them.
    fn recipients(&self) -> Vec<String> {
        self.admins.iter().map(ToString::to_string).collect()
    }
}
