//! Values that depend on themselves: within an item they are met while they are worked out; a circle of several
//! items is a circle of queries, which come back marked.

use std::collections::BTreeSet;

use diagnostics::{Elsewhere, Reported};
use names::{find, index};
use smol_str::SmolStr;
use source::{ItemKey, Place, Span};
use types::problems::refers_to_itself::refers_to_itself;
use types::{DeclRef, Field, Value, item_core, item_kinds, last_segment};

use super::{Evaluator, kind_of, name_of};
use crate::queries::{
    DeclKey, FieldKey, all_members, constant_value, field_value, inner_declarations, item_members,
};

/// The longest circle that is followed.
const LONGEST: usize = 100;

/// What circles are made of: what one item asks of another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Part {
    /// A field.
    Field(DeclRef, SmolStr),
    /// What a constant comes to.
    Constant(ItemKey),
    /// Which declarations of a kind an item makes.
    Members(ItemKey, SmolStr),
    /// Which declarations there are in one.
    Inner(DeclRef),
    /// Which declarations of a kind there are.
    All(SmolStr),
}

impl Part {
    /// The item that works it out.
    fn item(&self) -> Option<&ItemKey> {
        match self {
            Self::Field(decl, _) | Self::Inner(decl) => Some(decl.item()),
            Self::Constant(item) | Self::Members(item, _) => Some(item),
            Self::All(_) => None,
        }
    }
}

impl Evaluator<'_> {
    /// Notes that something of another item depends on itself, and so may what asks for it.
    pub(crate) fn asked(&mut self, part: Part) -> Reported {
        self.entangled.extend(self.active.iter().cloned());
        self.asked.push(part);
        Reported::elsewhere(Elsewhere::Circle)
    }

    /// A field that depends on itself without any other item.
    pub(super) fn circle(&mut self, key: &(DeclRef, SmolStr)) -> Field {
        let from = self.active.iter().position(|active| active == key).unwrap_or(0);
        let circle = self.active[from..].iter();
        let circle: Vec<Part> = circle.map(|(decl, name)| Part::Field(decl.clone(), name.clone())).collect();
        let place = self.set_place(&key.0, &key.1);
        let reported = self.report_circle(&circle);
        Field { value: Value::Error(reported), place }
    }

    /// Reports the circles of several items whose first part is one of this item's.
    pub(super) fn report_circles(&mut self) {
        if self.asked.is_empty() {
            return;
        }
        let item = self.item.clone();
        let mut own: BTreeSet<Part> = BTreeSet::from([Part::Constant(item.clone())]);
        if let Some(found) = find(self.db, &item) {
            own.extend(
                item_kinds(self.db, found).iter().map(|kind| Part::Members(item.clone(), kind.clone())),
            );
        }
        own.extend(
            std::mem::take(&mut self.entangled).into_iter().map(|(decl, name)| Part::Field(decl, name)),
        );
        for part in own {
            let circle = self.followed(&part);
            let position = |part: &Part| match part.item() {
                Some(item) => (index(self.db).position(item), part.clone()),
                None => (Some(usize::MAX), part.clone()),
            };
            if circle.iter().min_by_key(|part| position(part)) == Some(&part) {
                self.report_circle(&circle);
            }
        }
    }

    /// The circle that leads from a part back to it; nothing where it is in none. Of a very long one only the part:
    /// it is not followed, so that each of its parts is a problem of its own.
    fn followed(&self, part: &Part) -> Vec<Part> {
        let mut circle = vec![part.clone()];
        while let Some(last) = circle.last() {
            if !self.is_circular(last) {
                return Vec::new();
            }
            let Some(next) = self.asks(last).into_iter().next() else { return Vec::new() };
            if next == *part {
                return circle;
            }
            if circle.contains(&next) {
                return Vec::new();
            }
            if circle.len() == LONGEST {
                circle.truncate(1);
                return circle;
            }
            circle.push(next);
        }
        circle
    }

    fn is_circular(&self, part: &Part) -> bool {
        let db = self.db;
        match part {
            Part::Field(decl, name) => field_value(db, FieldKey::new(db, decl.clone(), name.clone())).1,
            Part::Constant(item) => constant_value(db, names::key(db, item)).1,
            Part::Members(item, kind) => {
                find(db, item).is_some_and(|item| item_members(db, item, names::word(db, kind)).1)
            }
            Part::Inner(decl) => inner_declarations(db, DeclKey::new(db, decl.clone())).1,
            Part::All(kind) => all_members(db, names::word(db, kind)).1,
        }
    }

    /// What a part asks of other items that depends on itself.
    fn asks(&self, part: &Part) -> Vec<Part> {
        let Some(item) = part.item() else {
            let Part::All(kind) = part else { return Vec::new() };
            let items = types::items_with(self.db, names::word(self.db, kind)).iter();
            let members = items.map(|item| Part::Members(item.clone(), kind.clone()));
            return members.filter(|part| self.is_circular(part)).collect();
        };
        let mut evaluator = Evaluator::new(self.db, item);
        match part {
            Part::Field(decl, name) => drop(evaluator.field(decl, name)),
            Part::Constant(_) => drop(evaluator.constant()),
            Part::Members(_, kind) => drop(evaluator.members(kind)),
            Part::Inner(decl) => drop(evaluator.children_of(decl)),
            Part::All(_) => {}
        }
        evaluator.asked
    }

    fn report_circle(&mut self, circle: &[Part]) -> Reported {
        let first = circle.first().and_then(|first| self.described(first));
        let (Some((place, what)), [_, others @ ..]) = (first, circle) else {
            return self.fault(Place::new(&self.item.clone(), Span::default()), "a circle of nothing");
        };
        let chain = others.iter().filter_map(|part| {
            let (place, what) = self.described(part)?;
            Some((place, format!("by way of {what}")))
        });
        let chain = chain.collect();
        self.report(refers_to_itself(place, &what, chain))
    }

    /// Where a part is written, and what people call it.
    fn described(&self, part: &Part) -> Option<(Place, String)> {
        let mut evaluator = Evaluator::new(self.db, part.item()?);
        Some(match part {
            Part::Field(decl, name) => {
                let place = evaluator.set_place(decl, name);
                let kind = last_segment(kind_of(decl));
                // What a kind says is so of all its declarations.
                let owner = match evaluator.instance(decl) {
                    Some(instance) if place.item == instance.of_kind.item => types::with_article(kind),
                    _ => format!("{kind} '{}'", name_of(decl)),
                };
                (place, format!("'{name}' of {owner}"))
            }
            Part::Constant(item) => {
                let core = find(self.db, item).and_then(|found| item_core(self.db, found).constant.clone());
                (Place::new(item, core?.0.span), format!("'{}'", item.head()))
            }
            Part::Members(item, _) => {
                let core = find(self.db, item).and_then(|found| item_core(self.db, found).decl.clone());
                let core = core?;
                let what = match core.repeat {
                    Some(_) => format!("how many '{}' there are", item.head()),
                    None => format!("whether '{}' is there", item.head()),
                };
                (Place::new(item, core.head), what)
            }
            Part::Inner(decl) => {
                let place = evaluator.instance(decl).map(|instance| instance.head.clone());
                let place = place.unwrap_or_else(|| Place::new(decl.item(), Span::default()));
                (place, format!("what is in '{}'", name_of(decl)))
            }
            Part::All(_) => return None,
        })
    }
}
