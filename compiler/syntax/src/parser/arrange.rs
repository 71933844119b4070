//! Tokens with their layout: line ends and separators become [`Tok::End`], and each statement gets a mark of its form.
//!
//! A statement's form follows from its first tokens, whatever they mean; so the grammar never has to try one form
//! after the other, and a mistake in a statement is a mistake in a statement of a known form.
//!
//! Commas that are missing between values are added and reported here, and what is nested too deeply is found.

use source::Span;

use super::depth::Depth;
use super::raw::Input;
use super::tok::Tok;
use crate::layout::{Assigns, goes_on};
use crate::lexer::starts_declaration;
use crate::token::TokenKind as K;

/// What the grammar reads, with the place of each token.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arranged {
    pub(crate) toks: Vec<Tok>,
    pub(crate) spans: Vec<Span>,
    /// The marks of documented statements, with the bytes of the documentation.
    pub(crate) docs: Vec<(u32, Span)>,
    /// Where commas are missing, with the token before which they are.
    pub(crate) commas: Vec<(Span, Span)>,
    /// The `{` that stand on the line below what they belong to, each with what is between.
    pub(crate) low_braces: Vec<(Span, Span)>,
    /// What is nested too deeply, so that the grammar must not see it.
    pub(crate) too_deep: Option<Span>,
}

/// Arranges the tokens of `input`, whose brackets are balanced.
pub(crate) fn arrange(input: &Input<'_>) -> Arranged {
    let len = input.tokens.len();
    let out = Arranged {
        toks: Vec::with_capacity(len + len / 3 + 4),
        spans: Vec::with_capacity(len + len / 3 + 4),
        ..Arranged::default()
    };
    let mut arranger = Arranger {
        input,
        out,
        frames: Vec::new(),
        now: Running { form: Tok::End, has_value: false, is_head: false, lets: 0 },
        swallowed: false,
        depth: Depth::default(),
        at_start: true,
        docs: 0,
    };
    for nth in 0..len {
        arranger.token(nth);
        if arranger.depth.is_too_deep() {
            arranger.out.too_deep = Some(input.tokens[nth].span);
            return arranger.out;
        }
    }
    arranger.end(input.tokens.last().map_or(0, |token| token.span.end));
    arranger.out
}

struct Arranger<'i, 'a> {
    input: &'i Input<'a>,
    out: Arranged,
    /// The open brackets, each with the statement that it stands in.
    frames: Vec<(K, Running)>,
    now: Running,
    /// Whether a text without end has swallowed what may have been statements.
    swallowed: bool,
    depth: Depth,
    /// Whether a statement may start here.
    at_start: bool,
    /// How many pieces of documentation have been passed.
    docs: usize,
}

/// The statement that is being read.
#[derive(Clone, Copy)]
struct Running {
    form: Tok,
    /// Whether its value has begun.
    has_value: bool,
    /// Whether this is a declaration's head, in which `in` says what it is in.
    is_head: bool,
    /// How many `let … =` wait for their `=>`.
    lets: usize,
}

impl Arranger<'_, '_> {
    fn token(&mut self, nth: usize) {
        let token = self.input.tokens[nth];
        let kind = token.kind;
        let frame = self.frames.last().map_or(K::LeftBrace, |frame| frame.0);
        let in_statements = frame == K::LeftBrace;
        if in_statements && !self.at_start && self.separates(nth) {
            let before = self.input.tokens[nth - 1].span.end;
            if self.is_low_brace(nth) {
                self.out.low_braces.push((Span::new(before, token.span.start), token.span));
            } else {
                self.end(before);
            }
        }
        if in_statements && self.is_separator(nth) {
            self.end(token.span.start);
            return;
        }
        let tok = self.tok(nth);
        if in_statements && !self.at_start && self.lacks_separator(nth, tok) {
            let at = self.input.tokens[nth - 1].span.end;
            self.out.commas.push((Span::empty(at), token.span));
            self.end(at);
        }
        if kind.closes() {
            if in_statements {
                self.end(token.span.start);
            }
            if let Some((_, around)) = self.frames.pop() {
                self.now = around;
            }
            self.at_start = false;
        } else if in_statements && self.at_start {
            self.mark(nth);
        } else if matches!(frame, K::LeftParen | K::LeftBracket) && self.lacks_comma(tok, token.line_start) {
            let at = Span::empty(self.input.tokens[nth - 1].span.end);
            self.out.commas.push((at, token.span));
            self.push(Tok::Comma, at);
        }
        if kind.opens() {
            self.frames.push((kind, self.now));
            self.at_start = kind == K::LeftBrace;
        }
        // What a `for` gives stands behind its arrow.
        let is_for = self.now.form == Tok::MarkFor;
        let is_bound = self.now.form != Tok::MarkLet && matches!(self.out.toks.as_slice(), [.., Tok::Let, _]);
        let sets = matches!(tok, Tok::Assign | Tok::Append) && !is_bound;
        let begins_value = sets || (is_for && tok == Tok::FatArrow);
        self.now.has_value |= in_statements && begins_value;
        let is_of_let = is_bound || (tok == Tok::FatArrow && self.now.lets > 0);
        if in_statements && is_of_let {
            self.now.lets = if is_bound { self.now.lets + 1 } else { self.now.lets - 1 };
        }
        self.now.is_head &= !(in_statements && ends_head(tok) && !is_of_let);
        // A text that ends with its quote, though what stands in it does not end, has swallowed nothing.
        let is_open = !(kind == K::TextEndUnclosed && token.span.slice(self.input.text) == "\"");
        self.swallowed |= is_open && matches!(kind, K::TextUnclosed | K::TextEndUnclosed | K::NixUnclosed);
        self.push(tok, token.span);
    }

