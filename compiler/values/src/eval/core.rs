//! Expressions.

use std::sync::Arc;

use model::{SecretPart, SecretText};
use names::find;
use smol_str::SmolStr;
use types::problems::too_much::too_deep;
use types::{Core, CoreKind, DeclRef, Field, ItemCore, Step, Value, item_core, only_declaration};

use super::blame::Caller;
use super::bounds::{DEPTH, builds};
use super::circle::Part;
use super::fields::put;
use super::kind::leans;
use super::{Env, Evaluator, name_of};
use crate::problems::{no_lab::no_lab, no_such_value::absent_declaration};
use crate::queries::{DeclKey, all_members, conditional, constant_value, inner_declarations, item_members};

impl Evaluator<'_> {
    /// What an expression comes to.
    pub(crate) fn eval(&mut self, core: &Core, env: &Env) -> Value {
        if !self.spend(1, core, env) {
            return Value::Error;
        }
        if self.apart && leans(core) {
            self.leans = true;
            return Value::Error;
        }
        let value = self.value(core, env);
        if builds(core) { self.bounded(value, core, env) } else { value }
    }

    fn value(&mut self, core: &Core, env: &Env) -> Value {
        match &core.kind {
            CoreKind::Error | CoreKind::Absent => Value::Error,
            CoreKind::Const(value) => value.clone(),
            CoreKind::Text(parts) => self.interpolated(parts, core, env),
            CoreKind::Local(at) => env.locals.get(*at).cloned().unwrap_or(Value::Error),
            CoreKind::Itself => env.itself.clone().map_or(Value::Error, Value::Decl),
            CoreKind::Item(..)
            | CoreKind::ItemAll(_)
            | CoreKind::Sole(_)
            | CoreKind::Nested(..)
            | CoreKind::NestedAll(..)
            | CoreKind::Parent(_)
            | CoreKind::All(_) => self.declaration(core, env),
            CoreKind::Field(base, name) => match self.eval(base, env) {
                Value::Decl(decl) => self.field_of(&decl, name, core, env),
                other => nothing(&other),
            },
            CoreKind::Lazy(base, name) => match self.eval(base, env) {
                Value::Decl(decl) => self.lazy_field(&decl, name, core, env),
                other => nothing(&other),
            },
            CoreKind::Name(base) => match self.eval(base, env) {
                Value::Decl(decl) => Value::text(name_of(&decl)),
                other => nothing(&other),
            },
            CoreKind::Get(base, name) => match self.eval(base, env) {
                Value::Map(map) => map.get(name).map_or(Value::None, |field| field.value.clone()),
                other => nothing(&other),
            },
            CoreKind::Property(base, property) => {
                let value = self.eval(base, env);
                self.property(&value, *property, core, env)
            }
            CoreKind::Index(parts) => self.index(&parts.0, &parts.1, core, env),
            CoreKind::Constant(item) => {
                let (value, circular) = constant_value(self.db, names::key(self.db, item));
                if *circular {
                    self.asked(Part::Constant(item.clone()));
                }
                value.clone()
            }
            CoreKind::List(elements) => {
                let all = elements.iter().map(|element| {
                    let value = self.eval(element, env);
                    Field { value, place: env.place(element.span) }
                });
                Value::List(all.collect())
            }
            CoreKind::Record(sets) => {
                let empty = Field { value: Value::Map(Arc::default()), place: env.place(core.span) };
                let all = sets.iter().fold(empty, |record, set| {
                    let value = self.eval(&set.value, env);
                    put(
                        Some(record),
                        &set.path,
                        Field { value, place: env.place(set.value.span) },
                        set.append,
                    )
                });
                all.value
            }
            CoreKind::ListFor(clauses, value) => self.list_for(clauses, value, env),
            CoreKind::MapFor(clauses, parts) => self.map_for(clauses, &parts.0, &parts.1, env),
            CoreKind::If(parts) => match self.eval(&parts.0, env) {
                Value::Bool(true) => self.eval(&parts.1, env),
                Value::Bool(false) => self.eval(&parts.2, env),
                _ => Value::Error,
            },
            CoreKind::Match(value, arms) => self.matching(value, arms, env),
            CoreKind::Unary(op, operand) => {
                let value = self.eval(operand, env);
                self.unary(*op, value, core, env)
            }
            CoreKind::Binary(op, operands) => self.binary(*op, &operands.0, &operands.1, core, env),
            CoreKind::Range(ends) => {
                let ends = (self.eval(&ends.0, env), self.eval(&ends.1, env));
                self.range(&ends.0, &ends.1, core, env)
            }
            CoreKind::Call(function, arguments) => self.call(function, arguments, core, env),
            CoreKind::Builtin(builtin, arguments) => {
                let values: Vec<Value> = arguments.iter().map(|argument| self.eval(argument, env)).collect();
                self.builtin(*builtin, &values, core, env)
            }
            CoreKind::Fit(inner, want) => {
                let value = self.eval(inner, env);
                if !self.pay_for(&value, core, env) {
                    return Value::Error;
                }
                self.converted(value, want, inner, env)
            }
        }
    }

    fn interpolated(&mut self, parts: &[Core], core: &Core, env: &Env) -> Value {
        let mut found: Vec<SecretPart> = Vec::new();
        let mut plain = String::new();
        for part in parts {
            match self.eval(part, env) {
                Value::Secret(secret) => {
                    if !plain.is_empty() {
                        found.push(SecretPart::Plain(std::mem::take(&mut plain)));
                    }
                    found.extend(secret.parts.iter().cloned());
                }
                value => match value.shown() {
                    Some(text) => plain.push_str(&text),
                    None => return Value::Error,
                },
            }
            if !self.is_short(plain.len(), core, env) || !self.is_small(found.len(), core, env) {
                return Value::Error;
            }
        }
        if found.is_empty() {
            return Value::text(plain);
        }
        if !plain.is_empty() {
            found.push(SecretPart::Plain(plain));
        }
        Value::Secret(Arc::new(SecretText { parts: found }))
    }

    fn declaration(&mut self, core: &Core, env: &Env) -> Value {
        match &core.kind {
            CoreKind::Item(item, None) => {
                let decl = DeclRef::root(item.clone(), None);
                if self.is_conditional(item) { self.existing(decl, core, env) } else { Value::Decl(decl) }
            }
            CoreKind::Item(item, Some(key)) => match self.eval(key, env).shown() {
                Some(key) => {
                    let decl = DeclRef::root(item.clone(), Some(SmolStr::new(key)));
                    self.existing(decl, core, env)
                }
                None => Value::Error,
            },
            CoreKind::ItemAll(item) => {
                let kind = SmolStr::new(item.first_word());
                let Some(found) = find(self.db, item) else { return Value::Error };
                let members = if *item == self.item {
                    self.roots()
                } else {
                    let (members, circular) = item_members(self.db, found, names::word(self.db, &kind));
                    if *circular {
                        self.asked(Part::Members(item.clone(), kind));
                    }
                    members.clone()
                };
                declarations(members.into_iter().filter(|decl| decl.steps().is_empty()), core, env)
            }
            CoreKind::Sole(kind) => {
                let sole = only_declaration(self.db, names::word(self.db, kind));
                if let Some(item) = sole {
                    return Value::Decl(DeclRef::root(item.clone(), None));
                }
                // Of several that there should be one of, the others are the problem.
                if !types::items_with(self.db, names::word(self.db, kind)).is_empty() {
                    return Value::Error;
                }
                let root = DeclRef::root(self.item.clone(), None);
                let owner = format!("{} '{}'", super::kind_of(&root), name_of(&root));
                self.complain(core, env, |place| no_lab(place, &owner, kind));
                Value::Error
            }
            CoreKind::Nested(base, kind, name, key) => {
                let Value::Decl(base) = self.eval(base, env) else { return Value::Error };
                let index = match key {
                    None => None,
                    Some(key) => match self.eval(key, env).shown() {
                        Some(key) => Some(SmolStr::new(key)),
                        None => return Value::Error,
                    },
                };
                Value::Decl(base.inner(Step { kind: kind.clone(), name: name.clone(), index }))
            }
            CoreKind::NestedAll(base, kind, name) => {
                let Value::Decl(base) = self.eval(base, env) else { return Value::Error };
                let mut all = self.inner_declarations(&base);
                all.sort_by_cached_key(name_of);
                let wanted = |decl: &DeclRef| {
                    decl.steps().last().is_some_and(|step| {
                        step.kind == *kind && name.as_ref().is_none_or(|name| step.name == *name)
                    })
                };
                declarations(all.into_iter().filter(wanted), core, env)
            }
            CoreKind::Parent(base) => match self.eval(base, env) {
                Value::Decl(decl) => decl.parent().map_or(Value::Error, Value::Decl),
                other => nothing(&other),
            },
            CoreKind::All(kind) => {
                let (all, circular) = all_members(self.db, names::word(self.db, kind));
                if *circular {
                    self.asked(Part::All(kind.clone()));
                }
                if *circular { Value::Error } else { declarations(all.iter().cloned(), core, env) }
            }
            _ => Value::Error,
        }
    }

    pub(super) fn inner_declarations(&mut self, decl: &DeclRef) -> Vec<DeclRef> {
        if *decl.item() == self.item {
            self.children_of(decl)
        } else {
            let (inner, circular) = inner_declarations(self.db, DeclKey::new(self.db, decl.clone()));
            if *circular {
                self.asked(Part::Inner(decl.clone()));
            }
            inner.clone()
        }
    }

    /// Whether a declaration is there, of this item or another.
    pub(crate) fn is_there(&mut self, decl: &DeclRef) -> bool {
        if *decl.item() == self.item {
            return self.instance(decl).is_some();
        }
        let Some(parent) = decl.parent() else {
            let kind = SmolStr::new(super::kind_of(decl));
            return find(self.db, decl.item()).is_some_and(|item| {
                item_members(self.db, item, names::word(self.db, &kind)).0.contains(decl)
            });
        };
        self.is_there(&parent) && self.inner_declarations(&parent).contains(decl)
    }

    /// Whether the declaration that an item is is there only if something holds.
    fn is_conditional(&self, item: &source::ItemKey) -> bool {
        if *item != self.item {
            return conditional(self.db, names::key(self.db, item));
        }
        self.own_core().is_some_and(ItemCore::is_conditional)
    }

    /// A declaration that may not be there after all.
    fn existing(&mut self, decl: DeclRef, core: &Core, env: &Env) -> Value {
        if self.is_there(&decl) {
            return Value::Decl(decl);
        }
        self.complain(core, env, |place| absent_declaration(place, &name_of(&decl)));
        Value::Error
    }

    fn field_of(&mut self, decl: &DeclRef, name: &SmolStr, core: &Core, env: &Env) -> Value {
        if self.must_be_there(decl, core, env) { self.field(decl, name).value } else { Value::Error }
    }

    /// Whether a declaration is there, with a problem where it is not.
    pub(super) fn must_be_there(&mut self, decl: &DeclRef, core: &Core, env: &Env) -> bool {
        // What stands in an item always is there, unless it is conditional or one of several.
        let certain = decl.steps().is_empty() && decl.index().is_none() && !self.is_conditional(decl.item());
        if certain || self.is_there(decl) {
            return true;
        }
        self.complain(core, env, |place| absent_declaration(place, &name_of(decl)));
        false
    }

    fn call(&mut self, function: &source::ItemKey, arguments: &Arc<[Core]>, core: &Core, env: &Env) -> Value {
        let found = find(self.db, function).and_then(|item| item_core(self.db, item).function.clone());
        let Some(found) = found else { return Value::Error };
        if types::needs_circle(self.db, function) {
            return Value::Error;
        }
        if self.depth >= DEPTH {
            self.complain(core, env, |place| too_deep(place, DEPTH));
            return Value::Error;
        }
        let callee = Env { caller: Some(Caller::with(env, core.span, arguments)), ..Env::empty(function) };
        let locals = self.arguments(arguments, env, &found.defaults, &callee);
        self.depth += 1;
        let value = self.eval(&found.value, &callee.with(locals));
        self.depth -= 1;
        value
    }

    fn matching(&mut self, value: &Core, arms: &[(Vec<Core>, Core)], env: &Env) -> Value {
        let value = self.eval(value, env);
        if value.is_error() {
            return Value::Error;
        }
        for (patterns, result) in arms {
            let hit = patterns.is_empty() || patterns.iter().any(|pattern| self.eval(pattern, env) == value);
            if hit {
                return self.eval(result, env);
            }
        }
        Value::Error
    }

    /// What a constant of this item comes to.
    pub fn constant(&mut self) -> Value {
        let item = self.item.clone();
        let core = self.own_core().and_then(|core| core.constant.clone());
        match core {
            Some((core, _)) if !types::needs_circle(self.db, &item) => self.eval(&core, &Env::empty(&item)),
            _ => Value::Error,
        }
    }
}

/// What a part of something that is not there comes to.
fn nothing(base: &Value) -> Value {
    if base.is_none() { Value::None } else { Value::Error }
}

fn declarations(all: impl Iterator<Item = DeclRef>, core: &Core, env: &Env) -> Value {
    let place = env.place(core.span);
    Value::List(all.map(|decl| Field { value: Value::Decl(decl), place: place.clone() }).collect())
}
