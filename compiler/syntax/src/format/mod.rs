//! Text as everybody writes it.
//!
//! ```text
//! text ─ cut ─▶ items ─ arrange ─▶ tokens, marked ─ build ─▶ document ─ print ─▶ text ─ same? ─▶ text
//! ```
//!
//! Only what stands between tokens is changed, and the order of a head's clauses, so that nothing can get lost on the way; that the grammar reads the same
//! before and after is looked at in the end, and an item of which that is not so is left as it was. So is what cannot
//! be read: an item, or a statement in an item whose brackets balance. And so is a text that would come out differently
//! the next time.

mod build;
mod comments;
mod doc;
mod item;
mod print;
mod same;

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use diagnostics::Problem;
use source::ItemKey;

use crate::cut::cut;
use crate::parser::{Arranged, Tok, arranged, in_order, problems_and_arranged};
use crate::problems::unclosed_bracket::UNCLOSED_BRACKET;
use crate::steps::step;
use build::Builder;
use comments::{Comment, Trivia, blank_before, trivia};
use doc::{Doc, Entry, Lead, List, Separator};

pub use item::{FormattedItem, format_item, joined};

/// A text in its usual form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formatted {
    /// The text.
    pub text: String,
    /// What could not be read and has been left as it is: bytes of the text that was given, in order.
    pub unparsed: Vec<Range<usize>>,
}

/// Brings `text` into its usual form. The meaning stays, and so do all comments. What comes out is in its usual form:
/// formatted again it is the same, for nothing else is given out.
pub fn format(text: &str) -> Formatted {
    format_items(text, unknown(text))
}

/// As [`format()`], of a text whose items are known, and of each what is wrong with it, if that is known.
pub fn format_items<'p>(text: &str, known: impl Iterator<Item = Known<'p>>) -> Formatted {
    let items = items(text, known, &Read::new());
    // What is in none of them would be lost.
    if !is_all(items.iter().map(|item| &item.range), text.len()) {
        return format(text);
    }
    let Some((mut items, formatted)) = once(text, items) else { return left(text) };
    let read = items.iter().map(|item| (&text[item.range.clone()], item.tokens.clone())).collect();
    if is_settled(text, &formatted.text, &read) {
        return formatted;
    }
    // A statement that cannot be read may have been two on a line, and two that can be read on two lines: items with
    // such statements stay as they are.
    for item in &mut items {
        item.tokens.take_if(|tokens| !tokens.raw.is_empty());
    }
    match once(text, items) {
        Some((_, formatted)) if is_settled(text, &formatted.text, &read) => formatted,
        _ => left(text),
    }
}

/// `text` with its `items` in their usual form, and which of them are; nothing where that would change what it says.
fn once<'a>(text: &'a str, mut items: Vec<Item<'a>>) -> Option<(Vec<Item<'a>>, Formatted)> {
    for _ in 0..3 {
        let formatted = render(text, &items);
        if formatted.text == text {
            return Some((items, formatted));
        }
        let different = same::different(text, &items, &formatted.text)?;
        if different.is_empty() {
            return Some((items, formatted));
        }
        for nth in different {
            items[nth].tokens = None;
        }
    }
    None
}

/// Whether `text`, which was made of `old`, is in its usual form.
fn is_settled(old: &str, text: &str, read: &Read<'_>) -> bool {
    text == old || once(text, items(text, unknown(text), read)).is_some_and(|(_, again)| again.text == text)
}

/// `text` as it is, to the last byte: so it is the same the next time.
fn left(text: &str) -> Formatted {
    Formatted { text: text.to_owned(), unparsed: std::iter::once(0..text.len()).collect() }
}

/// An item of a file.
struct Item<'a> {
    range: Range<usize>,
    trivia: Trivia<'a>,
    /// What the grammar reads; nothing if it cannot be read.
    tokens: Option<Rc<Tokens>>,
}

/// What has been read of items, by their texts: most are in their usual form and are read again when it is looked at
/// whether a text is.
type Read<'a> = BTreeMap<&'a str, Option<Rc<Tokens>>>;

