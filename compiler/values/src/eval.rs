//! The evaluator: one for one item.

mod blame;
mod bounds;
mod builtin;
mod circle;
mod collect;
pub(crate) mod convert;
mod core;
mod fields;
mod files;
mod instance;
mod items;
pub(crate) mod kind;
mod layers;
mod list;
pub(crate) mod lone;
mod operator;
mod property;
pub(crate) mod secret;

use std::collections::BTreeSet;
use std::rc::Rc;

use diagnostics::{Elsewhere, Problem, Reported};
use names::{Db, Item, find};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use source::{ItemKey, Place, Span};
use types::{DeclRef, ItemCore, Value, item_core, last_segment};

use blame::Caller;
use bounds::FUEL;
pub(crate) use circle::Part;
pub use instance::Children;
use instance::Group;
pub(crate) use instance::{Instance, Layer, LayerKind, Presence, Said};
pub(crate) use layers::Block;

/// A fault of `hlc`: what earlier phases rule out, and happened all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What.
    pub what: String,
}

/// Evaluates one item.
pub struct Evaluator<'db> {
    pub(crate) db: &'db dyn Db,
    /// The item: other items' fields are asked for by query.
    pub(crate) item: ItemKey,
    /// The same, where it need not be looked for.
    own: Option<Item<'db>>,
    problems: Vec<Problem>,
    /// What cannot happen and did all the same.
    faults: Vec<Fault>,
    /// What the item itself declares.
    root: Option<Rc<Group>>,
    instances: FxHashMap<DeclRef, Presence<'db>>,
    /// The one that was asked for last: most fields are asked for one after the other.
    last: Option<Rc<Instance<'db>>>,
    /// The fields being evaluated, outermost first.
    active: Vec<(DeclRef, SmolStr)>,
    /// What was asked of other items and depends on itself.
    asked: Vec<Part>,
    /// The fields that asked.
    entangled: BTreeSet<(DeclRef, SmolStr)>,
    /// How many steps are left.
    fuel: u64,
    /// Whether they did not suffice.
    exhausted: Option<Reported>,
    depth: usize,
    /// How many expressions are being worked out, each in the one before.
    nesting: usize,
    /// How many declarations are being looked for: while any is, others may seem not to be there.
    searching: usize,
    /// Whether only what needs nothing of the lab is evaluated.
    apart: bool,
    /// Whether anything was needed all the same.
    leans: bool,
}

/// What names mean while an expression is evaluated.
#[derive(Clone, Debug)]
pub(crate) struct Env {
    /// The item that the expression is written in.
    pub item: ItemKey,
    /// What `self` is; nothing in functions and checks of the lab.
    pub itself: Option<DeclRef>,
    /// Parameters and `for` variables, outermost first.
    pub locals: Rc<Vec<Value>>,
    /// In a function, a template or a lazy field, who asked for it.
    pub caller: Option<Rc<Caller>>,
}

impl Env {
    /// With nothing known.
    pub(crate) fn empty(item: &ItemKey) -> Self {
        Self { item: item.clone(), itself: None, locals: Rc::default(), caller: None }
    }

    /// Where `self` is `decl`.
    pub(crate) fn of(item: &ItemKey, decl: &DeclRef) -> Self {
        Self { itself: Some(decl.clone()), ..Self::empty(item) }
    }

    /// With further locals.
    #[must_use]
    pub(crate) fn with(&self, more: impl IntoIterator<Item = Value>) -> Self {
        let mut locals = (*self.locals).clone();
        locals.extend(more);
        Self { locals: Rc::new(locals), ..self.clone() }
    }

    /// The place of `span`.
    pub(crate) fn place(&self, span: Span) -> Place {
        Place::new(&self.item, span)
    }
}

impl<'db> Evaluator<'db> {
    /// For the values of `item`.
    pub fn new(db: &'db dyn Db, item: &ItemKey) -> Self {
        Self {
            db,
            item: item.clone(),
            own: None,
            problems: Vec::new(),
            faults: Vec::new(),
            root: None,
            instances: FxHashMap::default(),
            last: None,
            active: Vec::new(),
            asked: Vec::new(),
            entangled: BTreeSet::new(),
            fuel: FUEL,
            exhausted: None,
            depth: 0,
            nesting: 0,
            searching: 0,
            apart: false,
            leans: false,
        }
    }

    /// For all values of `item`.
    pub(crate) fn of(db: &'db dyn Db, item: Item<'db>) -> Self {
        Self { own: Some(item), ..Self::new(db, item.key(db)) }
    }

    /// What stands in the item itself, elaborated. Whoever evaluates it all has it at hand and does not look for it by its
    /// key, so that nothing notes that it did.
    pub(crate) fn own_core(&self) -> Option<&'db ItemCore> {
        Some(item_core(self.db, self.own.or_else(|| find(self.db, &self.item))?))
    }

    /// For values of `item` that depend on nothing in the lab; `leans` tells when one did.
    fn apart(db: &'db dyn Db, item: &ItemKey) -> Self {
        Self { apart: true, ..Self::new(db, item) }
    }

    /// The problems found.
    pub fn finish(self) -> Vec<Problem> {
        self.problems
    }

    /// Reports an error, once.
    pub(crate) fn report(&mut self, problem: Problem) -> Reported {
        let known = self.problems.contains(&problem);
        let reported = Reported::among(&self.problems).filter(|_| known);
        reported.unwrap_or_else(|| problem.report(&mut self.problems))
    }

    /// Notes that something happened at a place which earlier phases rule out. Where the lab has no other problem, the
    /// run ends by saying so, and builds nothing.
    pub(crate) fn fault(&mut self, place: Place, what: impl Into<String>) -> Reported {
        let fault = Fault { place, what: what.into() };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
        Reported::elsewhere(Elsewhere::Fault)
    }

    /// What cannot happen and did all the same.
    pub(crate) fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }
}

/// The kind of a declaration.
pub fn kind_of(decl: &DeclRef) -> &str {
    match decl.steps().last() {
        Some(step) => &step.kind,
        None => decl.item().first_word(),
    }
}

/// The name that a declaration has in what is built.
pub fn name_of(decl: &DeclRef) -> String {
    let mut name = decl.item().name().to_owned();
    if let Some(index) = decl.index() {
        name = format!("{name}-{index}");
    }
    for step in decl.steps() {
        let unnamed = step.name == last_segment(&step.kind);
        name = types::display_name(&name, &step.kind, &step.name, unnamed, step.index.as_deref());
    }
    name
}
