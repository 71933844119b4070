//! Problems, for clients that ask for them.

use serde_json::json;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{
    Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, PreviousResultId, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri,
    WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDiagnosticReportResult,
    WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};

use super::Backend;
use super::partial::in_parts;
use crate::convert::diagnostics;
use crate::scene::Here;

/// The protocol's code for what the server has given up by itself.
const SERVER_CANCELLED: i64 = -32802;

pub(super) async fn diagnostic(
    backend: &Backend,
    params: DocumentDiagnosticParams,
) -> Result<DocumentDiagnosticReportResult> {
    let question = |here: &Here<'_>| diagnostics::of_file(here);
    let found = backend.ask(params.text_document, question).await.map_err(to_be_asked_again)?;
    let report = diagnostics::report(found.unwrap_or_default());
    let report = match (report.result_id, params.previous_result_id) {
        (Some(now), Some(before)) if now == before => {
            DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: now },
            })
        }
        (result_id, _) => DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, ..report },
        }),
    };
    Ok(report.into())
}

/// The problems of all files that the client does not know already. As long as there are none, it is not answered: who
/// asks again at once asks when there is something to be said.
pub(super) async fn workspace_diagnostic(
    backend: &Backend,
    params: WorkspaceDiagnosticParams,
) -> Result<WorkspaceDiagnosticReportResult> {
    let mut changes = backend.desk.changes();
    let known = params.previous_result_ids;
    loop {
        let is_over = changes.borrow_and_update().is_over;
        let found = match backend.desk.ask_all(diagnostics::all).await {
            // What overtook it is what it would have waited for.
            Err(error) if error.code == ErrorCode::ContentModified && !is_over => continue,
            found => found?.concat(),
        };
        let items = reports(found, &known);
        let is_new = |item: &WorkspaceDocumentDiagnosticReport| {
            matches!(item, WorkspaceDocumentDiagnosticReport::Full(_))
        };
        if known.is_empty() || is_over || items.iter().any(is_new) {
            let wrapped = |part: &[WorkspaceDocumentDiagnosticReport]| json!({ "items": part });
            let items = in_parts(backend, &params.partial_result_params, items, wrapped);
            return Ok(WorkspaceDiagnosticReport { items }.into());
        }
        if changes.changed().await.is_err() {
            return Ok(WorkspaceDiagnosticReport { items }.into());
        }
    }
}

/// What is said of each file, and of those that the client knows and that are gone.
fn reports(
    found: Vec<(Uri, Vec<Diagnostic>)>,
    known: &[PreviousResultId],
) -> Vec<WorkspaceDocumentDiagnosticReport> {
    let is_gone = |uri: &Uri| found.iter().all(|(other, _)| other != uri);
    let gone: Vec<Uri> = known.iter().filter(|it| is_gone(&it.uri)).map(|it| it.uri.clone()).collect();
    let gone = gone.into_iter().map(|uri| (uri, Vec::new()));
    let all: Vec<(Uri, Vec<Diagnostic>)> = found.iter().cloned().chain(gone).collect();
    let item = |(uri, problems): (Uri, Vec<Diagnostic>)| {
        let report = diagnostics::report(problems);
        let before = known.iter().find(|before| before.uri == uri).map(|before| &before.value);
        match report.result_id {
            Some(result_id) if Some(&result_id) == before => {
                WorkspaceDocumentDiagnosticReport::Unchanged(WorkspaceUnchangedDocumentDiagnosticReport {
                    uri,
                    version: None,
                    unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
                })
            }
            result_id => WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                uri,
                version: None,
                full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, ..report },
            }),
        }
    };
    all.into_iter().map(item).collect()
}

/// Who asks for problems is to ask again when the answer was overtaken: for `ContentModified` clients show none.
fn to_be_asked_again(error: Error) -> Error {
    if error.code != ErrorCode::ContentModified {
        return error;
    }
    let data = Some(json!({ "retriggerRequest": true }));
    Error { code: ErrorCode::ServerError(SERVER_CANCELLED), data, ..error }
}
