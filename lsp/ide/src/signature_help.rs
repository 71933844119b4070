//! The parameters of the call that a place is in.

use driver::Session;
use names::{defined, word};
use syntax::TokenKind as K;
use types::Builtin;

use crate::FilePosition;

/// A call's parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureHelp {
    /// All of it: `chart(name: a text, repo: …)`.
    pub label: String,
    /// Where each parameter stands in the label, in bytes.
    pub parameters: Vec<(u32, u32)>,
    /// Which of them the place is in.
    pub active: usize,
    /// What the function says of itself.
    pub doc: Option<String>,
}

/// The parameters of the innermost call around a place.
pub fn signature_help(session: &Session, at: &FilePosition) -> Option<SignatureHelp> {
    let text = session.text(&at.file)?;
    let (name, active, named) = call_around(text, at.offset)?;
    let db = session.db();
    let is = defined(db, word(db, &name));
    let (parameters, doc, result) = if let Some(item) = is.function.as_ref().or(is.template.as_ref()) {
        let signature = types::signature(db, item)?;
        let all = signature.parameters.iter().map(|one| {
            let optional = if one.optional { "?" } else { "" };
            (one.name.to_string(), format!("{}{optional}: {}", one.name, one.ty))
        });
        let statement = &names::parsed(db, names::find(db, item)?).statement;
        (
            all.collect::<Vec<_>>(),
            statement.doc.as_ref().map(ToString::to_string),
            Some(signature.result.to_string()),
        )
    } else {
        let (_, parameters) = Builtin::named(&name)?;
        (parameters.iter().map(|one| ((*one).to_owned(), (*one).to_owned())).collect(), None, None)
    };
    let mut label = format!("{name}(");
    let mut spans = Vec::new();
    for (at, (_, shown)) in parameters.iter().enumerate() {
        if at > 0 {
            label.push_str(", ");
        }
        let start = u32::try_from(label.len()).unwrap_or(0);
        label.push_str(shown);
        spans.push((start, u32::try_from(label.len()).unwrap_or(0)));
    }
    label.push(')');
    if let Some(result) = result {
        label.push_str(" -> ");
        label.push_str(&result);
    }
    let by_name = named.and_then(|named| parameters.iter().position(|(name, _)| *name == named));
    Some(SignatureHelp { label, parameters: spans, active: by_name.unwrap_or(active), doc })
}

/// The function called around a byte, which argument that is in, and the name that the argument says.
fn call_around(text: &str, offset: u32) -> Option<(String, usize, Option<String>)> {
    let mut open: Vec<(Option<String>, usize, Option<String>)> = Vec::new();
    let mut start = 0;
    let mut last = String::new();
    for token in syntax::tokens(text) {
        if start >= offset {
            break;
        }
        let word = &text[start as usize..(start + token.len) as usize];
        start += token.len;
        match token.kind {
            K::Space | K::Newline | K::Comment | K::DocComment => continue,
            // A text that is open at the place is no end of a call.
            kind if kind.opens() => {
                let callee = (kind == K::LeftParen && is_word(&last)).then(|| last.clone());
                open.push((callee, 0, None));
            }
            kind if kind.closes() => {
                open.pop();
            }
            K::Comma => {
                if let Some((_, at, named)) = open.last_mut() {
                    *at += 1;
                    *named = None;
                }
            }
            K::Assign => {
                if let Some((_, _, named)) = open.last_mut() {
                    *named = is_word(&last).then(|| last.clone());
                }
            }
            _ => {}
        }
        word.clone_into(&mut last);
    }
    open.into_iter().rev().find_map(|(callee, at, named)| Some((callee?, at, named)))
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}
