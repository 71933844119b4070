//! The file of all values: found beside the lab, locked while it is changed, replaced in one step.

mod trust;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::RecipientKey;
use emit::Files;
use model::{Recipient, SecretRef};
use output::{Lock, OutputError, RealDisk, Target};
use secrets::{Opening, Source};
use sops::keys::Access;
use sops::{Document, Format, Map, Node, Outcome, Rewritten, Settings, Visible};
use workspace::index::INDEX;

use super::keys::Keys;
use super::seen;
use crate::args::Write;
use crate::exit::Failure;
use crate::load::Lab;
use crate::terminal::{Terminal, shown};
use crate::waiting;

/// The file, and who may read it.
pub(crate) struct Store {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// What is in it; nothing where there is none.
    pub(crate) text: Option<Vec<u8>>,
    /// Everybody who reads every secret.
    pub(crate) admins: Vec<RecipientKey>,
    /// What the lab calls them.
    names: BTreeMap<RecipientKey, String>,
    /// The same, read.
    document: OnceCell<Arc<Document>>,
    /// The keys that are here, looked for when the first is needed.
    keys: OnceCell<Keys>,
    /// The folder of the lab.
    folder: PathBuf,
    /// How it is written.
    how: Write,
}

impl Store {
    /// Reads the file, without decrypting it.
    pub(crate) fn read(lab: &Lab) -> Result<Self, Failure> {
        Self::read_at(lab, lab.secrets_path())
    }

    /// The same for a file that is somewhere else.
    pub(crate) fn read_at(lab: &Lab, path: PathBuf) -> Result<Self, Failure> {
        let text = match workspace::read::bytes(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => {
                let reason = workspace::read::reason(&error);
                return Err(Failure::cannot(format!("cannot read {}: {reason}", shown(&path))));
            }
        };
        let document = OnceCell::new();
        if let Some(known) = text.as_deref().and_then(|text| lab.document_of(text)) {
            let _ = document.set(known);
        }
        Ok(Self { text, document, ..Self::of(path, lab.folder.clone(), &lab.session.recipients()) })
    }

    /// Reads a file of which no lab says whom it is for.
    pub(crate) fn alone(path: PathBuf) -> Self {
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        Self { text: workspace::read::bytes(&path).ok(), ..Self::of(path, folder, &[]) }
    }

    fn of(path: PathBuf, folder: PathBuf, recipients: &[&Recipient]) -> Self {
        let admins = emit_secrets::source_readers(recipients);
        let names = recipients.iter().map(|one| (one.key.clone(), one.name.clone())).collect();
        let (document, keys) = (OnceCell::new(), OnceCell::new());
        Self { path, text: None, admins, names, document, keys, folder, how: Write::default() }
    }

    /// The same, to write it like this.
    pub(crate) fn written(self, how: Write) -> Self {
        Self { how, ..self }
    }

    /// The keys that are here.
    pub(crate) fn keys(&self) -> &Keys {
        self.keys.get_or_init(Keys::find)
    }

    /// Somebody's key, with what the lab calls it.
    pub(crate) fn reader(&self, key: &str) -> String {
        let name = RecipientKey::parse(key).ok().and_then(|key| self.names.get(&key));
        let key = key.escape_debug();
        name.map_or_else(|| key.to_string(), |name| format!("{name} ({key})"))
    }

    /// What the lab calls a reader; the key, where it names none.
    pub(super) fn called(&self, key: &str) -> String {
        let name = RecipientKey::parse(key).ok().and_then(|key| self.names.get(&key));
        format!("'{}'", name.map_or(key, String::as_str).escape_debug())
    }

    /// Keeps two runs apart for as long as what is returned lives.
    pub(crate) fn lock(
        lab: &Lab,
        terminal: &Terminal,
    ) -> Result<Lock<<RealDisk as output::Disk>::Lock>, Failure> {
        let (files, nixos) = (Files::new(), lab.folder.join("nixos"));
        let target = Target { folder: &nixos, files: &files, is_protected: &|_| false };
        waiting::announce(&lab.folder, terminal);
        output::lock(&RealDisk, &[target]).map_err(|error| match waiting::holder(&lab.folder) {
            Some(holder) => Failure::cannot(format!("{error}\n  it is {holder}")),
            None => Failure::cannot(error.to_string()),
        })
    }

    /// The values in the clear, to change them; none where there is no file yet.
    pub(crate) fn open(&self) -> Result<Source, Failure> {
        let source = self.opened().map_err(|error| self.cannot_open(&error))?;
        self.is_as_left(&source).map(|()| source)
    }

    /// The same, also where the file is to be encrypted anew before it is used.
    pub(crate) fn open_to_mend(&self) -> Result<Source, Failure> {
        let source = self.opened().map_err(|error| self.cannot_open(&error))?;
        self.is_by_one_of_us(&source).map(|()| source)
    }

