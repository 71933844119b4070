//! Declarations as piles of layers.

mod members;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use diagnostics::{Elsewhere, Label, Reported};
use smol_str::SmolStr;
use source::{ItemKey, Place, Span};
use types::problems::too_much::too_many;
use types::{BodyCore, Core, DeclCore, DeclRef, Field, TemplateCall, Value, last_segment};

use super::blame::Caller;
use super::bounds::{DECLARATION, MOST_REPEATED};
use super::kind::KindValues;
use super::{Env, Evaluator, name_of};
use crate::problems::no_such_value::same_declaration;
use crate::queries::kind_values;

/// A declaration that is there.
pub(crate) struct Instance<'db> {
    /// Its name.
    pub decl: DeclRef,
    /// What it has in common with all others of its kind.
    pub of_kind: &'db KindValues,
    /// From the furthest to the nearest; later ones win.
    pub layers: Vec<Layer>,
    /// What `in` says, and where names in it are looked up.
    pub place: Option<(Arc<DeclCore>, Env)>,
    /// Whether something in it has a problem and was left out.
    pub is_broken: Option<Reported>,
    /// Where it is written: in a kind, if that makes it.
    pub written: Place,
    /// Where it is declared, for the user: what a kind makes is declared where the kind is used.
    pub head: Place,
    /// Of each field of its shape whether a layer sets it.
    pub(super) sets: Vec<bool>,
    /// Of each field of its shape the value, once it is known.
    pub(super) fields: RefCell<Vec<Option<Field>>>,
    /// What layers set in a field of NixOS options, each of which is written where it was set last.
    pub(crate) said: RefCell<Vec<Said>>,
    /// The values of fields that its shape does not have, as far as they are known.
    pub(super) open: RefCell<BTreeMap<SmolStr, Field>>,
    /// What is declared in it, by kind and name.
    groups: OnceCell<Vec<Group>>,
    /// The declarations directly in it.
    children: OnceCell<Children>,
}

/// Whether a declaration is there.
#[derive(Clone)]
pub(crate) enum Presence<'db> {
    /// It is.
    There(Rc<Instance<'db>>),
    /// Nothing declares it, or what it is there for does not hold.
    Absent,
    /// That could not be worked out.
    Failed(Reported),
}

/// The declarations in one, or those that an item makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Children {
    /// Those that are known to be there.
    pub all: Vec<DeclRef>,
    /// Whether it could not be worked out of some.
    pub failed: Option<Reported>,
}

impl Children {
    /// Of which nothing is known, since they depend on themselves.
    pub(crate) fn circular(reported: Reported) -> Self {
        Self { all: Vec::new(), failed: Some(reported) }
    }

    /// All of them.
    pub fn whole(&self) -> Result<&Vec<DeclRef>, Reported> {
        self.failed.map_or(Ok(&self.all), Err)
    }
}

/// What one piece of text says about a declaration.
pub(crate) struct Layer {
    /// What it sets and declares.
    pub body: Arc<BodyCore>,
    /// What names in it mean.
    pub env: Env,
    /// What it is.
    pub kind: LayerKind,
}

/// What a layer sets in a field.
#[derive(Clone)]
pub(crate) struct Said {
    /// Which of the layers.
    pub layer: usize,
    /// The field, and the way from it to what is set.
    pub path: Arc<[SmolStr]>,
    /// What it is set to.
    pub value: Value,
}

/// What a layer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LayerKind {
    /// A template, by name.
    Template(String),
    /// The `make` of a kind, by name.
    Made(SmolStr),
    /// The declaration itself.
    Own,
}

/// Declarations of one kind and name in a declaration, wherever they are written.
pub(super) struct Group {
    kind: SmolStr,
    name: SmolStr,
    written: Vec<Written>,
}

/// One place where they are written.
struct Written {
    core: Arc<DeclCore>,
    env: Env,
    layer: LayerKind,
    /// Of a repeated one: the key of each, with what the loop's variables are there.
    repetitions: OnceCell<Result<Repetitions, Reported>>,
}

/// The key of each of a repeated declaration, with what the loop's variables are there.
type Repetitions = Rc<Vec<(SmolStr, Env)>>;

