//! One session for many labs: what they have in common, which is the library, is worked out once.

use driver::Session;
use model::SecretFacts;

use crate::lab::{Files, MAIN};

/// A session that opens one lab after the other.
pub(crate) struct Reused(Session);

impl Reused {
    /// With an empty lab.
    pub(crate) fn new() -> Self {
        Self(Session::open(vec![(MAIN.to_owned(), String::new())]))
    }

    /// Says what is known of the secrets' values of the labs that come.
    pub(crate) fn know(&mut self, facts: Option<SecretFacts>) {
        self.0.set_secret_facts(facts);
    }

    /// The session, with the lab of these files.
    pub(crate) fn open(&mut self, files: &Files) -> &Session {
        for old in self.0.file_names() {
            if !files.iter().any(|(name, _)| *name == old) {
                self.0.set_text(&old, "");
            }
        }
        for (name, text) in files {
            self.0.set_text(name, text);
        }
        &self.0
    }
}
