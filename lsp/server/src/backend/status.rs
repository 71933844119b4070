//! How the server is: progress while labs are read, and `experimental/serverStatus` as rust-analyzer has it.

use std::sync::atomic::Ordering;

use diagnostics::Severity;
use driver::Session;
use serde::Serialize;
use serde_json::json;
use tower_lsp::jsonrpc::ErrorCode;
use tower_lsp::ls_types::notification::Progress;
use tower_lsp::ls_types::{
    NumberOrString, ProgressParams, ProgressParamsValue, WorkDoneProgress, WorkDoneProgressBegin,
    WorkDoneProgressEnd,
};

use super::Backend;
use crate::outbox::Outbox;
use crate::question::Desk;
use crate::scene::Scene;

/// Says that labs are being read, until it is known what is wrong with them.
pub(super) fn loading(backend: &Backend) {
    let agreed = backend.agreed();
    if !agreed.progress && !agreed.status {
        return;
    }
    let (client, desk, outbox) = (backend.client.clone(), backend.desk.clone(), backend.outbox.clone());
    let nth = backend.loads.fetch_add(1, Ordering::Relaxed);
    backend.pool.begin(async move {
        if agreed.status {
            tell(&outbox, &Status { health: "ok", quiescent: false, message: None });
        }
        let token = NumberOrString::String(format!("hlc/loading/{nth}"));
        let is_shown = agreed.progress && client.create_work_done_progress(token.clone()).await.is_ok();
        let work =
            |value| ProgressParams { token: token.clone(), value: ProgressParamsValue::WorkDone(value) };
        if is_shown {
            outbox.notify::<Progress>(&work(WorkDoneProgress::Begin(WorkDoneProgressBegin {
                title: "reading the lab".to_owned(),
                ..WorkDoneProgressBegin::default()
            })));
        }
        let loaded = loaded(&desk).await;
        if is_shown {
            let message = loaded.message.clone();
            outbox.notify::<Progress>(&work(WorkDoneProgress::End(WorkDoneProgressEnd { message })));
        }
        if agreed.status {
            tell(&outbox, &loaded);
        }
    });
}

/// Says how the server is after files have changed: one may have come that cannot be read, or gone.
pub(super) fn changed(backend: &Backend) {
    if backend.agreed().status {
        let (desk, outbox) = (backend.desk.clone(), backend.outbox.clone());
        backend.pool.begin(async move { tell(&outbox, &loaded(&desk).await) });
    }
}

/// What is said when all labs have been read.
async fn loaded(desk: &Desk) -> Status {
    let of_lab = |session: &Session, scene: &Scene| {
        let errors = session.problems().iter().filter(|it| it.severity() == Severity::Error).count();
        (session.file_names().len(), errors, scene.faults.clone())
    };
    loop {
        match desk.ask_all(of_lab).await {
            Err(error) if error.code == ErrorCode::ContentModified => {}
            Err(error) => {
                let message = Some(error.message.into_owned());
                return Status { health: "error", quiescent: true, message };
            }
            Ok(labs) => {
                let files: usize = labs.iter().map(|(files, ..)| files).sum();
                let errors: usize = labs.iter().map(|(_, errors, _)| errors).sum();
                let faults: Vec<String> = labs.iter().flat_map(|(.., faults)| faults).cloned().collect();
                let health = if faults.is_empty() { "ok" } else { "warning" };
                let said = [counted(labs.len(), "lab"), counted(files, "file"), counted(errors, "error")];
                let message = if faults.is_empty() { said.join(", ") } else { faults.join("\n") };
                return Status { health, quiescent: true, message: Some(message) };
            }
        }
    }
}

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// How the server is.
#[derive(Serialize)]
struct Status {
    /// `ok`, `warning` where something cannot be read, `error` where nothing works.
    health: &'static str,
    /// Whether nothing is being read.
    quiescent: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

fn tell(outbox: &Outbox, status: &Status) {
    outbox.send(&json!({ "jsonrpc": "2.0", "method": "experimental/serverStatus", "params": status }));
}