impl Written {
    fn new(core: Arc<DeclCore>, env: Env, layer: LayerKind) -> Self {
        Self { core, env, layer, repetitions: OnceCell::new() }
    }
}

impl Instance<'_> {
    /// Whether the field at `at` of its shape may have been set by something that has a problem.
    pub(super) fn may_be_lost(&self, at: usize) -> Option<Reported> {
        let field = &self.of_kind.shape.fields[at];
        self.is_broken.filter(|_| !field.derived && !field.place)
    }

    /// Where a kind or template makes it, if the user does not write it himself.
    pub(super) fn made_at(&self) -> Option<Label> {
        (self.written != self.head).then(|| Label {
            place: self.written.clone(),
            message: format!(
                "{} '{}' is made here",
                last_segment(&self.of_kind.shape.name),
                name_of(&self.decl)
            ),
        })
    }

    /// Whether the field at `at` of its shape is what it is by its kind alone.
    pub(super) fn is_default(&self, at: usize) -> bool {
        !self.sets[at] && self.of_kind.defaults[at].is_some()
    }

    /// What is declared in it, by kind and name.
    fn groups(&self) -> &[Group] {
        self.groups.get_or_init(|| groups(self))
    }
}

impl<'db> Evaluator<'db> {
    /// The declaration, if it is known to be there. It must be one of this item.
    pub(crate) fn instance(&mut self, decl: &DeclRef) -> Option<Rc<Instance<'db>>> {
        if let Some(last) = self.last.as_ref().filter(|last| last.decl.is_same(decl)) {
            return Some(Rc::clone(last));
        }
        match self.presence(decl) {
            Presence::There(instance) => Some(instance),
            Presence::Absent | Presence::Failed(_) => None,
        }
    }

    /// Whether a declaration of this item is there.
    pub(crate) fn presence(&mut self, decl: &DeclRef) -> Presence<'db> {
        if let Some(known) = self.instances.get(decl) {
            if let Presence::There(instance) = known {
                self.last = Some(Rc::clone(instance));
            }
            return known.clone();
        }
        // In the way until it is known: a declaration that asks for itself on the way to itself is not there.
        self.instances.insert(decl.clone(), Presence::Absent);
        self.searching += 1;
        let found = match self.find_instance(decl) {
            Ok(Some(instance)) => Presence::There(Rc::new(instance)),
            Ok(None) => Presence::Absent,
            Err(reported) => Presence::Failed(reported),
        };
        self.searching -= 1;
        self.instances.insert(decl.clone(), found.clone());
        found
    }

    fn find_instance(&mut self, decl: &DeclRef) -> Result<Option<Instance<'db>>, Reported> {
        let (Some(parent), Some(step)) = (decl.parent(), decl.steps().last()) else {
            // An item that is read and declares nothing has a problem.
            let root = self.root().ok_or(Reported::elsewhere(Elsewhere::Declaration))?;
            let Some(present) = self.present(&root, decl)? else { return Ok(None) };
            return self.build(decl, present).map(Some);
        };
        let parent = match self.presence(&parent) {
            Presence::There(parent) => parent,
            Presence::Absent => return Ok(None),
            Presence::Failed(reported) => return Err(reported),
        };
        let mut groups = parent.groups().iter();
        let Some(group) = groups.find(|group| group.kind == step.kind && group.name == step.name) else {
            return parent.is_broken.map_or(Ok(None), Err);
        };
        let Some(present) = self.present(group, decl)? else { return Ok(None) };
        self.build(decl, present).map(Some)
    }

    /// Where the one of a group that is `decl` is written, each with what names mean there; nothing where it is not
    /// there.
    fn present<'g>(
        &mut self,
        group: &'g Group,
        decl: &DeclRef,
    ) -> Result<Option<Vec<(&'g Written, Env)>>, Reported> {
        let index = decl.steps().last().map_or(decl.index(), |step| step.index.as_ref());
        let mut found = Vec::with_capacity(group.written.len());
        // What reopens one of several makes none.
        let mut is_declared = index.is_none();
        for written in &group.written {
            let env = match (&written.core.repeat, index) {
                (None, Some(index)) if !self.is_picked(written, index)? => continue,
                (None, _) => written.env.clone(),
                (Some(_), None) => return Ok(None),
                (Some(_), Some(index)) => {
                    let all = self.repetitions(written)?;
                    let Some((_, env)) = all.iter().find(|(key, _)| key == index) else { continue };
                    is_declared = true;
                    env.clone()
                }
            };
            // In a repeated item `self` is the one of them that this is.
            let env = if decl.steps().is_empty() { Env { itself: Some(decl.clone()), ..env } } else { env };
            if !self.holds(&written.core, &env)? {
                return Ok(None);
            }
            found.push((written, env));
        }
        Ok((is_declared && !found.is_empty()).then_some(found))
    }

    /// The declaration that the item itself is, or those that it is.
    fn root(&mut self) -> Option<Rc<Group>> {
        if self.root.is_none() {
            let item = &self.item;
            let core = self.own_core()?.decl.clone()?;
            let env = Env::of(item, &DeclRef::root(item.clone(), None));
            let (kind, name) = (core.kind.clone(), core.name.clone());
            let written = vec![Written::new(core, env, LayerKind::Own)];
            self.root = Some(Rc::new(Group { kind, name, written }));
        }
        self.root.clone()
    }

    fn build(&mut self, decl: &DeclRef, present: Vec<(&Written, Env)>) -> Result<Instance<'db>, Reported> {
        let kind = super::kind_of(decl);
        let of_kind = kind_values(self.db, names::word(self.db, kind)).as_ref();
        let of_kind = of_kind.ok_or(Reported::elsewhere(Elsewhere::Declaration))?;
        let mut layers = Vec::with_capacity(present.len());
        let mut laid = Vec::new();
        let mut place = None;
        let mut head = None;
        for (written, env) in present {
            let core = &written.core;
            for call in &core.templates {
                self.template_layers(decl, (call, core.name_span), &env, &mut layers, &mut laid);
            }
            if core.place.is_some() {
                place = Some((Arc::clone(core), env.clone()));
            }
            // Problems are shown where the user wrote the declaration, if he did.
            if head.is_none() || written.layer == LayerKind::Own {
                head = Some(env.place(core.name_span));
            }
            layers.push(Layer { body: Arc::clone(&core.body), env, kind: written.layer.clone() });
        }
        let Some(written) = head else {
            return Err(self.fault(Place::new(decl.item(), Span::default()), "nothing declares it"));
        };
        self.spend_at(DECLARATION, &written)?;
        let maker = decl.parent().filter(|_| written.item != *decl.item());
        let head = maker
            .and_then(|parent| self.instance(&parent))
            .map_or_else(|| written.clone(), |parent| parent.head.clone());
        let shape = &of_kind.shape;
        let mut sets = vec![false; shape.fields.len()];
        for set in layers.iter().flat_map(|layer| &layer.body.sets) {
            if let Some(at) = of_kind.position(&set.path[0]) {
                sets[at] = true;
            }
        }
        let is_broken = layers.iter().find_map(|layer| layer.body.broken);
        Ok(Instance {
            decl: decl.clone(),
            of_kind,
            is_broken,
            layers,
            place,
            written,
            head,
            fields: RefCell::new(vec![None; sets.len()]),
            sets,
            said: RefCell::default(),
            open: RefCell::default(),
            groups: OnceCell::new(),
            children: OnceCell::new(),
        })
    }

    /// Lays a template on `layers`, above those that it extends; `span` is where it is asked for. One with the same
    /// values as one of those that are `laid` already is not laid on again, so that it does not hide what lies on it.
    fn template_layers(
        &mut self,
        decl: &DeclRef,
        (call, span): (&TemplateCall, Span),
        env: &Env,
        layers: &mut Vec<Layer>,
        laid: &mut Vec<(ItemKey, Vec<Value>)>,
    ) {
        let TemplateCall { template, arguments, .. } = call;
        let found = types::callee(self.db, names::key(self.db, template));
        let Some(core) = &found.template else {
            let broken = Some(Reported::elsewhere(Elsewhere::Declaration));
            let body = Arc::new(BodyCore { broken, ..BodyCore::default() });
            layers.push(Layer { body, env: env.clone(), kind: LayerKind::Own });
            return;
        };
        let caller = Some(Caller::with(env, span, arguments));
        let itself = Env { caller, ..Env::of(template, decl) };
        let locals = self.arguments(arguments, env, &core.defaults, &itself);
        if laid.iter().any(|(other, values)| other == template && *values == locals) {
            return;
        }
        laid.push((template.clone(), locals.clone()));
        let env = itself.with(locals);
        for base in &core.bases {
            self.template_layers(decl, (base, base.span), &env, layers, laid);
        }
        let name = template.name().to_owned();
        layers.push(Layer { body: Arc::clone(&core.body), env, kind: LayerKind::Template(name) });
    }

    /// The values of arguments, with the callee's defaults for those left out.
    pub(crate) fn arguments(
        &mut self,
        arguments: &[Core],
        env: &Env,
        defaults: &[Option<Core>],
        callee: &Env,
    ) -> Vec<Value> {
        let mut values = Vec::with_capacity(arguments.len());
        for (at, argument) in arguments.iter().enumerate() {
            let value = if matches!(argument.kind, types::CoreKind::Absent) {
                match defaults.get(at).and_then(Option::as_ref) {
                    Some(default) => self.eval(default, &callee.with(values.iter().cloned())),
                    None => Value::None,
                }
            } else {
                self.eval(argument, env)
            };
            values.push(value);
        }
        values
    }

    /// Whether a declaration's condition holds.
    fn holds(&mut self, core: &DeclCore, env: &Env) -> Result<bool, Reported> {
        core.condition.as_ref().map_or(Ok(true), |condition| self.truth(condition, env))
    }

    /// The keys of a repeated declaration, each with what the loop's variables are there.
    fn repetitions(&mut self, written: &Written) -> Result<Repetitions, Reported> {
        if let Some(known) = written.repetitions.get() {
            return known.clone();
        }
        let found = self.repeated(&written.core, &written.env).map(Rc::new);
        if self.searching == 0 {
            // The first to know says it; somebody who came here on the way says the same.
            let _ = written.repetitions.set(found.clone());
        }
        found
    }

    fn repeated(&mut self, core: &DeclCore, env: &Env) -> Result<Vec<(SmolStr, Env)>, Reported> {
        let Some((key, clause)) = core.repeat.as_deref() else { return Ok(Vec::new()) };
        let envs = self.clause(clause, env)?;
        if envs.len() > MOST_REPEATED {
            let count = envs.len() as u128;
            return Err(self.complain(key, env, |place| too_many(place, count, MOST_REPEATED as u128)));
        }
        let mut known = BTreeMap::new();
        let mut keyed: Vec<(SmolStr, Env)> = Vec::with_capacity(envs.len());
        for inner in envs {
            let text = SmolStr::new(self.shown(key, &inner)?);
            let Some(&at) = known.get(&text) else {
                known.insert(text.clone(), keyed.len());
                keyed.push((text, inner));
                continue;
            };
            // Of those with one key, the one that is there; its condition is asked for only where there are several.
            if !self.holds(core, &inner)? {
                continue;
            }
            let before = &mut keyed[at].1;
            if self.holds(core, before)? {
                self.complain(key, env, |place| same_declaration(place, &text));
            } else {
                *before = inner;
            }
        }
        Ok(keyed)
    }
}

/// The declarations that stand in a declaration, by kind and name, in the order first written.
fn groups(instance: &Instance<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut add = |core: &Arc<DeclCore>, env: &Env, layer: &LayerKind| {
        let written = Written::new(Arc::clone(core), env.clone(), layer.clone());
        match groups.iter_mut().find(|group| group.kind == core.kind && group.name == core.name) {
            Some(group) => group.written.push(written),
            None => groups.push(Group {
                kind: core.kind.clone(),
                name: core.name.clone(),
                written: vec![written],
            }),
        }
    };
    let of_kind = instance.of_kind;
    if let Some(kind) = &of_kind.core
        && !of_kind.circular
        && !kind.make.decls.is_empty()
    {
        let env = Env::of(&of_kind.item, &instance.decl);
        let layer = LayerKind::Made(SmolStr::new(last_segment(&of_kind.shape.name)));
        for decl in &kind.make.decls {
            add(decl, &env, &layer);
        }
    }
    for layer in &instance.layers {
        for decl in &layer.body.decls {
            add(decl, &layer.env, &layer.kind);
        }
    }
    groups
}
