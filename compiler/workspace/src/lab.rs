//! A lab that changes while it is open: the owner of its database.

use std::sync::Arc;

use domain::Date;
use driver::{Database, Session, Snapshot};
use emit_secrets::secrets_file;

use crate::buffers::Buffers;
use crate::data::{paths_read, read_data};
use crate::follow::follow;
use crate::stored::Stored;
use crate::texts::Texts;

/// So many changes later a lab begins anew. The names that were typed until then have cost a few megabytes at most.
const WORN: usize = 4_000;

/// A lab that changes while it is open.
///
/// Changes need it alone (`&mut`) and are made on one thread; questions are asked on others, of a [`Snapshot`] each. A
/// change waits until what is being asked has been given up. At any time, answers are those of a lab that is opened as
/// it is then.
pub struct Lab {
    session: Session,
    texts: Buffers,
    /// The name of the lab's own file.
    root: String,
    /// What the file of values is called in messages.
    secrets: String,
    today: Option<Date>,
    /// Why the lab's own file cannot be read, and why that of values cannot.
    faults: [Option<String>; 2],
    /// How many changes there were since the database was empty.
    changes: usize,
}

impl Lab {
    /// Opens the lab whose own file is `root`, with all that it imports. A file that cannot be read is taken for empty.
    pub fn open(root: &str, disk: Box<dyn Texts + Send>) -> Self {
        Self::with(root, Buffers::new(disk))
    }

    /// The same, with buffers that are open already.
    pub fn with(root: &str, texts: Buffers) -> Self {
        Self::in_database(Database::new(), root, texts)
    }

    /// The same in `db`, which must be empty: one that counts, mostly.
    pub fn in_database(db: Database, root: &str, texts: Buffers) -> Self {
        let session = opened(db, root, &texts);
        let (root, secrets) = (root.to_owned(), secrets_file(root));
        let mut lab = Self { session, texts, root, secrets, today: None, faults: [None, None], changes: 0 };
        lab.follow();
        lab.read_secrets();
        lab
    }

    /// The name of the lab's own file.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// An editor opened a file, or changed what it has open.
    pub fn set_buffer(&mut self, name: &str, text: impl Into<Arc<str>>) {
        self.changes += 1;
        if self.changes > WORN {
            self.renew();
        }
        let text = text.into();
        let is_known = self.texts.is_open(name) && self.session.has_file(name);
        self.texts.set(name, Arc::clone(&text));
        if is_known {
            let before = (self.session.imports(name).to_vec(), paths_read(&self.session, name));
            self.session.know(name, text);
            if self.session.imports(name) != before.0 || paths_read(&self.session, name) != before.1 {
                self.follow();
            }
        } else {
            // It may have become a part of the lab, or be one under another name. What is none is not even read: it may
            // be the file of values.
            self.follow();
        }
        self.look_at_secrets(&[name]);
    }

    /// An editor closed a file: what is on the disk counts from now on.
    pub fn close_buffer(&mut self, name: &str) {
        self.texts.close(name);
        self.follow();
        self.look_at_secrets(&[name]);
    }

    /// Files appeared on the disk, changed, or are gone.
    pub fn changed_on_disk(&mut self, names: &[String]) {
        for name in names {
            self.texts.forget(name);
        }
        self.follow();
        self.look_at_secrets(&names.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// Whether a change of a file on the disk may change what the lab is: it may be a part of it, say something of its
    /// secrets, or be read as data.
    pub fn is_concerned(&self, name: &str) -> bool {
        let is_own = [".hl", ".secrets.yaml", ".secrets.json"].iter().any(|end| name.ends_with(end));
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let is_below = |read: &str| read.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'));
        let reads = |read: &String| read == name || read == folder || is_below(read);
        is_own || self.session.data_file_names().iter().any(reads)
    }

    /// Anything may have changed on the disk.
    pub fn reread(&mut self) {
        self.texts.forget_all();
        self.follow();
        self.read_secrets();
    }

    /// Begins anew with an empty database. Nothing else frees what is kept of every name that was ever typed; it takes as
    /// long as to open the lab. A lab does so by itself now and then; who has nothing better to do may do it before.
    pub fn renew(&mut self) {
        self.session.wait_for_snapshots();
        self.session = opened(Database::new(), &self.root, &self.texts);
        self.changes = 0;
        self.follow();
        self.read_secrets();
    }

    /// Says which day it is, by which values are due to be replaced.
    pub fn set_today(&mut self, today: Option<Date>) {
        self.today = today;
        self.read_secrets();
    }

    /// Says what messages call the file of values: otherwise as it is called in the lab's folder.
    pub fn call_secrets_file(&mut self, name: String) {
        self.secrets = name;
        self.read_secrets();
    }

    /// Lets `work` change texts, which are open buffers from then on. It is given what is to be called when some have
    /// changed: they may import other files then.
    pub fn rewrite<T>(&mut self, work: impl FnOnce(&mut Session, &mut dyn FnMut(&mut Session)) -> T) -> T {
        let Self { session, texts, root, .. } = self;
        work(session, &mut |session| {
            for (name, text) in session.texts() {
                texts.set(&name, text.into());
            }
            follow_into(session, root, texts);
        })
    }

    /// The lab as it is now, for a question on another thread.
    pub fn snapshot(&self) -> Snapshot {
        self.session.snapshot()
    }

    /// The lab as it is now, for questions on this thread.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// What cannot be read though the lab needs it, in whole sentences.
    pub fn faults(&self) -> impl Iterator<Item = &str> {
        self.faults.iter().flatten().map(String::as_str)
    }

    fn follow(&mut self) {
        let fault = follow_into(&mut self.session, &self.root, &self.texts);
        self.faults[0] = fault.map(|reason| format!("cannot read {}: {reason}", self.root));
    }

    /// Looks again at what is known of secrets, if one of these files may say something else of them now.
    fn look_at_secrets(&mut self, names: &[&str]) {
        let is_built = |name: &str| name.starts_with("nixos/") || name.starts_with("k8s/");
        let values = secrets_file(&self.root);
        if names.iter().any(|name| *name == values || is_built(name)) {
            self.read_secrets();
        }
    }

    fn read_secrets(&mut self) {
        match Stored::read(&self.root, &self.texts, &self.secrets, self.today) {
            Ok(stored) => {
                self.session.set_secret_facts(stored.facts);
                self.faults[1] = None;
            }
            Err(reason) => {
                self.session.set_secret_facts(None);
                self.faults[1] = Some(reason);
            }
        }
    }
}

/// A session with the lab's own file. It has its text from the start: what is put into it later counts as edited, and is
/// looked at again after each edit of anything.
fn opened(db: Database, root: &str, texts: &Buffers) -> Session {
    let text = texts.text(root).map_or_else(|_| String::new(), |text| text.to_string());
    Session::with(db, vec![(root.to_owned(), text)])
}

/// Gives `session` the files that the lab has now; why its own file cannot be read, if it cannot.
fn follow_into(session: &mut Session, root: &str, texts: &Buffers) -> Option<String> {
    let (text, fault) = match texts.text(root) {
        Ok(text) => (text, None),
        Err(unread) => (Arc::from(""), Some(unread.reason)),
    };
    let followed = follow((root, text), texts, &mut |name, text| {
        session.know(name, text);
        session.imports(name).to_vec()
    });
    session.set_files(&followed.files);
    session.set_import_faults(followed.faults);
    read_data(session, texts);
    fault
}
