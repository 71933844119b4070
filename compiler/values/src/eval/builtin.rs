//! Functions of the language.

use std::cmp::Ordering;

use diagnostics::Reported;
use model::providers::ingress_hosts;
use model::{Data, Float};
use types::problems::invalid_value::invalid_result;
use types::problems::too_much::too_many;
use types::{BinaryOp, Builtin, Core, Field, Property, Value, entries};

use super::operator::calculated;
use super::{Env, Evaluator};
use crate::data::{data, json};
use crate::problems::{
    no_such_value::empty_collection,
    out_of_range::{no_whole_number, sum_out_of_range},
};

/// How many numbers `numbers(…)` may give.
const MOST_NUMBERS: i64 = 65_536;

impl Evaluator<'_> {
    pub(super) fn builtin(
        &mut self,
        builtin: Builtin,
        values: &[Value],
        core: &Core,
        env: &Env,
    ) -> Result<Value, Reported> {
        values.iter().try_for_each(|value| self.pay_for(value, core, env))?;
        let place = env.place(core.span);
        let field = |value| Field { value, place: place.clone() };
        Ok(match (builtin, values) {
            (Builtin::Length, [Value::Map(map)]) => {
                Value::Int(i64::try_from(entries(map).count()).unwrap_or(i64::MAX))
            }
            (Builtin::Length, [value]) => return self.property(value, Property::Length, core, env),
            (Builtin::Any | Builtin::All, [Value::List(list)]) => {
                return self.decided(builtin == Builtin::Any, list, core, env);
            }
            (Builtin::Round | Builtin::Floor | Builtin::Ceil, [Value::Int(number)]) => Value::Int(*number),
            (Builtin::Round | Builtin::Floor | Builtin::Ceil, [Value::Float(Float(number))]) => {
                let number = match builtin {
                    Builtin::Round => number.round(),
                    Builtin::Floor => number.floor(),
                    _ => number.ceil(),
                };
                let whole = whole(number).map(Value::Int);
                return whole.ok_or_else(|| self.complain(core, env, no_whole_number));
            }
            (Builtin::Keys, [Value::Map(map)]) => {
                Value::List(entries(map).map(|(key, _)| field(Value::text(key.as_str()))).collect())
            }
            (Builtin::Values, [Value::Map(map)]) => {
                Value::List(entries(map).map(|(_, field)| field.clone()).collect())
            }
            (Builtin::Join, [Value::List(list), Value::Text(by)]) => {
                let parts: Option<Vec<String>> = list.iter().map(|field| field.value.shown()).collect();
                let Some(parts) = parts else {
                    return Err(self.astray(core, env, "values that have no text are joined"));
                };
                let len = parts.iter().map(|part| part.len() + by.len()).sum();
                self.must_be_short(len, core, env)?;
                Value::text(parts.join(by))
            }
            (Builtin::Split, [Value::Text(text), Value::Text(by)]) => {
                self.must_be_small(text.matches(&**by).count(), core, env)?;
                Value::List(text.split(&**by).map(|part| field(Value::text(part))).collect())
            }
            (Builtin::Replace, [Value::Text(text), Value::Text(what), Value::Text(by)]) => {
                let len = text.len() + text.matches(&**what).count() * by.len();
                self.must_be_short(len, core, env)?;
                Value::text(text.replace(&**what, by))
            }
            (Builtin::Sort, [Value::List(list)]) => {
                self.must_have_order(list, core, env)?;
                let mut sorted = list.to_vec();
                sorted.sort_by(|a, b| a.value.order(&b.value).unwrap_or(Ordering::Equal));
                Value::List(sorted.into())
            }
            (Builtin::Unique, [Value::List(list)]) => {
                self.pay_for_pairs(list, core, env)?;
                self.unique(list)?
            }
            (Builtin::Flatten, [Value::List(list)]) => {
                let inner = list.iter().filter_map(|field| match &field.value {
                    Value::List(inner) => Some(inner.iter().cloned()),
                    _ => None,
                });
                Value::List(inner.flatten().collect())
            }
            (Builtin::Min | Builtin::Max, [Value::List(list)]) => {
                return self.extreme(builtin, list, core, env);
            }
            (Builtin::Sum, [Value::List(list)]) => return self.sum(list, core, env),
            (Builtin::Numbers, [Value::Int(first), Value::Int(last)]) => {
                if last.saturating_sub(*first) >= MOST_NUMBERS {
                    let count = u128::from(last.abs_diff(*first)) + 1;
                    let problem = |place| too_many(place, count, MOST_NUMBERS.unsigned_abs().into());
                    return Err(self.complain(core, env, problem));
                }
                Value::List((*first..=*last).map(|number| field(Value::Int(number))).collect())
            }
            (Builtin::String, [value]) => match value.shown() {
                Some(text) => Value::text(text),
                None => return Err(self.astray(core, env, "this has no text")),
            },
            (Builtin::Int, [Value::Text(text)]) => {
                if let Ok(number) = text.trim().parse() {
                    Value::Int(number)
                } else {
                    let invalid = domain::Invalid::new(format!("'{text}' is not a whole number"));
                    let invalid = invalid.with_help("only digits make one, such as \"42\"");
                    return Err(self.complain(core, env, |place| invalid_result(place, &invalid, None)));
                }
            }
            (Builtin::PublicKey, [Value::Decl(decl)]) => return self.public_key(decl, core, env),
            (Builtin::Fingerprint, [Value::Secret(text)]) => Value::text(self.fingerprint(text)),
            (Builtin::First | Builtin::Reverse | Builtin::Slice | Builtin::Zip | Builtin::Group, values) => {
                return self.of_list(builtin, values, core, env);
            }
            (Builtin::Json | Builtin::Yaml | Builtin::IngressHosts, [value]) => {
                of_data(builtin, &data(value), &field)
            }
            (builtin, values) => match texts(builtin, values) {
                Some(value) => value,
                None => return Err(self.astray(core, env, "a function has no result for this")),
            },
        })
    }

    /// A failure where elements have no order among each other.
    fn must_have_order(&mut self, list: &[Field], core: &Core, env: &Env) -> Result<(), Reported> {
        let mut pairs = list.windows(2);
        if pairs.all(|pair| pair[0].value.order(&pair[1].value).is_some()) {
            return Ok(());
        }
        Err(self.astray(core, env, "elements of a list have no order"))
    }

    fn extreme(
        &mut self,
        builtin: Builtin,
        list: &[Field],
        core: &Core,
        env: &Env,
    ) -> Result<Value, Reported> {
        self.must_have_order(list, core, env)?;
        let by = |a: &&Field, b: &&Field| a.value.order(&b.value).unwrap_or(Ordering::Equal);
        let found = if builtin == Builtin::Min { list.iter().min_by(by) } else { list.iter().max_by(by) };
        match found {
            Some(field) => Ok(field.value.clone()),
            None => Err(self.complain(core, env, empty_collection)),
        }
    }

    fn sum(&mut self, list: &[Field], core: &Core, env: &Env) -> Result<Value, Reported> {
        let mut values = list.iter().map(|field| field.value.clone());
        let Some(first) = values.next() else { return Ok(Value::Int(0)) };
        let sum = values.try_fold(first, |sum, value| calculated(BinaryOp::Add, &sum, &value));
        sum.ok_or_else(|| self.complain(core, env, sum_out_of_range))
    }

    fn unique(&mut self, list: &[Field]) -> Result<Value, Reported> {
        let mut found: Vec<Field> = Vec::new();
        for field in list {
            if !self.is_among(&found, &field.value)? {
                found.push(field.clone());
            }
        }
        Ok(Value::List(found.into()))
    }
}

