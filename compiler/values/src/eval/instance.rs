//! Declarations as piles of layers.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use names::Db;
use smol_str::SmolStr;
use source::{ItemKey, Place};
use types::{
    BodyCore, Core, DeclCore, DeclRef, KindCore, Shape, Step, TemplateCore, Value, item_core, last_segment,
};

use super::{Env, Evaluator};
use crate::problems::no_such_value::same_declaration;
use crate::queries::find;

/// A declaration that is there.
pub(crate) struct Instance<'db> {
    /// Its name.
    pub decl: DeclRef,
    /// What its kind says.
    pub shape: &'db Shape,
    /// The item that declares the kind.
    pub kind_item: &'db ItemKey,
    /// What its kind computes.
    pub kind: Option<&'db Arc<KindCore>>,
    /// From the furthest to the nearest; later ones win.
    pub layers: Vec<Layer>,
    /// What `in` says, and where names in it are looked up.
    pub place: Option<(Arc<DeclCore>, Env)>,
    /// Where it is written: in a kind, if that makes it.
    pub written: Place,
    /// Where it is declared, for the user: what a kind makes is declared where the kind is used.
    pub head: Place,
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
struct Group {
    kind: SmolStr,
    name: SmolStr,
    written: Vec<(Arc<DeclCore>, Env, LayerKind)>,
}

