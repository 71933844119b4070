//! Reading checked fields. Every value has been checked: one of another sort than is read, a field that the kind does not
//! have and a word that is none of those known are faults of `hlc`, and never read as left out.
#![allow(clippy::option_option, reason = "what is of another sort and what is left out are two things")]

use std::collections::BTreeSet;

use diagnostics::Reported;
use domain::{Cpu, Duration, Invalid, Size};
use model::{At, Map};
use source::Place;
use types::{DeclRef, Field, Value};

use crate::eval::{Evaluator, kind_of, name_of};

/// What is read, unless it has a problem.
pub(crate) type Read<T> = Result<T, Reported>;

impl Evaluator<'_> {
    /// The value of a field.
    pub(crate) fn value_of(&mut self, decl: &DeclRef, name: &str) -> Read<Value> {
        self.get(decl, name, |value| Some(value.clone()))
    }

    /// What `read` makes of a field.
    pub(super) fn get<T>(
        &mut self,
        decl: &DeclRef,
        name: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Read<T> {
        Ok(self.get_at(decl, name, read)?.value)
    }

    /// As [`Self::get`], with where it was set.
    pub(super) fn get_at<T>(
        &mut self,
        decl: &DeclRef,
        name: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Read<At<T>> {
        let found = self.read(decl, name, |field| match field.value.failure() {
            Some(reported) => Err(Ok(reported)),
            None => read(&field.value).map(|value| At::new(value, field.place.clone())).ok_or(Err(())),
        });
        found.map_err(|failure| failure.unwrap_or_else(|()| self.unreadable(decl, name)))
    }

    /// What `read` makes of a field that may be left out.
    pub(super) fn get_if<T>(
        &mut self,
        decl: &DeclRef,
        name: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Read<Option<T>> {
        self.get(decl, name, |value| optional(value, read))
    }

    /// As [`Self::get_if`], with where it was set.
    pub(super) fn get_if_at<T>(
        &mut self,
        decl: &DeclRef,
        name: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Read<Option<At<T>>> {
        let At { value, place } = self.get_at(decl, name, |value| optional(value, read))?;
        Ok(value.map(|value| At::new(value, place)))
    }

    /// Notes that a field is not what its kind says.
    pub(super) fn unreadable(&mut self, decl: &DeclRef, name: &str) -> Reported {
        let place = self.place_of(decl, name);
        self.fault(place, format!("'{name}' of {} '{}' cannot be read", kind_of(decl), name_of(decl)))
    }

    pub(crate) fn text(&mut self, decl: &DeclRef, name: &str) -> Read<String> {
        self.get(decl, name, as_string)
    }

    pub(super) fn text_if(&mut self, decl: &DeclRef, name: &str) -> Read<Option<String>> {
        self.get_if(decl, name, as_string)
    }

    /// A word of a choice, as what `known` says that it stands for.
    pub(super) fn choice<T: Copy>(&mut self, decl: &DeclRef, name: &str, known: &[(&str, T)]) -> Read<T> {
        self.get(decl, name, |value| chosen(value, known))
    }

    pub(super) fn int_if(&mut self, decl: &DeclRef, name: &str) -> Read<Option<i64>> {
        self.get_if(decl, name, as_int)
    }

    pub(super) fn bool(&mut self, decl: &DeclRef, name: &str) -> Read<bool> {
        self.get(decl, name, as_bool)
    }

    /// Where a field says `true`, if it does.
    pub(super) fn place_if(&mut self, decl: &DeclRef, name: &str) -> Read<Option<Place>> {
        let At { value, place } = self.get_at(decl, name, |value| match value {
            Value::Bool(value) => Some(*value),
            _ => None,
        })?;
        Ok(value.then_some(place))
    }

    pub(super) fn size_if(&mut self, decl: &DeclRef, name: &str) -> Read<Option<Size>> {
        self.get_if(decl, name, as_size)
    }

    pub(super) fn duration_if(&mut self, decl: &DeclRef, name: &str) -> Read<Option<Duration>> {
        self.get_if(decl, name, as_duration)
    }

    /// A text of a checked form.
    pub(super) fn parsed<T>(
        &mut self,
        decl: &DeclRef,
        name: &str,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Read<T> {
        Ok(self.parsed_at(decl, name, parse)?.value)
    }

    /// As [`Self::parsed`], with where it was set.
    pub(super) fn parsed_at<T>(
        &mut self,
        decl: &DeclRef,
        name: &str,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Read<At<T>> {
        self.get_at(decl, name, |value| parse(value.as_text()?).ok())
    }

    /// A declaration that a field names.
    pub(super) fn decl(&mut self, decl: &DeclRef, name: &str) -> Read<DeclRef> {
        self.get(decl, name, as_decl)
    }

    /// The declarations that a list names, each with where.
    pub(super) fn decls(&mut self, decl: &DeclRef, name: &str) -> Read<Vec<(DeclRef, Place)>> {
        let named = |field: &Field| Some((as_decl(&field.value)?, field.place.clone()));
        self.list(decl, name, named)
    }

    /// What `read` makes of each element of a list.
    pub(super) fn list<T, C: FromIterator<T>>(
        &mut self,
        decl: &DeclRef,
        name: &str,
        read: impl Fn(&Field) -> Option<T>,
    ) -> Read<C> {
        let found = self.read(decl, name, |field| {
            let Value::List(list) = &field.value else { return Err(field.value.failure()) };
            let read = |field: &Field| read(field).ok_or_else(|| field.value.failure());
            list.iter().map(read).collect::<Result<C, _>>()
        });
        found.map_err(|failure| failure.unwrap_or_else(|| self.unreadable(decl, name)))
    }

    /// A list of texts, each with where it is written.
    pub(super) fn texts_at(&mut self, decl: &DeclRef, name: &str) -> Read<Vec<At<String>>> {
        self.list(decl, name, |field| Some(At::new(field.value.shown()?, field.place.clone())))
    }

    pub(super) fn texts(&mut self, decl: &DeclRef, name: &str) -> Read<Vec<String>> {
        self.list(decl, name, |field| field.value.shown())
    }

    pub(super) fn texts_by_key(&mut self, decl: &DeclRef, name: &str) -> Read<Map<String, At<String>>> {
        self.record(decl, name, texts_of)
    }

    /// What `read` makes of a field that is put together of others, of which any may have a problem.
    pub(super) fn record<T>(
        &mut self,
        decl: &DeclRef,
        name: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Read<T> {
        let found =
            self.read(decl, name, |field| read(&field.value).ok_or_else(|| any_failure(&field.value)));
        found.map_err(|failure| failure.unwrap_or_else(|| self.unreadable(decl, name)))
    }

    /// The inner declarations of a kind, by their name in what is built.
    pub(super) fn inner(&mut self, decl: &DeclRef, kind: &str) -> Read<Vec<(String, DeclRef)>> {
        let children = self.children_of(decl);
        let all = children.whole()?.iter().filter(|inner| kind_of(inner) == kind);
        Ok(all.map(|inner| (name_of(inner), inner.clone())).collect())
    }
}

/// The proof that something in a value has a problem, if that is so.
pub(crate) fn any_failure(value: &Value) -> Option<Reported> {
    match value {
        Value::Error(reported) => Some(*reported),
        Value::List(list) => list.iter().find_map(|field| any_failure(&field.value)),
        Value::Map(map) => map.values().find_map(|field| any_failure(&field.value)),
        _ => None,
    }
}

/// What is left out is `Some(None)`; what is of another sort is `None`.
pub(super) fn optional<T>(value: &Value, read: impl FnOnce(&Value) -> Option<T>) -> Option<Option<T>> {
    if value.is_none() { Some(None) } else { read(value).map(Some) }
}

/// An entry of a record.
pub(super) fn entry<'a>(value: &'a Value, name: &str) -> Option<&'a Field> {
    if let Value::Map(map) = value { map.get(name) } else { None }
}

/// An entry of a record that may be left out, with its place.
pub(super) fn entry_at<T>(
    value: &Value,
    name: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Option<Option<At<T>>> {
    let field = entry(value, name)?;
    Some(optional(&field.value, read)?.map(|value| At::new(value, field.place.clone())))
}

/// What a word of a choice stands for; `None` where `known` does not have it.
pub(super) fn chosen<T: Copy>(value: &Value, known: &[(&str, T)]) -> Option<T> {
    let word = value.as_text()?;
    known.iter().find(|(known, _)| *known == word).map(|(_, chosen)| *chosen)
}

pub(super) fn texts_of(value: &Value) -> Option<Map<String, At<String>>> {
    entries_of(value, Value::shown)
}

/// What `read` makes of each entry of a map, with its place.
pub(super) fn entries_of<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Map<String, At<T>>> {
    let Value::Map(map) = value else { return None };
    let present = map.iter().filter(|(_, field)| !field.value.is_none());
    present
        .map(|(key, field)| Some((key.to_string(), At::new(read(&field.value)?, field.place.clone()))))
        .collect()
}

pub(super) fn as_string(value: &Value) -> Option<String> {
    value.as_text().map(str::to_owned)
}

pub(super) fn as_decl(value: &Value) -> Option<DeclRef> {
    if let Value::Decl(decl) = value { Some(decl.clone()) } else { None }
}

pub(super) fn as_bool(value: &Value) -> Option<bool> {
    if let Value::Bool(value) = value { Some(*value) } else { None }
}

pub(super) fn as_int(value: &Value) -> Option<i64> {
    if let Value::Int(value) = value { Some(*value) } else { None }
}

/// How many there are of something.
pub(super) fn as_count(value: &Value) -> Option<u32> {
    u32::try_from(as_int(value)?).ok()
}

pub(super) fn as_port(value: &Value) -> Option<u16> {
    u16::try_from(as_int(value)?).ok()
}

pub(super) fn as_ports(value: &Value) -> Option<BTreeSet<u16>> {
    let Value::List(list) = value else { return None };
    list.iter().map(|field| as_port(&field.value)).collect()
}

pub(super) fn as_size(value: &Value) -> Option<Size> {
    if let Value::Size(value) = value { Some(*value) } else { None }
}

pub(super) fn as_cpu(value: &Value) -> Option<Cpu> {
    if let Value::Cpu(value) = value { Some(*value) } else { None }
}

pub(super) fn as_duration(value: &Value) -> Option<Duration> {
    if let Value::Duration(value) = value { Some(*value) } else { None }
}
