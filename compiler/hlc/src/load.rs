//! The lab that a command is about: opened, and called as the user sees it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diagnostics::{Located, Severity};
use domain::Date;
use driver::{Outputs, Session};
use model::{Generator, SecretRef, SecretValue, StoredValue};
use output::cores;
use plan::Origin;
use secrets::Source;
use sops::Document;
use source::Place;
use workspace::index::Indexes;
use workspace::{Buffers, Disk, LAB, Opened, Stored, Texts, crew, read};

use crate::exit::Failure;
use crate::secrets::store::Store;
use crate::terminal::{Terminal, shown};

/// The lab, open.
pub(crate) struct Lab {
    /// What is asked.
    pub(crate) session: Session,
    /// The folder that it is in, as seen from the working directory; empty if that is the one.
    pub(crate) folder: PathBuf,
    /// The way from that folder down to the working directory, where it is above.
    down: PathBuf,
    /// Whether all that the lab imports is there.
    is_whole: bool,
    /// The name of the lab's file.
    name: String,
    /// The revision that it is of, as somebody called it; nothing for the lab as it is.
    revision: Option<String>,
    /// What is known of secrets without a key.
    stored: Stored,
}

impl Lab {
    /// Reads the lab's file, which is `file` or the nearest, and all that it imports.
    pub(crate) fn open(file: Option<&Path>, terminal: &Terminal) -> Result<Self, Failure> {
        let file = workspace::lab_file(file).map_err(Failure::Cannot)?;
        // It is named by the user, and may be what another program writes: it is read here, and once.
        let text = read::text(&file).map_err(|reason| unreadable(&file, &reason))?;
        let folder = file.parent().map(Path::to_owned).unwrap_or_default();
        let name =
            file.file_name().map_or_else(|| LAB.to_owned(), |name| name.to_string_lossy().into_owned());
        let mut texts = Buffers::new(Box::new(Disk::new(folder.clone())));
        texts.set(&name, text.into());
        let opened = workspace::open(&name, &texts).map_err(|unread| unreadable(&file, &unread.reason))?;
        let Opened { session, is_whole } = opened;
        let down = workspace::down_from(&folder);
        let (stored, revision) = (Stored::default(), None);
        let mut lab = Self { session, folder, down, is_whole, name, revision, stored };
        for name in lab.session.file_names() {
            terminal.detail(&format!("read {}", shown(&lab.folder.join(name))));
        }
        lab.read_secrets(&texts, terminal)?;
        Ok(lab)
    }

    /// The same lab as it was in a revision, of which `texts` are. Only what is in these is known of it.
    pub(crate) fn at(&self, revision: &str, texts: &dyn Texts, terminal: &Terminal) -> Result<Self, Failure> {
        let opened = workspace::open(&self.name, texts).map_err(|unread| {
            let (file, revision) = (shown(&self.folder.join(&self.name)), revision.escape_debug());
            Failure::cannot(format!("cannot read {file} of revision '{revision}': {}", unread.reason))
        })?;
        let Opened { session, is_whole } = opened;
        let (folder, down, name) = (self.folder.clone(), self.down.clone(), self.name.clone());
        let (stored, revision) = (Stored::default(), Some(revision.to_owned()));
        let mut lab = Self { session, folder, down, is_whole, name, revision, stored };
        lab.read_secrets(texts, terminal)?;
        Ok(lab)
    }

    /// The same lab, with texts that can be changed.
    pub(crate) fn editable(&self) -> workspace::Lab {
        let mut texts = Buffers::new(Box::new(Disk::new(self.folder.clone())));
        for (name, text) in self.session.texts() {
            texts.set(&name, text.into());
        }
        let mut lab = workspace::Lab::with(&self.name, texts);
        lab.set_today(self.today());
        lab.call_secrets_file(self.stored.facts.file.clone());
        lab
    }

    /// The file that holds the values of all secrets.
    pub(crate) fn secrets_path(&self) -> PathBuf {
        self.folder.join(emit_secrets::secrets_file(&self.name))
    }

    /// What `text` is to SOPS, where it is what that file held when the lab was opened.
    pub(crate) fn document_of(&self, text: &[u8]) -> Option<Arc<Document>> {
        let known = self.stored.text.as_ref()?;
        if known.as_bytes() == text { self.stored.document.clone() } else { None }
    }

