//! What the grammar needs to make trees of tokens: the text and the place of each token.

use chumsky::span::SimpleSpan;
use smol_str::SmolStr;
use source::Span;

use super::arrange::Arranged;
use super::tok::Tok;
use crate::ast::Name;
use crate::escape::unescape;
use crate::steps::step;

/// The text and the place of each token. Owned, so that the grammar can outlive the item.
#[derive(Default)]
pub(crate) struct Source {
    text: String,
    toks: Vec<Tok>,
    spans: Vec<Span>,
    docs: Vec<(u32, Span)>,
    /// The tokens that close what each token opens; nothing of meaning for those that open nothing.
    partners: Vec<usize>,
    /// How many rules may still be picked.
    turns: usize,
}

/// How many rules are picked for a token, at most. Text without a mistake takes five; what cannot be read is read once
/// more in another way, and so is what cannot be read in it: without a bound, twice as often with each level.
const MOST_TURNS: usize = 20;

impl Source {
    /// Makes it that of another item; returns the tokens.
    pub(crate) fn load(&mut self, text: &str, arranged: Arranged) -> Vec<Tok> {
        self.text.clear();
        self.text.push_str(text);
        self.spans = arranged.spans;
        self.docs = arranged.docs;
        self.toks.clone_from(&arranged.toks);
        self.pair_up();
        self.turns = MOST_TURNS * (self.toks.len() + 1);
        arranged.toks
    }

    /// Takes one of the turns that are left; whether there was one.
    pub(crate) fn take_turn(&mut self) -> bool {
        let left = self.turns.checked_sub(1);
        self.turns = left.unwrap_or_default();
        left.is_some()
    }

    /// Finds the partner of each opening bracket.
    fn pair_up(&mut self) {
        self.partners.clear();
        self.partners.resize(self.toks.len(), 0);
        let mut open = Vec::new();
        for (nth, tok) in self.toks.iter().enumerate() {
            if tok.opens() {
                open.push(nth);
            } else if tok.closes()
                && let Some(partner) = open.pop()
            {
                self.partners[partner] = nth;
            }
        }
    }

    /// All tokens.
    pub(crate) fn toks(&self) -> &[Tok] {
        &self.toks
    }

    /// A token; the end of a statement behind the last.
    pub(crate) fn tok(&self, nth: usize) -> Tok {
        step(1);
        self.toks.get(nth).copied().unwrap_or(Tok::End)
    }

    /// The token behind the group that token `nth` opens, or behind itself.
    pub(crate) fn behind(&self, nth: usize) -> usize {
        let opens = self.tok(nth).opens();
        self.partners.get(nth).filter(|_| opens).map_or(nth, |partner| *partner) + 1
    }

    /// The place of a token; the end of the text behind the last.
    pub(crate) fn span(&self, tok: usize) -> Span {
        step(1);
        self.spans.get(tok).copied().unwrap_or_else(|| self.end())
    }

    /// The text of a token.
    pub(crate) fn word(&self, tok: usize) -> &str {
        self.span(tok).slice(&self.text)
    }

    /// The text of a span.
    pub(crate) fn text(&self, span: Span) -> &str {
        span.slice(&self.text)
    }

    /// The text from a byte on.
    pub(crate) fn rest(&self, from: u32) -> &str {
        self.text.get(from as usize..).unwrap_or_default()
    }

    /// The bytes of some tokens; marks and ends at the edges do not count.
    pub(crate) fn bytes(&self, toks: SimpleSpan<usize>) -> Span {
        let Some(first) = self.spans.get(toks.start) else { return self.end() };
        match self.spans.get(toks.end.wrapping_sub(1)) {
            Some(last) if toks.end > toks.start => Span::new(first.start, last.end),
            _ => Span::empty(first.start),
        }
    }

    fn end(&self) -> Span {
        self.spans.last().map_or(Span::empty(0), |span| Span::empty(span.end))
    }

    /// The text of some tokens.
    pub(crate) fn slice(&self, toks: SimpleSpan<usize>) -> &str {
        self.bytes(toks).slice(&self.text)
    }

    /// A word or a text as a name.
    pub(crate) fn name(&self, toks: SimpleSpan<usize>) -> Name {
        let span = self.bytes(toks);
        let text = span.slice(&self.text);
        let is_text = text.starts_with(['"', '\'', '`', '“', '”', '„']);
        let text = if is_text { unescape(unquoted(text).0) } else { SmolStr::new(text) };
        Name { text, span }
    }

    /// The documentation of the statement whose mark is token `mark`, without the comment signs.
    pub(crate) fn doc(&self, mark: usize) -> Option<SmolStr> {
        let nth = self.docs.binary_search_by_key(&mark, |doc| doc.0 as usize).ok()?;
        let lines = self.docs[nth].1.slice(&self.text).lines().filter_map(|line| {
            let line = line.trim().strip_prefix("##")?;
            Some(line.strip_prefix(' ').unwrap_or(line))
        });
        Some(lines.collect::<Vec<_>>().join("\n").into())
    }
}

/// What stands between the quotes of a text token, and whether it is a `"""` text. The closing quotes may be missing.
pub(crate) fn unquoted(text: &str) -> (&str, bool) {
    if let Some(rest) = text.strip_prefix("\"\"\"") {
        return (rest.strip_suffix("\"\"\"").unwrap_or(rest), true);
    }
    let rest = text.strip_prefix(['"', '\'', '`', '“', '”', '„']).unwrap_or(text);
    (rest.strip_suffix(['"', '\'', '`', '“', '”']).unwrap_or(rest), false)
}

impl Source {
    /// What stands between the quotes, `${` and `}` of a text's pieces, and whether it is a `"""` text.
    pub(crate) fn pieces(&self, spans: &[Span]) -> (Vec<&str>, bool) {
        let block = spans.first().is_some_and(|span| span.slice(&self.text).starts_with("\"\"\""));
        let quotes = if block { "\"\"\"" } else { "\"" };
        let last = spans.len() - 1;
        let piece = |(nth, span): (usize, &Span)| {
            let text = span.slice(&self.text);
            let open = if nth == 0 { quotes } else { "}" };
            let close = if nth == last { quotes } else { "${" };
            let text = text.strip_prefix(open).unwrap_or(text);
            text.strip_suffix(close).unwrap_or(text)
        };
        (spans.iter().enumerate().map(piece).collect(), block)
    }
}
