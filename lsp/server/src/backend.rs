//! What the protocol asks, a method each: it is put to the lab, and what a feature says is converted.
//!
//! Methods are begun in the order of the messages, so what one tells the owner before it first waits is told in that
//! order. None waits for the client.

use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::json;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::request::{
    GotoDeclarationParams, GotoDeclarationResponse, GotoTypeDefinitionParams, GotoTypeDefinitionResponse,
};
#[allow(clippy::wildcard_imports, reason = "a type for each question and each answer")]
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};

use crate::Ended;
use crate::capabilities::capabilities;
use crate::convert::completion::Offered;
use crate::convert::{
    actions, completion, diagnostics, folding, hover, lenses, selection, signature, symbols, tokens,
};
use crate::documents::Document;
use crate::lines::Encoding;
use crate::owner::Message;
use crate::question::Desk;
use crate::scene::{Here, Scene};
use crate::virtual_documents;

/// The protocol's code for what the server has given up by itself.
const SERVER_CANCELLED: i64 = -32802;

/// The server, as the framework knows it.
pub(crate) struct Backend {
    client: Client,
    desk: Desk,
    agreed: Mutex<Agreed>,
    /// Whether the client asked to shut down.
    is_down: AtomicBool,
    /// The colours that each document had last, and their mark.
    coloured: Mutex<std::collections::BTreeMap<String, SemanticTokens>>,
}

/// What the client can do.
#[derive(Clone, Copy, Default)]
struct Agreed {
    snippets: bool,
    watches: bool,
    refreshes: bool,
}

/// What asks for the text of a document that is in no folder, and what is answered.
#[derive(Deserialize)]
pub(crate) struct TextDocumentContentParams {
    uri: Uri,
}

/// The text of such a document.
#[derive(Serialize)]
pub(crate) struct TextDocumentContent {
    text: String,
}

impl Backend {
    pub(crate) fn new(client: Client, desk: Desk) -> Self {
        let (agreed, is_down, coloured) = (Mutex::default(), AtomicBool::new(false), Mutex::default());
        Self { client, desk, agreed, is_down, coloured }
    }

    /// How the conversation ended, if it has.
    pub(crate) fn ended(&self) -> Ended {
        if self.is_down.load(Ordering::Relaxed) { Ended::Politely } else { Ended::Suddenly }
    }

    #[allow(clippy::unused_async, reason = "the framework asks for it")]
    pub(crate) async fn text_document_content(
        &self,
        params: TextDocumentContentParams,
    ) -> Result<TextDocumentContent> {
        let text = virtual_documents::content(&params.uri);
        text.map(|text| TextDocumentContent { text })
            .ok_or_else(|| Error::invalid_params("there is no such document"))
    }