    /// Whether a statement has ended with the last token, although nothing separates it from the one that token `nth`
    /// begins on the same line.
    fn lacks_separator(&self, nth: usize, tok: Tok) -> bool {
        let Some(last) = self.out.toks.last() else { return false };
        let ends = (self.now.has_value && (last.is_value() || last.closes())) || *last == Tok::RightBrace;
        let rest = &self.input.text.as_bytes()[self.input.tokens[nth].span.start as usize..];
        ends && self.now.form != Tok::MarkFor && tok.is_word() && starts_declaration(rest)
    }

    /// Whether the last token ends a value and `tok` starts another.
    fn lacks_comma(&self, tok: Tok, line_start: bool) -> bool {
        let Some(last) = self.out.toks.last() else { return false };
        let starts = match tok {
            Tok::LeftBrace => *last == Tok::RightBrace && !self.is_in_match(),
            Tok::LeftBracket | Tok::LeftParen => line_start,
            tok => tok == Tok::TextStart || tok.is_value(),
        };
        starts && (last.is_value() || last.closes()) && !self.is_in_for()
    }

    /// Whether a `match` of this element waits for its arms.
    fn is_in_match(&self) -> bool {
        let mut depth = 0;
        let start = self.out.toks.iter().rposition(|tok| {
            depth += i32::from(tok.closes()) - i32::from(tok.opens());
            depth < 0 || (depth == 0 && *tok == Tok::Comma)
        });
        let (mut depth, mut waiting) = (0, 0);
        let mut before = Tok::Comma;
        for tok in &self.out.toks[start.map_or(0, |start| start + 1)..] {
            if depth == 0 {
                let is_arms = *tok == Tok::LeftBrace && (before.is_value() || before.closes());
                waiting += i32::from(*tok == Tok::Match) - i32::from(is_arms);
            }
            depth += i32::from(tok.opens()) - i32::from(tok.closes());
            before = *tok;
        }
        waiting > 0
    }

    /// Whether the last tokens are of a `for …` before its `=>`.
    fn is_in_for(&self) -> bool {
        let ends = |tok: &Tok| *tok == Tok::FatArrow || tok.opens() || *tok == Tok::Comma;
        let last = self.out.toks.iter().rev().take(6).find(|tok| **tok == Tok::For || ends(tok));
        last == Some(&Tok::For)
    }

    fn tok(&self, nth: usize) -> Tok {
        match self.input.kind(nth) {
            K::Word if matches!(self.out.toks.last(), Some(Tok::Dot | Tok::QuestionDot)) => Tok::Ident,
            K::Word => match Tok::of_word(self.input.word(nth)) {
                Tok::In if self.is_in_head() => Tok::Within,
                tok => tok,
            },
            kind => Tok::of(kind),
        }
    }

    /// Whether the next token stands in a head, in no brackets, and an `in` there is none of a `for`.
    fn is_in_head(&self) -> bool {
        let is_statement = self.frames.last().is_none_or(|frame| frame.0 == K::LeftBrace);
        let follows_for = match self.out.toks.as_slice() {
            [.., Tok::For, first, Tok::Comma, second] => first.is_word() && second.is_word(),
            [.., before, Tok::For, variable] => !before.is_mark() && variable.is_word(),
            _ => false,
        };
        is_statement && self.now.is_head && !self.at_start && !follows_for
    }

    fn push(&mut self, tok: Tok, span: Span) {
        self.depth.token(tok);
        self.out.toks.push(tok);
        self.out.spans.push(span);
    }

