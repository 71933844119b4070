//! What the protocol asks, a line each: which function of `backend/` answers it.
//!
//! Functions are begun in the order of the messages, so what one tells the owner before it first waits is told in that
//! order. None waits for the client.

mod actions;
mod colours;
mod completing;
mod contents;
mod documents;
mod files;
mod formatting;
mod lifecycle;
mod navigation;
mod problems;
mod renaming;
mod showing;
mod structure;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::request::{
    GotoDeclarationParams, GotoDeclarationResponse, GotoTypeDefinitionParams, GotoTypeDefinitionResponse,
};
#[allow(clippy::wildcard_imports, reason = "a type for each question and each answer")]
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};

use crate::Ended;
use crate::question::Desk;
use crate::scene::Here;
pub(crate) use contents::text_document_content;
use lifecycle::Agreed;

/// The server, as the framework knows it.
pub(crate) struct Backend {
    client: Client,
    desk: Desk,
    agreed: Mutex<Agreed>,
    /// Whether the client asked to shut down.
    is_down: AtomicBool,
    /// The colours that each document had last, and their mark.
    coloured: Mutex<BTreeMap<String, SemanticTokens>>,
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

    fn agreed(&self) -> Agreed {
        *self.agreed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks something of the lab that a document is a part of.
    async fn ask<T: Send + 'static>(
        &self,
        document: TextDocumentIdentifier,
        question: impl FnOnce(&Here<'_>) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        self.desk.ask(document.uri, question).await
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
        lifecycle::did_change_configuration(DidChangeConfigurationParams);

        documents::did_open(DidOpenTextDocumentParams);
        documents::did_change(DidChangeTextDocumentParams);
        documents::did_save(DidSaveTextDocumentParams);
        documents::did_close(DidCloseTextDocumentParams);

        files::did_change_watched_files(DidChangeWatchedFilesParams);
        files::did_change_workspace_folders(DidChangeWorkspaceFoldersParams);
        files::will_rename_files(RenameFilesParams) -> Option<WorkspaceEdit>;

        navigation::goto_definition(GotoDefinitionParams) -> Option<GotoDefinitionResponse>;
        navigation::goto_declaration(GotoDeclarationParams) -> Option<GotoDeclarationResponse>;
        navigation::goto_type_definition(GotoTypeDefinitionParams) -> Option<GotoTypeDefinitionResponse>;
        navigation::references(ReferenceParams) -> Option<Vec<Location>>;
        navigation::document_highlight(DocumentHighlightParams) -> Option<Vec<DocumentHighlight>>;

        renaming::prepare_rename(TextDocumentPositionParams) -> Option<PrepareRenameResponse>;
        renaming::rename(RenameParams) -> Option<WorkspaceEdit>;
        renaming::linked_editing_range(LinkedEditingRangeParams) -> Option<LinkedEditingRanges>;

        completing::completion(CompletionParams) -> Option<CompletionResponse>;
        completing::completion_resolve(CompletionItem) -> CompletionItem;
        completing::signature_help(SignatureHelpParams) -> Option<SignatureHelp>;

        showing::hover(HoverParams) -> Option<Hover>;
        showing::inlay_hint(InlayHintParams) -> Option<Vec<InlayHint>>;
        showing::code_lens(CodeLensParams) -> Option<Vec<CodeLens>>;
        showing::document_link(DocumentLinkParams) -> Option<Vec<DocumentLink>>;

        structure::document_symbol(DocumentSymbolParams) -> Option<DocumentSymbolResponse>;
        structure::symbol(WorkspaceSymbolParams) -> Option<WorkspaceSymbolResponse>;
        structure::folding_range(FoldingRangeParams) -> Option<Vec<FoldingRange>>;
        structure::selection_range(SelectionRangeParams) -> Option<Vec<SelectionRange>>;

        colours::semantic_tokens_full(SemanticTokensParams) -> Option<SemanticTokensResult>;
        colours::semantic_tokens_full_delta(SemanticTokensDeltaParams) -> Option<SemanticTokensFullDeltaResult>;
        colours::semantic_tokens_range(SemanticTokensRangeParams) -> Option<SemanticTokensRangeResult>;

        formatting::formatting(DocumentFormattingParams) -> Option<Vec<TextEdit>>;
        formatting::range_formatting(DocumentRangeFormattingParams) -> Option<Vec<TextEdit>>;
        formatting::on_type_formatting(DocumentOnTypeFormattingParams) -> Option<Vec<TextEdit>>;

        actions::code_action(CodeActionParams) -> Option<CodeActionResponse>;

        problems::diagnostic(DocumentDiagnosticParams) -> DocumentDiagnosticReportResult;
        problems::workspace_diagnostic(WorkspaceDiagnosticParams) -> WorkspaceDiagnosticReportResult;
    }
}
