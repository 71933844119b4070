//! Items that need themselves: functions that call each other, templates that extend each other, kinds that make
//! each other, constants and types that are made of each other.
//!
//! What an item needs is read off its elaborated form, so a circle is known before anything is evaluated. It is one
//! problem, of the first item in it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diagnostics::Problem;
use names::{Db, Item, Key, defined, find, index, items, parsed};
use source::{ItemKey, Place};

use crate::item::{FunctionCore, TemplateCore, called, name_span};
use crate::problems::refers_to_itself::needs_itself;
use crate::queries::{item_core, shapes};
use crate::stack::with_stack;
use crate::{BodyCore, Core, CoreKind, DeclCore, TemplateCall};

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
        needs.templates(&template.bases);
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

    fn templates(&mut self, calls: &[TemplateCall]) {
        for call in calls {
            self.found.insert(call.template.clone());
            self.all(call.arguments.iter());
        }
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
            self.found.extend(defined(self.db, names::word(self.db, &decl.kind)).kind.clone());
        }
        self.templates(&decl.templates);
        self.all(decl.condition.as_deref().into_iter().chain(&decl.place).chain(decl.pick.as_deref()));
        if let Some((key, clause)) = decl.repeat.as_deref() {
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
        let is = defined(db, names::word(db, word));
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

/// Whether an item needs itself, by way of others or not.
///
/// That is so where asking the same of all that it needs comes back to it, which salsa finds out.
#[salsa::tracked(returns(copy), cycle_result = in_circle_cycle)]
fn in_circle<'db>(db: &'db dyn Db, of: Item<'db>) -> bool {
    for item in needs(db, of).iter().filter_map(|key| find(db, key)) {
        with_stack(|| in_circle(db, item));
    }
    false
}

fn in_circle_cycle<'db>(_: &'db dyn Db, _: salsa::Id, _: Item<'db>) -> bool {
    true
}

/// The circles of the lab: of each item that needs itself, the items that it needs and that need it, itself among
/// them, in the order written. Asks all items, and is asked only where there is a circle.
#[salsa::tracked]
fn circles(db: &dyn Db) -> BTreeMap<ItemKey, Arc<[ItemKey]>> {
    let own = items(db).filter(|item| in_circle(db, *item)).map(|item| item.key(db));
    let graph: BTreeMap<&ItemKey, Vec<&ItemKey>> =
        own.filter_map(|key| Some((key, needs(db, find(db, key)?).iter().collect()))).collect();
    let mut found = BTreeMap::new();
    for mut circle in components(&graph) {
        circle.sort_by_key(|member| index(db).position(member));
        let circle: Arc<[ItemKey]> = circle.into_iter().cloned().collect();
        found.extend(circle.iter().map(|member| (member.clone(), Arc::clone(&circle))));
    }
    found
}

/// The parts of a graph in which everything leads to everything (Kosaraju).
fn components<'k>(graph: &BTreeMap<&'k ItemKey, Vec<&'k ItemKey>>) -> Vec<Vec<&'k ItemKey>> {
    let mut back: BTreeMap<&ItemKey, Vec<&'k ItemKey>> = BTreeMap::new();
    for (from, all) in graph {
        for to in all {
            back.entry(to).or_default().push(from);
        }
    }
    let mut seen = BTreeSet::new();
    let mut finished: Vec<&ItemKey> = graph.keys().flat_map(|key| walked(graph, key, &mut seen)).collect();
    finished.retain(|key| graph.contains_key(key));
    let mut seen = BTreeSet::new();
    let all = finished.iter().rev().map(|key| walked(&back, key, &mut seen));
    all.filter(|component| !component.is_empty()).collect()
}

/// What `from` leads to and nobody has seen, each behind all that it leads to.
fn walked<'k>(
    graph: &BTreeMap<&'k ItemKey, Vec<&'k ItemKey>>,
    from: &'k ItemKey,
    seen: &mut BTreeSet<&'k ItemKey>,
) -> Vec<&'k ItemKey> {
    let mut finished = Vec::new();
    let mut open = vec![(from, false)];
    while let Some((key, is_done)) = open.pop() {
        if is_done {
            finished.push(key);
        } else if seen.insert(key) {
            open.push((key, true));
            open.extend(graph.get(key).into_iter().flatten().map(|next| (*next, false)));
        }
    }
    finished
}

/// Whether an item needs itself, so that it can never be worked out.
pub fn needs_circle(db: &dyn Db, of: &ItemKey) -> bool {
    find(db, of).is_some_and(|item| in_circle(db, item))
}

/// What is called: a function, a template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Callee {
    /// A function.
    pub function: Option<Arc<FunctionCore>>,
    /// A template.
    pub template: Option<Arc<TemplateCore>>,
}

/// What an item is for those who call it; nothing where it is not there, or needs itself, so that it can never be worked
/// out. One question for each call, where otherwise there are three: each is looked at again after every edit.
#[salsa::tracked]
pub fn callee<'db>(db: &'db dyn Db, of: Key<'db>) -> Callee {
    let item = find(db, of.key(db)).filter(|item| !in_circle(db, *item));
    let core = item.map(|item| item_core(db, item));
    core.map_or_else(Callee::default, |core| Callee {
        function: core.function.clone(),
        template: core.template.clone(),
    })
}

/// The problem of the circle that an item is the first of.
pub fn circle_problem<'db>(db: &'db dyn Db, of: Item<'db>) -> Option<Problem> {
    // Nothing needs a declaration but for its values, whose circles are found by those who evaluate them.
    if of.head(db).form == syntax::ItemForm::Declare && !item_core(db, of).circular {
        return None;
    }
    if !in_circle(db, of) {
        return None;
    }
    let (first, others) = circles(db).get(of.key(db))?.split_first()?;
    if first != of.key(db) {
        return None;
    }
    let place = |key: &ItemKey| {
        let span = find(db, key).map(|item| name_span(&parsed(db, item).statement)).unwrap_or_default();
        Place::new(key, span)
    };
    let chain =
        others.iter().map(|other| (place(other), format!("by way of {}", called(other.head())))).collect();
    Some(needs_itself(place(first), &called(first.head()), chain))
}
