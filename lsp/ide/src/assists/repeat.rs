//! Makes one declaration with a `for` of several that differ in a number or a word only.

use names::{Item, parsed};
use source::Span;
use syntax::TokenKind as K;
use syntax::ast::{Body, Content, Declare, StatementKind};
use types::Symbol;

use super::extract_template::is_plain;
use super::{Assist, AssistSort, Selected, free_name};
use crate::FileEdit;
use crate::here::{items, range_in, text};
use crate::references::mentions;

pub(super) fn repeat(selected: &Selected<'_>) -> Option<Assist> {
    let db = selected.session.db();
    let own = One::of(selected, selected.here.item)?;
    if selected.end > own.body.span.start || own.item.key(db).is_std() {
        return None;
    }
    let all = alike(selected, &own);
    let [first, .., _] = all.as_slice() else { return None };
    let variable = free_name(selected, "n");
    let bodies: Vec<Vec<(K, &str)>> = all.iter().map(|one| words(one.inside)).collect();
    let body = joined(&bodies, &all, &variable)?;
    let keys: Vec<String> = all.iter().map(One::written_key).collect();
    let mut edits = vec![
        edit(selected, first, first.name, format!("{}[{variable}]", first.stem)),
        edit(selected, first, first.body.span, format!("for {variable} in [{}] {{{body}}}", keys.join(", "))),
    ];
    for (one, key) in all.iter().zip(&keys) {
        let symbol = Symbol::Item(one.item.key(db).clone());
        for (item, span) in mentions(selected.session, &symbol) {
            let is_inside = all.iter().any(|other| other.item == item);
            if is_inside || text(selected.session, item, span).contains('"') {
                return None;
            }
            let range = range_in(selected.session, item, span);
            edits.push(FileEdit::new(range, format!("{}[{key}]", one.stem)));
        }
    }
    for one in &all[1..] {
        let end = u32::try_from(one.item.text(db).len()).unwrap_or(u32::MAX);
        edits.push(edit(selected, one, Span::new(0, end), String::new()));
    }
    edits.sort();
    edits.dedup();
    Some(Assist {
        title: format!("make one of {} with a 'for'", keys.len()),
        sort: AssistSort::Extract,
        edits,
    })
}

/// A declaration that may be one of several.
struct One<'s> {
    item: Item<'s>,
    body: &'s Body,
    name: Span,
    /// The name without the key behind its last `-`.
    stem: &'s str,
    key: &'s str,
    /// What stands before the body, but for the name.
    head: [&'s str; 2],
    /// What stands in the body.
    inside: &'s str,
}

impl<'s> One<'s> {
    fn of(selected: &Selected<'s>, item: Item<'s>) -> Option<Self> {
        let db = selected.session.db();
        let StatementKind::Declare(declare) = &parsed(db, item).statement.kind else { return None };
        let declare: &'s Declare = declare;
        let (Content::Body(body), Some(name)) = (&declare.content, &declare.name) else { return None };
        let whole = item.text(db);
        let part = |start: u32, end: u32| whole.get(start as usize..end as usize);
        let (stem, key) = part(name.span.start, name.span.end)?.rsplit_once('-')?;
        let head = [part(0, name.span.start)?.trim_start(), part(name.span.end, body.span.start)?];
        let is_fit = is_plain(declare)
            && syntax::is_word(stem)
            && !key.is_empty()
            && parsed(db, item).problems.is_empty();
        let inside = part(body.span.start + 1, body.span.end - 1)?;
        is_fit.then_some(Self { item, body, name: name.span, stem, key, head, inside })
    }

    fn number(&self) -> Option<i128> {
        // A number is written as it is counted: no `01`.
        self.key.parse().ok().filter(|number: &i128| number.to_string() == self.key)
    }

    /// The key as a value.
    fn written_key(&self) -> String {
        self.number().map_or_else(|| format!("\"{}\"", self.key), |number| number.to_string())
    }
}

/// The declarations directly around one that are called like it and have the same head, in the order written.
fn alike<'s>(selected: &Selected<'s>, own: &One<'s>) -> Vec<One<'s>> {
    let db = selected.session.db();
    let all: Vec<Item<'s>> = items(selected.session, own.item.key(db).file()).collect();
    let Some(at) = all.iter().position(|item| *item == own.item) else { return Vec::new() };
    let is_number = own.number().is_some();
    let like = |item: &Item<'s>| {
        let one = One::of(selected, *item)?;
        let is_like = one.stem == own.stem && one.head == own.head && one.number().is_some() == is_number;
        is_like.then_some(one)
    };
    let mut found: Vec<One<'s>> = all[..at].iter().rev().map_while(like).collect();
    found.reverse();
    found.extend(all[at..].iter().map_while(like));
    found
}

