//! What can be done: about problems, and to the text.

use ide::{AssistSort, FileEdit, FileRange};
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{CodeAction, CodeActionKind, Range, Uri};

use crate::convert::diagnostics::diagnostic;
use crate::scene::Here;

/// The kinds of what can be done.
pub(crate) const KINDS: [CodeActionKind; 6] = [
    CodeActionKind::QUICKFIX,
    CodeActionKind::REFACTOR,
    CodeActionKind::REFACTOR_EXTRACT,
    CodeActionKind::REFACTOR_INLINE,
    CodeActionKind::SOURCE_ORGANIZE_IMPORTS,
    CodeActionKind::SOURCE_FIX_ALL,
];

/// What finds an action again that was offered, to say what it changes.
#[derive(Serialize, Deserialize)]
pub(crate) struct OfferedAt {
    pub(crate) document: Uri,
    pub(crate) range: Range,
}

/// What can be done in a part of a file, of the kinds that are wanted.
pub(crate) fn at(here: &Here<'_>, part: &FileRange, only: Option<&[CodeActionKind]>) -> Vec<CodeAction> {
    let mut found = fixes(here, part);
    // The library is nobody's to change.
    if here.session.has_file(&here.file) {
        found.extend(assists(here, part));
    }
    // Nobody wants to mend a whole file each time a cursor moves.
    if only.is_some() {
        found.extend(fix_all(here));
        found.extend(organize_imports(here));
    }
    let is_wanted = |action: &CodeAction| {
        let kind = action.kind.as_ref().map_or("", CodeActionKind::as_str);
        only.is_none_or(|only| only.iter().any(|wanted| is_of(kind, wanted.as_str())))
    };
    found.into_iter().filter(is_wanted).collect()
}

/// An action that says what it changes when it is chosen.
pub(crate) fn without_edits(action: CodeAction, document: &Uri, range: Range) -> CodeAction {
    let data = serde_json::to_value(OfferedAt { document: document.clone(), range }).ok();
    CodeAction { edit: None, data, ..action }
}

/// Whether a kind is another one, or a sort of it.
fn is_of(kind: &str, wanted: &str) -> bool {
    let rest = kind.strip_prefix(wanted);
    wanted.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn fixes(here: &Here<'_>, part: &FileRange) -> Vec<CodeAction> {
    let action = |fix: ide::OfferedFix| CodeAction {
        diagnostics: diagnostic(here.locator(), &fix.problem).map(|mended| vec![mended]),
        is_preferred: Some(fix.is_best),
        ..action(here, fix.title, CodeActionKind::QUICKFIX, fix.edits)
    };
    ide::fixes(here.session, part).into_iter().map(action).collect()
}

fn assists(here: &Here<'_>, part: &FileRange) -> Vec<CodeAction> {
    let kind = |sort: AssistSort| match sort {
        AssistSort::QuickFix => CodeActionKind::QUICKFIX,
        AssistSort::Extract => CodeActionKind::REFACTOR_EXTRACT,
        AssistSort::Inline => CodeActionKind::REFACTOR_INLINE,
    };
    let assists = ide::assists(here.session, part).into_iter();
    assists.map(|assist| action(here, assist.title, kind(assist.sort), assist.edits)).collect()
}

fn fix_all(here: &Here<'_>) -> Option<CodeAction> {
    let edits = ide::fix_all(here.session, &here.file);
    let title = "repair what can be repaired".to_owned();
    (!edits.is_empty()).then(|| action(here, title, CodeActionKind::SOURCE_FIX_ALL, edits))
}

fn organize_imports(here: &Here<'_>) -> Option<CodeAction> {
    let edits = ide::organize_imports(here.session, &here.file);
    let title = "bring imports in order".to_owned();
    (!edits.is_empty()).then(|| action(here, title, CodeActionKind::SOURCE_ORGANIZE_IMPORTS, edits))
}

fn action(here: &Here<'_>, title: String, kind: CodeActionKind, edits: Vec<FileEdit>) -> CodeAction {
    CodeAction { title, kind: Some(kind), edit: Some(here.workspace_edit(edits)), ..CodeAction::default() }
}