    /// The values in the clear, to use them: of a file that nobody reads but those who should. What is said where no
    /// key for it is here, `without_key` says: it is told whom the file is for.
    pub(crate) fn open_for_use(&self, without_key: &dyn Fn(&[String]) -> Failure) -> Result<Source, Failure> {
        let source = self.opened().map_err(|error| match error.lacks_key_of() {
            Some(readers) => self.is_not_for_us(readers).err().unwrap_or_else(|| without_key(readers)),
            None => self.cannot_open(&error),
        })?;
        self.has_no_strangers(&source)?;
        self.is_as_left(&source).map(|()| source)
    }

    fn opened(&self) -> Result<Source, secrets::Error> {
        let Some(document) = self.document()? else { return Ok(Source::new()) };
        Source::open_document(document, &self.keys().access())
    }

    /// The file, read once; nothing where there is none.
    fn document(&self) -> Result<Option<Arc<Document>>, secrets::Error> {
        let Some(text) = &self.text else { return Ok(None) };
        if let Some(document) = self.document.get() {
            return Ok(Some(Arc::clone(document)));
        }
        let document = Arc::new(Document::parse(text, Format::Yaml)?);
        Ok(Some(Arc::clone(self.document.get_or_init(|| document))))
    }

    /// The same, if nobody needs to be asked for it; nothing where there is no file, or no key for it is here. Fails if
    /// somebody changed the file.
    pub(crate) fn look(&self) -> Result<Option<Box<Source>>, Failure> {
        let document = self.document().map_err(|error| self.cannot_open(&error))?;
        let Some(document) = document else { return Ok(None) };
        match Opening::of(document, &self.keys().quiet_access()) {
            Opening::Opened(source) => {
                self.has_no_strangers(&source)?;
                self.is_as_left(&source).map(|()| Some(source))
            }
            Opening::Closed(readers) => self.is_not_for_us(&readers).map(|()| None),
            Opening::Refused(error) => Err(self.cannot_open(&error)),
        }
    }

    /// Why the file cannot be opened, and what to do.
    pub(crate) fn cannot_open(&self, error: &secrets::Error) -> Failure {
        let path = shown(&self.path);
        if let Some(readers) = error.lacks_key_of() {
            return self.is_not_for_us(readers).err().unwrap_or_else(|| self.lacks_key_of(readers));
        }
        let help = error.help().map_or_else(String::new, |help| format!("\n  {help}"));
        Failure::cannot(format!("cannot open {path}: {error}{help}{}", self.unused_keys()))
    }

    /// The file is for these, and none of their keys is here.
    pub(crate) fn lacks_key_of(&self, readers: &[String]) -> Failure {
        let path = shown(&self.path);
        let readers: Vec<String> = readers.iter().map(|key| self.reader(key)).collect();
        Failure::cannot(format!(
            "cannot open {path}: it is for {}{}{}",
            readers.join(", "),
            if self.keys().is_empty() { "" } else { ", and the keys here are others" },
            self.where_keys_are()
        ))
    }

    /// What to do where the right key is not here.
    pub(crate) fn where_keys_are(&self) -> String {
        let mut text = self.unused_keys();
        text.push_str(if self.keys().is_empty() {
            "\n  there is no key here: put yours into ~/.config/sops/age/keys.txt, or say where it is with \
             SOPS_AGE_KEY_FILE"
        } else {
            "\n  put the right one into ~/.config/sops/age/keys.txt, or say where it is with SOPS_AGE_KEY_FILE; or \
             let somebody who can read the file add you as a 'recipient' and run 'hlc secrets rekey'"
        });
        text
    }

    fn unused_keys(&self) -> String {
        self.keys().faults().map(|fault| format!("\n  not used: {fault}")).collect::<Vec<_>>().concat()
    }

    /// There is no file where one is needed.
    pub(crate) fn is_missing(&self) -> Failure {
        let fresh = || {
            Failure::cannot(format!(
                "there is no {}: no secret has a value yet; begin with 'hlc secrets generate' and 'hlc secrets set'",
                shown(&self.path)
            ))
        };
        self.is_not_lost().err().unwrap_or_else(fresh)
    }

    /// A file of values that is gone, while what was made of it is there, is not begun anew by mistake.
    pub(crate) fn is_not_lost(&self) -> Result<(), Failure> {
        let indexes = ["nixos", "k8s"].map(|name| self.folder.join(name).join(INDEX));
        let Some(index) = indexes.iter().find(|index| self.text.is_none() && index.exists()) else {
            return Ok(());
        };
        let (path, index) = (shown(&self.path), shown(index));
        Err(Failure::cannot(format!(
            "{path} is gone, and {index} says that files were made of it\n  take it back, such as with 'git checkout \
             -- {path}'; to begin anew, with other values, remove {index} first"
        )))
    }