impl<'db> Evaluator<'db> {
    /// The declaration, if it is there. It must be one of this item.
    pub(crate) fn instance(&mut self, decl: &DeclRef) -> Option<Rc<Instance<'db>>> {
        if let Some(known) = self.instances.get(decl) {
            return known.clone();
        }
        // In the way until it is known: a declaration that asks for itself on the way to itself is not there.
        self.instances.insert(decl.clone(), None);
        let found = self.find_instance(decl).map(Rc::new);
        self.instances.insert(decl.clone(), found.clone());
        found
    }

    fn find_instance(&mut self, decl: &DeclRef) -> Option<Instance<'db>> {
        let Some(parent) = decl.parent() else { return self.root(decl) };
        let step = decl.steps().last()?;
        let parent = self.instance(&parent)?;
        let groups = groups(self.db, &parent);
        let group = groups.into_iter().find(|group| group.kind == step.kind && group.name == step.name)?;
        let written = self.written(group, step.index.as_ref())?;
        self.build(decl, written)
    }

    /// What is written of the one with this index; nothing where it is not there.
    fn written(
        &mut self,
        group: Group,
        index: Option<&SmolStr>,
    ) -> Option<Vec<(Arc<DeclCore>, Env, LayerKind)>> {
        let mut found = Vec::new();
        for (core, env, kind) in group.written {
            let env = match (&core.repeat, index) {
                (None, _) => env,
                (Some(_), None) => return None,
                (Some(_), Some(index)) => {
                    let all = self.repetitions(&core, &env);
                    let one = all.into_iter().find(|(key, _)| key == index);
                    let Some((_, env)) = one else { continue };
                    env
                }
            };
            if !self.holds(&core, &env) {
                return None;
            }
            found.push((core, env, kind));
        }
        (!found.is_empty()).then_some(found)
    }

    fn root(&mut self, decl: &DeclRef) -> Option<Instance<'db>> {
        let core = item_core(self.db, find(self.db, decl.item())?).decl.clone()?;
        let env = Env::of(decl.item(), decl);
        let group = Group {
            kind: core.kind.clone(),
            name: core.name.clone(),
            written: vec![(core, env, LayerKind::Own)],
        };
        let written = self.written(group, decl.index())?;
        self.build(decl, written)
    }

    fn build(
        &mut self,
        decl: &DeclRef,
        written: Vec<(Arc<DeclCore>, Env, LayerKind)>,
    ) -> Option<Instance<'db>> {
        let kind_name = written.first()?.0.kind.clone();
        let (shape, kind_item) = types::shape(self.db, &kind_name)?;
        let kind = find(self.db, kind_item).and_then(|item| item_core(self.db, item).kinds.get(&kind_name));
        let mut layers = Vec::new();
        let mut place = None;
        let mut head = None;
        for (core, env, layer) in written {
            if let Some((template, arguments)) = &core.template {
                self.template_layers(decl, template, arguments, &env, &mut layers);
            }
            if core.place.is_some() {
                place = Some((Arc::clone(&core), env.clone()));
            }
            // Problems are shown where the user wrote the declaration, if he did.
            if head.is_none() || layer == LayerKind::Own {
                head = Some(env.place(core.name_span));
            }
            layers.push(Layer { body: Arc::clone(&core.body), env, kind: layer });
        }
        let written = head?;
        let maker = decl.parent().filter(|_| written.item != *decl.item());
        let head = maker
            .and_then(|parent| self.instance(&parent))
            .map_or_else(|| written.clone(), |parent| parent.head.clone());
        Some(Instance { decl: decl.clone(), shape, kind_item, kind, layers, place, written, head })
    }

    fn template_layers(
        &mut self,
        decl: &DeclRef,
        template: &ItemKey,
        arguments: &[Core],
        env: &Env,
        layers: &mut Vec<Layer>,
    ) {
        if types::needs_circle(self.db, template) {
            let body = Arc::new(BodyCore { broken: true, ..BodyCore::default() });
            layers.push(Layer { body, env: env.clone(), kind: LayerKind::Own });
            return;
        }
        let core: Option<Arc<TemplateCore>> =
            find(self.db, template).and_then(|item| item_core(self.db, item).template.clone());
        let Some(core) = core else { return };
        let itself = Env::of(template, decl);
        let locals = self.arguments(arguments, env, &core.defaults, &itself);
        let env = itself.with(locals);
        if let Some((base, arguments)) = &core.base {
            self.template_layers(decl, base, arguments, &env, layers);
        }
        let name = template.head().trim_start_matches("template ").to_owned();
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
    fn holds(&mut self, core: &DeclCore, env: &Env) -> bool {
        core.condition.as_ref().is_none_or(|condition| self.eval(condition, env) == Value::Bool(true))
    }

    /// The keys of a repeated declaration, each with what the loop's variables are there.
    fn repetitions(&mut self, core: &DeclCore, env: &Env) -> Vec<(SmolStr, Env)> {
        let Some((key, clause)) = &core.repeat else { return Vec::new() };
        let envs = self.clause(clause, env);
        let mut known = BTreeSet::new();
        let mut keyed = Vec::with_capacity(envs.len());
        for inner in envs {
            let Some(text) = self.eval(key, &inner).shown().map(SmolStr::new) else { continue };
            if known.insert(text.clone()) {
                keyed.push((text, inner));
            } else {
                self.complain(key, env, |place| same_declaration(place, &text));
            }
        }
        keyed
    }

    /// The declarations directly in a declaration of this item.
    pub fn children_of(&mut self, decl: &DeclRef) -> Vec<DeclRef> {
        let Some(instance) = self.instance(decl) else { return Vec::new() };
        let mut found = Vec::new();
        for group in groups(self.db, &instance) {
            let repeated: Vec<_> = group.written.iter().filter(|(core, ..)| core.repeat.is_some()).collect();
            let step = |index| Step { kind: group.kind.clone(), name: group.name.clone(), index };
            if repeated.is_empty() {
                found.push(decl.inner(step(None)));
            }
            for (core, env, _) in repeated {
                for (key, _) in self.repetitions(core, env) {
                    found.push(decl.inner(step(Some(key))));
                }
            }
        }
        found.retain(|inner| self.instance(inner).is_some());
        found
    }

    /// The declarations that the item itself is: one, or as many as it is repeated.
    pub(crate) fn roots(&mut self) -> Vec<DeclRef> {
        let item = self.item.clone();
        let Some(core) = find(self.db, &item).and_then(|item| item_core(self.db, item).decl.clone()) else {
            return Vec::new();
        };
        let mut roots = if core.repeat.is_some() {
            let env = Env::of(&item, &DeclRef::root(item.clone(), None));
            let all = self.repetitions(&core, &env);
            all.into_iter().map(|(key, _)| DeclRef::root(item.clone(), Some(key))).collect()
        } else {
            vec![DeclRef::root(item, None)]
        };
        roots.retain(|root| self.instance(root).is_some());
        roots
    }

    /// All declarations of the item, outer ones first.
    pub(crate) fn all(&mut self) -> Vec<DeclRef> {
        let mut found = Vec::new();
        let mut open = self.roots();
        open.reverse();
        while let Some(decl) = open.pop() {
            let inner = self.children_of(&decl);
            open.extend(inner.into_iter().rev());
            found.push(decl);
        }
        found
    }

    /// The declarations of a kind that the item makes.
    pub fn members(&mut self, kind: &str) -> Vec<DeclRef> {
        let mut all = self.all();
        all.retain(|decl| super::kind_of(decl) == kind);
        all
    }
}

/// The declarations that stand in a declaration, by kind and name, in the order first written.
fn groups(db: &dyn Db, instance: &Instance<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut add = |core: &Arc<DeclCore>, env: Env, layer: LayerKind| {
        let same = groups.iter_mut().find(|group| group.kind == core.kind && group.name == core.name);
        let written = (Arc::clone(core), env, layer);
        match same {
            Some(group) => group.written.push(written),
            None => groups.push(Group {
                kind: core.kind.clone(),
                name: core.name.clone(),
                written: vec![written],
            }),
        }
    };
    if let Some(kind) = instance.kind
        && !types::needs_circle(db, instance.kind_item)
    {
        for decl in &kind.make.decls {
            let env = Env::of(instance.kind_item, &instance.decl);
            add(decl, env, LayerKind::Made(SmolStr::new(last_segment(&instance.shape.name))));
        }
    }
    for layer in &instance.layers {
        for decl in &layer.body.decls {
            add(decl, layer.env.clone(), layer.kind.clone());
        }
    }
    groups
}
