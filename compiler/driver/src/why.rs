//! Where values come from: what set each, and what that overrode.

mod path;
mod story;

use smol_str::SmolStr;
use types::{DeclRef, Value};
use values::Why;

pub use self::path::Path;
pub use self::story::Story;
use crate::{Session, show};

/// A field of a declaration, or a part of one.
pub struct Found {
    decl: DeclRef,
    field: SmolStr,
    within: Vec<SmolStr>,
    /// How it came to be.
    pub why: Why,
    /// How many parts of the path it is.
    parts: usize,
}

/// The field of a declaration that a path begins with, or a part of one; or the only field of the declaration that it is.
pub fn found(session: &Session, path: &Path<'_>) -> Option<Found> {
    field(session, path).or_else(|| only_field(session, path))
}

/// Tells how what stands at a path came to be. `found` is the field that it begins with, `value` what all of it comes to.
pub fn told<E>(
    story: Story<'_>,
    path: &Path<'_>,
    found: Option<Found>,
    value: impl FnOnce() -> Result<Value, E>,
) -> Result<String, E> {
    let (session, text) = (story.session, path.whole());
    Ok(match found {
        Some(found) if found.parts == path.count() => {
            story.field(text, &found.why, follow(session, &found).as_ref())
        }
        found => match (value()?, found) {
            (Value::Decl(decl), _) => story.declaration(&decl),
            (value, Some(found)) => story.computed(text, &value, path.upto(found.parts), &found.why),
            (value, None) => story.constant(text, &value, session.constant(path.first())),
        },
    })
}

/// The longest beginning of the path that is a field of a declaration, or a part of one.
fn field(session: &Session, path: &Path<'_>) -> Option<Found> {
    let (decl, at) = (1..path.count()).rev().find_map(|at| match session.eval(path.upto(at)) {
        Ok(Value::Decl(decl)) => Some((decl, at)),
        _ => None,
    })?;
    if is_child(session, path, &decl) {
        return None;
    }
    let rest = path.names_after(at);
    let (field, within) = rest.split_first()?;
    (0..=within.len()).rev().find_map(|length| {
        let within = &within[..length];
        let why = session.why(&decl, field, within)?;
        let parts = at + 1 + length;
        let (decl, field, within) = (decl.clone(), field.clone(), within.to_vec());
        Some(Found { decl, field, within, why, parts })
    })
}

/// Whether the path as a whole is a declaration that stands in `decl`, and not a field that refers to one.
fn is_child(session: &Session, path: &Path<'_>, decl: &DeclRef) -> bool {
    match session.eval(path.whole()) {
        Ok(Value::Decl(whole)) => whole.parent().is_some_and(|parent| parent == *decl),
        _ => false,
    }
}

/// Where the value is set that the winning line refers to, if that line is a path: from the lab's scope, or from a
/// declaration that the line stands in.
fn follow(session: &Session, found: &Found) -> Option<(String, Why)> {
    let reason = found.why.reasons.last()?;
    let text = session.text_of(&reason.place)?;
    if !Path::read(text).is_plain() {
        return None;
    }
    candidates(text, &found.decl).into_iter().find_map(|text| {
        let path = Path::read(&text);
        let next = self::found(session, &path)?;
        let is_itself = next.decl == found.decl && next.field == found.field && next.within == found.within;
        let is_it = !is_itself && next.parts == path.count() && next.why.value == found.why.value;
        is_it.then_some((text, next.why))
    })
}

/// What `text`, a path, may mean where it stands in `decl`: from within out, as `self` is; but a name of the lab
/// first.
fn candidates(text: &str, decl: &DeclRef) -> Vec<String> {
    let outer = std::iter::successors(Some(decl.clone()), DeclRef::parent);
    let of_itself = text.strip_prefix("self.");
    let scoped = outer.map(|decl| format!("{}.{}", show::path(&decl), of_itself.unwrap_or(text)));
    let bare = of_itself.is_none().then(|| text.to_owned());
    bare.into_iter().chain(scoped).collect()
}

/// The field of a declaration that has no others, such as `address ingress = …`: it stands for its value.
fn only_field(session: &Session, path: &Path<'_>) -> Option<Found> {
    let Ok(Value::Decl(decl)) = session.eval(path.whole()) else { return None };
    let field = show::primary(session, &decl)?;
    if session.fields(&decl).len() > 1 {
        return None;
    }
    let why = session.why(&decl, &field, &[])?;
    Some(Found { decl, field, within: Vec::new(), why, parts: path.count() })
}
