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

/// Notes which queries are executed.
#[derive(Clone, Default)]
pub struct Log(Option<Arc<Mutex<Vec<String>>>>);

impl Log {
    /// The queries executed since this was last asked, as `query(argument)`.
    pub fn take(&self) -> Vec<String> {
        let Some(log) = &self.0 else { return Vec::new() };
        log.lock().map(|mut log| std::mem::take(&mut *log)).unwrap_or_default()
    }
}

impl Database {
    /// An empty database.
    pub fn new() -> Self {
        Self::of(Storage::new(None), Log::default())
    }

    /// An empty database that notes which queries are executed, for tests that count them.
    pub fn counting() -> Self {
        let executed = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&executed);
        let note = move |event: Event| {
            if let EventKind::WillExecute { database_key } = event.kind
                && let Ok(mut log) = log.lock()
            {
                log.push(format!("{database_key:?}"));
            }
        };
        Self::of(Storage::new(Some(Box::new(note))), Log(Some(executed)))
    }

    fn of(storage: Storage<Self>, log: Log) -> Self {
        Self { storage, log, known: names::Known::default() }
    }

    /// What has been executed.
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