/// A number without a fraction, if it is one that whole numbers go to.
#[expect(clippy::cast_possible_truncation, reason = "the range is looked at before")]
fn whole(number: f64) -> Option<i64> {
    // The first float beyond what fits.
    let beyond = 2f64.powi(63);
    (-beyond..beyond).contains(&number).then_some(number as i64)
}

/// A function of data.
fn of_data(builtin: Builtin, data: &Data, field: &dyn Fn(Value) -> Field) -> Value {
    match builtin {
        Builtin::Json => Value::text(json(data).to_string()),
        Builtin::Yaml => Value::text(yaml::Yaml::from(data).print()),
        _ => {
            let hosts = ingress_hosts(data);
            Value::List(hosts.iter().map(|host| field(Value::text(host.to_string()))).collect())
        }
    }
}

fn texts(builtin: Builtin, values: &[Value]) -> Option<Value> {
    let texts: Option<Vec<&str>> = values.iter().map(Value::as_text).collect();
    Some(match (builtin, texts?.as_slice()) {
        (Builtin::Lower, [text]) => Value::text(text.to_lowercase()),
        (Builtin::Upper, [text]) => Value::text(text.to_uppercase()),
        (Builtin::Trim, [text]) => Value::text(text.trim()),
        (Builtin::StartsWith, [text, start]) => Value::Bool(text.starts_with(start)),
        (Builtin::EndsWith, [text, end]) => Value::Bool(text.ends_with(end)),
        (Builtin::Base64, [text]) => Value::text(crate::data::base64(text.as_bytes())),
        _ => return None,
    })
}
