//! Reading checked fields: each gives nothing where the field has a problem.

use domain::{Cpu, Duration, Invalid, Size};
use model::{At, Map};
use source::Place;
use types::{DeclRef, Field, Value};

use crate::eval::{Evaluator, kind_of, name_of};

impl Evaluator<'_> {
    pub(crate) fn field_value(&mut self, decl: &DeclRef, name: &str) -> Value {
        self.field(decl, name).value
    }

    pub(super) fn text(&mut self, decl: &DeclRef, name: &str) -> Option<String> {
        self.read(decl, name, |field| field.value.as_text().map(str::to_owned))
    }

    /// What `read` makes of a field that may be left out: `None` where it is wrong, `Some(None)` where it is left out.
    pub(super) fn read_if<T>(
        &mut self,
        decl: &DeclRef,
        name: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Option<Option<T>> {
        self.read(decl, name, |field| optional(&field.value, read))
    }

    /// A text that may be left out: `None` where it is wrong, `Some(None)` where it is left out.
    pub(super) fn text_if(&mut self, decl: &DeclRef, name: &str) -> Option<Option<String>> {
        self.read_if(decl, name, |value| value.as_text().map(str::to_owned))
    }

    pub(super) fn int(&mut self, decl: &DeclRef, name: &str) -> Option<i64> {
        self.read(decl, name, |field| as_int(&field.value))
    }

    pub(super) fn int_if(&mut self, decl: &DeclRef, name: &str) -> Option<Option<i64>> {
        self.read_if(decl, name, as_int)
    }

    pub(super) fn bool(&mut self, decl: &DeclRef, name: &str) -> Option<bool> {
        self.read(decl, name, |field| if let Value::Bool(value) = field.value { Some(value) } else { None })
    }

    pub(super) fn size_if(&mut self, decl: &DeclRef, name: &str) -> Option<Option<Size>> {
        self.read_if(decl, name, as_size)
    }

    pub(super) fn duration_if(&mut self, decl: &DeclRef, name: &str) -> Option<Option<Duration>> {
        self.read_if(decl, name, as_duration)
    }

    /// A text of a checked form.
    pub(super) fn parsed<T>(
        &mut self,
        decl: &DeclRef,
        name: &str,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        self.read(decl, name, |field| parse(field.value.as_text()?).ok())
    }

    /// A declaration that a field names.
    pub(super) fn decl(&mut self, decl: &DeclRef, name: &str) -> Option<DeclRef> {
        if let Value::Decl(found) = self.field_value(decl, name) { Some(found) } else { None }
    }

    pub(super) fn decl_at(&mut self, decl: &DeclRef, name: &str) -> Option<At<DeclRef>> {
        let field = self.field(decl, name);
        if let Value::Decl(found) = field.value { Some(At::new(found, field.place)) } else { None }
    }

    /// The declarations that a list names, each with where.
    pub(super) fn decls(&mut self, decl: &DeclRef, name: &str) -> Option<Vec<(DeclRef, Place)>> {
        let found = |field: &Field| match &field.value {
            Value::Decl(found) => Some((found.clone(), field.place.clone())),
            _ => None,
        };
        self.read(decl, name, |field| {
            let Value::List(list) = &field.value else { return None };
            list.iter().map(found).collect()
        })
    }

    pub(super) fn texts(&mut self, decl: &DeclRef, name: &str) -> Option<Vec<String>> {
        self.read(decl, name, |field| {
            let Value::List(list) = &field.value else { return None };
            list.iter().map(|field| field.value.shown()).collect()
        })
    }

    /// A list of texts, each with where it is written.
    pub(super) fn texts_at(&mut self, decl: &DeclRef, name: &str) -> Option<Vec<At<String>>> {
        let text = |field: &Field| Some(At::new(field.value.shown()?, field.place.clone()));
        self.read(decl, name, |field| {
            let Value::List(list) = &field.value else { return None };
            list.iter().map(text).collect()
        })
    }

    pub(super) fn texts_by_key(&mut self, decl: &DeclRef, name: &str) -> Option<Map<String, String>> {
        self.read(decl, name, |field| texts_of(&field.value))
    }

    /// The inner declarations of a kind, by their name in what is built.
    pub(super) fn inner(&mut self, decl: &DeclRef, kind: &str) -> Vec<(String, DeclRef)> {
        let all = self.children_of(decl).into_iter().filter(|inner| kind_of(inner) == kind);
        all.map(|inner| (name_of(&inner), inner)).collect()
    }
}

/// What is left out is `Some(None)`; what is wrong is `None`.
pub(super) fn optional<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Option<T>> {
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

pub(super) fn texts_of(value: &Value) -> Option<Map<String, String>> {
    let Value::Map(map) = value else { return None };
    let present = map.iter().filter(|(_, field)| !field.value.is_none());
    present.map(|(key, field)| Some((key.to_string(), field.value.shown()?))).collect()
}

pub(super) fn as_int(value: &Value) -> Option<i64> {
    if let Value::Int(value) = value { Some(*value) } else { None }
}

pub(super) fn as_port(value: &Value) -> Option<u16> {
    u16::try_from(as_int(value)?).ok()
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
