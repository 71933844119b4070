//! The file of all values: found beside the lab, locked while it is changed, replaced in one step.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use domain::RecipientKey;
use emit::Files;
use model::SecretRef;
use output::{Lock, OutputError, RealDisk, Target};
use secrets::Source;
use sops::keys::Recipient;
use sops::{Deviation, Document, Format, Map, Node, Outcome, Rewritten, Settings, Visible};

use super::clock;
use super::keys::Keys;
use crate::exit::Failure;
use crate::load::Lab;
use crate::terminal::{Terminal, shown};

/// The file, and who may read it.
pub(crate) struct Store {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// What is in it; nothing where there is none.
    pub(crate) text: Option<Vec<u8>>,
    /// Everybody who reads every secret.
    pub(crate) admins: Vec<RecipientKey>,
    /// The keys that are here.
    pub(crate) keys: Keys,
}

impl Store {
    /// Reads the file, without decrypting it.
    pub(crate) fn read(lab: &Lab) -> Result<Self, Failure> {
        let path = lab.secrets_path();
        let text = match fs::read(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => {
                let reason = crate::read::reason(&error);
                return Err(Failure::cannot(format!("cannot read {}: {reason}", shown(&path))));
            }
        };
        let admins = emit_secrets::source_readers(&lab.session.recipients());
        Ok(Self { path, text, admins, keys: Keys::find() })
    }

    /// Keeps two runs apart for as long as what is returned lives.
    pub(crate) fn lock(lab: &Lab) -> Result<Lock<<RealDisk as output::Disk>::Lock>, Failure> {
        let (files, nixos) = (Files::new(), lab.folder.join("nixos"));
        let target = Target { folder: &nixos, files: &files, is_protected: &|_| false };
        output::lock(&RealDisk, &[target]).map_err(|error| Failure::cannot(error.to_string()))
    }

    /// The values in the clear, to change them; none where there is no file yet.
    pub(crate) fn open(&self) -> Result<Source, Failure> {
        let Some(text) = &self.text else { return Ok(Source::new()) };
        Source::open(text, &self.keys.access()).map_err(|error| self.cannot_open(&error))
    }

    /// The values in the clear, to use them: of a file that nobody reads but those who should. Without a key, what is
    /// to be said about it goes through `without_key`.
    pub(crate) fn open_for_use(&self, without_key: &dyn Fn(Failure) -> Failure) -> Result<Source, Failure> {
        let Some(text) = &self.text else { return Ok(Source::new()) };
        let source = Source::open(text, &self.keys.access()).map_err(|error| {
            let failure = self.cannot_open(&error);
            if error.is_lack_of_key() { without_key(failure) } else { failure }
        })?;
        self.refuse_strangers(&source).map(|()| source)
    }

    /// The same, if nobody needs to be asked for it; nothing without a key. Fails if somebody changed the file.
    pub(crate) fn open_quietly(&self) -> Result<Option<Source>, Failure> {
        let Some(text) = &self.text else { return Ok(None) };
        match Source::open(text, &self.keys.quiet_access()) {
            Ok(source) => self.refuse_strangers(&source).map(|()| Some(source)),
            Err(error) if error.is_lack_of_key() => Ok(None),
            Err(error) => Err(self.cannot_open(&error)),
        }
    }

    /// Fails if the file names somebody as a reader whom the lab does not.
    fn refuse_strangers(&self, source: &Source) -> Result<(), Failure> {
        if self.admins.is_empty() {
            return Ok(());
        }
        let is_stranger = |deviation: &Deviation| matches!(deviation, Deviation::UnexpectedRecipient(_));
        match source.deviations(&self.settings(&self.admins)?).into_iter().find(is_stranger) {
            None => Ok(()),
            Some(deviation) => Err(Failure::cannot(format!(
                "{}: {deviation}, who is no recipient of the lab; 'hlc secrets rekey' locks them out, if it was \
                 you who took them out of the lab",
                shown(&self.path)
            ))),
        }
    }

    /// Why the file cannot be opened, and what to do.
    pub(crate) fn cannot_open(&self, error: &secrets::Error) -> Failure {
        let mut message = format!("cannot open {}: {error}", shown(&self.path));
        for fault in self.keys.faults() {
            message.push_str("\n  not used: ");
            message.push_str(&fault);
        }
        if self.keys.is_empty() {
            message.push_str(
                "\n  there is no key here: put it into ~/.config/sops/age/keys.txt, or say where it is with \
                 SOPS_AGE_KEY_FILE",
            );
        }
        Failure::cannot(message)
    }

    /// How a file for these readers is encrypted.
    pub(crate) fn settings(&self, readers: &[RecipientKey]) -> Result<Settings<'_>, Failure> {
        let recipient = |key: &RecipientKey| {
            let text = key.to_string();
            text.parse::<Recipient>().map_err(|error| Failure::cannot(format!("recipient '{text}': {error}")))
        };
        let recipients = readers.iter().map(recipient).collect::<Result<Vec<_>, _>>()?;
        Ok(Settings::new(recipients, clock::now()).plugins(self.keys.plugins()))
    }

    /// Writes what was changed, if anything was.
    pub(crate) fn write(
        &self,
        source: &mut Source,
        terminal: &Terminal,
    ) -> Result<Option<Rewritten>, Failure> {
        self.needs_admins()?;
        let settings = self.settings(&self.admins)?;
        let outcome = source.update(&settings).map_err(|error| self.cannot_write(&error))?;
        let Outcome::New(new) = outcome else { return Ok(None) };
        self.replace(&new.text)?;
        terminal.detail(&format!("wrote {}", shown(&self.path)));
        Ok(Some(new))
    }

    /// Puts another text in the place of the file.
    pub(crate) fn replace(&self, text: &str) -> Result<(), Failure> {
        let written: Result<(), OutputError> = output::replace(&RealDisk, &self.path, text);
        written.map_err(|error| Failure::cannot(error.to_string()))
    }

    /// Values that nobody can read would be lost.
    pub(crate) fn needs_admins(&self) -> Result<(), Failure> {
        if self.admins.is_empty() {
            return Err(Failure::cannot(
                "nobody could read the secrets: declare a recipient, such as 'recipient laptop = \"age1…\"' \
                 with the public key that 'age-keygen' prints",
            ));
        }
        Ok(())
    }

    /// Why the file cannot be written.
    pub(crate) fn cannot_write(&self, error: &secrets::Error) -> Failure {
        Failure::cannot(format!("cannot write {}: {error}", shown(&self.path)))
    }

    /// What each value is encrypted to, which is for everybody to see.
    pub(crate) fn sealed(&self) -> Result<BTreeMap<SecretRef, String>, Failure> {
        let Some(text) = &self.text else { return Ok(BTreeMap::new()) };
        let document = Document::parse(text, Format::Yaml)
            .map_err(|error| Failure::cannot(format!("cannot read {}: {error}", shown(&self.path))))?;
        let mut sealed = BTreeMap::new();
        for (name, node) in document.visible() {
            match node {
                Node::Leaf(Visible::Encrypted(text)) => drop(sealed.insert(SecretRef::whole(name), text)),
                Node::Map(keys) => sealed.extend(sealed_keys(&name, keys)),
                Node::Leaf(Visible::Plain) | Node::List(_) => {}
            }
        }
        Ok(sealed)
    }
}

fn sealed_keys(name: &str, keys: Map<Visible>) -> impl Iterator<Item = (SecretRef, String)> {
    keys.into_iter().filter_map(move |(key, node)| match node {
        Node::Leaf(Visible::Encrypted(text)) => Some((SecretRef::key(name, key), text)),
        _ => None,
    })
}
