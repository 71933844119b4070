//! What a text says, without how it is written.

use syntax::{TokenKind, tokens};

use crate::syntax::items;

/// The trees of a text without places, an item a line.
pub(crate) fn meaning(text: &str) -> Vec<String> {
    let said = |own: &str| tokens(own).any(|token| !is_separator(token.kind));
    let trees = items(text).into_iter().filter(|(own, parsed)| {
        let own = own.get(..parsed.statement.span.end as usize).unwrap_or_default();
        !parsed.problems.is_empty() || said(own)
    });
    trees.map(|(_, parsed)| without_places(&format!("{:?}", parsed.statement))).collect()
}

/// The comments of a text, sorted.
pub(crate) fn comments(text: &str) -> Vec<&str> {
    let mut at = 0;
    let mut comments = Vec::new();
    for token in tokens(text) {
        let end = at + token.len as usize;
        if matches!(token.kind, TokenKind::Comment | TokenKind::DocComment) {
            comments.push(text[at..end].trim_end());
        }
        at = end;
    }
    comments.sort_unstable();
    comments
}

fn is_separator(kind: TokenKind) -> bool {
    kind.is_trivia() || matches!(kind, TokenKind::Comma | TokenKind::Semicolon)
}

fn without_places(debug: &str) -> String {
    let mut out = String::with_capacity(debug.len());
    let mut rest = debug;
    while let Some(at) = rest.find("span: Span {") {
        out.push_str(rest[..at].trim_end().trim_end_matches(','));
        let end = at + rest[at..].find('}').map_or(0, |end| end + 1);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}
