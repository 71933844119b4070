//! What the protocol asks, a line each: which function of `backend/` answers it.
//!
//! Functions are begun in the order of the messages, so what one tells the owner before it first waits is told in that
//! order. None waits for the client.

mod actions;
mod agreed;
mod commands;
mod completing;
mod contents;
mod documents;
mod files;
mod formatting;
mod hierarchies;
mod lifecycle;
mod navigation;
mod partial;
mod problems;
mod renaming;
mod semantic_tokens;
mod settings;
mod showing;
mod status;
mod structure;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::request::{
    GotoDeclarationParams, GotoDeclarationResponse, GotoImplementationParams, GotoImplementationResponse,
    GotoTypeDefinitionParams, GotoTypeDefinitionResponse,
};
#[allow(clippy::wildcard_imports, reason = "a type for each question and each answer")]
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};

use crate::Ended;
use crate::live::Live;
use crate::outbox::Outbox;
use crate::pool::Pool;
use crate::question::Desk;
use crate::scene::Here;
use crate::settings::Settings;
use crate::written::written;
use agreed::Agreed;
pub(crate) use commands::COMMANDS;
use contents::Shown;
pub(crate) use contents::text_document_content;
pub(crate) use formatting::ranges_formatting;

/// The server, as the framework knows it.
pub(crate) struct Backend {
    client: Client,
    desk: Desk,
    outbox: Outbox,
    pool: Pool,
    agreed: Mutex<Agreed>,
    settings: Arc<Mutex<Settings>>,
    /// Whether the client asked to shut down.
    is_down: AtomicBool,
    /// How often it was said that labs are being read.
    loads: AtomicU32,
    /// The colours that each document had last, and their mark.
    coloured: Mutex<BTreeMap<String, SemanticTokens>>,
    /// The documents of what is built that the client has.
    shown: Arc<Mutex<Shown>>,
    /// Who knows how what is deployed is doing.
    live: Option<Arc<dyn Live>>,
}

impl Backend {
    pub(crate) fn new(
        client: Client,
        (desk, outbox, pool): (Desk, Outbox, Pool),
        live: Option<Arc<dyn Live>>,
    ) -> Self {
        Self {
            client,
            desk,
            outbox,
            pool,
            agreed: Mutex::default(),
            settings: Arc::default(),
            is_down: AtomicBool::new(false),
            loads: AtomicU32::new(0),
            coloured: Mutex::default(),
            shown: Arc::default(),
            live,
        }
    }

    /// How the conversation ended, if it has.
    pub(crate) fn ended(&self) -> Ended {
        if self.is_down.load(Ordering::Relaxed) { Ended::Politely } else { Ended::Suddenly }
    }

    fn agree(&self, agreed: Agreed) {
        *self.agreed.lock().unwrap_or_else(PoisonError::into_inner) = agreed;
    }

