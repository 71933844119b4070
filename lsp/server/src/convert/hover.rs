//! What is said of something, and hints within the text.

use ide::FileRange;
use tower_lsp::ls_types::{
    Hover, HoverContents, InlayHint, InlayHintKind, InlayHintLabel, MarkupContent, MarkupKind, Position,
};

use crate::scene::Here;

/// What is said of what stands at a position.
pub(crate) fn hover(here: &Here<'_>, position: Position) -> Option<Hover> {
    let said = ide::hover(here.session, &here.at(position))?;
    Some(Hover {
        contents: HoverContents::Markup(markdown(said.text)),
        range: (said.range.file == here.file).then(|| here.range(&said.range)),
    })
}

/// The hints in a part of a file.
pub(crate) fn hints(here: &Here<'_>, part: &FileRange) -> Vec<InlayHint> {
    let hint = |hint: ide::InlayHint| InlayHint {
        position: here.position(hint.at.offset),
        label: InlayHintLabel::String(hint.label),
        kind: Some(InlayHintKind::TYPE),
        text_edits: None,
        tooltip: None,
        padding_left: Some(true),
        padding_right: None,
        data: None,
    };
    ide::inlay_hints(here.session, part).into_iter().map(hint).collect()
}

pub(crate) fn markdown(value: String) -> MarkupContent {
    MarkupContent { kind: MarkupKind::Markdown, value }
}
