//! The database that all queries are asked of.

use std::sync::{Arc, Mutex};

use salsa::{Event, EventKind, Storage};

/// Holds what has been computed. Cloning shares it, for another thread to read.
#[salsa::db]
#[derive(Clone)]
pub struct Database {
    storage: Storage<Self>,
    log: Log,
    known: names::Known,
}

/// Notes which queries are executed, and which were found to have the same result.
#[derive(Clone, Default)]
pub struct Log(Option<Arc<Mutex<Noted>>>);

/// Queries as `query(argument)`.
#[derive(Default)]
struct Noted {
    executed: Vec<String>,
    verified: Vec<String>,
}

impl Log {
    /// The queries executed since this was last asked, as `query(argument)`.
    pub fn take(&self) -> Vec<String> {
        self.taken(|noted| &mut noted.executed)
    }

    /// The queries that had to be looked at since this was last asked, and were as before.
    pub fn take_verified(&self) -> Vec<String> {
        self.taken(|noted| &mut noted.verified)
    }

    fn taken(&self, which: impl FnOnce(&mut Noted) -> &mut Vec<String>) -> Vec<String> {
        let Some(log) = &self.0 else { return Vec::new() };
        log.lock().map(|mut log| std::mem::take(which(&mut log))).unwrap_or_default()
    }
}

impl Database {
    /// An empty database.
    pub fn new() -> Self {
        Self::of(Storage::new(None), Log::default())
    }

    /// An empty database that notes which queries are executed, for tests that count them.
    pub fn counting() -> Self {
        let noted = Arc::new(Mutex::new(Noted::default()));
        let log = Arc::clone(&noted);
        let note = move |event: Event| {
            let Ok(mut log) = log.lock() else { return };
            match event.kind {
                EventKind::WillExecute { database_key } => log.executed.push(format!("{database_key:?}")),
                EventKind::DidValidateMemoizedValue { database_key } => {
                    log.verified.push(format!("{database_key:?}"));
                }
                _ => {}
            }
        };
        Self::of(Storage::new(Some(Box::new(note))), Log(Some(noted)))
    }

    fn of(storage: Storage<Self>, log: Log) -> Self {
        Self { storage, log, known: names::Known::default() }
    }

    /// What is noted.
    pub fn log(&self) -> Log {
        self.log.clone()
    }
}

impl Default for Database {
    fn default() -> Self {
        Self::new()
    }
}

#[salsa::db]
impl salsa::Database for Database {}

#[salsa::db]
impl names::Db for Database {
    fn known(&self) -> &names::Known {
        &self.known
    }
}
