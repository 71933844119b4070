//! Comprehensions and elements.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostics::Reported;
use smol_str::SmolStr;
use types::problems::too_much::too_many;
use types::{ClauseCore, Core, Field, Value, entries};

use super::{Env, Evaluator};
use crate::problems::no_such_value::{no_such_element, same_key};

/// How many addresses a range may be gone through by.
const MOST_ADDRESSES: u128 = 65_536;

impl Evaluator<'_> {
    /// The environments that a clause goes through.
    pub(crate) fn clause(&mut self, clause: &ClauseCore, env: &Env) -> Result<Vec<Env>, Reported> {
        let over = self.known(&clause.over, env)?;
        let pairs = self.elements(&over, clause, env)?;
        self.spend(pairs.len() as u64, &clause.over, env)?;
        let mut envs = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let inner = if clause.two { env.with([key, value]) } else { env.with([value]) };
            let condition = clause.condition.as_ref();
            if condition.map_or(Ok(true), |condition| self.truth(condition, &inner))? {
                envs.push(inner);
            }
        }
        Ok(envs)
    }

    /// Calls `each` with the environments that several clauses go through, the last one fastest, up to its first failure.
    pub(crate) fn through(
        &mut self,
        clauses: &[ClauseCore],
        env: &Env,
        each: &mut dyn FnMut(&mut Self, &Env) -> Result<(), Reported>,
    ) -> Result<(), Reported> {
        let Some((clause, rest)) = clauses.split_first() else { return each(self, env) };
        self.clause(clause, env)?.iter().try_for_each(|inner| self.through(rest, inner, each))
    }

    fn elements(
        &mut self,
        over: &Value,
        clause: &ClauseCore,
        env: &Env,
    ) -> Result<Vec<(Value, Value)>, Reported> {
        let numbered = |at: usize| Value::Int(i64::try_from(at).unwrap_or(i64::MAX));
        Ok(match over {
            Value::List(list) => {
                let all = list.iter().enumerate();
                all.map(|(at, field)| (numbered(at), field.value.clone())).collect()
            }
            Value::Map(map) => {
                entries(map).map(|(key, field)| (Value::text(key.as_str()), field.value.clone())).collect()
            }
            Value::Range(range) if range.len() > MOST_ADDRESSES => {
                let problem = |place| too_many(place, range.len(), MOST_ADDRESSES);
                return Err(self.complain(&clause.over, env, problem));
            }
            Value::Range(range) => {
                let all = (0..range.len()).filter_map(|at| range.nth(at)).enumerate();
                all.map(|(at, address)| (numbered(at), Value::Address(address))).collect()
            }
            _ => return Err(self.astray(&clause.over, env, "this cannot be gone through")),
        })
    }

    pub(super) fn list_for(
        &mut self,
        clauses: &[ClauseCore],
        value: &Core,
        env: &Env,
    ) -> Result<Value, Reported> {
        let place = env.place(value.span);
        let mut list: Vec<Field> = Vec::new();
        self.through(clauses, env, &mut |this, inner| {
            list.push(Field { value: this.eval(value, inner), place: place.clone() });
            this.must_be_small(list.len(), value, inner)
        })?;
        Ok(Value::List(list.into()))
    }

    pub(super) fn map_for(
        &mut self,
        clauses: &[ClauseCore],
        key: &Core,
        value: &Core,
        env: &Env,
    ) -> Result<Value, Reported> {
        let mut map: BTreeMap<SmolStr, Field> = BTreeMap::new();
        self.through(clauses, env, &mut |this, inner| {
            let text = this.shown(key, inner)?;
            let new = Field { value: this.eval(value, inner), place: env.place(value.span) };
            if map.insert(SmolStr::new(&text), new).is_some() {
                return Err(this.complain(key, env, |place| same_key(place, &text)));
            }
            this.must_be_small(map.len(), value, inner)
        })?;
        Ok(Value::Map(Arc::new(map)))
    }

    pub(super) fn index(
        &mut self,
        base: &Core,
        at: &Core,
        core: &Core,
        env: &Env,
    ) -> Result<Value, Reported> {
        Ok(match (self.known(base, env)?, self.known(at, env)?) {
            (Value::List(list), Value::Int(number)) => {
                let found = usize::try_from(number).ok().and_then(|at| list.get(at));
                if let Some(field) = found {
                    field.value.clone()
                } else {
                    return Err(self.complain(core, env, |place| no_such_element(place, number, list.len())));
                }
            }
            (Value::Map(map), Value::Text(key)) => {
                map.get(&*key).map_or(Value::None, |field| field.value.clone())
            }
            (Value::None, _) => Value::None,
            _ => return Err(self.astray(core, env, "nothing can be picked from this")),
        })
    }
}