/// The tokens of an item.
struct Tokens {
    arranged: Arranged,
    /// The tokens, from the mark to the end, of statements that cannot be read.
    raw: Vec<Range<usize>>,
}

/// The bytes of an item, and what is wrong with it, if that is known.
type Known<'p> = (Range<usize>, Option<&'p [Problem]>);

/// The items of a text of which nothing is known.
fn unknown(text: &str) -> impl Iterator<Item = Known<'static>> {
    cut(text).into_iter().map(|cut| (cut.range, None))
}

/// Whether `ranges` are all bytes of a text, in order.
fn is_all<'r>(ranges: impl Iterator<Item = &'r Range<usize>>, len: usize) -> bool {
    let end = ranges.into_iter().try_fold(0, |end, range| (range.start == end).then_some(range.end));
    end == Some(len)
}

fn items<'a, 'p>(text: &'a str, known: impl Iterator<Item = Known<'p>>, read: &Read<'_>) -> Vec<Item<'a>> {
    let key = ItemKey::new(Arc::from(""), Arc::from(""), 0);
    let item = |(range, problems): Known<'_>| {
        let own = &text[range.clone()];
        let trivia = trivia(own);
        let new = || {
            if trivia.wrong_comment {
                return None;
            }
            if let Some(problems) = problems {
                return tokens(own, &trivia.comments, problems, arranged(&key, own)?).map(Rc::new);
            }
            let (problems, arranged) = problems_and_arranged(&key, own);
            tokens(own, &trivia.comments, &problems, arranged?).map(Rc::new)
        };
        let tokens = read.get(own).cloned().unwrap_or_else(new);
        Item { range, trivia, tokens }
    };
    known.map(item).collect()
}