    /// Ends a statement, unless none has begun.
    fn end(&mut self, at: u32) {
        if self.at_start {
            return;
        }
        let is_arm = self.now.form == Tok::MarkDeclare && !self.now.has_value;
        self.push(Tok::End, Span::empty(at));
        self.at_start = true;
        if std::mem::take(&mut self.swallowed) && !is_arm {
            self.push(Tok::MarkLost, Span::empty(at));
            self.push(Tok::End, Span::empty(at));
        }
    }

    /// Whether the line end before token `nth` ends a statement.
    fn separates(&self, nth: usize) -> bool {
        let token = self.input.tokens[nth];
        if !token.line_start || nth == 0 {
            return false;
        }
        // A statement has one value.
        if self.now.has_value && matches!(token.kind, K::Assign | K::Append) {
            return true;
        }
        let before = self.input.kind(nth - 1);
        if self.now.form == Tok::MarkFor && !self.now.has_value {
            return false;
        }
        let is_member = nth > 1 && matches!(self.input.kind(nth - 2), K::Dot | K::QuestionDot);
        let word = if is_member { "" } else { self.input.word(nth - 1) };
        !goes_on(before, word, token.kind, &self.input.text[token.span.start as usize..])
    }

    /// Whether token `nth` is a `,` or `;` between statements; the comma of `for key, value in` is not.
    fn is_separator(&self, nth: usize) -> bool {
        match self.input.kind(nth) {
            K::Semicolon => true,
            K::Comma => {
                let follows_for =
                    nth > 1 && self.input.kind(nth - 2) == K::Word && self.input.word(nth - 2) == "for";
                !(self.is_in_generic(nth) || follows_for && self.input.kind(nth - 1) == K::Word)
            }
            _ => false,
        }
    }

    /// Whether the comma that is token `nth` stands between two types: `map<string, int>`.
    fn is_in_generic(&self, nth: usize) -> bool {
        let is_path = |at: &usize| matches!(self.input.kind(*at), K::Word | K::Dot);
        let less = (0..nth).rev().find(|at| !is_path(at));
        less.is_some_and(|less| {
            less > 0
                && self.input.kind(less) == K::Less
                && matches!(self.input.word(less - 1), "list" | "map" | "secret")
        })
    }

    /// Marks the statement that starts with token `nth`.
    fn mark(&mut self, nth: usize) {
        let docs = &self.input.docs[self.docs..];
        let passed = docs.iter().take_while(|doc| doc.token as usize <= nth).count();
        if passed > 0 && docs[passed - 1].token as usize == nth {
            let mark = u32::try_from(self.out.toks.len()).unwrap_or(u32::MAX);
            self.out.docs.push((mark, docs[passed - 1].span));
        }
        self.docs += passed;
        let start = self.input.tokens[nth].span.start;
        let form = match (form(self.input, nth), self.input.word(nth)) {
            _ if self.is_bare(nth) => Tok::MarkBare,
            (Tok::MarkColon, _) if self.frames.is_empty() && self.is_constant(nth) => Tok::MarkConstant,
            // What these words begin only at the top, and in braces may be a name.
            (Tok::MarkRecord, "check") if self.frames.is_empty() => Tok::MarkCheck,
            (Tok::MarkDeclare, "check") if self.frames.is_empty() && self.has_message(nth + 1) => {
                Tok::MarkCheck
            }
            (Tok::MarkRecord | Tok::MarkDeclare, "import") if self.frames.is_empty() => Tok::MarkImport,
            (form, _) => form,
        };
        self.push(form, Span::empty(start));
        // What must hold is no declaration, though it may begin like one.
        let is_condition = self.frames.last().is_some_and(|(_, around)| around.form == Tok::MarkCheck);
        let is_head = matches!(form, Tok::MarkDeclare | Tok::MarkColon) && !is_condition;
        self.now = Running { form, has_value: false, is_head, lets: 0 };
        self.at_start = false;
    }
}

impl Arranger<'_, '_> {
    /// Whether token `nth` is a `{` at a line's start that must be meant for the head on the line above.
    fn is_low_brace(&self, nth: usize) -> bool {
        let has_body = self.input.kind(nth - 1) == K::RightBrace;
        self.input.kind(nth) == K::LeftBrace && !has_body && self.now.form.is_mark() && !self.now.has_value
    }

    /// Whether token `nth` is a text, or what else stands between the `check` and the `{` of a check.
    fn has_message(&self, nth: usize) -> bool {
        self.input.kind(nth) == K::Text
            || (self.input.kind(nth).ends_value() && self.input.kind(nth + 1) == K::LeftBrace)
    }