    /// How a file for these readers is encrypted.
    pub(crate) fn settings(&self, readers: &[RecipientKey]) -> Result<Settings<'_>, Failure> {
        let recipient = |key: &RecipientKey| {
            let text = key.to_string();
            text.parse::<sops::keys::Recipient>()
                .map_err(|error| Failure::cannot(format!("recipient '{text}': {error}")))
        };
        let recipients = readers.iter().map(recipient).collect::<Result<Vec<_>, _>>()?;
        Ok(Settings::new(recipients, workspace::clock::now()).plugins(self.keys().plugins()))
    }

    /// Writes what was changed, if anything was.
    pub(crate) fn write(
        &self,
        source: &mut Source,
        terminal: &Terminal,
    ) -> Result<Option<Rewritten>, Failure> {
        self.write_by(source, Source::update, terminal)
    }

    /// Writes what `how` makes of the file, if that is another one.
    pub(crate) fn write_by(
        &self,
        source: &mut Source,
        how: impl FnOnce(&mut Source, &Settings<'_>, &Access<'_>) -> Result<Outcome, secrets::Error>,
        terminal: &Terminal,
    ) -> Result<Option<Rewritten>, Failure> {
        self.needs_admins()?;
        let settings = self.settings(&self.admins)?;
        let outcome =
            how(source, &settings, &self.keys().access()).map_err(|error| self.cannot_write(&error))?;
        let Outcome::New(new) = outcome else { return Ok(None) };
        self.replace(&new.text, source, terminal)?;
        seen::note(&self.path, source.generation());
        terminal.detail(&format!("wrote {}", shown(&self.path)));
        Ok(Some(new))
    }

    /// Puts `text`, which is what was made of `source`, in the place of the file, unless none of the keys here could
    /// read it.
    pub(crate) fn replace(&self, text: &str, source: &Source, terminal: &Terminal) -> Result<(), Failure> {
        let opened = Source::open(text.as_bytes(), &self.keys().quiet_access());
        if let Some(readers) = opened.as_ref().err().and_then(secrets::Error::lacks_key_of) {
            let readers: Vec<String> = readers.iter().map(|key| self.reader(key)).collect();
            return Err(Failure::cannot(format!(
                "nothing was written: none of the keys here could open {} afterwards, which would be for {}{}\n  let one \
                 of them do it, or put such a key into ~/.config/sops/age/keys.txt",
                shown(&self.path),
                readers.join(", "),
                self.unused_keys()
            )));
        }
        self.shows_origin(source, terminal)?;
        self.is_what_was_read()?;
        let written: Result<(), OutputError> = output::replace(&RealDisk, &self.path, text);
        written.map_err(|error| Failure::cannot(error.to_string()))
    }

    /// What somebody else wrote meanwhile, who does not ask for the lock, would be lost.
    fn is_what_was_read(&self) -> Result<(), Failure> {
        if workspace::read::bytes(&self.path).ok() == self.text {
            return Ok(());
        }
        Err(Failure::cannot(format!(
            "nothing was written: somebody else changed {} meanwhile; do it again",
            shown(&self.path)
        )))
    }

    /// Values that nobody can read would be lost.
    pub(crate) fn needs_admins(&self) -> Result<(), Failure> {
        if self.admins.is_empty() {
            return Err(Failure::cannot(
                "nobody could read the secrets: declare a recipient, such as 'recipient laptop = \"age1…\"'\n  \
                 'age-keygen -o ~/.config/sops/age/keys.txt' makes a key where it is looked for, and prints its public \
                 half",
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
        let document = self.document().map_err(|error| self.cannot_open(&error))?;
        Ok(document.map(|document| sealed_in(&document)).unwrap_or_default())
    }
}

/// What each value is encrypted to in a file of values.
pub(crate) fn sealed_in(document: &Document) -> BTreeMap<SecretRef, String> {
    let mut sealed = BTreeMap::new();
    for (name, node) in document.visible() {
        match node {
            Node::Leaf(Visible::Encrypted(text)) => drop(sealed.insert(SecretRef::whole(name), text)),
            Node::Map(keys) => sealed.extend(sealed_keys(&name, keys)),
            Node::Leaf(Visible::Plain(_)) | Node::List(_) => {}
        }
    }
    sealed
}

fn sealed_keys(name: &str, keys: Map<Visible>) -> impl Iterator<Item = (SecretRef, String)> {
    keys.into_iter().filter_map(move |(key, node)| match node {
        Node::Leaf(Visible::Encrypted(text)) => Some((SecretRef::key(name, key), text)),
        _ => None,
    })
}
