//! What there is to choose from where something is missing or does not fit.

use names::{Db, index};

use crate::ty::{Ty, joined_by_and, joined_by_or, last_segment};
use crate::{queries, signature};

/// So many names at most are listed.
const MOST_LISTED: usize = 6;

/// The declarations to choose from where one of type `ty` is wanted: `the stages are 'setup' and 'apps'`.
pub fn choice(db: &dyn Db, ty: &Ty) -> Option<String> {
    let Ty::Kind(kind) = ty.required().0 else { return None };
    if kind.contains('.') {
        return None;
    }
    let declared = index(db).declarations().iter();
    let chosen = declared.filter(|one| one.kind == *kind && !one.item.is_std() && !one.repeated);
    let mut names: Vec<String> = chosen.map(|one| one.name.to_string()).collect();
    names.sort();
    names.dedup();
    choice_of(db, kind, &names)
}

/// As [`choice`], from the declarations of `kind` that are called `names`.
pub(crate) fn choice_of(db: &dyn Db, kind: &str, names: &[String]) -> Option<String> {
    let shape = queries::shape_of(db, kind)?;
    let word = last_segment(kind);
    let list: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    match list.as_slice() {
        [] => {
            let body = shape.body();
            Some(format!("there is no {word} yet: declare one by '{word} NAME {body}'"))
        }
        [one] => Some(format!("the only {word} is {one}")),
        many if many.len() <= MOST_LISTED => {
            Some(format!("the {} are {}", shape.plural, joined_by_and(many)))
        }
        _ => None,
    }
}

/// The calls of functions whose result is of type `ty`, as people write them: `'random(length)' or 'uuid()'`.
pub fn made_by(db: &dyn Db, ty: &Ty) -> Option<String> {
    // A text or a number is written, and functions that return one are about something else.
    if !matches!(ty.required().0, Ty::Record(_) | Ty::List(_) | Ty::Map(_)) {
        return None;
    }
    let functions = index(db).defined_names().filter_map(|(name, is)| Some((name, is.function.as_ref()?)));
    let calls: Vec<String> = functions
        .filter_map(|(name, key)| Some((name, signature(db, key)?)))
        .filter(|(_, signature)| signature.result == *ty)
        .map(|(name, signature)| format!("'{}'", signature.written(name)))
        .collect();
    (!calls.is_empty()).then(|| joined_by_or(&calls))
}
