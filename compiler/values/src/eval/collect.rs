//! Comprehensions and elements.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;
use types::{ClauseCore, Core, Field, Value};

use super::{Env, Evaluator};
use crate::problems::{
    no_such_value::{no_such_element, same_key},
    too_much::too_many,
};

/// How many addresses a range may be gone through by.
const MOST_ADDRESSES: u128 = 65_536;

impl Evaluator<'_> {
    /// The environments that a clause goes through.
    pub(crate) fn clause(&mut self, clause: &ClauseCore, env: &Env) -> Vec<Env> {
        let over = self.eval(&clause.over, env);
        let pairs = self.elements(&over, clause, env);
        let mut envs = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let inner = if clause.two { env.with([key, value]) } else { env.with([value]) };
            let holds = match &clause.condition {
                None => true,
                Some(condition) => self.eval(condition, &inner) == Value::Bool(true),
            };
            if holds {
                envs.push(inner);
            }
        }
        envs
    }

    /// The environments that several clauses go through, the last one fastest.
    pub(crate) fn clauses(&mut self, clauses: &[ClauseCore], env: &Env) -> Vec<Env> {
        clauses.iter().fold(vec![env.clone()], |envs, clause| {
            envs.iter().flat_map(|env| self.clause(clause, env)).collect()
        })
    }

    fn elements(&mut self, over: &Value, clause: &ClauseCore, env: &Env) -> Vec<(Value, Value)> {
        let numbered = |at: usize| Value::Int(i64::try_from(at).unwrap_or(i64::MAX));
        match over {
            Value::List(list) => {
                let all = list.iter().enumerate();
                all.map(|(at, field)| (numbered(at), field.value.clone())).collect()
            }
            Value::Map(map) => {
                map.iter().map(|(key, field)| (Value::text(key.as_str()), field.value.clone())).collect()
            }
            Value::Range(range) if range.len() > MOST_ADDRESSES => {
                self.complain(&clause.over, env, |place| too_many(place, range.len(), MOST_ADDRESSES));
                Vec::new()
            }
            Value::Range(range) => {
                let all = (0..range.len()).filter_map(|at| range.nth(at)).enumerate();
                all.map(|(at, address)| (numbered(at), Value::Address(address))).collect()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn list_for(&mut self, clauses: &[ClauseCore], value: &Core, env: &Env) -> Value {
        let envs = self.clauses(clauses, env);
        let place = env.place(value.span);
        let all = envs.iter().map(|env| Field { value: self.eval(value, env), place: place.clone() });
        Value::List(all.collect())
    }

    pub(super) fn map_for(&mut self, clauses: &[ClauseCore], key: &Core, value: &Core, env: &Env) -> Value {
        let mut map: BTreeMap<SmolStr, Field> = BTreeMap::new();
        for inner in self.clauses(clauses, env) {
            let found = self.eval(key, &inner);
            let Some(text) = found.shown() else { continue };
            let new = Field { value: self.eval(value, &inner), place: env.place(value.span) };
            // The same entry twice is no contradiction; two values for one key are.
            if let Some(old) = map.insert(SmolStr::new(&text), new.clone())
                && old.value != new.value
            {
                self.complain(key, env, |place| same_key(place, &text));
            }
        }
        Value::Map(Arc::new(map))
    }

    pub(super) fn index(&mut self, base: &Core, at: &Core, core: &Core, env: &Env) -> Value {
        match (self.eval(base, env), self.eval(at, env)) {
            (Value::List(list), Value::Int(number)) => {
                let found = usize::try_from(number).ok().and_then(|at| list.get(at));
                if let Some(field) = found {
                    field.value.clone()
                } else {
                    self.complain(core, env, |place| no_such_element(place, number, list.len()));
                    Value::Error
                }
            }
            (Value::Map(map), Value::Text(key)) => {
                map.get(&*key).map_or(Value::None, |field| field.value.clone())
            }
            _ => Value::Error,
        }
    }
}