    fn agreed(&self) -> Agreed {
        *self.agreed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settings(&self) -> Settings {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks something of the lab that a document is a part of.
    async fn ask<T: Send + 'static>(
        &self,
        document: TextDocumentIdentifier,
        question: impl FnOnce(&Here<'_>) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        self.desk.ask(document.uri, question).await
    }

    /// The same, where the answer is long: it is written where it is found.
    async fn ask_long<T: Serialize, R>(
        &self,
        document: TextDocumentIdentifier,
        question: impl FnOnce(&Here<'_>) -> T + Send + 'static,
    ) -> Result<Option<R>> {
        let found = self.ask(document, move |here| written(&question(here))).await?;
        found.map_or(Ok(None), Err)
    }
}

/// What is not done, and why.
fn refused(reason: String) -> Error {
    Error { message: reason.into(), ..Error::invalid_request() }
}

/// Hands requests and notifications to the functions that answer them: `file::method(parameters) -> answer`.
macro_rules! answered {
    ($($file:ident::$method:ident($params:ty) $(-> $answer:ty)?;)*) => {$(
        async fn $method(&self, params: $params) $(-> Result<$answer>)? {
            $file::$method(self, params).await
        }
    )*};
}

impl LanguageServer for Backend {
    async fn shutdown(&self) -> Result<()> {
        lifecycle::shutdown(self);
        Ok(())
    }

    answered! {
        lifecycle::initialize(InitializeParams) -> InitializeResult;
        lifecycle::initialized(InitializedParams);
        settings::did_change_configuration(DidChangeConfigurationParams);

        documents::did_open(DidOpenTextDocumentParams);
        documents::did_change(DidChangeTextDocumentParams);
        documents::will_save_wait_until(WillSaveTextDocumentParams) -> Option<Vec<TextEdit>>;
        documents::did_save(DidSaveTextDocumentParams);
        documents::did_close(DidCloseTextDocumentParams);

        files::did_change_watched_files(DidChangeWatchedFilesParams);
        files::did_change_workspace_folders(DidChangeWorkspaceFoldersParams);
        files::did_create_files(CreateFilesParams);
        files::did_delete_files(DeleteFilesParams);
        files::did_rename_files(RenameFilesParams);
        files::will_rename_files(RenameFilesParams) -> Option<WorkspaceEdit>;

        navigation::goto_definition(GotoDefinitionParams) -> Option<GotoDefinitionResponse>;
        navigation::goto_declaration(GotoDeclarationParams) -> Option<GotoDeclarationResponse>;
        navigation::goto_type_definition(GotoTypeDefinitionParams) -> Option<GotoTypeDefinitionResponse>;
        navigation::goto_implementation(GotoImplementationParams) -> Option<GotoImplementationResponse>;
        navigation::references(ReferenceParams) -> Option<Vec<Location>>;
        navigation::document_highlight(DocumentHighlightParams) -> Option<Vec<DocumentHighlight>>;

        hierarchies::prepare_call_hierarchy(CallHierarchyPrepareParams) -> Option<Vec<CallHierarchyItem>>;
        hierarchies::incoming_calls(CallHierarchyIncomingCallsParams) -> Option<Vec<CallHierarchyIncomingCall>>;
        hierarchies::outgoing_calls(CallHierarchyOutgoingCallsParams) -> Option<Vec<CallHierarchyOutgoingCall>>;
        hierarchies::prepare_type_hierarchy(TypeHierarchyPrepareParams) -> Option<Vec<TypeHierarchyItem>>;
        hierarchies::supertypes(TypeHierarchySupertypesParams) -> Option<Vec<TypeHierarchyItem>>;
        hierarchies::subtypes(TypeHierarchySubtypesParams) -> Option<Vec<TypeHierarchyItem>>;

        renaming::prepare_rename(TextDocumentPositionParams) -> Option<PrepareRenameResponse>;
        renaming::rename(RenameParams) -> Option<WorkspaceEdit>;
        renaming::linked_editing_range(LinkedEditingRangeParams) -> Option<LinkedEditingRanges>;

        completing::completion(CompletionParams) -> Option<CompletionResponse>;
        completing::completion_resolve(CompletionItem) -> CompletionItem;
        completing::signature_help(SignatureHelpParams) -> Option<SignatureHelp>;

        showing::hover(HoverParams) -> Option<Hover>;
        showing::inlay_hint(InlayHintParams) -> Option<Vec<InlayHint>>;
        showing::inlay_hint_resolve(InlayHint) -> InlayHint;
        showing::code_lens(CodeLensParams) -> Option<Vec<CodeLens>>;
        showing::code_lens_resolve(CodeLens) -> CodeLens;
        showing::document_link(DocumentLinkParams) -> Option<Vec<DocumentLink>>;
        showing::document_link_resolve(DocumentLink) -> DocumentLink;

        structure::document_symbol(DocumentSymbolParams) -> Option<DocumentSymbolResponse>;
        structure::symbol(WorkspaceSymbolParams) -> Option<WorkspaceSymbolResponse>;
        structure::folding_range(FoldingRangeParams) -> Option<Vec<FoldingRange>>;
        structure::selection_range(SelectionRangeParams) -> Option<Vec<SelectionRange>>;

        semantic_tokens::semantic_tokens_full(SemanticTokensParams) -> Option<SemanticTokensResult>;
        semantic_tokens::semantic_tokens_full_delta(SemanticTokensDeltaParams) -> Option<SemanticTokensFullDeltaResult>;
        semantic_tokens::semantic_tokens_range(SemanticTokensRangeParams) -> Option<SemanticTokensRangeResult>;

        formatting::formatting(DocumentFormattingParams) -> Option<Vec<TextEdit>>;
        formatting::range_formatting(DocumentRangeFormattingParams) -> Option<Vec<TextEdit>>;
        formatting::on_type_formatting(DocumentOnTypeFormattingParams) -> Option<Vec<TextEdit>>;

        actions::code_action(CodeActionParams) -> Option<CodeActionResponse>;
        actions::code_action_resolve(CodeAction) -> CodeAction;
        commands::execute_command(ExecuteCommandParams) -> Option<LSPAny>;

        problems::diagnostic(DocumentDiagnosticParams) -> DocumentDiagnosticReportResult;
        problems::workspace_diagnostic(WorkspaceDiagnosticParams) -> WorkspaceDiagnosticReportResult;
    }
}