/// The tokens of a text, with the blanks between.
fn words(text: &str) -> Vec<(K, &str)> {
    let mut start = 0;
    let word = |token: syntax::Token| {
        let end = start + token.len as usize;
        let word = (token.kind, &text[start..end]);
        start = end;
        word
    };
    syntax::tokens(text).map(word).collect()
}

/// One body for all: where they differ, what says so of each by its key. None where they differ otherwise.
fn joined(bodies: &[Vec<(K, &str)>], all: &[One<'_>], variable: &str) -> Option<String> {
    let first = bodies.first()?;
    if bodies.iter().any(|body| body.len() != first.len()) {
        return None;
    }
    let mut text = String::new();
    for (nth, (kind, word)) in first.iter().enumerate() {
        let at: Vec<&str> = bodies.iter().map(|body| body[nth].1).collect();
        if bodies.iter().any(|body| body[nth].0 != *kind) {
            return None;
        }
        if at.iter().all(|other| other == word) {
            text.push_str(word);
        } else {
            let said = by_key(*kind, &at, all, variable)?;
            // Beside another operator, a sum would be taken apart.
            if said.contains(" + ") && *kind != K::Text && !is_alone(first, nth) {
                return None;
            }
            text.push_str(&said);
        }
    }
    Some(text)
}

/// Whether a token is a value by itself: no operator is beside it.
fn is_alone(words: &[(K, &str)], nth: usize) -> bool {
    let is_word = |(kind, _): &&(K, &str)| *kind != K::Space;
    let before = words[..nth].iter().rev().find(is_word).map_or(K::Newline, |word| word.0);
    let behind = words[nth + 1..].iter().find(is_word).map_or(K::Newline, |word| word.0);
    let begins = matches!(before, K::Assign | K::Comma | K::LeftBracket | K::LeftParen | K::Newline);
    let ends = matches!(behind, K::Comma | K::RightBracket | K::RightParen | K::Newline | K::Comment);
    begins && ends
}

/// What comes to each of `words` where the variable is the key of each.
fn by_key(kind: K, words: &[&str], all: &[One<'_>], variable: &str) -> Option<String> {
    let pairs = || words.iter().zip(all);
    match kind {
        K::Int if pairs().all(|(word, one)| *word == one.key) => Some(variable.to_owned()),
        K::Int => offset(words, all, variable, |word| Some((String::new(), word.parse().ok()?))),
        K::Address => offset(words, all, variable, |word| {
            let (net, last) = word.rsplit_once('.')?;
            Some((format!("{net}."), last.parse().ok()?))
        }),
        K::Text => {
            let shared = |(word, one): (&&str, &One<'_>)| {
                let is_once = word.matches(one.key).count() == 1 && !word.starts_with("\"\"\"");
                is_once.then(|| word.replacen(one.key, &format!("${{{variable}}}"), 1))
            };
            let first = pairs().next().and_then(shared)?;
            pairs().all(|pair| shared(pair).as_ref() == Some(&first)).then_some(first)
        }
        _ => None,
    }
}

/// `10 + n`, where each of `words` ends in a number that is as much more than its key.
fn offset(
    words: &[&str],
    all: &[One<'_>],
    variable: &str,
    split: impl Fn(&str) -> Option<(String, i128)>,
) -> Option<String> {
    let apart = |(word, one): (&&str, &One<'_>)| {
        let (before, number) = split(word)?;
        let rest = number.checked_sub(one.number()?)?;
        (rest >= 0).then_some((before, rest))
    };
    let mut apart = words.iter().zip(all).map(apart);
    let (before, rest) = apart.next()??;
    apart
        .all(|other| other.as_ref() == Some(&(before.clone(), rest)))
        .then(|| format!("{before}{rest} + {variable}"))
}

fn edit(selected: &Selected<'_>, one: &One<'_>, span: Span, text: String) -> FileEdit {
    FileEdit::new(range_in(selected.session, one.item, span), text)
}
