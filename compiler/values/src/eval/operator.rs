//! Operators.

use std::sync::Arc;

use diagnostics::Reported;
use domain::AddressRange;
use model::{Float, SecretPart, SecretText};
use types::problems::invalid_value::invalid_result;
use types::{BinaryOp, Core, Field, How, UnaryOp, Value, entries};

use super::layers::joined;
use super::{Env, Evaluator};
use crate::problems::out_of_range::{division_by_zero, out_of_range};

impl Evaluator<'_> {
    pub(super) fn unary(
        &mut self,
        op: UnaryOp,
        value: Value,
        core: &Core,
        env: &Env,
    ) -> Result<Value, Reported> {
        Ok(match (op, value) {
            (UnaryOp::Not, Value::Bool(value)) => Value::Bool(!value),
            (UnaryOp::Minus, Value::Int(value)) => {
                if let Some(negated) = value.checked_neg() {
                    return Ok(Value::Int(negated));
                }
                let (zero, value) = (Value::Int(0), Value::Int(value));
                let problem = |place| out_of_range(place, BinaryOp::Subtract, &zero, &value);
                return Err(self.complain(core, env, problem));
            }
            (UnaryOp::Minus, Value::Float(Float(value))) => Value::Float(Float(-value)),
            _ => return Err(self.astray(core, env, "this has no opposite")),
        })
    }

    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        left: &Core,
        right: &Core,
        core: &Core,
        env: &Env,
    ) -> Result<Value, Reported> {
        let first = self.known(left, env)?;
        // What decides already leaves the other side alone.
        match (op, &first) {
            (BinaryOp::And, Value::Bool(false)) | (BinaryOp::Or, Value::Bool(true)) => return Ok(first),
            (BinaryOp::Otherwise, Value::None) => return Ok(self.eval(right, env)),
            (BinaryOp::Otherwise, _) => return Ok(first),
            _ => {}
        }
        let second = self.known(right, env)?;
        self.pay_for(&first, core, env)?;
        self.pay_for(&second, core, env)?;
        Ok(match op {
            // One without a value was decided above.
            BinaryOp::And | BinaryOp::Or | BinaryOp::Otherwise => second,
            BinaryOp::Equal => Value::Bool(self.equal(&first, &second)?),
            BinaryOp::NotEqual => Value::Bool(!self.equal(&first, &second)?),
            BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => {
                let Some(order) = first.order(&second) else {
                    return Err(self.astray(core, env, "these have no order"));
                };
                Value::Bool(match op {
                    BinaryOp::Less => order.is_lt(),
                    BinaryOp::LessEqual => order.is_le(),
                    BinaryOp::Greater => order.is_gt(),
                    _ => order.is_ge(),
                })
            }
            BinaryOp::In => self.contained(&second, &first, core, env)?,
            BinaryOp::Contains => self.contained(&first, &second, core, env)?,
            BinaryOp::Divide | BinaryOp::Remainder if is_zero(&second) => {
                return Err(self.complain(right, env, division_by_zero));
            }
            _ => {
                if let Some(value) = calculated(op, &first, &second) {
                    return Ok(value);
                }
                return Err(self.complain(core, env, |place| out_of_range(place, op, &first, &second)));
            }
        })
    }

    fn contained(&mut self, whole: &Value, part: &Value, core: &Core, env: &Env) -> Result<Value, Reported> {
        if let Value::List(list) = whole {
            return self.is_among(list, part).map(Value::Bool);
        }
        let found = contains(whole, part);
        found.map(Value::Bool).ok_or_else(|| self.astray(core, env, "this contains nothing of that sort"))
    }

    /// Whether a list has an element that says the same.
    pub(super) fn is_among(&mut self, list: &[Field], part: &Value) -> Result<bool, Reported> {
        for field in list {
            if self.equal(&field.value, part)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether two values say the same; where they were set does not count. A declaration beside a plain value is
    /// what it stands for, wherever in lists and maps it is.
    pub(super) fn equal(&mut self, a: &Value, b: &Value) -> Result<bool, Reported> {
        Ok(match (a, b) {
            (Value::Error(reported), _) | (_, Value::Error(reported)) => return Err(*reported),
            (Value::Int(_) | Value::Float(_), Value::Float(_)) | (Value::Float(_), Value::Int(_)) => {
                a.to_float().zip(b.to_float()).is_some_and(|(a, b)| same(a, b))
            }
            (Value::List(a), Value::List(b)) => {
                a.len() == b.len() && self.all_equal(a.iter().zip(b.iter()))?
            }
            (Value::Map(a), Value::Map(b)) => {
                let values = entries(a).map(|(_, field)| field).zip(entries(b).map(|(_, field)| field));
                entries(a).map(|(key, _)| key).eq(entries(b).map(|(key, _)| key)) && self.all_equal(values)?
            }
            (Value::Decl(_), Value::Decl(_) | Value::None) | (Value::None, Value::Decl(_)) => a == b,
            (Value::Decl(decl), plain) | (plain, Value::Decl(decl)) => match self.primary(decl) {
                Some(value) => self.equal(&value, plain)?,
                None => false,
            },
            _ => a == b,
        })
    }

    fn all_equal<'a>(
        &mut self,
        pairs: impl Iterator<Item = (&'a Field, &'a Field)>,
    ) -> Result<bool, Reported> {
        for (a, b) in pairs {
            if !self.equal(&a.value, &b.value)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) fn range(
        &mut self,
        first: &Value,
        last: &Value,
        core: &Core,
        env: &Env,
    ) -> Result<Value, Reported> {
        let (Value::Address(first), Value::Address(last)) = (first, last) else {
            return Err(self.astray(core, env, "a range goes from an address to an address"));
        };
        AddressRange::new(*first, *last)
            .map(Value::Range)
            .map_err(|invalid| self.complain(core, env, |place| invalid_result(place, &invalid, None)))
    }
}

/// Exact on purpose: the same number written twice is equal, and nothing else is.
#[expect(clippy::float_cmp, reason = "a lab compares numbers that were written, not measured")]
fn same(a: f64, b: f64) -> bool {
    a == b
}

/// Whether one value, which is no list, has another in it; `None` where it cannot be.
fn contains(whole: &Value, part: &Value) -> Option<bool> {
    Some(match (whole, part) {
        (Value::Map(map), Value::Text(key)) => map.get(&**key).is_some_and(|field| !field.value.is_none()),
        (Value::Text(whole), Value::Text(part)) => whole.contains(&**part),
        (Value::Cidr(whole), Value::Address(part)) => whole.contains(*part),
        (Value::Cidr(whole), Value::Cidr(part)) => whole.contains_cidr(*part),
        (Value::Cidr(whole), Value::Range(part)) => whole.contains_range(*part),
        (Value::Range(whole), Value::Address(part)) => whole.contains(*part),
        (Value::Range(whole), Value::Range(part)) => whole.contains_range(*part),
        (Value::Range(whole), Value::Cidr(part)) => whole.contains_range(part.range()),
        _ => return None,
    })
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Int(value) => *value == 0,
        Value::Float(value) => value.0 == 0.0,
        Value::Size(value) => value.bytes() == 0,
        Value::Cpu(value) => value.millis() == 0,
        Value::Duration(value) => value.milliseconds() == 0,
        _ => false,
    }
}