    fn agreed(&self) -> Agreed {
        *self.agreed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks what a position of a document leads to.
    async fn lead(
        &self,
        at: TextDocumentPositionParams,
        feature: fn(&driver::Session, &ide::FilePosition) -> Vec<ide::FileRange>,
    ) -> Result<Vec<Location>> {
        let question = move |here: &Here<'_>| here.locations(feature(here.session, &here.at(at.position)));
        Ok(self.desk.ask(at.text_document.uri, question).await?.unwrap_or_default())
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let can = params.capabilities;
        let offered = can.general.and_then(|general| general.position_encodings).unwrap_or_default();
        let encoding = Encoding::best(&offered);
        let document = can.text_document.unwrap_or_default();
        let workspace = can.workspace.unwrap_or_default();
        let item = document.completion.and_then(|completion| completion.completion_item);
        let refreshes = workspace.diagnostics.and_then(|diagnostics| diagnostics.refresh_support);
        let watches = workspace.did_change_watched_files.and_then(|watched| watched.dynamic_registration);
        *self.agreed.lock().unwrap_or_else(PoisonError::into_inner) = Agreed {
            snippets: item.and_then(|item| item.snippet_support).unwrap_or_default(),
            watches: watches.unwrap_or_default(),
            refreshes: refreshes.unwrap_or_default(),
        };
        #[allow(deprecated, reason = "older clients have one root")]
        let root = params.root_uri;
        let folders = params.workspace_folders.map(|all| all.into_iter().map(|folder| folder.uri).collect());
        let folders: Vec<Uri> = folders.unwrap_or_else(|| root.into_iter().collect());
        // Who asks for problems is not told of them as well.
        let pushes = document.diagnostic.is_none();
        self.desk.tell(Message::Start { encoding, pushes, folders });
        Ok(InitializeResult {
            capabilities: capabilities(encoding),
            server_info: Some(ServerInfo {
                name: "hlc".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            offset_encoding: None,
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        if !self.agreed().watches {
            return;
        }
        let watched = ["**/*.hl", "**/*.secrets.yaml", "**/.secrets.json"];
        let watchers: Vec<_> = watched.iter().map(|glob| json!({ "globPattern": glob })).collect();
        let registration = Registration {
            id: "watched".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: Some(json!({ "watchers": watchers })),
        };
        let client = self.client.clone();
        tokio::spawn(async move { client.register_capability(vec![registration]).await });
    }

    async fn shutdown(&self) -> Result<()> {
        self.is_down.store(true, Ordering::Relaxed);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, version, text, .. } = params.text_document;
        self.desk.tell(Message::Open(Document { uri, version, text }));
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let VersionedTextDocumentIdentifier { uri, version } = params.text_document;
        self.desk.tell(Message::Change { uri, version, changes: params.content_changes });
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        self.desk.tell(Message::Disk(vec![params.text_document.uri]));
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        let uri = params.text_document.uri;
        self.coloured.lock().unwrap_or_else(PoisonError::into_inner).remove(uri.as_str());
        self.desk.tell(Message::Close(uri));
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        self.desk.tell(Message::Disk(params.changes.into_iter().map(|change| change.uri).collect()));
        if self.agreed().refreshes {
            let client = self.client.clone();
            tokio::spawn(async move { client.workspace_diagnostic_refresh().await });
        }
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let uris = |folders: Vec<WorkspaceFolder>| folders.into_iter().map(|folder| folder.uri).collect();
        let WorkspaceFoldersChangeEvent { added, removed } = params.event;
        self.desk.tell(Message::Folders { added: uris(added), removed: uris(removed) });
    }

    async fn did_change_configuration(&self, _: DidChangeConfigurationParams) {}

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let found = self.lead(params.text_document_position_params, ide::definition).await?;
        Ok(Some(GotoDefinitionResponse::Array(found)))
    }

    async fn goto_declaration(
        &self,
        params: GotoDeclarationParams,
    ) -> Result<Option<GotoDeclarationResponse>> {
        self.goto_definition(params).await
    }

    async fn goto_type_definition(
        &self,
        params: GotoTypeDefinitionParams,
    ) -> Result<Option<GotoTypeDefinitionResponse>> {
        let found = self.lead(params.text_document_position_params, ide::type_definition).await?;
        Ok(Some(GotoDefinitionResponse::Array(found)))
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let feature: fn(&driver::Session, &ide::FilePosition) -> Vec<ide::FileRange> =
            if params.context.include_declaration {
                |session, at| ide::references(session, at, true)
            } else {
                |session, at| ide::references(session, at, false)
            };
        self.lead(params.text_document_position, feature).await.map(Some)
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        let found = self.lead(params.text_document_position_params, ide::highlight).await?;
        let highlight = |at: Location| DocumentHighlight { range: at.range, kind: None };
        Ok(Some(found.into_iter().map(highlight).collect()))
    }

    async fn prepare_rename(&self, at: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
        let question = move |here: &Here<'_>| {
            let (range, placeholder) = ide::prepare_rename(here.session, &here.at(at.position))?;
            Ok(PrepareRenameResponse::RangeWithPlaceholder { range: here.range(&range), placeholder })
        };
        self.desk.ask(at.text_document.uri, question).await?.transpose().map_err(refused)
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let at = params.text_document_position;
        let question = move |here: &Here<'_>| {
            let edits = ide::rename(here.session, &here.at(at.position), &params.new_name)?;
            Ok(here.workspace_edit(edits))
        };
        self.desk.ask(at.text_document.uri, question).await?.transpose().map_err(refused)
    }

    async fn linked_editing_range(
        &self,
        params: LinkedEditingRangeParams,
    ) -> Result<Option<LinkedEditingRanges>> {
        let at = params.text_document_position_params;
        let question = move |here: &Here<'_>| {
            let found = ide::linked_editing(here.session, &here.at(at.position));
            let ranges: Vec<Range> = found.iter().map(|range| here.range(range)).collect();
            (!ranges.is_empty()).then_some(LinkedEditingRanges { ranges, word_pattern: None })
        };
        self.desk.ask(at.text_document.uri, question).await.map(Option::flatten)
    }

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        let uri = |uri: &str| Uri::from_str(uri).ok();
        let files = params.files.iter().filter_map(|file| Some((uri(&file.old_uri)?, uri(&file.new_uri)?)));
        let files: Vec<(Uri, Uri)> = files.collect();
        let question = move |session: &driver::Session, scene: &Scene| {
            let name = |uri: &Uri| scene.home.name(uri);
            let names = files.iter().filter_map(|(old, new)| Some((name(old)?, name(new)?)));
            let edits = names.flat_map(|(old, new)| ide::rename_file(session, &old, &new)).collect();
            scene.workspace_edit(session, edits).changes.unwrap_or_default()
        };
        // What labs have in common is changed once.
        let changes = self.desk.ask_all(question).await?.into_iter().flatten().collect();
        Ok(Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }))
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let at = params.text_document_position_params;
        let answer = self.desk.ask(at.text_document.uri, move |here| hover::hover(here, at.position));
        answer.await.map(Option::flatten)
    }

    async fn signature_help(&self, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        let at = params.text_document_position_params;
        let answer = self.desk.ask(at.text_document.uri, move |here| signature::help(here, at.position));
        answer.await.map(Option::flatten)
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let (at, snippets) = (params.text_document_position, self.agreed().snippets);
        let document = at.text_document.uri;
        let uri = document.clone();
        let question = move |here: &Here<'_>| completion::list(here, at.position, &uri, snippets);
        Ok(self.desk.ask(document, question).await?.map(CompletionResponse::List))
    }

    async fn completion_resolve(&self, mut item: CompletionItem) -> Result<CompletionItem> {
        let offered = item.data.clone().and_then(|data| serde_json::from_value::<Offered>(data).ok());
        let Some(Offered { document, position }) = offered else { return Ok(item) };
        let label = item.label.clone();
        let question = move |here: &Here<'_>| completion::documentation(here, position, &label);
        item.documentation = self.desk.ask(document, question).await?.flatten();
        Ok(item)
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        let found = self.desk.ask(params.text_document.uri, symbols::of_file).await?;
        Ok(found.map(DocumentSymbolResponse::Nested))
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        let question =
            move |session: &driver::Session, scene: &_| symbols::of_lab(session, scene, &params.query);
        let found = self.desk.ask_all(question).await?;
        Ok(Some(WorkspaceSymbolResponse::Nested(found.concat())))
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.desk.ask(params.text_document.uri, folding::of_file).await
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        let question = move |here: &Here<'_>| selection::around(here, &params.positions);
        self.desk.ask(params.text_document.uri, question).await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        let question = |here: &Here<'_>| {
            let link = |link: ide::Link| DocumentLink {
                range: here.range(&link.range),
                target: here.scene.uri(&link.target),
                tooltip: None,
                data: None,
            };
            ide::links(here.session, &here.file).into_iter().map(link).collect()
        };
        self.desk.ask(params.text_document.uri, question).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let question = move |here: &Here<'_>| {
            actions::at(here, &here.part(params.range), params.context.only.as_deref())
        };
        self.desk.ask(params.text_document.uri, question).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.desk.ask(params.text_document.uri, lenses::of_file).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        let question = move |here: &Here<'_>| hover::hints(here, &here.part(params.range));
        self.desk.ask(params.text_document.uri, question).await
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        let question = |here: &Here<'_>| here.text_edits(ide::format(here.session, &here.file));
        self.desk.ask(params.text_document.uri, question).await
    }

    async fn range_formatting(&self, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        let question =
            move |here: &Here<'_>| here.text_edits(ide::format_range(here.session, &here.part(params.range)));
        self.desk.ask(params.text_document.uri, question).await
    }

    async fn on_type_formatting(
        &self,
        params: DocumentOnTypeFormattingParams,
    ) -> Result<Option<Vec<TextEdit>>> {
        let at = params.text_document_position;
        let typed = params.ch.chars().next().unwrap_or('\n');
        let question = move |here: &Here<'_>| {
            here.text_edits(ide::format_on_type(here.session, &here.at(at.position), typed))
        };
        self.desk.ask(at.text_document.uri, question).await
    }

    async fn semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        let uri = params.text_document.uri;
        let found = self.desk.ask(uri.clone(), |here| tokens::of_file(here, None)).await?;
        if let Some(found) = &found {
            self.remember(&uri, found.clone());
        }
        Ok(found.map(SemanticTokensResult::Tokens))
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        let uri = params.text_document.uri;
        let Some(found) = self.desk.ask(uri.clone(), |here| tokens::of_file(here, None)).await? else {
            return Ok(None);
        };
        let before = self.remember(&uri, found.clone());
        let known = before.filter(|before| before.result_id.as_ref() == Some(&params.previous_result_id));
        Ok(Some(match known {
            Some(before) => SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta {
                result_id: found.result_id,
                edits: tokens::difference(&before.data, &found.data),
            }),
            None => SemanticTokensFullDeltaResult::Tokens(found),
        }))
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        let question = move |here: &Here<'_>| tokens::of_file(here, Some(&here.part(params.range)));
        let found = self.desk.ask(params.text_document.uri, question).await?;
        Ok(found.map(|found| {
            SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data: found.data })
        }))
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let question = |here: &Here<'_>| diagnostics::of_file(here.session, here.scene, &here.file);
        let found = self.desk.ask(params.text_document.uri, question).await.map_err(to_be_asked_again)?;
        let report = diagnostics::report(found.unwrap_or_default());
        let report = match (report.result_id, params.previous_result_id) {
            (Some(now), Some(before)) if now == before => {
                DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                    related_documents: None,
                    unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                        result_id: now,
                    },
                })
            }
            (result_id, _) => DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
                related_documents: None,
                full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, ..report },
            }),
        };
        Ok(report.into())
    }

    async fn workspace_diagnostic(
        &self,
        params: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        let found = self.desk.ask_all(diagnostics::all).await.map_err(to_be_asked_again)?.concat();
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
}

impl Backend {
    /// Keeps the colours of a document; what they were before.
    fn remember(&self, uri: &Uri, now: SemanticTokens) -> Option<SemanticTokens> {
        let mut coloured = self.coloured.lock().unwrap_or_else(PoisonError::into_inner);
        coloured.insert(uri.as_str().to_owned(), now)
    }
}

/// What is not done, and why.
fn refused(reason: String) -> Error {
    Error { message: reason.into(), ..Error::invalid_request() }
}

/// Who asks for problems is to ask again when the answer was overtaken: for `ContentModified` clients show none.
fn to_be_asked_again(error: Error) -> Error {
    if error.code != ErrorCode::ContentModified {
        return error;
    }
    let data = Some(json!({ "retriggerRequest": true }));
    Error { code: ErrorCode::ServerError(SERVER_CANCELLED), data, ..error }
}
