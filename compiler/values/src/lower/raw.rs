//! Fields of objects in Kubernetes' own words.

use model::{At, Raw};
use types::{Field, Value, entries};

use crate::data::data;

/// What a map of plain data says, each part with its place; nothing where a part has a problem.
pub(super) fn raw(value: &Value) -> Option<Raw> {
    let at = |field: &Field| Some(At::new(raw(&field.value)?, field.place.clone()));
    Some(match value {
        Value::Error(_) => return None,
        Value::List(list) => Raw::List(list.iter().map(at).collect::<Option<_>>()?),
        Value::Map(map) => {
            let read = entries(map).map(|(key, field)| Some((key.to_string(), at(field)?)));
            Raw::Map(read.collect::<Option<_>>()?)
        }
        plain => Raw::Plain(data(plain)),
    })
}
