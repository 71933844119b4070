//! Whether the file of all values is to be relied on: who wrote it, whom it is for, and whether it is the newest.

use domain::RecipientKey;
use secrets::{Origin, Source};
use sops::Deviation;
use sops::keys::can_agree;
use workspace::index::Indexes;

use super::Store;
use crate::exit::Failure;
use crate::load::Lab;
use crate::secrets::seen;
use crate::terminal::{Terminal, shown};

impl Store {
    /// Fails if the file says that it was written by one of those who may, and was not.
    pub(crate) fn is_by_one_of_us(&self, source: &Source) -> Result<(), Failure> {
        match self.origin(source) {
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
        match self.origin(source) {
            Origin::Other(by) => {
                doubts
                    .push(format!("it was written by {}, who is no recipient of the lab", self.reader(&by)));
            }
            Origin::Unsigned => {
                let mut may: Vec<String> =
                    self.untold().iter().map(|one| format!("{one}, whose key cannot show it")).collect();
                may.push("anybody who knows its readers' public keys".to_owned());
                let may = may.join(", or ");
                doubts
                    .push(format!("nothing shows that a recipient of the lab wrote it: it can be by {may}"));
            }
            Origin::Shown | Origin::Unknown | Origin::Forged => {}
        }
        doubts
    }

    /// Whether anybody can have made the file, who needs none of the keys that may write it.
    pub(crate) fn is_anybodys(&self, source: &Source) -> bool {
        matches!(self.origin(source), Origin::Unsigned | Origin::Other(_))
    }

    /// What is known of who wrote the file. A key that is here, and could be shown it, is not passed by with a file that
    /// is for another one.
    fn origin(&self, source: &Source) -> Origin {
        match source.origin(&self.recipients()) {
            Origin::Unknown if source.is_read() && self.has_agreeing_key() => Origin::Unsigned,
            origin => origin,
        }
    }

    /// Whether a key is here that the lab names and that shows others who wrote the file.
    fn has_agreeing_key(&self) -> bool {
        let mut own = self.keys().agreeing().filter_map(|key| RecipientKey::parse(key).ok());
        own.any(|key| self.admins.contains(&key))
    }

    /// Those to whom nothing can be shown, and whose keys show nothing, as the lab calls them.
    fn untold(&self) -> Vec<String> {
        let all = self.admins.iter().map(ToString::to_string);
        all.filter(|key| !can_agree(key)).map(|key| self.called(&key)).collect()
    }

    /// Fails if the file, as it is about to be written, leaves readers in doubt about who did, unless that was asked for.
    pub(super) fn shows_origin(&self, source: &Source, terminal: &Terminal) -> Result<(), Failure> {
        let left = source.left_to_ask();
        if left.is_empty() {
            return Ok(());
        }
        let left: Vec<String> = left.iter().map(|key| self.called(key)).collect();
        if !self.how.without_origin {
            return Err(self.cannot_show_origin(&left));
        }
        terminal.note(&format!(
            "nothing shows who wrote {}: it is of no use to {} before one of them takes it over, with 'hlc secrets \
             rekey', which asks whether it was you",
            shown(&self.path),
            left.join(", ")
        ));
        Ok(())
    }

    /// Fails, before somebody takes pains with it, if what is written of the file will be refused for that.
    pub(crate) fn will_show_origin(&self, source: &Source) -> Result<(), Failure> {
        if self.how.without_origin || !source.is_read() || source.shows_origin() || self.has_agreeing_key() {
            return Ok(());
        }
        let all = self.recipients();
        let left: Vec<String> = all.iter().filter(|key| can_agree(key)).map(|key| self.called(key)).collect();
        if left.is_empty() { Ok(()) } else { Err(self.cannot_show_origin(&left)) }
    }

    fn cannot_show_origin(&self, left: &[String]) -> Failure {
        Failure::cannot(format!(
            "nothing was written: no key here can show {} that it was you who wrote {}, so they would refuse it\n  a key \
             of age or an SSH key of type Ed25519 can; keys of RSA, for quantum computers and in hardware cannot: let \
             one of them do it, or, with --without-origin, write what they are asked to take over with 'hlc secrets \
             rekey'",
            left.join(", "),
            shown(&self.path)
        ))
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

    /// Says to whom nothing shows who wrote the file: with them, one that was made of public keys alone may pass.
    pub(crate) fn tell_origin(&self, source: &Source, terminal: &Terminal) {
        let untold = self.untold();
        if untold.is_empty() {
            return;
        }
        let what_to_do = match self.origin(source) {
            Origin::Unknown => "look at its history",
            _ => "what they write, others are asked to take over",
        };
        terminal.note(&format!(
            "nothing shows {} who wrote {}, nor others that it was them: keys of RSA, for quantum computers and in \
             hardware cannot; {what_to_do}",
            untold.join(", "),
            shown(&self.path)
        ));
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