    /// What that file was to SOPS when the lab was opened.
    pub(crate) fn stored_document(&self) -> Option<&Document> {
        self.stored.document.as_deref()
    }

    /// What that file held when the lab was opened.
    pub(crate) fn stored_text(&self) -> Option<&str> {
        self.stored.text.as_deref()
    }

    /// The day on which the lab was opened.
    pub(crate) fn today(&self) -> Option<Date> {
        self.stored.facts.today
    }

    /// Whether all that the lab imports is there.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// What that file says of values without a key.
    pub(crate) fn stored_values(&self) -> BTreeMap<SecretRef, StoredValue> {
        self.stored.facts.values.clone().unwrap_or_default()
    }

    /// The public halves that the file says pairs of keys have. Anybody could have put them there.
    pub(crate) fn public_halves(&self) -> &BTreeMap<String, String> {
        &self.stored.facts.public
    }

    /// Fails if somebody changed the file of values, as far as that is known without asking anybody, or where no key is
    /// here, if it says anything in the open that no build with a key has used: what it says is about to be shown.
    pub(crate) fn is_untouched(&self) -> Result<(), Failure> {
        if self.stored.facts.values.is_none() {
            return Ok(());
        }
        let store = Store::read(self)?;
        match store.look()? {
            Some(source) => self.has_own_halves(&source),
            None => store.has_known_halves(self, &Indexes::read(&Disk::new(&self.folder))),
        }
    }

    /// The pairs of keys that the lab declares.
    fn pairs(&self) -> BTreeMap<SecretRef, &Generator> {
        let all = self.session.secrets().into_iter().flat_map(model::Secret::named_values);
        all.filter_map(|(secret, value)| Some((secret, value.generate.as_ref()?))).collect()
    }

    /// Fails if a public half is not that of its private one: it is about to be used.
    pub(crate) fn has_own_halves(&self, source: &Source) -> Result<(), Failure> {
        let others: Vec<String> =
            source.other_halves(&self.pairs()).iter().map(|secret| format!("'{secret}'")).collect();
        if others.is_empty() {
            return Ok(());
        }
        Err(Failure::cannot(format!(
            "another program changed private keys, of which the public ones are still the old: {}\n  if that was you, \
             'hlc secrets rekey' makes these anew",
            others.join(", ")
        )))
    }

    /// Says what is known of secrets without a key.
    fn read_secrets(&mut self, texts: &dyn Texts, terminal: &Terminal) -> Result<(), Failure> {
        let file = self.path(&emit_secrets::secrets_file(&self.name));
        self.stored =
            Stored::read(&self.name, texts, &file, workspace::clock::today()).map_err(Failure::Cannot)?;
        if self.stored.text.is_some() {
            terminal.detail(&format!("read {file}"));
        }
        self.session.set_secret_facts(self.stored.facts.clone());
        Ok(())
    }

    /// Looks at the values themselves, where that needs nobody to be asked, and notes what is wrong with them.
    /// Fails if somebody changed the file that they are in.
    pub(crate) fn look_at_values(&mut self, terminal: &Terminal) -> Result<(), Failure> {
        if self.stored.facts.values.is_none() {
            return Ok(());
        }
        crew::evaluate(&self.session, cores());
        let store = Store::read(self)?;
        let Some(source) = store.look()? else { return Ok(()) };
        store.tell_age(&source, 0, terminal);
        let declared = self.session.secrets().into_iter().flat_map(model::Secret::named_values);
        let flaw = |(secret, value): (SecretRef, &SecretValue)| {
            let flaw = value.flaw(source.value(&secret)?)?;
            Some((secret, flaw))
        };
        let flaws: Vec<_> = declared.filter_map(flaw).collect();
        let others = source.other_halves(&self.pairs());
        let values = self.stored.facts.values.get_or_insert_default();
        for (secret, flaw) in flaws {
            values.entry(secret).and_modify(|stored| stored.flaw = Some(flaw));
        }
        for secret in others {
            values.entry(secret).and_modify(|stored| stored.has_other_half = true);
        }
        self.session.set_secret_facts(self.stored.facts.clone());
        Ok(())
    }

