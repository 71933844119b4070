//! All of an item: every field, every check, and what it is lowered to.

use diagnostics::Label;
use model::Entity;
use smol_str::SmolStr;
use source::Place;
use types::{CheckCore, DeclRef, ItemCore, Value};

use super::{Env, Evaluator, Fault, kind_of, name_of};
use crate::problems::check_failed::check_failed;
use crate::queries::{DeclKey, head_place};

impl Evaluator<'_> {
    /// Evaluates all of an item, asks its checks, and lowers its primitive declarations.
    pub fn item(&mut self, core: &ItemCore) -> (Vec<Entity>, Vec<Fault>) {
        let item = self.item.clone();
        if let Some(check) = &core.check {
            self.ask(check, &Env::empty(&item), None);
        }
        if core.constant.is_some() {
            self.constant();
        }
        let all = self.all().all;
        for decl in &all {
            self.force(decl);
            self.ask_kind(decl);
            self.check_picks(decl);
        }
        self.report_circles();
        let mut entities = Vec::new();
        let mut unbuilt = Vec::new();
        for decl in &all {
            if let Ok(entity) = self.lower(decl) {
                entities.extend(entity);
            } else {
                let what = format!("{} '{}' is declared and not built", kind_of(decl), name_of(decl));
                unbuilt.push(Fault { place: self.head(decl), what });
            }
        }
        // They stay as long as the lab is open.
        entities.shrink_to_fit();
        (entities, unbuilt)
    }

    /// Evaluates all fields of a declaration.
    fn force(&mut self, decl: &DeclRef) {
        let Some(instance) = self.instance(decl) else { return };
        for (at, field) in instance.of_kind.shape.fields.iter().enumerate() {
            if !field.lazy && !instance.is_default(at) {
                self.read_at(&instance, at, |_| ());
            }
        }
        for name in self.open_fields(decl) {
            self.field(decl, &name);
        }
    }

    /// The fields of an open kind that its shape does not have, sorted.
    pub(crate) fn open_fields(&mut self, decl: &DeclRef) -> Vec<SmolStr> {
        let Some(instance) = self.instance(decl) else { return Vec::new() };
        let shape = &instance.of_kind.shape;
        if shape.open.is_none() {
            return Vec::new();
        }
        let sets = instance.layers.iter().flat_map(|layer| &layer.body.sets);
        let mut names: Vec<SmolStr> =
            sets.map(|set| set.path[0].clone()).filter(|name| shape.field(name).is_none()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Asks the checks of a declaration's kind.
    fn ask_kind(&mut self, decl: &DeclRef) {
        let Some(instance) = self.instance(decl) else { return };
        let Some(kind) = &instance.of_kind.core else { return };
        let env = Env::of(&instance.of_kind.item, decl);
        for check in &kind.checks {
            self.ask(check, &env, Some(decl));
        }
    }

    /// Reports a check wherever its condition does not hold.
    fn ask(&mut self, check: &CheckCore, env: &Env, of: Option<&DeclRef>) {
        // What cannot be asked has a problem of its own, and is no reason not to ask it of the others.
        let _ = self.through(&check.clauses, env, &mut |this, inner| {
            if this.truth(&check.condition, inner) == Ok(false) {
                this.fail(check, inner, of);
            }
            Ok(())
        });
    }

    /// Reports that a check does not hold for what `env` has.
    fn fail(&mut self, check: &CheckCore, env: &Env, of: Option<&DeclRef>) {
        // A message that cannot be shown has a problem of its own.
        let Ok(message) = self.shown(&check.message, env) else { return };
        let written = env.place(check.span);
        let (place, through) = self.concerned(check, env, of);
        let inside = (place != written).then_some(written);
        self.report(check_failed(place, &message, through, inside));
    }

    /// Where what a check complains about is declared: the declaration that it was asked for, the field of the
    /// declaration that it looks at, or the check itself; and what a kind or template has to do with it.
    fn concerned(&mut self, check: &CheckCore, env: &Env, of: Option<&DeclRef>) -> (Place, Option<Label>) {
        let bound = env.locals.iter().rev().find_map(|local| match local {
            Value::Decl(decl) => Some(decl.clone()),
            _ => None,
        });
        match (bound, of) {
            (Some(decl), _) => (self.head(&decl), None),
            (None, Some(decl)) => {
                let (place, through) = self.blame_checked(&check.condition, env);
                let through = through.map(|place| Label { place, message: "it comes up here".to_owned() });
                let made = || self.instance(decl).and_then(|instance| instance.made_at());
                (place, through.or_else(made))
            }
            (None, None) => (env.place(check.span), None),
        }
    }

    /// Where a declaration is declared, for the user.
    pub(crate) fn head(&mut self, decl: &DeclRef) -> Place {
        if *decl.item() != self.item {
            return head_place(self.db, DeclKey::new(self.db, decl.clone())).clone();
        }
        match self.instance(decl) {
            Some(instance) => instance.head.clone(),
            None => Place::new(decl.item(), source::Span::default()),
        }
    }
}
