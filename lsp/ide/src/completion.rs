//! What could stand at a place, the likeliest first.

mod around;

use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use driver::{ItemAt, Session};
use source::ItemKey;
use syntax::TokenKind as K;
use syntax::ast::{Statement, StatementKind};
use types::{Asked, AskedPlace, CURSOR, Candidate, CandidateSort, Fits, Symbol, Ty};

use crate::completion::around::keep_around;
use crate::data_paths::path_candidates;
use crate::here::Here;
use crate::hover::described;
use crate::kubernetes_fields::kubernetes_fields;
use crate::raw_keys::raw_keys;
use crate::{FileEdit, FilePosition, FileRange};

/// Something that could stand at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What it is called.
    pub label: String,
    /// What sort of thing it is.
    pub sort: CandidateSort,
    /// Its type in words.
    pub detail: Option<String>,
    /// What is put in the place of what is typed already; `$0`, `${1:…}` as snippets have them.
    pub edit: FileEdit,
    /// Whether the text of the edit is a snippet.
    pub is_snippet: bool,
    /// What it refers to, for [`documentation`].
    pub symbol: Option<Symbol>,
    /// Whether it is going away.
    pub deprecated: bool,
}

/// What could stand at a place, the likeliest first.
pub fn completion(session: &Session, at: &FilePosition) -> Vec<Completion> {
    let Some(text) = session.text(&at.file) else { return Vec::new() };
    let offset = (at.offset as usize).min(text.len());
    if !text.is_char_boundary(offset) || is_in_comment(session, at) {
        return Vec::new();
    }
    if let Some((names, range)) = path_candidates(session, at) {
        return names.into_iter().map(|name| path_completed(name, &range)).collect();
    }
    let typed = typed(&text[..offset]);
    let range = FileRange {
        file: at.file.clone(),
        start: u32::try_from(offset - typed.len()).unwrap_or(0),
        end: at.offset,
    };
    let asked = asked(session, &at.file, text, offset);
    let mut found = match asked {
        Some((asked, is_at_top)) => candidates(session, asked, is_at_top),
        None => top_level(session),
    };
    found.retain(|candidate| types::is_meant(typed, &candidate.name));
    found.sort_by_cached_key(|candidate| (rank(candidate, typed), candidate.name.clone()));
    found.dedup_by(|a, b| a.name == b.name && a.sort == b.sort);
    found.into_iter().map(|candidate| completed(session, candidate, &range)).collect()
}

/// The name of a file or folder, in a path.
fn path_completed(name: String, range: &FileRange) -> Completion {
    Completion {
        label: name.clone(),
        sort: CandidateSort::File,
        detail: None,
        edit: FileEdit { range: range.clone(), text: name },
        is_snippet: false,
        symbol: None,
        deprecated: false,
    }
}

/// What is said of something that could stand at a place.
pub fn documentation(session: &Session, symbol: &Symbol) -> String {
    described(session, symbol)
}

/// The word that ends where the cursor is.
fn typed(before: &str) -> &str {
    let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let start = before.char_indices().rev().take_while(|(_, c)| is_of_word(*c)).last().map(|(at, _)| at);
    let word = start.map_or("", |start| &before[start..]);
    // Behind a number stands a unit.
    let digits = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    if digits > 0 { &word[digits..] } else { word }
}

/// Whether the cursor stands in a comment, or at its end.
fn is_in_comment(session: &Session, at: &FilePosition) -> bool {
    let Some(here) = Here::at(session, at) else { return false };
    let mut end = 0;
    let mut tokens = syntax::tokens(here.item.text(session.db()));
    let around = tokens.find(|token| {
        end += token.len;
        end >= here.offset
    });
    let is_comment = |token: syntax::Token| matches!(token.kind, K::Comment | K::DocComment);
    here.offset > 0 && around.is_some_and(is_comment)
}

