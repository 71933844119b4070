//! What is done to tokens before the grammar sees them.

use std::ops::Range;

use source::Span;

use super::super::raw::{Doc, Input, Raw};
use crate::token::TokenKind as K;

/// Changes of an item's tokens, by the numbers that they have before any is made.
#[derive(Default)]
pub(super) struct Edits {
    all: Vec<Edit>,
    /// The tokens that have their problem.
    spoiled: Vec<Range<usize>>,
}

struct Edit {
    tokens: Range<usize>,
    /// What stands there then; nothing to remove.
    kind: Option<K>,
}

impl Edits {
    /// Takes `tokens` away.
    pub(super) fn remove(&mut self, tokens: Range<usize>) {
        self.all.push(Edit { tokens, kind: None });
    }

    /// Makes one value of `tokens`, which has its problem.
    pub(super) fn spoil(&mut self, tokens: Range<usize>) {
        self.spoiled.push(tokens.clone());
        self.replace(tokens, K::Stray);
    }

    /// Makes one token of `tokens`, or one before them if there are none.
    pub(super) fn replace(&mut self, tokens: Range<usize>, kind: K) {
        self.all.push(Edit { tokens, kind: Some(kind) });
    }

    /// Whether token `nth` has its problem.
    pub(super) fn is_spoiled(&self, nth: usize) -> bool {
        self.spoiled.iter().any(|tokens| tokens.contains(&nth))
    }

    /// Makes all changes. Of two that overlap the first one counts.
    pub(super) fn apply(mut self, input: &mut Input<'_>) {
        if self.all.is_empty() {
            return;
        }
        self.all.sort_by_key(|edit| edit.tokens.start);
        let mut out =
            Applied { old: std::mem::take(&mut input.tokens), new: Vec::new(), at: 0, line_start: false };
        let docs = std::mem::take(&mut input.docs);
        let mut moved = vec![0; out.old.len() + 1];
        for edit in self.all {
            if edit.tokens.start < out.at {
                continue;
            }
            out.keep(edit.tokens.start, &mut moved);
            out.change(&edit, &mut moved);
        }
        let end = out.old.len();
        out.keep(end, &mut moved);
        moved[end] = out.new.len();
        let doc =
            |doc: Doc| Doc { token: u32::try_from(moved[doc.token as usize]).unwrap_or(u32::MAX), ..doc };
        input.docs = docs.into_iter().map(doc).collect();
        input.tokens = out.new;
        input.rebalance();
    }
}

struct Applied {
    old: Vec<Raw>,
    new: Vec<Raw>,
    /// The next of the old tokens.
    at: usize,
    /// Whether a token that was removed began a line.
    line_start: bool,
}

impl Applied {
    /// Keeps the tokens up to `end`.
    fn keep(&mut self, end: usize, moved: &mut [usize]) {
        while self.at < end {
            let token = self.old[self.at];
            moved[self.at] = self.new.len();
            self.new.push(Raw { line_start: token.line_start || self.line_start, ..token });
            self.line_start = false;
            self.at += 1;
        }
    }

    fn change(&mut self, edit: &Edit, moved: &mut [usize]) {
        for nth in edit.tokens.clone() {
            moved[nth] = self.new.len();
        }
        let tokens = &self.old[edit.tokens.clone()];
        let line_start = self.line_start || tokens.first().is_some_and(|token| token.line_start);
        match edit.kind {
            Some(kind) => {
                let span = match (tokens.first(), tokens.last()) {
                    (Some(first), Some(last)) => first.span.to(last.span),
                    _ => Span::empty(self.new.last().map_or(0, |token| token.span.end)),
                };
                self.new.push(Raw { kind, span, line_start: line_start && !tokens.is_empty() });
                self.line_start &= tokens.is_empty();
            }
            None => self.line_start = line_start,
        }
        self.at = edit.tokens.end;
    }
}
