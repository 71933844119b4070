//! What can be folded.

use ide::FoldSort;
use tower_lsp::ls_types::{FoldingRange, FoldingRangeKind};

use crate::scene::Here;

/// The folds of a file. The line of a closing bracket stays to be seen.
pub(crate) fn of_file(here: &Here<'_>) -> Vec<FoldingRange> {
    let fold = |fold: ide::Fold| {
        let (start, end) = (here.position(fold.start), here.position(fold.end));
        let stays = u32::from(matches!(fold.sort, FoldSort::Block | FoldSort::Text));
        let end_line = end.line.saturating_sub(stays);
        (end_line > start.line).then_some(FoldingRange {
            start_line: start.line,
            start_character: None,
            end_line,
            end_character: None,
            kind: match fold.sort {
                FoldSort::Comment => Some(FoldingRangeKind::Comment),
                FoldSort::Imports => Some(FoldingRangeKind::Imports),
                FoldSort::Block | FoldSort::Text => None,
            },
            collapsed_text: None,
        })
    };
    ide::folds(here.session, &here.file).into_iter().filter_map(fold).collect()
}
