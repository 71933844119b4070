//! Which directory each declaration is deployed from, and what comes before.

use std::collections::BTreeMap;

use diagnostics::{Elsewhere, Reported};
use model::{At, Component, Placement, Stage};
use names::Db;
use smol_str::SmolStr;
use source::Place;
use types::{COMPONENT, DeclRef, Field, HELMFILE, Value};

use super::read::{self, Read};
use crate::eval::{Evaluator, Part, kind_of, name_of};
use crate::problems::unusable_part::{held_twice, other_stage, whole_in_component};
use crate::queries::{DeclKey, FieldKey, all_of, field_value, held as all_held, holder};

/// The field of a component that says what it holds.
const HOLDS: &str = "holds";

/// What components hold, each with the component. What two of them hold is the first one's, by name.
pub(crate) fn held(db: &dyn Db) -> BTreeMap<DeclRef, DeclRef> {
    let mut found = BTreeMap::new();
    if !is_of_library(db) {
        return found;
    }
    for component in all_of(db, names::word(db, COMPONENT)) {
        let (field, _) = field_value(db, FieldKey::new(db, component.clone(), SmolStr::new_static(HOLDS)));
        for (part, _) in named(field) {
            found.entry(part).or_insert_with(|| component.clone());
        }
    }
    found
}

/// The declarations that a list names, each with where.
fn named(field: &Field) -> Vec<(DeclRef, Place)> {
    let Value::List(list) = &field.value else { return Vec::new() };
    list.iter().filter_map(|one| Some((read::as_decl(&one.value)?, one.place.clone()))).collect()
}

/// Whether the kind of components is the library's, and none of the user's.
fn is_of_library(db: &dyn Db) -> bool {
    types::is_deployed(db, COMPONENT)
}

