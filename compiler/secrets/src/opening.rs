//! What the keys at hand make of the file of values.

use std::sync::Arc;

use sops::Document;
use sops::keys::Access;

use crate::{Error, Source};

/// What the keys at hand make of the file. There is no fourth: where one of them is named and the file does not open
/// with it, somebody changed the file, and that is never taken for "no key is here".
#[derive(Debug)]
pub enum Opening {
    /// None of them is for the file, as far as that is known without asking anybody, and nothing in it is known to be
    /// true. Whom it says that it is for.
    Closed(Vec<String>),
    /// It was opened with one of them, and is as somebody wrote it who could read it.
    Opened(Box<Source>),
    /// One of them should open it and does not, or it is not what it should be.
    Refused(Error),
}

impl Opening {
    /// Tries the keys.
    pub fn of(document: Arc<Document>, access: &Access<'_>) -> Self {
        let readers = || document.metadata().recipients().map(str::to_owned).collect();
        match Source::open_document(Arc::clone(&document), access) {
            Ok(source) => Self::Opened(Box::new(source)),
            Err(error) if error.is_lack_of_key() => Self::Closed(readers()),
            Err(error) => Self::Refused(error),
        }
    }
}