    /// Whether the item that starts with token `nth`, a word before a colon, sets that to a value.
    fn is_constant(&self, nth: usize) -> bool {
        let kind = |at| self.input.kind(at);
        if kind(nth) != K::Word || kind(nth + 1) != K::Colon || kind(nth + 2) == K::Assign {
            return false;
        }
        let mut assigns = Assigns::default();
        self.input.tokens[nth..].iter().for_each(|token| assigns.push(token.kind));
        assigns.found()
    }

    /// Whether the statement that starts with token `nth` is a name and nothing else.
    fn is_bare(&self, nth: usize) -> bool {
        let next = nth + path_len(self.input, nth);
        let ends = || match self.input.kind(next) {
            K::Newline | K::Comma | K::Semicolon => true,
            K::LeftBrace => false,
            kind => kind.closes() || self.separates(next),
        };
        next > nth && ends()
    }
}

/// Whether what stands behind `tok` is none of a declaration's head.
fn ends_head(tok: Tok) -> bool {
    matches!(tok, Tok::Assign | Tok::Append | Tok::FatArrow)
}

/// The form of the statement that starts with token `nth`.
fn form(input: &Input<'_>, nth: usize) -> Tok {
    let first = input.word(nth);
    let next = nth + path_len(input, nth);
    let behind = nth + keyed_path_len(input, nth);
    match input.kind(behind) {
        K::Assign | K::Append if behind > next => return Tok::MarkSet,
        K::LeftBrace if behind > next => return Tok::MarkRecord,
        _ if next == nth => return Tok::MarkDeclare,
        _ => {}
    }
    match input.kind(next) {
        K::Assign | K::Append => Tok::MarkSet,
        K::LeftBrace if first == "make" && next == nth + 1 => Tok::MarkMake,
        K::LeftBrace => Tok::MarkRecord,
        K::Colon => Tok::MarkColon,
        K::Word | K::Text | K::TextStart if next == nth + 1 => keyword_form(input, nth, first),
        _ => Tok::MarkDeclare,
    }
}

/// The form of the statement whose first tokens are the word `first` and a word or text.
fn keyword_form(input: &Input<'_>, nth: usize, first: &str) -> Tok {
    let is_word = input.kind(nth + 1) == K::Word;
    match (first, input.kind(nth + 2)) {
        ("for", _) if is_word && begins_braces(input, nth) => Tok::MarkFor,
        ("kind", K::LeftParen | K::LeftBrace | K::At) if is_word => Tok::MarkKind,
        ("template", K::LeftParen | K::Colon) if is_word => Tok::MarkTemplate,
        ("fn", K::LeftParen) if is_word => Tok::MarkFunction,
        ("type", K::Assign) if is_word => Tok::MarkAlias,
        ("let", K::Assign) if is_word => Tok::MarkLet,
        ("derived", K::Colon) if is_word => Tok::MarkDerived,
        ("check", K::LeftBrace) if !is_word => Tok::MarkCheck,
        ("check", _) if input.kind(nth + 1) == K::TextStart => Tok::MarkCheck,
        ("import", kind) if kind != K::Assign && kind != K::LeftBrace && input.word(nth + 1) != "in" => {
            Tok::MarkImport
        }
        _ => Tok::MarkDeclare,
    }
}

/// Whether nothing stands before token `nth` in its braces.
fn begins_braces(input: &Input<'_>, nth: usize) -> bool {
    let before =
        (0..nth).rev().map(|at| input.kind(at)).find(|kind| !matches!(kind, K::Comma | K::Semicolon));
    before == Some(K::LeftBrace)
}

/// As [`path_len`], where segments may be computed.
fn keyed_path_len(input: &Input<'_>, nth: usize) -> usize {
    let mut len = 0;
    loop {
        match input.kind(nth + len) {
            K::Word | K::Text => len += 1,
            K::TextStart => match text_len(input, nth + len) {
                Some(text) => len += text,
                None => return len,
            },
            _ => return len,
        }
        if input.kind(nth + len) != K::Dot {
            return len;
        }
        len += 1;
    }
}

/// How many tokens the text takes that token `nth` begins; nothing of one without end.
fn text_len(input: &Input<'_>, nth: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in input.tokens.get(nth..)?.iter().enumerate() {
        crate::steps::step(1);
        match token.kind {
            K::TextEndUnclosed | K::TextUnclosed => return None,
            kind if kind.opens() => depth += 1,
            kind if kind.closes() => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// How many tokens the dotted words take that start with token `nth`.
fn path_len(input: &Input<'_>, nth: usize) -> usize {
    let is_segment = |at| matches!(input.kind(at), K::Word | K::Text);
    if !is_segment(nth) {
        return 0;
    }
    let mut len = 1;
    while input.kind(nth + len) == K::Dot && is_segment(nth + len + 1) {
        len += 2;
    }
    len
}