/// The tokens of an item with these problems; nothing if it cannot be read.
fn tokens(
    text: &str,
    comments: &[Comment<'_>],
    problems: &[Problem],
    mut arranged: Arranged,
) -> Option<Tokens> {
    // Which bracket is missing follows from how the lines are indented: the item stays as it is.
    if problems.iter().any(|problem| problem.rule.name == UNCLOSED_BRACKET.name) {
        return None;
    }
    let mut raw = Vec::new();
    for problem in problems {
        let found = innermost(&arranged, problem.place.span.start)?;
        raw.push(with_neighbours(&arranged, text, found));
    }
    raw.sort_by_key(|raw| raw.start);
    let mut outer: Vec<Range<usize>> = Vec::new();
    for raw in raw {
        match outer.last_mut() {
            Some(last) if raw.start < last.end => last.end = last.end.max(raw.end),
            _ => outer.push(raw),
        }
    }
    if outer.is_empty() {
        arranged = in_order(&arranged, |head| comments::any_in(comments, head));
    }
    Some(Tokens { arranged, raw: outer })
}

/// The statements that stand on a line with one, with nothing that separates them. To put them on lines of their own
/// would be to mend them.
fn with_neighbours(arranged: &Arranged, text: &str, found: Range<usize>) -> Range<usize> {
    let is_separated = |end: usize, start: usize| {
        let gap = arranged.spans[end - 1].end as usize..arranged.spans[start].start as usize;
        text.get(gap).is_none_or(|gap| gap.contains(['\n', ',', ';']))
    };
    let Range { mut start, mut end } = found;
    while let Some(next) = statement_at(arranged, end + 1).filter(|next| !is_separated(end, next.start)) {
        end = next.end;
    }
    while let Some(before) =
        statement_before(arranged, start).filter(|before| !is_separated(before.end, start))
    {
        start = before.start;
    }
    start..end
}

/// The statement that begins with token `start`, without its end.
fn statement_at(arranged: &Arranged, start: usize) -> Option<Range<usize>> {
    arranged.toks.get(start).filter(|tok| tok.is_mark())?;
    let mut open = 0;
    let end = arranged.toks[start..].iter().position(|tok| {
        step(1);
        open += i32::from(tok.is_mark()) - i32::from(*tok == Tok::End);
        open == 0
    });
    Some(start..start + end?)
}

/// The statement whose end is the token before `start`.
fn statement_before(arranged: &Arranged, start: usize) -> Option<Range<usize>> {
    let end = start.checked_sub(1).filter(|end| arranged.toks[*end] == Tok::End)?;
    let mut open = 0;
    let first = arranged.toks[..=end].iter().rposition(|tok| {
        step(1);
        open += i32::from(*tok == Tok::End) - i32::from(tok.is_mark());
        open == 0
    });
    Some(first?..end)
}

/// The tokens of the innermost statement around byte `at`; nothing if that is the item.
fn innermost(arranged: &Arranged, at: u32) -> Option<Range<usize>> {
    let mut open = Vec::new();
    let mut found: Option<Range<usize>> = None;
    step(arranged.toks.len());
    for (nth, tok) in arranged.toks.iter().enumerate() {
        if tok.is_mark() {
            open.push(nth);
        } else if *tok == Tok::End
            && let Some(start) = open.pop()
            && arranged.spans[start].start <= at
            && at <= arranged.spans[nth].end
            && found.is_none()
        {
            found = Some(start..nth);
        }
    }
    found.filter(|found| found.start > 0)
}

/// Prints what can be read, and the rest as it is.
fn render(text: &str, items: &[Item<'_>]) -> Formatted {
    let mut unparsed = Vec::new();
    let list = document(text, items, &mut unparsed);
    loop {
        let printed = print::print(&list);
        if !printed.again {
            return Formatted { text: printed.text, unparsed };
        }
    }
}

/// The items of a file as a document.
fn document<'a>(text: &'a str, items: &[Item<'a>], unparsed: &mut Vec<Range<usize>>) -> List<'a> {
    let mut entries: Vec<Entry<'a>> = Vec::new();
    let mut lead: Vec<Lead<'a>> = Vec::new();
    let mut glued = false;
    let mut item_before = None;
    for item in items {
        let built = build(text, item, unparsed);
        let is_raw = built.is_none();
        let (entry, rest) = built.unwrap_or_else(|| {
            unparsed.push(item.range.clone());
            let separator = item_before.and_then(|before: &Item<'a>| before.trivia.separator);
            if let (Some(separator), Some(before), true) =
                (separator, entries.last_mut(), lead.is_empty() && !glued)
            {
                keep_separator(before, separator);
            }
            let blank = blank_before(text, item.range.start);
            (Some(Entry { blank, ..Entry::new(Doc::Raw(&text[item.range.clone()])) }), Vec::new())
        });
        if let Some(mut entry) = entry {
            lead.append(&mut entry.lead);
            entries.push(Entry { lead: std::mem::take(&mut lead), glued, ..entry });
        }
        lead.extend(rest);
        glued = is_raw;
        item_before = Some(item);
    }
    List { entries, separator: Separator::Statements, rest: lead }
}

/// Puts `separator` behind an entry, for what follows may go on with it where it is not separated.
fn keep_separator<'a>(entry: &mut Entry<'a>, separator: &'a str) {
    let doc = std::mem::replace(&mut entry.doc, Doc::Nothing);
    entry.doc = Doc::Concat(vec![doc, Doc::Text(separator)]);
}

/// An item as a document, and the comments behind it; nothing if it cannot be read.
fn build<'a>(
    text: &'a str,
    item: &Item<'a>,
    unparsed: &mut Vec<Range<usize>>,
) -> Option<(Option<Entry<'a>>, Vec<Lead<'a>>)> {
    let tokens = item.tokens.as_ref()?;
    let place = |nth: usize| tokens.arranged.spans[nth];
    let builder = Builder::new(text, item.range.clone(), tokens, &item.trivia.comments);
    let built = builder.item()?;
    unparsed.extend(tokens.raw.iter().map(|raw| {
        let at = |byte: u32| item.range.start + byte as usize;
        at(place(raw.start).start)..at(place(raw.end - 1).end)
    }));
    Some(built)
}