/// What is asked for where the cursor is, and whether that begins a statement. The text is read with a word where the
/// cursor is; where that makes nothing that could be read, with one that is set to something.
fn asked(session: &Session, name: &str, text: &str, offset: usize) -> Option<(Asked, bool)> {
    for (sign, is_statement) in [("", false), (" = none", true), (" => none", false)] {
        let marked = format!("{}{CURSOR}{sign}{}", &text[..offset], rest_of_word(&text[offset..]));
        let (key, range) = item_around(session, name, &marked, offset)?;
        let cursor = u32::try_from(offset - range.start).unwrap_or_default();
        let mut parsed = syntax::parse(&key, &marked[range]);
        let mut fields = kubernetes_fields(&parsed.statement);
        if fields.is_empty() {
            fields = raw_keys(session, &parsed.statement);
        }
        if !fields.is_empty() {
            let place = AskedPlace::Field("pod".into());
            return Some((Asked { place, candidates: fields }, false));
        }
        keep_around(&mut parsed.statement, cursor);
        if let Some(asked) = asked_in(session, &key, &parsed.statement) {
            return Some((asked, is_statement));
        }
    }
    None
}

/// The item of `text` that byte `offset` is in, and its bytes. In most, no head is typed and the others are as they were.
fn item_around(session: &Session, file: &str, text: &str, offset: usize) -> Option<(ItemKey, Range<usize>)> {
    if let Some(ItemAt { key, range }) = session.edited_item(file, text) {
        return Some((key, range.start as usize..range.end as usize));
    }
    let cut = syntax::cut(text).into_iter().find(|cut| cut.range.contains(&offset))?;
    Some((ItemKey::new(Arc::from(file), Arc::from(cut.head.key.replace(CURSOR, "")), 0), cut.range))
}

