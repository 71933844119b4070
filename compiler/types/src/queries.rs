//! Queries of names and types. The only salsa code of the crate.
#![allow(missing_docs, reason = "salsa's macros make functions that cannot be documented")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diagnostics::Problem;
use names::{Db, Item, Word, defined, find, index, parsed};
use smol_str::SmolStr;
use source::ItemKey;
use syntax::ast::{Kind, Statement, StatementKind};

use crate::edition::{self, Edition};
use crate::elaborate::noted::Noted;
use crate::item::{ItemCore, elaborate_item, noted_item};
use crate::outline_node::{self, OutlineNode};
use crate::resolve::Resolver;
use crate::stack::with_stack;
use crate::{Shape, Shapes, Signature, Ty};

/// The shapes that an item declares: of a kind and the kinds in it, of a record type; a function's signature.
#[salsa::tracked(cycle_result = shapes_cycle)]
pub fn shapes<'db>(db: &'db dyn Db, of: Item<'db>) -> Shapes {
    let statement = &parsed(db, of).statement;
    let mut resolver = Resolver::new(db, of.key(db));
    match &statement.kind {
        StatementKind::Kind(kind) => resolver.kind(kind, kind.name.text.clone(), statement.doc.as_ref()),
        StatementKind::Alias(alias) => resolver.alias(alias, statement.doc.as_ref()),
        StatementKind::Function(function) => resolver.function(function),
        StatementKind::Template(template) => resolver.template(template),
        StatementKind::Set(set) => resolver.constant(set),
        _ => {}
    }
    resolver.finish()
}

fn shapes_cycle<'db>(_: &'db dyn Db, _: salsa::Id, _: Item<'db>) -> Shapes {
    Shapes { alias: Some(Ty::Error), circular: true, ..Shapes::default() }
}

/// The shapes of a kind, the kinds in it and their records, or of a `type`; and the item that declares them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Family {
    /// The shapes by their full names.
    pub shapes: BTreeMap<SmolStr, Arc<Shape>>,
    /// The item.
    pub item: ItemKey,
}

/// The shapes whose full names begin with `root`, `app` or `#port-map`: one question of whoever has a declaration of a
/// kind, where otherwise three are asked for each shape of it.
#[salsa::tracked]
pub(crate) fn family<'db>(db: &'db dyn Db, root: Word<'db>) -> Option<Family> {
    // A second record type of a function ends in a mark of its own.
    let root = root.text(db).trim_end_matches('\'');
    let meanings = |word: &str| defined(db, names::word(db, word));
    let key = match root.strip_prefix('#').map(|rest| rest.split_once(' ').unwrap_or(("type", rest))) {
        Some(("fn", name)) => meanings(name).function.as_ref(),
        Some(("template", name)) => meanings(name).template.as_ref(),
        Some(("constant", name)) => meanings(name).constant.as_ref(),
        Some((_, name)) => meanings(name).alias.as_ref(),
        None => meanings(root).kind.as_ref(),
    }?;
    Some(Family { shapes: shapes(db, find(db, key)?).all.clone(), item: key.clone() })
}

/// The shape with this full name, and the item that declares it.
pub fn shape<'db>(db: &'db dyn Db, name: &str) -> Option<(&'db Arc<Shape>, &'db ItemKey)> {
    let signs = |(at, byte): (usize, u8)| (at > 0 && matches!(byte, b'.' | b'#')).then_some(at);
    let root = name.bytes().enumerate().find_map(signs).map_or(name, |end| &name[..end]);
    let family = family(db, names::word(db, root)).as_ref()?;
    Some((family.shapes.get(name)?, &family.item))
}

/// The shape with this full name.
pub(crate) fn shape_of<'db>(db: &'db dyn Db, name: &str) -> Option<&'db Shape> {
    shape(db, name).map(|(shape, _)| &**shape)
}

