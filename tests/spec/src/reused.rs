//! One session for many labs: what they have in common, which is the library, is worked out once.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostics::{Located, Severity};
use driver::Session;
use model::SecretFacts;
use types::Edition;

use crate::lab::{Files, MAIN};

/// The files that a lab is built to.
pub(crate) type Built = BTreeMap<String, String>;

/// A session that opens one lab after the other.
pub(crate) struct Reused {
    session: Session,
    /// What the labs that come read as data.
    data: BTreeMap<String, Arc<str>>,
}

impl Reused {
    /// With an empty lab.
    pub(crate) fn new() -> Self {
        let session = Session::open(vec![(MAIN.to_owned(), String::new())]);
        Self { session, data: BTreeMap::new() }
    }

    /// Says what is known of the secrets' values of the labs that come.
    pub(crate) fn know(&mut self, facts: Option<SecretFacts>) {
        self.session.set_secret_facts(facts);
    }

    /// Says which files the labs that come can read as data.
    pub(crate) fn read(&mut self, data: &Files) {
        self.data = data.iter().map(|(name, text)| (name.clone(), text.as_str().into())).collect();
    }

    /// The session, with the lab of these files.
    pub(crate) fn open(&mut self, files: &Files) -> &Session {
        for (name, text) in files {
            self.session.know(name, text.as_str().into());
        }
        let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
        self.session.set_files(&names);
        workspace::read_data(&mut self.session, &self.data);
        &self.session
    }

    /// What the lab of these files is built to in its own edition and, brought over, in the newest; none of one that has
    /// errors, or that does not say its edition anywhere.
    pub(crate) fn raised(&mut self, files: &Files) -> Option<(Built, Built)> {
        self.open(files);
        let before = self.built()?;
        self.session.raise(Edition::NEWEST, &mut |_| {})?;
        Some((before, self.built().unwrap_or_default()))
    }

    fn built(&self) -> Option<Built> {
        if self.session.problems().iter().any(|problem| problem.severity() == Severity::Error) {
            return None;
        }
        let outputs = self.session.outputs();
        let files = outputs.nixos.into_iter().chain(outputs.k8s);
        // Lines have moved.
        Some(files.filter(|(path, _)| !path.ends_with("lines.nix")).collect())
    }

    /// What is wrong with the lab of these files once all fixes have been applied in turn.
    pub(crate) fn mended(&mut self, files: &Files) -> Vec<Located> {
        self.open(files);
        self.session.mend(&mut |_| {});
        self.session.problems()
    }
}
