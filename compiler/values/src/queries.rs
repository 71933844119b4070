//! Queries of values. The only salsa code of the crate.
#![allow(missing_docs, reason = "salsa's macros make functions that cannot be documented")]

use std::collections::BTreeMap;

use diagnostics::{Elsewhere, Problem, Reported};
use model::{Entity, SecretFacts, SecretRef};
use names::{Db, Item, Key, Word, find};
use smol_str::SmolStr;
use source::{Place, Span};
use types::{DeclRef, Field, Value, item_core, items_with};

use crate::eval::kind::{self, KindValues};
use crate::eval::{Children, Evaluator, Fault};
use crate::lower;

/// What is known of the values of secrets without a key; nothing where nobody has looked.
#[salsa::input(singleton, debug)]
pub struct KnownSecrets {
    /// What is known.
    pub facts: Option<SecretFacts>,
}

/// A declaration, as an argument of queries.
#[salsa::interned(debug)]
pub struct DeclKey<'db> {
    /// The declaration.
    pub decl: DeclRef,
}

/// A field of a declaration, as an argument of queries.
#[salsa::interned(debug)]
pub struct FieldKey<'db> {
    /// The declaration.
    pub decl: DeclRef,
    /// The field.
    pub field: SmolStr,
}

/// What all declarations of a kind have in common.
#[salsa::tracked]
pub(crate) fn kind_values<'db>(db: &'db dyn Db, kind: Word<'db>) -> Option<KindValues> {
    kind::kind_values(db, kind.text(db))
}

/// What an item comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evaluated {
    /// What is wrong with its values.
    pub problems: Vec<Problem>,
    /// The primitive declarations that it makes.
    pub entities: Vec<Entity>,
    /// Of each declaration that is made of none of them, though its kind is one that is built: which it is.
    pub unbuilt: Vec<Fault>,
    /// What cannot happen and did all the same.
    pub faults: Vec<Fault>,
}

/// The proof that a circle is reported.
fn circular() -> Reported {
    Reported::elsewhere(Elsewhere::Circle)
}

/// What a field of a declaration of another item comes to, and whether it depends on itself.
#[salsa::tracked(cycle_result = field_cycle)]
pub fn field_value<'db>(db: &'db dyn Db, key: FieldKey<'db>) -> (Field, bool) {
    let decl = key.decl(db);
    let mut evaluator = Evaluator::new(db, decl.item());
    (evaluator.field(decl, key.field(db)), false)
}

fn field_cycle<'db>(db: &'db dyn Db, _: salsa::Id, key: FieldKey<'db>) -> (Field, bool) {
    let place = Place::new(key.decl(db).item(), Span::default());
    (Field { value: Value::Error(circular()), place }, true)
}

/// The declarations that stand directly in a declaration of another item.
pub fn children<'db>(db: &'db dyn Db, key: DeclKey<'db>) -> &'db Vec<DeclRef> {
    &inner_declarations(db, key).0.all
}

/// As [`children`], and whether they depend on themselves.
#[salsa::tracked(cycle_result = inner_declarations_cycle)]
pub(crate) fn inner_declarations<'db>(db: &'db dyn Db, key: DeclKey<'db>) -> (Children, bool) {
    let decl = key.decl(db);
    (Evaluator::new(db, decl.item()).children_of(decl), false)
}

fn inner_declarations_cycle<'db>(_: &'db dyn Db, _: salsa::Id, _: DeclKey<'db>) -> (Children, bool) {
    (Children::circular(circular()), true)
}

/// Where the name of a declaration of another item is written.
#[salsa::tracked(cycle_result = head_place_cycle)]
pub fn head_place<'db>(db: &'db dyn Db, key: DeclKey<'db>) -> Place {
    let decl = key.decl(db);
    Evaluator::new(db, decl.item()).head(decl)
}

fn head_place_cycle<'db>(db: &'db dyn Db, _: salsa::Id, key: DeclKey<'db>) -> Place {
    Place::new(key.decl(db).item(), Span::default())
}

/// The declarations of a kind that an item makes, and whether they depend on themselves.
#[salsa::tracked(cycle_result = members_cycle)]
pub fn item_members<'db>(db: &'db dyn Db, item: Item<'db>, kind: Word<'db>) -> (Children, bool) {
    (Evaluator::of(db, item).members(kind.text(db)), false)
}

fn members_cycle<'db>(_: &'db dyn Db, _: salsa::Id, _: Item<'db>, _: Word<'db>) -> (Children, bool) {
    (Children::circular(circular()), true)
}

/// All declarations of a kind, by name.
pub fn all_of<'db>(db: &'db dyn Db, kind: Word<'db>) -> &'db Vec<DeclRef> {
    &all_members(db, kind).0.all
}