/// The record that a value of type `ty` can be, and the item that declares it.
pub(crate) fn record_of<'db>(db: &'db dyn Db, ty: &Ty) -> Option<(&'db Arc<Shape>, &'db ItemKey)> {
    ty.arms().iter().find_map(|arm| match arm.required().0 {
        Ty::Record(record) => shape(db, record),
        _ => None,
    })
}

/// What a `type` item stands for.
pub(crate) fn alias_type(db: &dyn Db, alias: &ItemKey) -> Ty {
    find(db, alias).and_then(|item| shapes(db, item).alias.clone()).unwrap_or(Ty::Error)
}

/// The type that a constant says it has.
pub(crate) fn constant_wants(db: &dyn Db, constant: &ItemKey) -> Option<Ty> {
    let item = find(db, constant)?;
    match &parsed(db, item).statement.kind {
        StatementKind::Set(set) if set.ty.is_some() => shapes(db, item).alias.clone(),
        _ => None,
    }
}

/// How the function or template of this item is called.
pub fn signature<'db>(db: &'db dyn Db, of: &ItemKey) -> Option<&'db Signature> {
    shapes(db, find(db, of)?).signature.as_ref()
}

/// How many declarations one declaration may make.
pub(crate) const MOST_MADE: u32 = 10_000;

/// How many declarations may make each other, one in the other.
pub(crate) const DEEPEST_MADE: u32 = 64;

/// The declarations that each declaration of a kind makes; nothing where they are too many.
#[salsa::tracked(cycle_result = made_cycle)]
pub fn made<'db>(db: &'db dyn Db, kind: Word<'db>) -> Option<Vec<Arc<OutlineNode>>> {
    let mut nodes = Vec::new();
    for statement in written_kind(db, kind.text(db)).into_iter().flat_map(|kind| &kind.body.statements) {
        if let StatementKind::Make(body) = &statement.kind {
            nodes = outline_node::body_nodes(db, None, nodes, body, true);
        }
    }
    (outline_node::count(&nodes) <= MOST_MADE && outline_node::depth(&nodes) <= DEEPEST_MADE).then_some(nodes)
}

#[expect(clippy::unnecessary_wraps, reason = "salsa asks for what the query returns")]
fn made_cycle<'db>(_: &'db dyn Db, _: salsa::Id, _: Word<'db>) -> Option<Vec<Arc<OutlineNode>>> {
    Some(Vec::new())
}

/// As [`made`], by name.
pub(crate) fn made_of<'db>(db: &'db dyn Db, kind: &str) -> &'db [Arc<OutlineNode>] {
    made_by(db, shape_of(db, kind))
}

/// As [`made`], of a kind with this shape: most say by themselves that it is nothing.
pub(crate) fn made_by<'db>(db: &'db dyn Db, kind: Option<&Shape>) -> &'db [Arc<OutlineNode>] {
    match kind {
        Some(kind) if kind.makes => made(db, names::word(db, &kind.name)).as_deref().unwrap_or_default(),
        _ => &[],
    }
}

/// Whether each declaration of a kind makes so many others that it makes none.
pub fn makes_too_much(db: &dyn Db, kind: &str) -> bool {
    made(db, names::word(db, kind)).is_none()
}

/// The tree of the kind with this full name.
pub(crate) fn written_kind<'db>(db: &'db dyn Db, name: &str) -> Option<&'db Kind> {
    let mut segments = name.split('.');
    let root = SmolStr::new(segments.next()?);
    let key = defined(db, names::word(db, &root)).kind.as_ref()?;
    let StatementKind::Kind(root) = &parsed(db, find(db, key)?).statement.kind else { return None };
    let mut found: &Kind = root;
    for segment in segments {
        found = found.body.statements.iter().find_map(|statement| match &statement.kind {
            StatementKind::Kind(inner) if inner.name.text == segment => Some(inner),
            _ => None,
        })?;
    }
    Some(found)
}

