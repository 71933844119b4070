//! Problems to clients that do not ask for them: after every change, those of what has changed.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tower_lsp::ls_types::notification::PublishDiagnostics;
use tower_lsp::ls_types::{Diagnostic, PublishDiagnosticsParams, Uri};

use crate::outbox::Outbox;

/// The problems of a document of a lab.
pub(crate) struct Report {
    pub(crate) uri: Uri,
    /// The version that they are of, where the client has it open.
    pub(crate) version: Option<i32>,
    pub(crate) problems: Vec<Diagnostic>,
}

/// What clients have been told. Whoever knows more takes it further; whoever comes late says nothing.
pub(crate) struct Published {
    outbox: Outbox,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    /// The latest state of each lab that has been told, by the lab's number.
    latest: BTreeMap<u64, u64>,
    shown: BTreeMap<String, Shown>,
}

struct Shown {
    lab: u64,
    state: u64,
    report: Report,
}

impl Published {
    pub(crate) fn new(outbox: Outbox) -> Self {
        Self { outbox, told: Mutex::default() }
    }

    /// Tells the problems of a lab, each document's once. `state` grows with every time that problems are asked for.
    pub(crate) fn tell(&self, lab: u64, state: u64, reports: Vec<Report>) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let latest = told.latest.entry(lab).or_default();
        if *latest > state {
            return;
        }
        *latest = state;
        let now: Vec<String> = reports.iter().map(|report| report.uri.as_str().to_owned()).collect();
        self.clear(&mut told, lab, &now);
        for report in reports {
            let is_known = match told.shown.get(report.uri.as_str()) {
                // Another lab has the document, too: of what is open the one that it is a part of speaks, of what is
                // closed the first.
                Some(shown) if shown.lab != lab && (report.version.is_none() || shown.state > state) => {
                    continue;
                }
                Some(shown) if shown.lab != lab => false,
                Some(shown) => {
                    shown.report.version == report.version && shown.report.problems == report.problems
                }
                None => report.version.is_none() && report.problems.is_empty(),
            };
            if !is_known {
                self.send(report.uri.clone(), report.version, report.problems.clone());
                told.shown.insert(report.uri.as_str().to_owned(), Shown { lab, state, report });
            }
        }
    }

    /// Tells that a lab is closed: nothing is wrong in it any more, whoever is still computing what is.
    pub(crate) fn forget(&self, lab: u64) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.latest.insert(lab, u64::MAX);
        self.clear(&mut told, lab, &[]);
    }

    /// Takes back what was told of documents of a lab other than `now`.
    fn clear(&self, told: &mut Told, lab: u64, now: &[String]) {
        let gone = told.shown.extract_if(.., |uri, shown| shown.lab == lab && !now.contains(uri));
        for (_, Shown { report, .. }) in gone {
            if !report.problems.is_empty() {
                self.send(report.uri, report.version, Vec::new());
            }
        }
    }

    fn send(&self, uri: Uri, version: Option<i32>, diagnostics: Vec<Diagnostic>) {
        self.outbox.notify::<PublishDiagnostics>(&PublishDiagnosticsParams { uri, diagnostics, version });
    }
}
