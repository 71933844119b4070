//! One session for many labs: what they have in common, which is the library, is worked out once.

use diagnostics::Located;
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

    /// What is wrong with the lab of these files once all fixes have been applied in turn.
    pub(crate) fn mended(&mut self, files: &Files) -> Vec<Located> {
        self.open(files);
        self.0.mend(&mut |_| Vec::new());
        self.0.problems()
    }
}
