//! Whether the grammar reads the same in two texts.

use std::borrow::Cow;
use std::sync::Arc;

use source::ItemKey;

use super::comments::{any_in, trivia};
use super::{Item, Tokens};
use crate::cut::cut;
use crate::parser::{Arranged, Tok, arranged, in_order};

/// The items of which `new` does not say the same as `old`; nothing if it cannot be said which.
pub(super) fn different(old: &str, items: &[Item<'_>], new: &str) -> Option<Vec<usize>> {
    let key = ItemKey::new(Arc::from(""), Arc::from(""), 0);
    let mut cuts = cut(new).into_iter().map(|cut| &new[cut.range]).map(|text| (text, trivia(text)));
    let mut different = Vec::new();
    let mut comments = (Vec::new(), Vec::new());
    let mut next = |comments: &mut Vec<_>| {
        cuts.by_ref().find(|(_, trivia)| {
            comments.extend(trivia.comments.iter().map(|comment| comment.text));
            !trivia.empty
        })
    };
    for (nth, item) in items.iter().enumerate() {
        comments.0.extend(item.trivia.comments.iter().map(|comment| comment.text));
        if item.trivia.empty {
            continue;
        }
        let (text, _) = next(&mut comments.1)?;
        let own = &old[item.range.clone()];
        match &item.tokens {
            None if own.trim_end() == text.trim_end() => {}
            None => return None,
            Some(_) if own == text => {}
            Some(tokens) if is_same(&key, own, tokens, text) => {}
            Some(_) => different.push(nth),
        }
    }
    if next(&mut comments.1).is_some() {
        return None;
    }
    comments.0.sort_unstable();
    comments.1.sort_unstable();
    (comments.0 == comments.1 || !different.is_empty()).then_some(different)
}

fn is_same(key: &ItemKey, old: &str, tokens: &Tokens, new: &str) -> bool {
    let Some(mut other) = arranged(key, new) else { return false };
    if tokens.raw.is_empty() {
        let comments = trivia(new).comments;
        other = in_order(&other, |head| any_in(&comments, head));
    }
    let docs = |arranged: &Arranged, text: &str| -> Vec<String> {
        arranged.docs.iter().map(|doc| lines(doc.1.slice(text))).collect()
    };
    words(&tokens.arranged, old).eq(words(&other, new)) && docs(&tokens.arranged, old) == docs(&other, new)
}

/// What is documented and what the grammar reads, but for commas before a closing bracket.
fn words<'t>(arranged: &'t Arranged, text: &'t str) -> impl Iterator<Item = (Tok, bool, Cow<'t, str>)> + 't {
    let toks = arranged.toks.iter().enumerate();
    let closes = |nth: usize| {
        arranged.toks.get(nth).is_some_and(|tok| matches!(tok, Tok::RightBracket | Tok::RightParen))
    };
    let toks = toks.filter(move |(nth, tok)| **tok != Tok::Comma || !closes(nth + 1));
    toks.map(move |(nth, tok)| {
        let is_documented = arranged.docs.binary_search_by_key(&nth, |doc| doc.0 as usize).is_ok();
        let word = arranged.spans[nth].slice(text);
        // A name is as it is written; in a text, each of its lines ends with `\n`, however it is written.
        let is_name = *tok == Tok::Text && stands_for_name(&arranged.toks[..nth]);
        let is_as_written = is_name || !word.contains('\r');
        (*tok, is_documented, if is_as_written { word.into() } else { word.replace("\r\n", "\n").into() })
    })
}

/// Whether a text behind `before` is a name and no value.
fn stands_for_name(before: &[Tok]) -> bool {
    match before {
        // The message of a check.
        [.., Tok::MarkCheck, _] => false,
        [.., Tok::Ident | Tok::Dot | Tok::QuestionDot] => true,
        [.., mark, word] if word.is_word() => mark.is_mark(),
        [.., last] => last.is_mark(),
        [] => true,
    }
}

/// The lines of documentation, as far as they mean something.
fn lines(doc: &str) -> String {
    doc.lines().map(str::trim).collect::<Vec<_>>().join("\n")
}
