//! Fields: what layers set, defaults where nothing is set.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use diagnostics::{Elsewhere, Reported};
use names::find;
use smol_str::SmolStr;
use source::Place;
use types::problems::{missing_field::missing_field, too_much::too_deep};
use types::{Core, DeclRef, Field, FieldShape, How, Shape, Ty, Value, item_core, last_segment};

use super::blame::Caller;
use super::bounds::{DEPTH, MAP, PART};
use super::circle::Part;
use super::{Env, Evaluator, Instance, Presence, name_of};
use crate::queries::{FieldKey, field_value};

impl<'db> Evaluator<'db> {
    /// What a field of a declaration comes to.
    pub fn field(&mut self, decl: &DeclRef, name: &str) -> Field {
        self.read(decl, name, Field::clone)
    }

    /// What `read` makes of a field of a declaration, which it need not copy.
    pub(crate) fn read<T>(&mut self, decl: &DeclRef, name: &str, read: impl FnOnce(&Field) -> T) -> T {
        if *decl.item() != self.item {
            let name = SmolStr::new(name);
            let (field, circular) = field_value(self.db, FieldKey::new(self.db, decl.clone(), name.clone()));
            if *circular {
                self.asked(Part::Field(decl.clone(), name));
            }
            return read(field);
        }
        let instance = match self.presence(decl) {
            Presence::There(instance) => instance,
            absent => {
                let place = Place::new(&self.item, source::Span::default());
                let reported = match absent {
                    Presence::Failed(reported) => reported,
                    _ => self.fault(place.clone(), format!("'{}' is asked for and not there", name_of(decl))),
                };
                return read(&Field { value: Value::Error(reported), place });
            }
        };
        match instance.of_kind.position(name) {
            Some(at) => self.read_at(&instance, at, read),
            None if instance.of_kind.shape.open.is_some() => read(&self.open_field(&instance, name)),
            None => {
                let what = format!("{} has no field '{name}'", instance.of_kind.shape.described());
                let reported = self.fault(instance.head.clone(), what);
                read(&Field { value: Value::Error(reported), place: instance.head.clone() })
            }
        }
    }

    /// What `read` makes of a declaration's field at `at` in its shape.
    pub(super) fn read_at<T>(
        &mut self,
        instance: &Rc<Instance<'db>>,
        at: usize,
        read: impl FnOnce(&Field) -> T,
    ) -> T {
        if let (false, Some(reported)) = (instance.sets[at], instance.may_be_lost(at)) {
            return read(&Field { value: Value::Error(reported), place: instance.head.clone() });
        }
        if let (false, Some(default)) = (instance.sets[at], &instance.of_kind.defaults[at]) {
            return read(default);
        }
        if let Some(known) = &instance.fields.borrow()[at] {
            return read(known);
        }
        let shape = &instance.of_kind.shape.fields[at];
        let field = self.once(instance, &shape.name, |this| this.compute(instance, shape, at));
        let found = read(&field);
        instance.fields.borrow_mut()[at] = Some(field);
        found
    }

    /// A field of an open kind, which its shape does not have.
    fn open_field(&mut self, instance: &Rc<Instance<'db>>, name: &str) -> Field {
        if let Some(known) = instance.open.borrow().get(name) {
            return known.clone();
        }
        let name = SmolStr::new(name);
        let field = self.once(instance, &name, |this| {
            let found = this.apply_layers(instance, &name, None);
            found.unwrap_or_else(|| Field { value: Value::None, place: instance.head.clone() })
        });
        instance.open.borrow_mut().insert(name, field.clone());
        field
    }

    /// Works a field out, unless that is what is being done already.
    fn once(
        &mut self,
        instance: &Rc<Instance<'db>>,
        name: &SmolStr,
        work: impl FnOnce(&mut Self) -> Field,
    ) -> Field {
        let key = (instance.decl.clone(), name.clone());
        if self.active.contains(&key) {
            return self.circle(&key);
        }
        self.active.push(key);
        let field = work(self);
        self.active.pop();
        field
    }