/// The declarations in what a template makes, beyond those of the kind.
#[salsa::tracked(cycle_result = template_cycle)]
pub fn template_outline<'db>(db: &'db dyn Db, template: Item<'db>) -> Vec<Arc<OutlineNode>> {
    let StatementKind::Template(written) = &parsed(db, template).statement.kind else { return Vec::new() };
    let bases = written.bases.iter().flat_map(|base| template_nodes(db, &base.name.text));
    let kind = shapes(db, template).signature.as_ref().map(|signature| &signature.result);
    let Some(Ty::Kind(kind)) = kind else { return bases.cloned().collect() };
    let shape = shape_of(db, kind);
    let mut nodes = made_by(db, shape).to_vec();
    for node in bases {
        outline_node::join(&mut nodes, node);
    }
    outline_node::body_nodes(db, shape, nodes, &written.body, false)
}

fn template_cycle<'db>(_: &'db dyn Db, _: salsa::Id, _: Item<'db>) -> Vec<Arc<OutlineNode>> {
    Vec::new()
}

/// As [`template_outline`], by name.
pub(crate) fn template_nodes<'db>(db: &'db dyn Db, name: &SmolStr) -> &'db [Arc<OutlineNode>] {
    let key = defined(db, names::word(db, name)).template.as_ref();
    match key.and_then(|key| find(db, key)) {
        Some(item) => with_stack(|| template_outline(db, item)),
        None => &[],
    }
}

/// The outline of the declaration that an item is.
#[salsa::tracked]
pub fn outline<'db>(db: &'db dyn Db, of: Item<'db>) -> Option<Arc<OutlineNode>> {
    crate::item::declaration_node(db, &parsed(db, of).statement).map(Arc::new)
}

/// The kinds of all declarations that an item makes, each once.
#[salsa::tracked]
pub fn item_kinds<'db>(db: &'db dyn Db, of: Item<'db>) -> Box<[SmolStr]> {
    let mut kinds = Vec::new();
    if let Some(node) = outline(db, of) {
        node.kinds(&mut |kind| kinds.push(kind.clone()));
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds.into()
}

/// The kinds of what is in a declaration of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inside {
    /// Its own, and those of what it makes: they are in each.
    always: BTreeSet<SmolStr>,
    /// Those of what may be declared in it beside that.
    perhaps: BTreeSet<SmolStr>,
}

/// The kinds of what is in a declaration of a kind, as far as the kind says.
#[salsa::tracked]
pub(crate) fn inside<'db>(db: &'db dyn Db, kind: Word<'db>) -> Inside {
    let all_of = |kind: &SmolStr| {
        let mut kinds = vec![kind.clone()];
        for node in made_of(db, kind) {
            node.kinds(&mut |kind| kinds.push(kind.clone()));
        }
        kinds
    };
    let mut open = all_of(kind.text(db));
    let always = open.iter().cloned().collect();
    let mut inside = Inside { always, perhaps: BTreeSet::new() };
    while let Some(kind) = open.pop() {
        for (_, nested) in shape_of(db, &kind).into_iter().flat_map(|shape| &shape.nested) {
            let new = all_of(nested).into_iter().filter(|kind| !inside.always.contains(kind));
            open.extend(new.filter(|kind| inside.perhaps.insert(kind.clone())));
        }
    }
    inside
}

/// The items that make declarations of a kind, in the order written.
///
/// Of most that follows from their heads, and then an edit of a body is none of those who ask. Where it does not, one
/// small fact of each is asked.
#[salsa::tracked]
pub fn items_with<'db>(db: &'db dyn Db, kind: Word<'db>) -> Vec<ItemKey> {
    let kind = kind.text(db);
    let declarations = index(db).declarations().iter().filter_map(|one| {
        shape_of(db, &one.kind)?;
        let inside = inside(db, names::word(db, &one.kind));
        let is_certain = inside.always.contains(kind);
        (is_certain || inside.perhaps.contains(kind)).then_some((one, is_certain))
    });
    let declarations: Vec<(&names::Declared, bool)> = declarations.collect();
    if declarations.iter().any(|(_, is_certain)| !is_certain) {
        names::any_item(db);
    }
    let has =
        |one: &names::Declared| find(db, &one.item).is_some_and(|item| item_kinds(db, item).contains(kind));
    let makes = declarations.into_iter().filter(|(one, is_certain)| *is_certain || has(one));
    makes.map(|(one, _)| one.item.clone()).collect()
}