/// `a op b` of numbers, units, addresses, texts and collections; nothing where it does not fit.
pub(super) fn calculated(op: BinaryOp, a: &Value, b: &Value) -> Option<Value> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => integers(op, *a, *b).map(Value::Int),
        (Value::Int(_) | Value::Float(_), Value::Float(_)) | (Value::Float(_), Value::Int(_)) => {
            floats(op, a.to_float()?, b.to_float()?)
        }
        (Value::Address(a), Value::Int(b)) => match op {
            BinaryOp::Add => a.plus((*b).into()).map(Value::Address),
            _ => a.minus((*b).into()).map(Value::Address),
        },
        (Value::Address(a), Value::Address(b)) => i64::try_from(a.offset_from(*b)?).ok().map(Value::Int),
        (
            a @ (Value::Int(_) | Value::Float(_)),
            b @ (Value::Size(_) | Value::Cpu(_) | Value::Duration(_)),
        ) => units(op, b, a),
        (a @ (Value::Size(_) | Value::Cpu(_) | Value::Duration(_)), b) => units(op, a, b),
        (a, b) => collected(a, b),
    }
}

fn integers(op: BinaryOp, a: i64, b: i64) -> Option<i64> {
    match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Subtract => a.checked_sub(b),
        BinaryOp::Multiply => a.checked_mul(b),
        BinaryOp::Divide => a.checked_div(b),
        _ => a.checked_rem(b),
    }
}