    /// Where a field is set, without evaluating it.
    pub(crate) fn set_place(&mut self, decl: &DeclRef, name: &str) -> Place {
        let Some(instance) = self.instance(decl) else {
            return Place::new(decl.item(), source::Span::default());
        };
        let sets = instance.layers.iter().flat_map(|layer| {
            let own = layer.body.sets.iter().filter(|set| set.path[0] == name);
            own.map(|set| layer.env.place(set.span))
        });
        let default = || {
            let of_kind = instance.of_kind;
            let field = of_kind.shape.field(name).map(|field| Place::new(&of_kind.item, field.span));
            field.unwrap_or_else(|| instance.head.clone())
        };
        sets.last().unwrap_or_else(default)
    }

    fn compute(&mut self, instance: &Rc<Instance<'db>>, field: &FieldShape, at: usize) -> Field {
        if field.place {
            return self.place_field(instance);
        }
        let name = &field.name;
        let set = if instance.sets[at] && !field.derived { self.layered(instance, name) } else { None };
        let found = match set {
            Some(found) => found,
            None => match self.default(instance, name) {
                Some(found) => found,
                None if matches!(field.ty, Ty::Optional(_)) => {
                    Field { value: Value::None, place: Place::new(&instance.of_kind.item, field.span) }
                }
                None => return self.missing(instance, field),
            },
        };
        let value = self.filled(found.value, &field.ty, &found.place, Some(&instance.decl));
        self.bounded_field(Field { value, place: found.place })
    }

    fn place_field(&mut self, instance: &Rc<Instance<'db>>) -> Field {
        let Some((core, env)) = &instance.place else {
            return Field { value: Value::None, place: instance.head.clone() };
        };
        match &core.place {
            Some(place) => Field { value: self.eval(place, env), place: env.place(place.span) },
            None => Field { value: Value::None, place: instance.head.clone() },
        }
    }

    /// The default or derived value of a field.
    pub(crate) fn default(&mut self, instance: &Rc<Instance<'db>>, name: &SmolStr) -> Option<Field> {
        let of_kind = instance.of_kind;
        let core = of_kind.core.as_ref()?.fields.get(name)?;
        let env = Env::of(&of_kind.item, &instance.decl);
        Some(Field { value: self.eval(core, &env), place: env.place(core.span) })
    }

    /// A derived field that is computed where it is asked for, and whose problems are of those who ask.
    pub(super) fn lazy_field(
        &mut self,
        decl: &DeclRef,
        name: &SmolStr,
        asked: &Core,
        env: &Env,
    ) -> Result<Value, Reported> {
        self.must_be_there(decl, asked, env)?;
        let kind = types::shape(self.db, super::kind_of(decl)).and_then(|(shape, item)| {
            let core = &item_core(self.db, find(self.db, item)?).kinds;
            Some((item, core.get(&shape.name)?))
        });
        let Some((item, core)) = kind.and_then(|(item, kind)| Some((item, kind.fields.get(name)?))) else {
            return Err(Reported::elsewhere(Elsewhere::Declaration));
        };
        if self.depth >= DEPTH {
            return Err(self.complain(asked, env, |place| too_deep(place, DEPTH)));
        }
        let inside = Env { caller: Some(Caller::of_field(env, asked.span)), ..Env::of(item, decl) };
        self.depth += 1;
        let value = self.eval(core, &inside);
        self.depth -= 1;
        Ok(value)
    }

    /// What the layers set, on top of the default where they only add to it.
    fn layered(&mut self, instance: &Rc<Instance<'db>>, name: &SmolStr) -> Option<Field> {
        let mut sets = instance.layers.iter().flat_map(|layer| &layer.body.sets);
        let first = sets.find(|set| set.path[0] == *name)?;
        let adds = first.how == How::Append || first.path.len() > 1;
        let base = if adds { self.default(instance, name) } else { None };
        self.apply_layers(instance, name, base)
    }

    /// What is to be set where `verb` tells to set it by `written`.
    fn how_to_set(&self, verb: &str, written: &str, ty: &Ty) -> String {
        let made = types::made_by(self.db, ty).map(|calls| format!(", made by {calls}"));
        let choice = types::choice(self.db, ty).map(|choice| format!("; {choice}"));
        format!("{verb} '{written} = …': {ty}{}", made.or(choice).unwrap_or_default())
    }

