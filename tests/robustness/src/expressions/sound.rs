//! A value is of the type that its expression has.

use driver::Session;
use smol_str::SmolStr;
use types::{DeclRef, Form, Hatch, Pattern, Ty, Value};

/// What is wrong with a value as one of type `ty`: it is of another sort, a part of it is missing, or it was made by a
/// problem that nobody reported.
pub fn unsound(session: &Session, value: &Value, ty: &Ty) -> Option<String> {
    let wrong = || Some(format!("{} is {value:?}", ty.described()));
    let when = |holds: bool| if holds { None } else { wrong() };
    match (ty, value) {
        (_, Value::Error(_)) => Some(format!("{} failed, and nothing was said", ty.described())),
        (Ty::Error, _) => None,
        (Ty::Never, _) => wrong(),
        (Ty::None, _) => when(value.is_none()),
        (Ty::Optional(_), Value::None) => None,
        (Ty::Optional(inner), _) => unsound(session, value, inner),
        (Ty::Union(arms), _) => when(arms.iter().any(|arm| unsound(session, value, arm).is_none())),
        (Ty::Bool, _) => when(matches!(value, Value::Bool(_))),
        (Ty::Int(low, high), _) => {
            when(matches!(value, Value::Int(number) if (low..=high).contains(&number)))
        }
        (Ty::Port, _) => when(matches!(value, Value::Int(1..=65535))),
        (Ty::Float, _) => when(matches!(value, Value::Float(_))),
        (Ty::Text(Form::Any), _) => when(matches!(value, Value::Text(_))),
        (Ty::Text(form), _) => when(value.as_text().is_some_and(|text| form.check(text).is_ok())),
        (Ty::Pattern(pattern, _), _) => {
            let pattern = Pattern::new(pattern);
            when(value.as_text().zip(pattern).is_some_and(|(text, pattern)| pattern.matches(text)))
        }
        (Ty::Literal(word), _) => when(value.as_text() == Some(word)),
        (Ty::Address, _) => when(matches!(value, Value::Address(_))),
        (Ty::Cidr, _) => when(matches!(value, Value::Cidr(_))),
        (Ty::Range, _) => when(matches!(value, Value::Range(_))),
        (Ty::Size, _) => when(matches!(value, Value::Size(_))),
        (Ty::Cpu, _) => when(matches!(value, Value::Cpu(_))),
        (Ty::Duration, _) => when(matches!(value, Value::Duration(_))),
        (Ty::Nix, _) => when(matches!(value, Value::Nix(_))),
        (Ty::Secret(_), _) => when(matches!(value, Value::Secret(_))),
        (Ty::List(element), Value::List(list)) => {
            list.iter().find_map(|field| unsound(session, &field.value, element))
        }
        (Ty::Map(inner), Value::Map(map)) => {
            map.values().find_map(|field| unsound(session, &field.value, inner))
        }
        (Ty::Kind(kind), Value::Decl(decl)) if values::kind_of(decl) != kind => wrong(),
        (Ty::Kind(_) | Ty::Declaration | Ty::Deployed, Value::Decl(decl)) => is_there(session, decl),
        (Ty::Record(name), Value::Map(_)) => unsound_record(session, value, name),
        (Ty::Fields(fields), Value::Map(map)) => {
            let missing = fields.keys().find(|name| !map.contains_key(*name));
            let missing = missing.map(|name| format!("'{name}' of a block is missing"));
            missing.or_else(|| {
                map.iter().find_map(|(name, field)| match fields.get(name) {
                    Some(ty) => unsound(session, &field.value, ty),
                    None => Some(format!("a block has '{name}', and its type has not")),
                })
            })
        }
        (Ty::Free(hatch), _) => unsound_data(value, *hatch),
        (
            Ty::List(_)
            | Ty::Map(_)
            | Ty::Kind(_)
            | Ty::Declaration
            | Ty::Deployed
            | Ty::Record(_)
            | Ty::Fields(_),
            _,
        ) => wrong(),
    }
}

/// All fields of a record type are there, and no others.
fn unsound_record(session: &Session, value: &Value, name: &SmolStr) -> Option<String> {
    let (shape, _) = types::shape(session.db(), name)?;
    let Value::Map(map) = value else { return None };
    let extra = map.keys().find(|key| shape.field(key).is_none());
    let extra = extra.map(|key| format!("{} has '{key}', and its type has not", shape.described()));
    extra.or_else(|| {
        shape.fields.iter().find_map(|field| match map.get(&field.name) {
            Some(found) => unsound(session, &found.value, &field.ty),
            None => Some(format!("'{}' of {} is skipped", field.name, shape.described())),
        })
    })
}

/// Data holds plain values only, and what its hatch is for.
fn unsound_data(value: &Value, hatch: Hatch) -> Option<String> {
    let wrong = || Some(format!("{} holds {value:?}", Ty::Free(hatch).described()));
    match value {
        Value::Error(_) => Some("a part of data failed, and nothing was said".to_owned()),
        Value::List(list) => list.iter().find_map(|field| unsound_data(&field.value, hatch)),
        Value::Map(map) => map.values().find_map(|field| unsound_data(&field.value, hatch)),
        Value::Secret(_) if hatch != Hatch::HelmValues => wrong(),
        Value::Nix(_) if hatch != Hatch::Nixos => wrong(),
        Value::Decl(_) => wrong(),
        _ => None,
    }
}

/// A declaration that a value names is there.
fn is_there(session: &Session, decl: &DeclRef) -> Option<String> {
    let found = match decl.parent() {
        Some(parent) => {
            if let Some(missing) = is_there(session, &parent) {
                return Some(missing);
            }
            session.children(&parent).contains(decl)
        }
        None => values::all_of(session.db(), names::word(session.db(), values::kind_of(decl))).contains(decl),
    };
    (!found).then(|| format!("{decl:?} is named, and not there"))
}
