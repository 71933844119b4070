//! The file of values as it is written: with as few changes as are safe, and sealed.

use sops::keys::{Access, Recipient};
use sops::{DataKey, Document, Entry, Format, Outcome, Path, Rewritten, Settings};

use crate::generate::random_bytes;
use crate::origin::shown_to_readers;
use crate::seal::number_of_delivery;
use crate::{Error, Source};

impl Source {
    /// The file for these recipients: as it is where nothing changed, else with as few changes as are safe. A reader
    /// who is left out costs every key anew, and so does whatever another program did to its keys.
    pub fn update(&mut self, settings: &Settings<'_>, access: &Access<'_>) -> Result<Outcome, Error> {
        self.write(settings, access, |source, document, key, settings| {
            let changed = changed(source, document, key)?;
            let (added, removed) = source.readers_changed(document, settings);
            if source.needs_new_keys(document) || !removed.is_empty() {
                return Ok(Plan::Anew { changed });
            }
            if changed.is_empty() && added.is_empty() {
                return Ok(Plan::Nothing);
            }
            Ok(Plan::Keep { changed, entries: document.entries(key, settings)? })
        })
    }

    /// The same, with a new copy of the data key for each reader, whether or not that is needed.
    pub fn rekey(&mut self, settings: &Settings<'_>, access: &Access<'_>) -> Result<Outcome, Error> {
        self.write(settings, access, |source, document, key, settings| {
            let (_, removed) = source.readers_changed(document, settings);
            if source.needs_new_keys(document) || !removed.is_empty() {
                return Ok(Plan::Anew { changed: Vec::new() });
            }
            Ok(Plan::Keep { changed: Vec::new(), entries: sops::wrapped(key, settings)? })
        })
    }

    /// The file under a new data key, with a new key for delivered files.
    pub fn rotate(&mut self, settings: &Settings<'_>, access: &Access<'_>) -> Result<Outcome, Error> {
        self.write(settings, access, |source, document, key, _| {
            Ok(Plan::Anew { changed: changed(source, document, key)? })
        })
    }

    fn write(
        &mut self,
        settings: &Settings<'_>,
        access: &Access<'_>,
        plan: impl FnOnce(&Self, &Document, &DataKey, &Settings<'_>) -> Result<Plan, Error>,
    ) -> Result<Outcome, Error> {
        let settings = settings.clone().rule(sops::Rule::default());
        let file = self.file.take();
        let made = match &file {
            Some((document, key)) => plan(self, document, key, &settings).and_then(|plan| {
                let (added, removed) = self.readers_changed(document, &settings);
                let (text, changed, has_new_key) = match plan {
                    Plan::Nothing => return Ok(Outcome::Untouched),
                    Plan::Anew { changed } => (self.anew(Some(key), &settings, access)?, changed, true),
                    Plan::Keep { changed, entries } => {
                        self.seal(key, Some(key), &entries, &settings, access);
                        (document.rewritten(key, &self.kept_tree(), entries, &settings)?, changed, false)
                    }
                };
                Ok(Outcome::New(Rewritten { text, changed, has_new_key, added, removed }))
            }),
            None => self.anew(None, &settings, access).map(|text| {
                let (changed, added, removed) = (Vec::new(), Vec::new(), Vec::new());
                Outcome::New(Rewritten { text, changed, has_new_key: true, added, removed })
            }),
        };
        self.file = file;
        made
    }

    /// The file under new keys.
    fn anew(
        &mut self,
        old: Option<&DataKey>,
        settings: &Settings<'_>,
        access: &Access<'_>,
    ) -> Result<String, Error> {
        let before = self.proving().ok();
        if let Some(before) = before {
            self.seal.get_or_insert_default().note_before(before);
        }
        self.delivery = Some(random_bytes(32)?.into());
        let key = DataKey::generate()?;
        let entries = sops::wrapped(&key, settings)?;
        self.seal(&key, old, &entries, settings, access);
        Ok(sops::encrypt_for(&key, &self.kept_tree(), entries, Format::Yaml, settings)?)
    }

    /// Seals what belongs together. `old` is the data key that the file was opened with.
    fn seal(
        &mut self,
        key: &DataKey,
        old: Option<&DataKey>,
        entries: &[Entry],
        settings: &Settings<'_>,
        access: &Access<'_>,
    ) {
        let delivery = self.delivery().map(number_of_delivery).unwrap_or_default();
        let plain = self.plain.sum().unwrap_or_default();
        let seal = self.seal.get_or_insert_default();
        seal.generation += 1;
        (seal.delivery, seal.plain) = (delivery, plain);
        seal.bind(key, entries);
        // Whoever opened the file may be about to leave it: who writes it is one of those who read it afterwards.
        let stays = |key: &&DataKey| {
            key.opened()
                .first()
                .is_some_and(|opened| settings.readers().iter().any(|one| one.is(&opened.says)))
        };
        let old = old.filter(stays);
        // Nobody is asked twice: another key is tried where one is ready that shows it.
        let is_shown = |own: &DataKey| own.opened().first().is_some_and(|by| own.agreed(&by.says).is_some());
        let tries_again = old.is_none_or(|old| !is_shown(old) && access.agrees());
        let again = if tries_again { sops::unwrapped(entries, access).ok() } else { None };
        let by = [again.as_ref(), old].into_iter().flatten().find(|own| is_shown(own));
        let by = by.and_then(|own| Some((own, own.opened().first()?.says.clone())));
        seal.origins = by.as_ref().map(|(own, by)| shown_to_readers(seal, by, own)).unwrap_or_default();
        seal.by = by.map(|(_, by)| by);
    }

    /// Whether the keys of the file are not to be used any more.
    fn needs_new_keys(&self, document: &Document) -> bool {
        let metadata = document.metadata();
        !self.loose().is_empty()
            || metadata.rule != sops::Rule::default()
            || metadata.mac_only_encrypted
            || metadata.threshold.is_some()
    }

    /// Who can read the file from now on, and who cannot any more: those whom it is for, and those whom it was for when
    /// it was sealed.
    fn readers_changed(&self, document: &Document, settings: &Settings<'_>) -> (Vec<String>, Vec<String>) {
        let sealed =
            self.sealed().into_iter().flat_map(|seal| seal.readers.iter().map(|(name, _)| name.as_str()));
        let mut removed: Vec<String> = Vec::new();
        for name in document.metadata().recipients().chain(sealed) {
            if !settings.readers().iter().any(|one| one.is(name)) && !removed.iter().any(|one| one == name) {
                removed.push(name.to_owned());
            }
        }
        let is_added = |one: &&Recipient| !document.metadata().recipients().any(|name| one.is(name));
        let added = settings.readers().iter().filter(is_added).map(|one| one.as_str().to_owned());
        (added.collect(), removed)
    }
}

/// What is to be done with a file.
enum Plan {
    Nothing,
    /// It keeps its keys, and has these copies of its data key.
    Keep {
        changed: Vec<Path>,
        entries: Vec<Entry>,
    },
    /// It gets new ones.
    Anew {
        changed: Vec<Path>,
    },
}

/// The values that are others than in the file.
fn changed(source: &Source, document: &Document, key: &DataKey) -> Result<Vec<Path>, Error> {
    Ok(document.decrypt(key)?.differences(&source.kept_tree()))
}
