//! A lab that is opened once and stays as it is, for commands.

use std::collections::BTreeSet;
use std::sync::Arc;

use driver::Session;

use crate::data::found;
use crate::follow::follow;
use crate::texts::{Texts, Unread};

/// A lab that stays as it is.
pub struct Opened {
    /// What is asked.
    pub session: Session,
    /// Whether all that it imports is there.
    pub is_whole: bool,
}

/// Opens the lab whose own file is `root`, with all that it imports.
pub fn open(root: &str, texts: &dyn Texts) -> Result<Opened, Unread> {
    let mut files = Vec::new();
    let mut reads = BTreeSet::new();
    let mut read = |name: &str, text: Arc<str>| {
        let cuts = syntax::cut_whole(&text);
        reads.extend(driver::files_read(name, &text));
        let imports = driver::imports(name, &text, &cuts.items);
        files.push((name.to_owned(), text, cuts));
        imports
    };
    let followed = follow((root, texts.text(root)?), texts, &mut read);
    let mut session = Session::frozen(files);
    let is_whole = followed.faults.is_empty();
    session.set_import_faults(followed.faults);
    if !reads.is_empty() {
        session.set_data_files(found(&reads, texts));
    }
    Ok(Opened { session, is_whole })
}
