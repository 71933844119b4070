//! Problems, for clients that ask for them.

use serde_json::json;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{
    Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri,
    WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDiagnosticReportResult,
    WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};

use super::Backend;
use crate::convert::diagnostics;
use crate::scene::Here;

/// The protocol's code for what the server has given up by itself.
const SERVER_CANCELLED: i64 = -32802;

pub(super) async fn diagnostic(
    backend: &Backend,
    params: DocumentDiagnosticParams,
) -> Result<DocumentDiagnosticReportResult> {
    let question = |here: &Here<'_>| diagnostics::of_file(here.session, here.scene, &here.file);
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

pub(super) async fn workspace_diagnostic(
    backend: &Backend,
    params: WorkspaceDiagnosticParams,
) -> Result<WorkspaceDiagnosticReportResult> {
    let found = backend.desk.ask_all(diagnostics::all).await.map_err(to_be_asked_again)?.concat();
    let known = params.previous_result_ids;
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
    Ok(WorkspaceDiagnosticReport { items: found.into_iter().map(item).collect() }.into())
}

/// Who asks for problems is to ask again when the answer was overtaken: for `ContentModified` clients show none.
fn to_be_asked_again(error: Error) -> Error {
    if error.code != ErrorCode::ContentModified {
        return error;
    }
    let data = Some(json!({ "retriggerRequest": true }));
    Error { code: ErrorCode::ServerError(SERVER_CANCELLED), data, ..error }
}