impl Evaluator<'_> {
    /// What a component holds, each with where that is said. What has a problem is left out.
    fn held_by(&mut self, component: &DeclRef) -> Vec<(DeclRef, Place)> {
        self.read(component, HOLDS, named)
    }

    /// The component that holds a declaration, or one that it stands in.
    fn holder(&mut self, decl: &DeclRef) -> Read<Option<DeclRef>> {
        if all_of(self.db, names::word(self.db, COMPONENT)).is_empty() {
            return Ok(None);
        }
        let mut next = Some(decl.clone());
        while let Some(one) = next {
            let (found, circular) = holder(self.db, DeclKey::new(self.db, one.clone()));
            if *circular {
                return Err(self.holds_in_circle());
            }
            if found.is_some() {
                return Ok(found.clone());
            }
            next = one.parent();
        }
        Ok(None)
    }

    /// What some component holds depends on itself, and with it what is asked for here.
    fn holds_in_circle(&mut self) -> Reported {
        for component in all_of(self.db, names::word(self.db, COMPONENT)) {
            let key = FieldKey::new(self.db, component.clone(), SmolStr::new_static(HOLDS));
            if field_value(self.db, key).1 {
                self.asked(Part::Field(component.clone(), HOLDS.into()));
            }
        }
        Reported::elsewhere(Elsewhere::Circle)
    }

    /// The directory that a declaration is deployed in: that of the component which holds it or what it is part of, or
    /// else one of its own, named after the top-level declaration that it stands in.
    pub(crate) fn component(&mut self, decl: &DeclRef) -> Read<Component> {
        if kind_of(decl) == COMPONENT && is_of_library(self.db) {
            return self.declared_component(decl);
        }
        if let Some(holder) = self.holder(decl)? {
            return self.declared_component(&holder);
        }
        if let Some(whole) = self.whole(decl)? {
            return self.component(&whole);
        }
        let root = DeclRef::root(decl.item().clone(), decl.index().cloned());
        Ok(Component { stage: self.own_stage(decl)?, name: name_of(&root) })
    }

    /// What a declaration says that it is part of.
    fn whole(&mut self, decl: &DeclRef) -> Read<Option<DeclRef>> {
        let Some((shape, _)) = types::shape(self.db, kind_of(decl)) else {
            return Err(Reported::elsewhere(Elsewhere::Declaration));
        };
        if shape.field("part-of").is_none() {
            return Ok(None);
        }
        Ok(self.get_if(decl, "part-of", read::as_decl)?.filter(|whole| whole != decl))
    }

    /// The stage that a declaration says, or its namespace.
    fn own_stage(&mut self, decl: &DeclRef) -> Read<Stage> {
        let kind = kind_of(decl).to_owned();
        let Some((shape, _)) = types::shape(self.db, &kind) else {
            return Err(Reported::elsewhere(Elsewhere::Declaration));
        };
        let own = match shape.field("stage") {
            Some(_) => self.get_if(decl, "stage", read::as_decl)?,
            None => None,
        };
        let stage = match (own, shape.place()) {
            (Some(stage), _) => stage,
            (None, Some(place)) => {
                let namespace = self.decl(decl, &place.name)?;
                self.decl(&namespace, "stage")?
            }
            (None, None) => {
                let place = self.head(decl);
                return Err(self.fault(place, format!("nothing says where {kind} '{}' is", name_of(decl))));
            }
        };
        self.stage(&stage)
    }

    /// The directory of a component that is declared as one.
    fn declared_component(&mut self, decl: &DeclRef) -> Read<Component> {
        let stage = match self.get_if(decl, "stage", read::as_decl)? {
            Some(stage) => self.stage(&stage)?,
            None => self.last_stage(decl)?,
        };
        Ok(Component { stage, name: name_of(decl) })
    }

    /// The last stage of what a component holds. That it holds nothing is a problem of its own.
    fn last_stage(&mut self, decl: &DeclRef) -> Read<Stage> {
        let mut last: Option<Stage> = None;
        for (part, _) in self.held_by(decl) {
            if kind_of(&part) != COMPONENT {
                let stage = self.own_stage(&part)?;
                last = last.filter(|last| last.number >= stage.number).or(Some(stage));
            }
        }
        last.ok_or_else(|| Reported::elsewhere(Elsewhere::Declaration))
    }

    /// Whether all that a component holds can be in it.
    pub(super) fn check_component(&mut self, decl: &DeclRef) -> Read<()> {
        let own = self.declared_component(decl)?;
        for (part, place) in self.held_by(decl) {
            let (kind, name) = (kind_of(&part).to_owned(), name_of(&part));
            if kind == COMPONENT || kind == HELMFILE {
                self.report(whole_in_component(place, (&kind, &name)));
                continue;
            }
            let first = all_held(self.db).0.get(&part).filter(|first| *first != decl).cloned();
            if let Some(first) = first {
                let at = self.head(&first);
                self.report(held_twice(place, (&kind, &name), (&name_of(&first), at)));
                continue;
            }
            if let Some((stage, at)) = self.said_stage(&part)?
                && stage != own.stage
            {
                self.report(other_stage(place, (&kind, &name), &stage.name, (&own, at)));
            }
        }
        Ok(())
    }

    /// The stage that a declaration says itself, and where.
    fn said_stage(&mut self, decl: &DeclRef) -> Read<Option<(Stage, Place)>> {
        let has_stage =
            types::shape(self.db, kind_of(decl)).is_some_and(|(shape, _)| shape.field("stage").is_some());
        if !has_stage {
            return Ok(None);
        }
        let Some(said) = self.get_if_at(decl, "stage", read::as_decl)? else { return Ok(None) };
        Ok(Some((self.stage(&said.value)?, said.place)))
    }

    pub(crate) fn placement(&mut self, decl: &DeclRef) -> Read<Placement> {
        let namespace = self.decl(decl, "namespace")?;
        let (name, exists) = (name_of(&namespace), self.bool(&namespace, "existing")?);
        self.placed(decl, name, exists)
    }

    /// The placement of what is in no namespace.
    pub(super) fn placement_of_file(&mut self, decl: &DeclRef) -> Read<Placement> {
        self.placed(decl, String::new(), true)
    }

    fn placed(&mut self, decl: &DeclRef, namespace: String, namespace_exists: bool) -> Read<Placement> {
        let component = self.component(decl)?;
        let holder = match self.whole(decl)? {
            Some(whole) => self.holder(&whole)?,
            None => self.holder(decl)?,
        };
        let mut wanted = self.decls(decl, "needs")?;
        let mut held = None;
        if let Some(holder) = &holder {
            held = Some(self.head(holder));
            wanted.extend(self.decls(holder, "needs")?);
        }
        let (mut needs, mut after) = (Vec::new(), Vec::new());
        for (other, place) in wanted {
            let needed = self.component(&other)?;
            // What is deployed together comes in the order of charts, and nothing can wait for itself.
            if needed != component || other == *decl {
                needs.push(At::new(needed, place));
            } else if other.item() != decl.item() {
                after.push(At::new(other.item().clone(), place));
            }
        }
        Ok(Placement {
            name: name_of(decl),
            namespace,
            namespace_exists,
            component,
            held,
            needs,
            after,
            place: self.head(decl),
        })
    }
}