    fn missing(&mut self, instance: &Rc<Instance<'db>>, field: &FieldShape) -> Field {
        let of_kind = instance.of_kind;
        let declared = Place::new(&of_kind.item, field.span);
        let owner = format!("{} '{}'", last_segment(&of_kind.shape.name), name_of(&instance.decl));
        let is_main = field.primary && instance.written == instance.head;
        let help = match instance.decl.steps().last().filter(|_| is_main) {
            Some(step) => {
                self.how_to_set("write", &format!("{} {}", last_segment(&step.kind), step.name), &field.ty)
            }
            None if is_main => self.how_to_set("write", &owner.replace('\'', ""), &field.ty),
            None => self.how_to_set("add", &field.name, &field.ty),
        };
        let problem = missing_field(instance.head.clone(), &owner, &field.name, declared, &help);
        let reported = self.report(match instance.made_at() {
            Some(made) => problem.also(made.place, made.message),
            None => problem,
        });
        Field { value: Value::Error(reported), place: instance.head.clone() }
    }

    /// A value of a declaration with the defaults of record types filled in.
    pub(super) fn filled(&mut self, value: Value, ty: &Ty, place: &Place, of: Option<&DeclRef>) -> Value {
        match (value, ty) {
            (value, Ty::Optional(inner)) => self.filled(value, inner, place, of),
            (value, Ty::Union(arms)) => match arms.iter().find(|arm| matches!(arm, Ty::Record(_))) {
                Some(record) if matches!(value, Value::Map(_)) => self.filled(value, record, place, of),
                _ => value,
            },
            (Value::Map(map), Ty::Record(record)) => match types::shape(self.db, record) {
                Some((shape, item)) => self.filled_record(&map, (shape, item), place, of),
                None => Value::Map(map),
            },
            (Value::Map(map), Ty::Map(inner)) => {
                let mut filled = BTreeMap::new();
                // `none` removes an entry.
                for (key, field) in map.iter().filter(|(_, field)| !field.value.is_none()) {
                    let value = self.filled(field.value.clone(), inner, &field.place, of);
                    filled.insert(key.clone(), Field { value, place: field.place.clone() });
                }
                Value::Map(Arc::new(filled))
            }
            (Value::List(list), Ty::List(inner)) if inner.has_records() => {
                let fill = |field: &Field| {
                    let value = self.filled(field.value.clone(), inner, &field.place, of);
                    Field { value, place: field.place.clone() }
                };
                Value::List(list.iter().map(fill).collect())
            }
            (value, _) => value,
        }
    }

    fn filled_record(
        &mut self,
        map: &BTreeMap<SmolStr, Field>,
        (shape, item): (&Shape, &source::ItemKey),
        place: &Place,
        of: Option<&DeclRef>,
    ) -> Value {
        if let Err(reported) = self.spend_at((shape.fields.len() as u64 + MAP) * PART, place) {
            return Value::Error(reported);
        }
        let core = find(self.db, item).and_then(|found| item_core(self.db, found).kinds.get(&shape.name));
        let env = Env { itself: of.cloned(), ..Env::empty(item) };
        let mut filled = BTreeMap::new();
        for field in &shape.fields {
            let default: Option<&Core> = core.and_then(|core| core.fields.get(&field.name));
            let found = match (map.get(&field.name), default) {
                (Some(given), _) => given.clone(),
                (None, Some(default)) => {
                    Field { value: self.eval(default, &env), place: env.place(default.span) }
                }
                (None, None) if matches!(field.ty, Ty::Optional(_)) => {
                    Field { value: Value::None, place: env.place(field.span) }
                }
                (None, None) => {
                    let owner = format!("this {}", last_segment(&shape.name));
                    let declared = env.place(field.span);
                    let help = self.how_to_set("add", &field.name, &field.ty);
                    let problem = missing_field(place.clone(), &owner, &field.name, declared, &help);
                    Field { value: Value::Error(self.report(problem)), place: place.clone() }
                }
            };
            let value = self.filled(found.value, &field.ty, &found.place, of);
            filled.insert(field.name.clone(), Field { value, place: found.place });
        }
        Value::Map(Arc::new(filled))
    }
}