    /// All problems of the lab, in the order of files and of text.
    pub(crate) fn problems(&self) -> Result<Vec<Located>, Failure> {
        crew::evaluate(&self.session, cores());
        let problems = self.session.problems();
        judged(problems, || self.session.faults())
    }

    /// All that is built. Meaningful where no problem is an error.
    pub(crate) fn outputs(&self) -> Result<Outputs, Failure> {
        crew::emit(&self.session, cores());
        self.whole(self.session.outputs())
    }

    /// `outputs`, if all that is declared is in them.
    pub(crate) fn whole(&self, outputs: Outputs) -> Result<Outputs, Failure> {
        no_fault(&self.session.missing(&outputs)).map(|()| outputs)
    }

    /// Where something is declared.
    pub(crate) fn origin(&self, place: &Place) -> Origin {
        Origin { line: self.session.line_of(place), declaration: place.item.head().to_owned() }
    }

    /// The lab's files, its own first.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        self.session.file_names().iter().map(|name| PathBuf::from(self.path(name))).collect()
    }

    /// How a file is called in messages: relative to the working directory, and as git does behind a revision.
    pub(crate) fn path(&self, name: &str) -> String {
        if name.starts_with("std/") || name.starts_with('<') {
            return name.to_owned();
        }
        let path = if self.down.as_os_str().is_empty() {
            self.folder.join(name)
        } else {
            workspace::relative(&self.down, Path::new(name))
        };
        let path = path.to_string_lossy().into_owned();
        match &self.revision {
            Some(revision) => format!("{revision}:{path}"),
            None => path,
        }
    }

    /// What it is called beside the same at another time.
    pub(crate) fn called(&self) -> String {
        let revision = self.revision.as_ref().map(|one| format!("revision '{}'", one.escape_debug()));
        revision.unwrap_or_else(|| "the lab as it is".to_owned())
    }
}

/// Whether there is something among them that a build does not go on with.
pub(crate) fn has_errors(problems: &[Located]) -> bool {
    problems.iter().any(|problem| problem.severity() == Severity::Error)
}

/// All problems of a lab. Where none is an error, there must be no fault of `hlc`, either.
fn judged(problems: Vec<Located>, faults: impl FnOnce() -> Vec<String>) -> Result<Vec<Located>, Failure> {
    if !has_errors(&problems) {
        no_fault(&faults())?;
    }
    Ok(problems)
}

/// Nothing is said to be well, and nothing is written, where `hlc` itself is wrong.
fn no_fault(faults: &[String]) -> Result<(), Failure> {
    let [first, ..] = faults else { return Ok(()) };
    Err(Failure::Fault(format!(
        "this is a fault of hlc, not of the lab, and nothing was written\n  {first}\n  \
         please report it with the lines that it names; to go on, write them in another way"
    )))
}

fn unreadable(file: &Path, reason: &str) -> Failure {
    let hint =
        if file.is_dir() { format!("; name the file: {}", shown(&file.join(LAB))) } else { String::new() };
    Failure::cannot(format!("cannot read {}: {reason}{hint}", shown(file)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    fn problems(text: &str) -> Vec<Located> {
        Session::open(vec![("homelab.hl".to_owned(), text.to_owned())]).problems()
    }

    #[test]
    fn a_fault_is_told_where_nothing_else_is_wrong() {
        let fault = || vec!["homelab.hl:7: app 'n8n' is declared and not built".to_owned()];
        let (fine, wrong) = (problems("x = 1\n"), problems("x = 1 + true\n"));
        assert_eq!((has_errors(&fine), has_errors(&wrong)), (false, true));
        assert!(judged(fine.clone(), Vec::new).is_ok());
        assert_eq!(judged(wrong.clone(), fault).ok(), Some(wrong), "what is lost has a problem");
        let failure = judged(fine, fault).expect_err("something is lost");
        for could_not_run in [Exit::CannotRun, Exit::Problems] {
            assert_eq!(failure.exit(could_not_run).code(), 2, "of every command");
        }
        let message = failure.message().expect("a reason");
        for part in ["a fault of hlc", "homelab.hl:7: app 'n8n'", "nothing was written"] {
            assert!(message.contains(part), "{message}");
        }
    }
}
