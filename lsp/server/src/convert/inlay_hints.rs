//! Hints within the text.

use ide::{FileRange, HintSort};
use serde_json::Value;
use tower_lsp::ls_types::{InlayHint, InlayHintKind, InlayHintLabel, InlayHintTooltip, Position};

use crate::convert::hover::markdown;
use crate::scene::Here;
use crate::settings::InlayHints;

/// The hints in a part of a file, of the sorts that are shown.
pub(crate) fn of_part(here: &Here<'_>, part: &FileRange, shown: InlayHints, data: &Value) -> Vec<InlayHint> {
    let hint = |hint: ide::InlayHint| InlayHint {
        position: here.position(hint.at.offset),
        label: InlayHintLabel::String(hint.label),
        kind: (hint.sort == HintSort::Type).then_some(InlayHintKind::TYPE),
        text_edits: None,
        tooltip: None,
        padding_left: Some(hint.sort == HintSort::Value),
        padding_right: None,
        data: Some(data.clone()),
    };
    let is_shown = |hint: &ide::InlayHint| match hint.sort {
        HintSort::Type => shown.types,
        HintSort::Value => shown.values,
    };
    ide::inlay_hints(here.session, part).into_iter().filter(is_shown).map(hint).collect()
}

/// What is said of the hint at a position.
pub(crate) fn tooltip(here: &Here<'_>, position: Position) -> Option<InlayHintTooltip> {
    let said = ide::hint_tooltip(here.session, &here.at(position))?;
    Some(InlayHintTooltip::MarkupContent(markdown(said)))
}
