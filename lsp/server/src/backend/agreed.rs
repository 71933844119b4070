//! What the client can do, as it says in the beginning.

use serde_json::Value;
use tower_lsp::ls_types::{ClientCapabilities, InitializeParams};

/// What the client can do, beyond what all can.
#[derive(Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is asked for by itself")]
pub(super) struct Agreed {
    /// Takes snippets in completions.
    pub(super) snippets: bool,
    /// Takes characters that accept a completion.
    pub(super) commits: bool,
    /// Shows types beside what is offered.
    pub(super) details: bool,
    /// Takes what a file declares as a tree.
    pub(super) takes_trees: bool,
    /// Watches files for the server.
    pub(super) watches: bool,
    /// Is to be told of settings only if it is asked so.
    pub(super) registers_settings: bool,
    /// Answers when asked for settings.
    pub(super) has_settings: bool,
    /// Asks again for problems, hints, lenses when it is told to.
    pub(super) refreshes_problems: bool,
    pub(super) refreshes_hints: bool,
    pub(super) refreshes_lenses: bool,
    /// Asks for the edits of an action when it is chosen.
    pub(super) resolves_edits: bool,
    /// Shows progress.
    pub(super) progress: bool,
    /// Shows a document when it is asked to.
    pub(super) shows_documents: bool,
    /// Is to be told how the server is: `experimental.serverStatusNotification`.
    pub(super) status: bool,
    /// Has a command that shows places: `experimental.commands.commands`.
    pub(super) shows_references: bool,
    /// Has commands that plan and apply hosts and components.
    pub(super) deploys: bool,
}

/// The command of a client that shows places.
pub(super) const SHOW_REFERENCES: &str = "hlc.showReferences";

/// The commands of a client that show what would be done to the cluster, and do it: `hlc.plan(lab, [target])`.
pub(super) const DEPLOYING: [&str; 2] = ["hlc.plan", "hlc.apply"];

impl Agreed {
    pub(super) fn of(params: &InitializeParams) -> Self {
        let ClientCapabilities { workspace, text_document, window, experimental, .. } = &params.capabilities;
        let (workspace, document) =
            (workspace.clone().unwrap_or_default(), text_document.clone().unwrap_or_default());
        let window = window.clone().unwrap_or_default();
        let item = document.completion.and_then(|completion| completion.completion_item).unwrap_or_default();
        let edits = document.code_action.and_then(|action| action.resolve_support);
        let symbols = document.document_symbol.and_then(|it| it.hierarchical_document_symbol_support);
        let experimental = experimental.clone().unwrap_or_default();
        let commands = experimental["commands"]["commands"].as_array().cloned().unwrap_or_default();
        let has_command = |name: &str| commands.iter().any(|command| command == name);
        let is = |said: Option<bool>| said.unwrap_or_default();
        Self {
            snippets: is(item.snippet_support),
            commits: is(item.commit_characters_support),
            details: is(item.label_details_support),
            takes_trees: is(symbols),
            watches: is(workspace.did_change_watched_files.and_then(|it| it.dynamic_registration)),
            registers_settings: is(workspace.did_change_configuration.and_then(|it| it.dynamic_registration)),
            has_settings: is(workspace.configuration),
            refreshes_problems: is(workspace.diagnostics.and_then(|it| it.refresh_support)),
            refreshes_hints: is(workspace.inlay_hint.and_then(|it| it.refresh_support)),
            refreshes_lenses: is(workspace.code_lens.and_then(|it| it.refresh_support)),
            resolves_edits: edits.is_some_and(|it| it.properties.iter().any(|property| property == "edit")),
            progress: is(window.work_done_progress),
            shows_documents: window.show_document.is_some_and(|it| it.support),
            status: experimental["serverStatusNotification"] == Value::Bool(true),
            shows_references: has_command(SHOW_REFERENCES),
            deploys: DEPLOYING.iter().all(|name| has_command(name)),
        }
    }
}