/// The only top-level declaration of a kind, if there is just one.
#[salsa::tracked]
pub fn only_declaration<'db>(db: &'db dyn Db, kind: Word<'db>) -> Option<ItemKey> {
    let mut of_kind = index(db).declarations().iter().filter(|one| one.kind == *kind.text(db));
    match (of_kind.next(), of_kind.next()) {
        (Some(one), None) if !one.repeated => Some(one.item.clone()),
        _ => None,
    }
}

/// The kinds by what their declarations are called together. One of the top level wins over nested ones; of
/// nested ones with the same word, none can be meant.
#[salsa::tracked]
pub fn plurals(db: &dyn Db) -> BTreeMap<SmolStr, SmolStr> {
    let mut found: BTreeMap<SmolStr, Vec<SmolStr>> = BTreeMap::new();
    for (_, meanings) in index(db).defined_names() {
        let Some(item) = meanings.kind.as_ref().and_then(|key| find(db, key)) else { continue };
        for shape in shapes(db, item).all.values().filter(|shape| !shape.record) {
            found.entry(shape.plural.clone()).or_default().push(shape.name.clone());
        }
    }
    let unique = |kinds: Vec<SmolStr>| match kinds.iter().find(|kind| !kind.contains('.')) {
        Some(top) => Some(top.clone()),
        None if kinds.len() == 1 => kinds.into_iter().next(),
        None => None,
    };
    found.into_iter().filter_map(|(plural, kinds)| Some((plural, unique(kinds)?))).collect()
}

/// An item, elaborated.
#[salsa::tracked(cycle_result = item_core_cycle)]
pub fn item_core<'db>(db: &'db dyn Db, of: Item<'db>) -> ItemCore {
    elaborate_item(db, of)
}

fn item_core_cycle<'db>(db: &'db dyn Db, _: salsa::Id, of: Item<'db>) -> ItemCore {
    ItemCore { problems: parsed(db, of).problems.clone(), circular: true, ..ItemCore::default() }
}

/// The type of a constant.
pub fn constant_type(db: &dyn Db, constant: &ItemKey) -> Ty {
    if let Some(ty) = constant_wants(db, constant) {
        return ty;
    }
    find(db, constant).and_then(|item| item_core(db, item).constant_type()).unwrap_or(Ty::Error)
}

/// The edition that the lab is written in. Looked for again when a head changes, or the lab's item.
#[salsa::tracked(returns(copy))]
pub fn lab_edition(db: &dyn Db) -> Edition {
    edition::said(db)
}

/// What is wrong where a lab says an edition that is not known.
#[salsa::tracked]
pub fn unknown_edition(db: &dyn Db) -> Option<Problem> {
    edition::unknown(db)
}

/// What stands where in an item, for editors. Elaborates the item once more, and is asked by nothing that builds.
#[salsa::tracked(lru = 256)]
pub fn item_notes<'db>(db: &'db dyn Db, item: Item<'db>) -> Noted {
    with_stack(|| noted_item(db, item.key(db), &parsed(db, item).statement, outline(db, item).clone()))
}

/// What stands where in a text of item `key` that has a cursor in it, and what could stand there. Not remembered: nobody
/// asks the same twice.
pub fn cursor_notes(db: &dyn Db, key: &ItemKey, statement: &Statement) -> Noted {
    with_stack(|| {
        let node = crate::item::declaration_node(db, statement).map(Arc::new);
        noted_item(db, key, statement, node)
    })
}
