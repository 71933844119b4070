//! Expressions.

use std::sync::Arc;

use diagnostics::{Elsewhere, Reported};
use model::{SecretPart, SecretText};
use names::find;
use smol_str::SmolStr;
use types::problems::too_much::{too_deep, too_many_levels};
use types::{Builtin, Certainty, Core, CoreKind, DeclRef, Field, ItemCore, Step, Value, only_declaration};

use super::blame::Caller;
use super::bounds::{DEPTH, LEVELS, builds};
use super::circle::Part;
use super::kind::leans;
use super::{Env, Evaluator, Presence, name_of};
use crate::problems::{
    no_lab::no_lab,
    no_such_value::{absent_declaration, no_part},
};
use crate::queries::{DeclKey, all_members, conditional, constant_value, inner_declarations, item_members};

impl Evaluator<'_> {
    /// What an expression comes to; a failure is a value too, for lists and records of which the rest is wanted.
    pub(crate) fn eval(&mut self, core: &Core, env: &Env) -> Value {
        self.worked_out(core, env).unwrap_or_else(Value::Error)
    }

    /// What an expression comes to, if nothing is wrong with it.
    pub(crate) fn known(&mut self, core: &Core, env: &Env) -> Result<Value, Reported> {
        match self.worked_out(core, env)? {
            Value::Error(reported) => Err(reported),
            value => Ok(value),
        }
    }

    /// What a condition comes to.
    pub(crate) fn truth(&mut self, core: &Core, env: &Env) -> Result<bool, Reported> {
        match self.known(core, env)? {
            Value::Bool(value) => Ok(value),
            _ => Err(self.astray(core, env, "a condition is neither true nor false")),
        }
    }

    /// The text of what an expression comes to, as `${…}` has it.
    pub(crate) fn shown(&mut self, core: &Core, env: &Env) -> Result<String, Reported> {
        let value = self.known(core, env)?;
        value.shown().ok_or_else(|| self.astray(core, env, "a value that has no text stands for a text"))
    }

    fn worked_out(&mut self, core: &Core, env: &Env) -> Result<Value, Reported> {
        self.spend(1, core, env)?;
        if self.apart && leans(core) {
            self.leans = true;
            return Err(Reported::elsewhere(Elsewhere::Again));
        }
        if self.nesting >= LEVELS {
            return Err(self.complain(core, env, |place| too_many_levels(place, LEVELS)));
        }
        self.nesting += 1;
        let value = types::with_stack(|| self.value(core, env));
        self.nesting -= 1;
        if builds(core) { self.bounded(value?, core, env) } else { value }
    }

    /// A field of a declaration.
    fn own_field(&mut self, base: &Core, name: &SmolStr, core: &Core, env: &Env) -> Result<Value, Reported> {
        match self.named(base, env)? {
            Some(decl) if matches!(core.kind, CoreKind::Lazy(..)) => self.lazy_field(&decl, name, core, env),
            Some(decl) => self.field_of(&decl, name, core, env),
            None => Ok(Value::None),
        }
    }

    /// What a declaration is called in what is built, or the folder that it is deployed from.
    fn fact(&mut self, base: &Core, is_folder: bool, env: &Env) -> Result<Value, Reported> {
        Ok(match self.named(base, env)? {
            Some(decl) if is_folder => Value::text(self.component(&decl)?.path()),
            Some(decl) => Value::text(name_of(&decl)),
            None => Value::None,
        })
    }

    fn value(&mut self, core: &Core, env: &Env) -> Result<Value, Reported> {
        Ok(match &core.kind {
            CoreKind::Error(reported) => return Err(*reported),
            CoreKind::Absent => {
                return Err(self.astray(core, env, "an argument that is left out is asked for"));
            }
            CoreKind::Const(value) => value.clone(),
            CoreKind::Text(parts) => return self.interpolated(parts, core, env),
            CoreKind::Local(at) => match env.locals.get(*at) {
                Some(value) => value.clone(),
                None => return Err(self.astray(core, env, "a name has no value here")),
            },
            CoreKind::Itself => match &env.itself {
                Some(decl) => Value::Decl(decl.clone()),
                None => return Err(self.astray(core, env, "'self' is nothing here")),
            },
            CoreKind::Item(..)
            | CoreKind::ItemAll(_)
            | CoreKind::Sole(_)
            | CoreKind::Nested(..)
            | CoreKind::NestedAll(..)
            | CoreKind::Parent(_)
            | CoreKind::All(_) => return self.declaration(core, env),
            CoreKind::Field(base, name) | CoreKind::Lazy(base, name) => {
                return self.own_field(base, name, core, env);
            }
            CoreKind::Name(base) => return self.fact(base, false, env),
            CoreKind::Folder(base) => return self.fact(base, true, env),
            CoreKind::Get(base, name) => match self.known(base, env)? {
                Value::Map(map) => map.get(name).map_or(Value::None, |field| field.value.clone()),
                Value::None => Value::None,
                _ => return Err(self.complain(core, env, |place| no_part(place, name))),
            },
            CoreKind::Property(base, property) => {
                let value = self.known(base, env)?;
                return self.property(&value, *property, core, env);
            }
            CoreKind::Index(parts) => return self.index(&parts.0, &parts.1, core, env),
            CoreKind::Constant(item) => {
                let (value, circular) = constant_value(self.db, names::key(self.db, item));
                if *circular {
                    return Err(self.asked(Part::Constant(item.clone())));
                }
                value.clone()
            }
            CoreKind::List(elements) => self.written_list(elements, env),
            CoreKind::Record(sets) => {
                let empty = Field { value: Value::Map(Arc::default()), place: env.place(core.span) };
                self.written_record(sets, empty, env)
            }
            CoreKind::ListFor(clauses, value) => return self.list_for(clauses, value, env),
            CoreKind::MapFor(clauses, parts) => return self.map_for(clauses, &parts.0, &parts.1, env),
            CoreKind::If(parts) => {
                let branch = if self.truth(&parts.0, env)? { &parts.1 } else { &parts.2 };
                self.eval(branch, env)
            }
            CoreKind::Let(parts) => {
                let value = self.eval(&parts.0, env);
                self.eval(&parts.1, &env.with([value]))
            }
            CoreKind::Shared(inner) => self.eval(inner, env),
            CoreKind::Match(value, arms) => return self.matching(value, arms, core, env),
            CoreKind::Unary(op, operand) => {
                let value = self.known(operand, env)?;
                return self.unary(*op, value, core, env);
            }
            CoreKind::Binary(op, operands) => {
                return self.binary(*op, &operands.0, &operands.1, core, env);
            }
            CoreKind::Range(ends) => {
                let ends = (self.known(&ends.0, env)?, self.known(&ends.1, env)?);
                return self.range(&ends.0, &ends.1, core, env);
            }
            CoreKind::Call(function, arguments) => return self.call(function, arguments, core, env),
            CoreKind::Builtin(Builtin::Exists, arguments) => {
                let found = arguments.first().map(|argument| self.found(argument, env)).transpose()?;
                Value::Bool(found.flatten().is_some())
            }
            CoreKind::Builtin(builtin, arguments) if builtin.reads_a_file() => match arguments.as_slice() {
                [path] => return self.file_value(*builtin, path, env),
                _ => return Err(self.astray(core, env, "a file has no path")),
            },
            CoreKind::Builtin(builtin, arguments) => {
                let values: Result<Vec<Value>, Reported> =
                    arguments.iter().map(|argument| self.known(argument, env)).collect();
                return self.builtin(*builtin, &values?, core, env);
            }
            CoreKind::Fit(inner, want) => {
                let value = self.known(inner, env)?;
                self.pay_for(&value, core, env)?;
                return self.converted(value, want, inner, env);
            }
            CoreKind::Whole(inner, ty) => {
                let value = self.known(inner, env)?;
                self.pay_for(&value, core, env)?;
                self.filled(value, ty, &env.place(inner.span), env.itself.as_ref())
            }
        })
    }

    /// A list, of which the rest is wanted where an element fails.
    fn written_list(&mut self, elements: &[Core], env: &Env) -> Value {
        let all = elements.iter().map(|element| {
            let value = self.eval(element, env);
            Field { value, place: env.place(element.span) }
        });
        Value::List(all.collect())
    }

    /// The declaration that an expression comes to; `None` where it may be none and is.
    fn named(&mut self, core: &Core, env: &Env) -> Result<Option<DeclRef>, Reported> {
        match self.known(core, env)? {
            Value::Decl(decl) => Ok(Some(decl)),
            Value::None => Ok(None),
            _ => Err(self.astray(core, env, "this is no declaration")),
        }
    }

    fn interpolated(&mut self, parts: &[Core], core: &Core, env: &Env) -> Result<Value, Reported> {
        let mut found: Vec<SecretPart> = Vec::new();
        let mut plain = String::new();
        for part in parts {
            match self.known(part, env)? {
                Value::Secret(secret) => {
                    if !plain.is_empty() {
                        found.push(SecretPart::Plain(std::mem::take(&mut plain)));
                    }
                    found.extend(secret.parts.iter().cloned());
                }
                value => match value.shown() {
                    Some(text) => plain.push_str(&text),
                    None => return Err(self.astray(part, env, "a value that has no text stands in a text")),
                },
            }
            self.must_be_short(plain.len(), core, env)?;
            self.must_be_small(found.len(), core, env)?;
        }
        if found.is_empty() {
            return Ok(Value::text(plain));
        }
        if !plain.is_empty() {
            found.push(SecretPart::Plain(plain));
        }
        Ok(Value::Secret(Arc::new(SecretText { parts: found })))
    }

    fn declaration(&mut self, core: &Core, env: &Env) -> Result<Value, Reported> {
        match &core.kind {
            CoreKind::Item(item, key) => {
                let index = self.index_of(key.as_deref(), env)?;
                let is_sure = index.is_none() && !self.is_conditional(item);
                let decl = DeclRef::root(item.clone(), index);
                if is_sure { Ok(Value::Decl(decl)) } else { self.existing(decl, core, env) }
            }
            CoreKind::ItemAll(item) => self.all_of_item(item, core, env),
            CoreKind::Sole(kind) => self.sole(kind, core, env),
            CoreKind::Nested(base, kind, name, key, certainty) => {
                let Some(base) = self.named(base, env)? else { return Ok(Value::None) };
                let index = self.index_of(key.as_deref(), env)?;
                let decl = base.inner(Step { kind: kind.clone(), name: name.clone(), index });
                match certainty {
                    Certainty::Always => Ok(Value::Decl(decl)),
                    Certainty::Perhaps => self.existing(decl, core, env),
                }
            }
            CoreKind::NestedAll(base, kind, name) => {
                let Some(base) = self.named(base, env)? else { return Ok(Value::None) };
                let mut all = self.inner_declarations(&base)?;
                all.sort_by_cached_key(name_of);
                let wanted = |decl: &DeclRef| {
                    decl.steps().last().is_some_and(|step| {
                        step.kind == *kind && name.as_ref().is_none_or(|name| step.name == *name)
                    })
                };
                Ok(declarations(all.into_iter().filter(wanted), core, env))
            }
            CoreKind::Parent(base) => match self.named(base, env)? {
                Some(decl) => match decl.parent() {
                    Some(parent) => Ok(Value::Decl(parent)),
                    None => Err(self.astray(core, env, "this is in no other declaration")),
                },
                None => Ok(Value::None),
            },
            CoreKind::All(kind) => {
                let (all, circular) = all_members(self.db, names::word(self.db, kind));
                if *circular {
                    return Err(self.asked(Part::All(kind.clone())));
                }
                Ok(declarations(all.whole()?.iter().cloned(), core, env))
            }
            _ => Err(self.astray(core, env, "this is no declaration")),
        }
    }

    /// What tells the one that is meant of a repeated declaration from the others.
    fn index_of(&mut self, key: Option<&Core>, env: &Env) -> Result<Option<SmolStr>, Reported> {
        key.map(|key| self.shown(key, env).map(SmolStr::new)).transpose()
    }

    /// All that a repeated item declares.
    fn all_of_item(&mut self, item: &source::ItemKey, core: &Core, env: &Env) -> Result<Value, Reported> {
        let kind = SmolStr::new(item.first_word());
        let Some(found) = find(self.db, item) else {
            return Err(self.astray(core, env, "an item that was found is not there"));
        };
        let members = if *item == self.item {
            self.roots()
        } else {
            let (members, circular) = item_members(self.db, found, names::word(self.db, &kind));
            if *circular {
                return Err(self.asked(Part::Members(item.clone(), kind)));
            }
            members.clone()
        };
        let all = members.whole()?.iter().filter(|decl| decl.steps().is_empty()).cloned();
        Ok(declarations(all, core, env))
    }

    /// The only declaration of a kind.
    fn sole(&mut self, kind: &SmolStr, core: &Core, env: &Env) -> Result<Value, Reported> {
        let sole = only_declaration(self.db, names::word(self.db, kind));
        if let Some(item) = sole {
            return Ok(Value::Decl(DeclRef::root(item.clone(), None)));
        }
        // Of several that there should be one of, the others are the problem.
        if !types::items_with(self.db, names::word(self.db, kind)).is_empty() {
            return Err(Reported::elsewhere(Elsewhere::Declaration));
        }
        let root = DeclRef::root(self.item.clone(), None);
        let owner = format!("{} '{}'", super::kind_of(&root), name_of(&root));
        Err(self.complain(core, env, |place| no_lab(place, &owner, kind)))
    }

    /// The declarations directly in one, of this item or another.
    pub(super) fn inner_declarations(&mut self, decl: &DeclRef) -> Result<Vec<DeclRef>, Reported> {
        if *decl.item() == self.item {
            return self.children_of(decl).whole().cloned();
        }
        let (inner, circular) = inner_declarations(self.db, DeclKey::new(self.db, decl.clone()));
        if *circular {
            return Err(self.asked(Part::Inner(decl.clone())));
        }
        inner.whole().cloned()
    }

    /// Whether a declaration is there, of this item or another.
    pub(crate) fn is_there(&mut self, decl: &DeclRef) -> Result<bool, Reported> {
        if *decl.item() == self.item {
            return match self.presence(decl) {
                Presence::There(_) => Ok(true),
                Presence::Absent => Ok(false),
                Presence::Failed(reported) => Err(reported),
            };
        }
        let Some(parent) = decl.parent() else {
            let kind = SmolStr::new(super::kind_of(decl));
            let Some(item) = find(self.db, decl.item()) else { return Ok(false) };
            let (members, circular) = item_members(self.db, item, names::word(self.db, &kind));
            if *circular {
                return Err(self.asked(Part::Members(decl.item().clone(), kind)));
            }
            return Ok(members.all.contains(decl) || members.failed.map_or(Ok(false), Err)?);
        };
        Ok(self.is_there(&parent)? && self.inner_declarations(&parent)?.contains(decl))
    }

    /// Whether the declaration that an item is is there only if something holds.
    fn is_conditional(&self, item: &source::ItemKey) -> bool {
        if *item != self.item {
            return conditional(self.db, names::key(self.db, item));
        }
        self.own_core().is_some_and(ItemCore::is_conditional)
    }

    /// The declaration that an expression names, if it is there.
    fn found(&mut self, core: &Core, env: &Env) -> Result<Option<DeclRef>, Reported> {
        let decl = match &core.kind {
            CoreKind::Item(item, key) => DeclRef::root(item.clone(), self.index_of(key.as_deref(), env)?),
            CoreKind::Nested(base, kind, name, key, _) => {
                let Some(base) = self.found(base, env)? else { return Ok(None) };
                let index = self.index_of(key.as_deref(), env)?;
                base.inner(Step { kind: kind.clone(), name: name.clone(), index })
            }
            CoreKind::Shared(inner) => return self.found(inner, env),
            _ => return self.named(core, env),
        };
        Ok(self.is_there(&decl)?.then_some(decl))
    }

    /// A declaration that may not be there after all.
    fn existing(&mut self, decl: DeclRef, core: &Core, env: &Env) -> Result<Value, Reported> {
        if self.is_there(&decl)? {
            return Ok(Value::Decl(decl));
        }
        Err(self.complain(core, env, |place| absent_declaration(place, &name_of(&decl))))
    }

    fn field_of(
        &mut self,
        decl: &DeclRef,
        name: &SmolStr,
        core: &Core,
        env: &Env,
    ) -> Result<Value, Reported> {
        self.must_be_there(decl, core, env)?;
        Ok(self.field(decl, name).value)
    }

    /// A failure where a declaration is not there.
    pub(super) fn must_be_there(&mut self, decl: &DeclRef, core: &Core, env: &Env) -> Result<(), Reported> {
        // What stands in an item always is there, unless it is conditional or one of several.
        let certain = decl.steps().is_empty() && decl.index().is_none() && !self.is_conditional(decl.item());
        if certain || self.is_there(decl)? {
            return Ok(());
        }
        Err(self.complain(core, env, |place| absent_declaration(place, &name_of(decl))))
    }

    fn call(
        &mut self,
        function: &source::ItemKey,
        arguments: &Arc<[Core]>,
        core: &Core,
        env: &Env,
    ) -> Result<Value, Reported> {
        let callee = types::callee(self.db, names::key(self.db, function));
        let found = callee.function.as_deref().ok_or(Reported::elsewhere(Elsewhere::Declaration))?;
        if self.depth >= DEPTH {
            return Err(self.complain(core, env, |place| too_deep(place, DEPTH)));
        }
        let callee = Env { caller: Some(Caller::with(env, core.span, arguments)), ..Env::empty(function) };
        let locals = self.arguments(arguments, env, &found.defaults, &callee);
        self.depth += 1;
        let value = self.eval(&found.value, &callee.with(locals));
        self.depth -= 1;
        Ok(value)
    }

    fn matching(
        &mut self,
        value: &Core,
        arms: &[(Vec<Core>, Core)],
        core: &Core,
        env: &Env,
    ) -> Result<Value, Reported> {
        let value = self.known(value, env)?;
        for (patterns, result) in arms {
            let mut hit = patterns.is_empty();
            for pattern in patterns {
                let pattern = self.known(pattern, env)?;
                hit |= self.equal(&pattern, &value)?;
            }
            if hit {
                return Ok(self.eval(result, env));
            }
        }
        Err(self.astray(core, env, "no line of a 'match' is for the value"))
    }

    /// What a constant of this item comes to.
    pub fn constant(&mut self) -> Value {
        let item = self.item.clone();
        let core = self.own_core().and_then(|core| core.constant.clone());
        match core {
            Some((core, _)) if !types::needs_circle(self.db, &item) => self.eval(&core, &Env::empty(&item)),
            _ => Value::Error(Reported::elsewhere(Elsewhere::Declaration)),
        }
    }
}

fn declarations(all: impl Iterator<Item = DeclRef>, core: &Core, env: &Env) -> Value {
    let place = env.place(core.span);
    Value::List(all.map(|decl| Field { value: Value::Decl(decl), place: place.clone() }).collect())
}
