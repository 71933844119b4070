//! What can be folded: blocks, lists, texts of several lines, comments and imports that follow each other.

use driver::Session;
use syntax::{ItemForm, TokenKind, cut, tokens};

/// A part of a file that can be folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// The first byte; that of a bracket.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it is.
    pub sort: FoldSort,
}

/// What can be folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldSort {
    /// Between brackets.
    Block,
    /// A text of several lines.
    Text,
    /// Comments on lines that follow each other.
    Comment,
    /// Imports that follow each other.
    Imports,
}

/// What can be folded in a file, in the order in which it begins.
pub fn folds(session: &Session, file: &str) -> Vec<Fold> {
    let Some(text) = session.text(file) else { return Vec::new() };
    let mut found = brackets_and_comments(text);
    found.extend(imports(text));
    found.retain(|fold| text[fold.start as usize..fold.end as usize].contains('\n'));
    found.sort_by_key(|fold| (fold.start, fold.end));
    found
}

fn brackets_and_comments(text: &str) -> Vec<Fold> {
    let (mut found, mut open) = (Vec::new(), Vec::new());
    let mut comments: Option<(u32, u32)> = None;
    let mut ends_line = true;
    let mut start = 0_u32;
    for token in tokens(text) {
        let end = start + token.len;
        let is_comment = matches!(token.kind, TokenKind::Comment | TokenKind::DocComment);
        if is_comment && ends_line {
            comments = Some((comments.map_or(start, |(first, _)| first), end));
        }
        // An empty line, or anything else, ends them.
        let goes_on = match token.kind {
            TokenKind::Space => true,
            TokenKind::Newline => !ends_line,
            _ => is_comment && ends_line,
        };
        if !goes_on {
            found.extend(comments.take().map(|(start, end)| Fold { start, end, sort: FoldSort::Comment }));
        }
        ends_line = match token.kind {
            TokenKind::Newline => true,
            TokenKind::Space => ends_line,
            _ => false,
        };
        if token.kind.opens() {
            open.push((token.kind, start));
        } else if token.kind.closes() {
            let partner = open.iter().rposition(|(kind, _)| token.kind.is_partner_of(*kind));
            if let Some((kind, start)) = partner.map(|at| open.drain(at..).next()).unwrap_or_default() {
                let sort = if kind == TokenKind::TextStart { FoldSort::Text } else { FoldSort::Block };
                found.push(Fold { start, end, sort });
            }
        } else if matches!(token.kind, TokenKind::Text | TokenKind::Nix) {
            found.push(Fold { start, end, sort: FoldSort::Text });
        }
        start = end;
    }
    found.extend(comments.map(|(start, end)| Fold { start, end, sort: FoldSort::Comment }));
    found
}

fn imports(text: &str) -> Vec<Fold> {
    let items = cut(text);
    let runs = items.chunk_by(|a, b| (a.head.form == ItemForm::Import) == (b.head.form == ItemForm::Import));
    let runs = runs.filter(|run| run.len() > 1 && run[0].head.form == ItemForm::Import);
    let fold = |run: &[syntax::Cut]| {
        let (first, last) = (run.first()?.range.start, run.last()?.range.end);
        let start = first + (text[first..last].len() - text[first..last].trim_start().len());
        let end = start + text[start..last].trim_end().len();
        let at = |byte: usize| u32::try_from(byte).ok();
        Some(Fold { start: at(start)?, end: at(end)?, sort: FoldSort::Imports })
    };
    runs.filter_map(fold).collect()
}