fn floats(op: BinaryOp, a: f64, b: f64) -> Option<Value> {
    let value = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        BinaryOp::Divide => a / b,
        _ => a % b,
    };
    value.is_finite().then_some(Value::Float(Float(value)))
}

fn units(op: BinaryOp, a: &Value, b: &Value) -> Option<Value> {
    let count = |number: i64| u64::try_from(number).ok();
    let whole = |number: u64| i64::try_from(number).ok().map(Value::Int);
    // Each unit has the same operations on a type of its own.
    macro_rules! unit {
        ($kind:path, $a:expr, $b:expr) => {
            match (op, $b) {
                (BinaryOp::Add, $kind(b)) => $a.checked_add(*b).map($kind),
                (BinaryOp::Subtract, $kind(b)) => $a.checked_sub(*b).map($kind),
                (BinaryOp::Divide, $kind(b)) => whole($a.times_of(*b)?),
                (BinaryOp::Remainder, $kind(b)) => $a.rest_of(*b).map($kind),
                (BinaryOp::Multiply, Value::Int(b)) => $a.checked_mul(count(*b)?).map($kind),
                (BinaryOp::Divide, Value::Int(b)) => $a.checked_div(count(*b)?).map($kind),
                (BinaryOp::Multiply, Value::Float(b)) => $a.scaled(b.0).map($kind),
                (BinaryOp::Divide, Value::Float(b)) => $a.shared(b.0).map($kind),
                _ => None,
            }
        };
    }
    match (a, b) {
        (Value::Size(a), b) => unit!(Value::Size, a, b),
        (Value::Duration(a), b) => unit!(Value::Duration, a, b),
        (Value::Cpu(a), b) => unit!(Value::Cpu, a, b),
        _ => None,
    }
}

/// `a + b` of texts, lists and records.
fn collected(a: &Value, b: &Value) -> Option<Value> {
    Some(match (a, b) {
        (Value::Text(a), Value::Text(b)) => Value::text(format!("{a}{b}")),
        (Value::List(a), Value::List(b)) => Value::List(a.iter().chain(b.iter()).cloned().collect()),
        (Value::Secret(a), Value::Text(b)) => {
            secret(a.parts.iter().cloned().chain([SecretPart::Plain(b.to_string())]))
        }
        (Value::Text(a), Value::Secret(b)) => {
            secret([SecretPart::Plain(a.to_string())].into_iter().chain(b.parts.iter().cloned()))
        }
        (Value::Secret(a), Value::Secret(b)) => secret(a.parts.iter().chain(&b.parts).cloned()),
        (Value::Map(a), Value::Map(b)) => {
            let Some(place) = a.values().chain(b.values()).next().map(|field| field.place.clone()) else {
                return Some(Value::Map(Arc::clone(a)));
            };
            let (a, b) = (Value::Map(Arc::clone(a)), Value::Map(Arc::clone(b)));
            joined(Field { value: a, place: place.clone() }, Field { value: b, place }, How::Join).value
        }
        _ => return None,
    })
}

fn secret(parts: impl IntoIterator<Item = SecretPart>) -> Value {
    Value::Secret(Arc::new(SecretText { parts: parts.into_iter().collect() }))
}