/// What is behind the cursor, without the rest of the word that it stands in.
fn rest_of_word(behind: &str) -> &str {
    behind.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

fn asked_in(session: &Session, key: &ItemKey, statement: &Statement) -> Option<Asked> {
    if matches!(statement.kind, StatementKind::Error) {
        return None;
    }
    types::cursor_notes(session.db(), key, statement).asked
}

fn candidates(session: &Session, asked: Asked, is_statement: bool) -> Vec<Candidate> {
    let mut all = asked.candidates;
    match &asked.place {
        AskedPlace::Unit(wanted) => all.extend(units(wanted.as_ref())),
        // A word that begins an item is a kind's, mostly.
        AskedPlace::Value(None) if is_statement => return top_level(session),
        _ => {}
    }
    all
}

/// The units of numbers of a type.
fn units(wanted: Option<&Ty>) -> Vec<Candidate> {
    let units: &[&str] = match wanted.map(|ty| ty.required().0) {
        Some(Ty::Size) => &["GiB", "MiB", "TiB", "KiB", "GB", "MB", "TB"],
        Some(Ty::Duration) => &["m", "h", "s", "d", "w", "min", "ms"],
        Some(Ty::Cpu) => &["m", "mcpu"],
        Some(_) => &[],
        None => &["GiB", "MiB", "TiB", "h", "s", "d", "min", "mcpu"],
    };
    let unit = |name: &&str| Candidate {
        name: (*name).into(),
        sort: CandidateSort::Word,
        ty: wanted.cloned(),
        fits: Fits::Yes,
        symbol: None,
    };
    units.iter().map(unit).collect()
}

/// What an item can begin with.
fn top_level(session: &Session) -> Vec<Candidate> {
    let db = session.db();
    let index = names::index(db);
    let kinds = index.defined_names().filter(|(_, is)| is.kind.is_some()).map(|(name, _)| Candidate {
        name: name.clone(),
        sort: CandidateSort::Kind,
        ty: Some(Ty::Kind(name.clone())),
        fits: Fits::Yes,
        symbol: Some(Symbol::Kind(name.clone())),
    });
    let words = ["check", "fn", "import", "kind", "template", "type"].map(|word| Candidate {
        name: word.into(),
        sort: CandidateSort::Word,
        ty: None,
        fits: Fits::Perhaps,
        symbol: None,
    });
    kinds.chain(words).collect()
}

/// What goes before what: what begins as what is typed does, then what fits, then what is near.
fn rank(candidate: &Candidate, typed: &str) -> (bool, bool, u8, u8) {
    let begins = candidate.name.starts_with(typed);
    let sort = match candidate.sort {
        CandidateSort::Required => 0,
        CandidateSort::Word if candidate.fits == Fits::Yes => 1,
        CandidateSort::Local => 2,
        CandidateSort::Field | CandidateSort::Template => 3,
        CandidateSort::Declaration => 4,
        CandidateSort::Kind => 5,
        CandidateSort::Constant | CandidateSort::Property => 6,
        CandidateSort::Collection | CandidateSort::Parameter => 7,
        CandidateSort::Function | CandidateSort::File => 8,
        CandidateSort::Word => 9,
    };
    let fits = match candidate.fits {
        Fits::Yes => 0,
        Fits::Perhaps => 1,
        Fits::No => 2,
    };
    (!begins, candidate.name.is_empty(), fits, sort)
}

fn completed(session: &Session, candidate: Candidate, range: &FileRange) -> Completion {
    let (text, is_snippet) = inserted(session, &candidate);
    let edit = FileEdit { range: range.clone(), text };
    let deprecated = candidate.sort == CandidateSort::Field && candidate.fits == Fits::No;
    Completion {
        label: candidate.name.to_string(),
        sort: candidate.sort,
        detail: candidate.ty.map(|ty| ty.described()),
        edit,
        is_snippet,
        symbol: candidate.symbol,
        deprecated,
    }
}

/// What is written for a candidate, and whether that is a snippet.
fn inserted(session: &Session, candidate: &Candidate) -> (String, bool) {
    let name = &candidate.name;
    match (candidate.sort, &candidate.ty) {
        (CandidateSort::Required | CandidateSort::Field, Some(ty)) if is_set(candidate) => {
            let is_block = ty
                .arms()
                .iter()
                .any(|arm| matches!(arm.required().0, Ty::Record(_) | Ty::Map(_) | Ty::Free(_)));
            let rest = if is_block { " { $0 }" } else { " = $0" };
            (format!("{name}{rest}"), true)
        }
        (CandidateSort::Kind, Some(Ty::Kind(kind))) => match types::shape(session.db(), kind) {
            Some((shape, _)) => (declared(name, shape), true),
            None => (name.to_string(), false),
        },
        (CandidateSort::Function, _) => (format!("{name}($0)"), true),
        (CandidateSort::Parameter, _) => (format!("{name} = $0"), true),
        _ => (name.to_string(), false),
    }
}

/// Whether a candidate is a field that is set, not one that is read.
fn is_set(candidate: &Candidate) -> bool {
    candidate.sort == CandidateSort::Required || candidate.fits != Fits::Perhaps
}

/// A declaration of a kind with the fields that it must set.
fn declared(word: &str, shape: &types::Shape) -> String {
    let mut text = word.to_owned();
    let is_made = word.contains(' ');
    if !is_made && !shape.single {
        text.push_str(" ${1:name}");
    }
    if let Some(place) = shape.place().filter(|_| !is_made) {
        text.push_str(" in ${2:");
        text.push_str(&place.name);
        text.push('}');
    }
    let required: Vec<&types::FieldShape> = shape.required().collect();
    match required.as_slice() {
        [only] if only.primary => text.push_str(" = $0"),
        [] => text.push_str(" { $0 }"),
        fields => {
            text.push_str(" {\n");
            for (at, field) in fields.iter().enumerate() {
                let _ = writeln!(text, "  {} = ${}", field.name, at + 3);
            }
            text.push_str("  $0\n}");
        }
    }
    text
}
