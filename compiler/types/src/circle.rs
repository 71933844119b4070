//! Items that need themselves: functions that call each other, templates that extend each other, kinds that make
//! each other, constants and types that are made of each other.
//!
//! What an item needs is read off its elaborated form, so a circle is known before anything is evaluated. It is one
//! problem, of the first item in it.

use std::collections::BTreeSet;

use diagnostics::Problem;
use names::{Db, Item, Word, defined, index, parsed};
use smol_str::SmolStr;
use source::{ItemKey, Place};

use crate::item::name_span;
use crate::problems::refers_to_itself::needs_itself;
use crate::queries::{find, item_core, shapes};
use crate::{BodyCore, Core, CoreKind, DeclCore};

/// The items that an item cannot do without.
#[salsa::tracked]
pub fn needs<'db>(db: &'db dyn Db, of: Item<'db>) -> BTreeSet<ItemKey> {
    if is_entangled(db, of) {
        return mentioned(db, of);
    }
    let core = item_core(db, of);
    let mut needs = Needs { db, found: BTreeSet::new() };
    if let Some(function) = &core.function {
        needs.all(function.defaults.iter().flatten());
        needs.expression(&function.value);
    }
    if let Some((constant, _)) = &core.constant {
        needs.expression(constant);
    }
    if let Some(template) = &core.template {
        needs.all(template.defaults.iter().flatten());
        if let Some((base, arguments)) = &template.base {
            needs.found.insert(base.clone());
            needs.all(arguments);
        }
        needs.body(&template.body);
    }
    for kind in core.kinds.values() {
        needs.all(kind.fields.values());
        needs.body(&kind.make);
    }
    needs.found
}

struct Needs<'db> {
    db: &'db dyn Db,
    found: BTreeSet<ItemKey>,
}

impl Needs<'_> {
    fn all<'c>(&mut self, cores: impl IntoIterator<Item = &'c Core>) {
        for core in cores {
            self.expression(core);
        }
    }

    fn expression(&mut self, core: &Core) {
        core.walk(&mut |core| {
            if let CoreKind::Call(item, _) | CoreKind::Constant(item) = &core.kind {
                self.found.insert(item.clone());
            }
        });
    }

    fn body(&mut self, body: &BodyCore) {
        self.all(body.sets.iter().map(|set| &set.value));
        for decl in &body.decls {
            self.declaration(decl);
        }
    }

    fn declaration(&mut self, decl: &DeclCore) {
        // A nested kind is there with the kind around it; only kinds of the top level are made.
        if !decl.kind.contains('.') {
            self.found.extend(defined(self.db, Word::new(self.db, decl.kind.clone())).kind.clone());
        }
        if let Some((template, arguments)) = &decl.template {
            self.found.insert(template.clone());
            self.all(arguments);
        }
        self.all(decl.condition.iter().chain(&decl.place));
        if let Some((key, clause)) = &decl.repeat {
            self.all([key, &clause.over].into_iter().chain(&clause.condition));
        }
        self.body(&decl.body);
    }
}

/// Whether elaborating an item or its types already asked for itself.
fn is_entangled<'db>(db: &'db dyn Db, of: Item<'db>) -> bool {
    shapes(db, of).circular || item_core(db, of).circular
}

/// The entangled items whose names stand in the text of one of them: nothing else is known of it.
fn mentioned<'db>(db: &'db dyn Db, of: Item<'db>) -> BTreeSet<ItemKey> {
    let words = of.text(db).split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
    let head = name_span(&parsed(db, of).statement).slice(of.text(db)).to_owned();
    let mut own = 0;
    let mut found = BTreeSet::new();
    for word in words.filter(|word| !word.is_empty()) {
        if word == head {
            own += 1;
        }
        let is = defined(db, Word::new(db, SmolStr::new(word)));
        let all = [&is.kind, &is.template, &is.function, &is.alias, &is.constant];
        let entangled = |key: &&ItemKey| find(db, key).is_some_and(|item| is_entangled(db, item));
        found.extend(all.into_iter().flatten().filter(entangled).cloned());
    }
    // Its name stands in its head; it mentions itself only where the name stands again.
    if own < 2 {
        found.remove(of.key(db));
    }
    found
}

/// The items that need each other, with this one among them, in the order written; empty where it does not need
/// itself.
#[salsa::tracked]
pub fn circle<'db>(db: &'db dyn Db, of: Item<'db>) -> Vec<ItemKey> {
    let own = of.key(db);
    let mut members: Vec<ItemKey> = reached(db, own).into_iter().collect();
    if !members.contains(own) {
        return Vec::new();
    }
    members.retain(|member| member == own || reached(db, member).contains(own));
    members.sort_by_key(|member| index(db).position(member));
    members
}

fn reached(db: &dyn Db, from: &ItemKey) -> BTreeSet<ItemKey> {
    let mut found = BTreeSet::new();
    let mut open = vec![from.clone()];
    while let Some(key) = open.pop() {
        let Some(item) = find(db, &key) else { continue };
        open.extend(needs(db, item).iter().filter(|next| found.insert((*next).clone())).cloned());
    }
    found
}

/// Whether an item needs itself, so that it can never be worked out.
pub fn needs_circle(db: &dyn Db, of: &ItemKey) -> bool {
    find(db, of).is_some_and(|item| !circle(db, item).is_empty())
}

/// The problem of the circle that an item is the first of.
pub fn circle_problem<'db>(db: &'db dyn Db, of: Item<'db>) -> Option<Problem> {
    // Nothing needs a declaration but for its values, whose circles are found by those who evaluate them.
    if of.head(db).shape == syntax::Shape::Declare && !item_core(db, of).circular {
        return None;
    }
    let (first, others) = circle(db, of).split_first()?;
    if first != of.key(db) {
        return None;
    }
    let place = |key: &ItemKey| {
        let span = find(db, key).map(|item| name_span(&parsed(db, item).statement)).unwrap_or_default();
        Place::new(key, span)
    };
    let chain = others.iter().map(|other| (place(other), format!("by way of '{}'", other.head()))).collect();
    Some(needs_itself(place(first), first.head(), chain))
}
