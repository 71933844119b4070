//! How much is worked out, and no more.
//!
//! A value is shared and not copied wherever it is used, so a few lines can say what no machine has room for:
//! `b = [a, a]`, `c = [b, b]`, and so on. Therefore whatever is built is measured at once, and whoever builds a value
//! or goes through one pays for it in steps. An item's steps are its own: what it comes to does not depend on what
//! was worked out before.

use diagnostics::{Problem, Reported};
use model::SecretPart;
use source::Place;
use types::problems::too_much::{out_of_fuel, too_large, too_long, too_nested};
use types::{Core, CoreKind, Field, Value};

use super::{Env, Evaluator};

/// How many steps the evaluation of one item may take. A large lab's largest item takes some ten thousand.
pub(super) const FUEL: u64 = 20_000_000;

/// How deep calls and declarations may be nested.
pub(super) const DEPTH: usize = 64;

/// How deep expressions may be in each other while an item is evaluated, through all calls and fields: each takes stack,
/// and calls, operators and brackets are bounded by themselves, but not their product.
pub(super) const LEVELS: usize = 10_000;

/// What a declaration costs, which takes more room than a value.
pub(super) const DECLARATION: u64 = 400;

/// How many bytes a text may have that is put together. Kubernetes takes one MiB.
const MOST_TEXT: usize = 2 << 20;

/// How many values may be in one value, texts counting for more if they are long.
const MOST_PARTS: u64 = 1 << 18;

/// What each value in a value costs when it is built.
pub(super) const PART: u64 = 8;

/// As how many values a map or record counts, for the room that it takes beside what is in it.
pub(super) const MAP: u64 = 4;

/// How many declarations an item may be, or one place in it. Each is looked for among all of them.
pub(super) const MOST_REPEATED: usize = 4096;

/// How deep values may be nested in each other.
const MOST_NESTED: usize = 64;

impl Evaluator<'_> {
    /// Takes steps, if there are as many left.
    pub(super) fn spend(&mut self, steps: u64, core: &Core, env: &Env) -> Result<(), Reported> {
        if let Some(left) = self.fuel.checked_sub(steps) {
            self.fuel = left;
            return Ok(());
        }
        let news = self.runs_out();
        let reported = news.map_or_else(|known| known, |()| self.complain(core, env, out_of_fuel));
        self.exhausted = Some(reported);
        Err(reported)
    }

    /// As [`Self::spend`], for what is no expression.
    pub(super) fn spend_at(&mut self, steps: u64, place: &Place) -> Result<(), Reported> {
        if let Some(left) = self.fuel.checked_sub(steps) {
            self.fuel = left;
            return Ok(());
        }
        let news = self.runs_out();
        let reported = news.map_or_else(|known| known, |()| self.report(out_of_fuel(place.clone())));
        self.exhausted = Some(reported);
        Err(reported)
    }

    /// Takes the steps that are left; the proof that it was said where that is no news.
    fn runs_out(&mut self) -> Result<(), Reported> {
        let left = std::mem::take(&mut self.fuel);
        match self.exhausted {
            Some(reported) if left == 0 => Err(reported),
            _ => Ok(()),
        }
    }

    /// Pays for going through `value`.
    pub(super) fn pay_for(&mut self, value: &Value, core: &Core, env: &Env) -> Result<(), Reported> {
        match value {
            Value::List(_) | Value::Map(_) | Value::Text(_) | Value::Secret(_) => {
                self.spend(parts(value).unwrap_or(MOST_PARTS), core, env)
            }
            _ => Ok(()),
        }
    }

    /// A value that an expression built, if it is not too large.
    pub(super) fn bounded(&mut self, value: Value, core: &Core, env: &Env) -> Result<Value, Reported> {
        let parts = parts(&value);
        let parts = parts.map_err(|excess| self.complain(core, env, |place| excess.problem(place)))?;
        self.must_be_short(text_len(&value), core, env)?;
        self.spend((parts - 1) * PART, core, env)?;
        Ok(value)
    }

    /// A field, if what it was put together from is not too large.
    pub(super) fn bounded_field(&mut self, field: Field) -> Field {
        let Err(excess) = parts(&field.value) else { return field };
        let reported = self.report(excess.problem(field.place.clone()));
        Field { value: Value::Error(reported), ..field }
    }

    /// Pays for comparing each element of a list with each.
    pub(super) fn pay_for_pairs(&mut self, list: &[Field], core: &Core, env: &Env) -> Result<(), Reported> {
        let whole = list.iter().map(|field| parts(&field.value).unwrap_or(MOST_PARTS)).sum::<u64>();
        self.spend(whole * list.len() as u64 / 16, core, env)
    }

    /// A failure where a text of so many bytes may not be put together.
    pub(super) fn must_be_short(&mut self, bytes: usize, core: &Core, env: &Env) -> Result<(), Reported> {
        if bytes <= MOST_TEXT {
            return Ok(());
        }
        Err(self.complain(core, env, |place| too_long(place, MOST_TEXT)))
    }

    /// A failure where a collection of so many elements may not be built.
    pub(super) fn must_be_small(&mut self, elements: usize, core: &Core, env: &Env) -> Result<(), Reported> {
        if elements as u64 <= MOST_PARTS {
            return Ok(());
        }
        Err(self.complain(core, env, |place| too_large(place, MOST_PARTS)))
    }
}

/// Whether an expression builds a value, and does not only hand on one that there is.
pub(super) fn builds(core: &Core) -> bool {
    matches!(
        core.kind,
        CoreKind::Text(_)
            | CoreKind::List(_)
            | CoreKind::Record(_)
            | CoreKind::ListFor(..)
            | CoreKind::MapFor(..)
            | CoreKind::Binary(..)
            | CoreKind::Builtin(..)
            | CoreKind::Fit(..)
            | CoreKind::Whole(..)
    )
}

/// What a value has too much of.
enum Excess {
    Parts,
    Levels,
}

impl Excess {
    fn problem(&self, place: Place) -> Problem {
        match self {
            Self::Parts => too_large(place, MOST_PARTS),
            Self::Levels => too_nested(place, MOST_NESTED),
        }
    }
}

/// How many values there are in a value, itself among them.
fn parts(value: &Value) -> Result<u64, Excess> {
    fn count(value: &Value, sum: &mut u64, depth: usize) -> Result<(), Excess> {
        *sum += 1 + text_len(value) as u64 / 64;
        if *sum > MOST_PARTS {
            return Err(Excess::Parts);
        }
        if depth > MOST_NESTED {
            return Err(Excess::Levels);
        }
        match value {
            Value::List(list) => list.iter().try_for_each(|field| count(&field.value, sum, depth + 1)),
            Value::Map(map) => {
                *sum += MAP;
                map.iter().try_for_each(|(key, field)| {
                    *sum += key.len() as u64 / 64;
                    count(&field.value, sum, depth + 1)
                })
            }
            _ => Ok(()),
        }
    }
    let mut sum = 0;
    count(value, &mut sum, 0)?;
    Ok(sum)
}

/// The bytes of a text; none for what is no text.
fn text_len(value: &Value) -> usize {
    match value {
        Value::Text(text) | Value::Nix(text) => text.len(),
        Value::Secret(secret) => {
            let len = |part: &SecretPart| match part {
                SecretPart::Plain(text) => text.len(),
                _ => 64,
            };
            secret.parts.iter().map(len).sum()
        }
        _ => 0,
    }
}
