//! Functions of the language that ask lists, take them apart and put them together.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostics::Reported;
use smol_str::SmolStr;
use types::{Builtin, Core, FIRST, Field, SECOND, Value};

use super::{Env, Evaluator};
use crate::problems::no_such_value::lists_of_other_lengths;

impl Evaluator<'_> {
    /// What a function makes of a list.
    pub(super) fn of_list(
        &mut self,
        builtin: Builtin,
        values: &[Value],
        core: &Core,
        env: &Env,
    ) -> Result<Value, Reported> {
        Ok(match (builtin, values) {
            (Builtin::First, [Value::List(list)]) => {
                list.first().map_or(Value::None, |field| field.value.clone())
            }
            (Builtin::Reverse, [Value::List(list)]) => Value::List(list.iter().rev().cloned().collect()),
            (Builtin::Slice, [Value::List(list), Value::Int(from), Value::Int(to)]) => {
                let (from, to) = (index(*from, list.len()), index(*to, list.len()));
                Value::List(list.get(from..to).unwrap_or_default().into())
            }
            (Builtin::Slice, [Value::Text(text), Value::Int(from), Value::Int(to)]) => {
                let len = text.chars().count();
                let (from, to) = (index(*from, len), index(*to, len));
                Value::text(text.chars().skip(from).take(to.saturating_sub(from)).collect::<String>())
            }
            (Builtin::Zip, [Value::List(one), Value::List(other)]) => {
                self.must_be_as_long(one, other, core, env)?;
                let place = env.place(core.span);
                let pair = |(one, other): (&Field, &Field)| {
                    let both = [(FIRST, one), (SECOND, other)];
                    let both = both.map(|(name, field)| (SmolStr::new(name), field.clone()));
                    Field { value: Value::Map(Arc::new(BTreeMap::from(both))), place: place.clone() }
                };
                Value::List(one.iter().zip(other.iter()).map(pair).collect())
            }
            (Builtin::Group, [Value::List(list), Value::List(keys)]) => {
                self.must_be_as_long(list, keys, core, env)?;
                self.grouped(list, keys, core, env)?
            }
            _ => return Err(self.astray(core, env, "a function has no result for this")),
        })
    }

    fn grouped(&mut self, list: &[Field], keys: &[Field], core: &Core, env: &Env) -> Result<Value, Reported> {
        let mut groups: BTreeMap<SmolStr, Vec<Field>> = BTreeMap::new();
        for (field, key) in list.iter().zip(keys) {
            let Some(key) = key.value.as_text() else {
                return Err(self.astray(core, env, "a key is no text"));
            };
            groups.entry(key.into()).or_default().push(field.clone());
        }
        let place = env.place(core.span);
        let group = |(key, fields): (SmolStr, Vec<Field>)| {
            (key, Field { value: Value::List(fields.into()), place: place.clone() })
        };
        Ok(Value::Map(Arc::new(groups.into_iter().map(group).collect())))
    }

    /// Whether one of some conditions holds, or all of them.
    pub(super) fn decided(
        &mut self,
        any: bool,
        list: &[Field],
        core: &Core,
        env: &Env,
    ) -> Result<Value, Reported> {
        for field in list {
            match &field.value {
                Value::Bool(value) if *value == any => return Ok(Value::Bool(any)),
                Value::Bool(_) => {}
                Value::Error(reported) => return Err(*reported),
                _ => return Err(self.astray(core, env, "a condition is neither true nor false")),
            }
        }
        Ok(Value::Bool(!any))
    }

    /// A failure where two lists that go together are not of the same length.
    fn must_be_as_long(
        &mut self,
        one: &[Field],
        other: &[Field],
        core: &Core,
        env: &Env,
    ) -> Result<(), Reported> {
        if one.len() == other.len() {
            return Ok(());
        }
        Err(self.complain(core, env, |place| lists_of_other_lengths(place, one.len(), other.len())))
    }
}

/// The place in a list of `len` elements that a number says, at most its end.
fn index(number: i64, len: usize) -> usize {
    usize::try_from(number).map_or(0, |number| number.min(len))
}