/// As [`all_of`], and whether they depend on themselves. Asks one small fact of each item.
#[salsa::tracked(cycle_result = all_cycle)]
pub(crate) fn all_members<'db>(db: &'db dyn Db, kind: Word<'db>) -> (Children, bool) {
    let items = items_with(db, kind).iter().filter_map(|key| find(db, key));
    let mut found = Children::default();
    for (members, _) in items.map(|item| item_members(db, item, kind)) {
        found.all.extend(members.all.iter().cloned());
        found.failed = found.failed.or(members.failed);
    }
    // The order of declarations in a file has no meaning, so nothing may follow from it.
    found.all.sort_by_cached_key(crate::name_of);
    (found, false)
}

fn all_cycle<'db>(_: &'db dyn Db, _: salsa::Id, _: Word<'db>) -> (Children, bool) {
    (Children::circular(circular()), true)
}

/// Whether the declaration that an item is is there only if something holds. A small fact, so that whoever asks for a
/// field depends on nothing else of the item.
#[salsa::tracked(returns(copy))]
pub(crate) fn conditional<'db>(db: &'db dyn Db, item: Key<'db>) -> bool {
    find(db, item.key(db)).is_some_and(|item| item_core(db, item).is_conditional())
}

/// What a constant comes to, and whether it depends on itself.
#[salsa::tracked(cycle_result = constant_cycle)]
pub fn constant_value<'db>(db: &'db dyn Db, item: Key<'db>) -> (Value, bool) {
    (Evaluator::new(db, item.key(db)).constant(), false)
}

fn constant_cycle<'db>(_: &'db dyn Db, _: salsa::Id, _: Key<'db>) -> (Value, bool) {
    (Value::Error(circular()), true)
}

/// What an item comes to: all its problems from the first byte on, and what it is lowered to.
#[salsa::tracked]
pub fn evaluated<'db>(db: &'db dyn Db, item: Item<'db>) -> Evaluated {
    let core = item_core(db, item);
    let mut evaluator = Evaluator::of(db, item);
    let (entities, unbuilt) = evaluator.item(core);
    let faults = evaluator.take_faults();
    let mut problems = core.problems.clone();
    problems.extend(types::circle_problem(db, item));
    problems.extend(evaluator.finish());
    Evaluated { problems, entities, unbuilt, faults }
}

/// What components hold: each with the component, and whether that depends on itself.
#[salsa::tracked(cycle_result = held_cycle)]
pub(crate) fn held(db: &dyn Db) -> (BTreeMap<DeclRef, DeclRef>, bool) {
    (lower::held(db), false)
}

fn held_cycle(_: &dyn Db, _: salsa::Id) -> (BTreeMap<DeclRef, DeclRef>, bool) {
    (BTreeMap::new(), true)
}

/// The component that holds a declaration: all of [`held`] that most of the lab sees.
#[salsa::tracked(cycle_result = holder_cycle)]
pub(crate) fn holder<'db>(db: &'db dyn Db, key: DeclKey<'db>) -> (Option<DeclRef>, bool) {
    let (all, circular) = held(db);
    (all.get(key.decl(db)).cloned(), *circular)
}

fn holder_cycle<'db>(_: &'db dyn Db, _: salsa::Id, _: DeclKey<'db>) -> (Option<DeclRef>, bool) {
    (None, true)
}

/// The public half of a pair of keys, where it is known.
pub(crate) fn public_half<'db>(db: &'db dyn Db, secret: &SecretRef) -> Option<&'db str> {
    public_halves(db, names::word(db, &secret.to_string())).as_deref()
}

/// As [`public_half`], by the name of the value: all that most of the lab sees of what is known.
#[salsa::tracked]
pub(crate) fn public_halves<'db>(db: &'db dyn Db, name: Word<'db>) -> Option<String> {
    let facts = KnownSecrets::try_get(db)?.facts(db).as_ref()?;
    facts.public.get(name.text(db).as_str()).cloned()
}

/// What changes when the value of a secret does, where that is known: see [`model::StoredValue::mark`].
pub fn secret_mark<'db>(db: &'db dyn Db, secret: &SecretRef) -> Option<&'db str> {
    secret_marks(db, names::word(db, &secret.to_string())).as_deref()
}

/// As [`secret_mark`], by the name of the value.
#[salsa::tracked]
pub(crate) fn secret_marks<'db>(db: &'db dyn Db, name: Word<'db>) -> Option<String> {
    let facts = KnownSecrets::try_get(db)?.facts(db).as_ref()?;
    let name = name.text(db);
    let secret = match name.split_once('.') {
        Some((name, key)) => SecretRef::key(name, key),
        None => SecretRef::whole(name.as_str()),
    };
    facts.values.as_ref()?.get(&secret)?.mark.clone()
}
