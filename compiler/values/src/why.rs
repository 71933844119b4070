//! Where a value comes from.

use names::Db;
use smol_str::SmolStr;
use source::Place;
use types::{DeclRef, Field, How, Value, last_segment};

use crate::eval::{Block, Evaluator, LayerKind};

/// A step in how a value came to be, later ones on top of earlier ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What set it.
    pub what: What,
    /// Where.
    pub place: Place,
    /// What it set it to.
    pub value: Value,
    /// What became of what was there.
    pub how: How,
}

/// What set a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The kind's default.
    Default(String),
    /// The kind computes it from other fields.
    Derived(String),
    /// A template.
    Template(String),
    /// The kind that makes the declaration.
    Made(String),
    /// The declaration itself.
    Own,
}

/// The value of a field, or of a part of it, and how it came to be: the last reason is the one that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The value.
    pub value: Value,
    /// From the default on.
    pub reasons: Vec<Reason>,
}

/// Why `field` of a declaration, or what stands at `path` in it, is as it is; nothing where there is none.
pub fn why(db: &dyn Db, decl: &DeclRef, field: &SmolStr, path: &[SmolStr]) -> Option<Why> {
    let mut evaluator = Evaluator::new(db, decl.item());
    let instance = evaluator.instance(decl)?;
    let shape = instance.of_kind.shape.field(field);
    if shape.is_none() && instance.of_kind.shape.open.is_none() {
        return None;
    }
    let whole = evaluator.field(decl, field);
    let value = within(&whole, path)?.value;
    let mut reasons = Vec::new();
    if let Some(default) = evaluator.default(&instance, field)
        && let Some(found) = within(&default, path)
    {
        let kind = last_segment(&instance.of_kind.shape.name).to_owned();
        let derived = shape.is_some_and(|shape| shape.derived);
        let what = if derived { What::Derived(kind) } else { What::Default(kind) };
        reasons.push(Reason { what, place: found.place, value: found.value, how: How::Join });
    }
    for layer in &instance.layers {
        for set in layer.body.sets.iter().filter(|set| set.path[0] == *field) {
            let path_of = evaluator.path_of(set, &layer.env, &mut Block::default());
            let Ok(set_path) = path_of else { continue };
            let set_path = &set_path[1..];
            let common = set_path.len().min(path.len());
            if set_path[..common] != path[..common] {
                continue;
            }
            let value = evaluator.eval(&set.value, &layer.env);
            let found = Field { value, place: layer.env.place(set.value.span) };
            let Some(found) = within(&found, &path[common..]) else { continue };
            let what = match &layer.kind {
                LayerKind::Template(name) => What::Template(name.clone()),
                LayerKind::Made(kind) => What::Made(kind.to_string()),
                LayerKind::Own => What::Own,
            };
            reasons.push(Reason { what, place: found.place, value: found.value, how: set.how });
        }
    }
    if reasons.is_empty() {
        // A default inside of a record type, or nothing at all where a field may be left out.
        let found = within(&whole, path)?;
        let kind = last_segment(&instance.of_kind.shape.name).to_owned();
        let what = if shape.is_some_and(|shape| shape.place) { What::Own } else { What::Default(kind) };
        reasons.push(Reason { what, place: found.place, value: found.value, how: How::Join });
    }
    Some(Why { value, reasons })
}

/// What stands at `path` in a field.
fn within(field: &Field, path: &[SmolStr]) -> Option<Field> {
    let Some((first, rest)) = path.split_first() else { return Some(field.clone()) };
    let Value::Map(map) = &field.value else { return None };
    within(map.get(first)?, rest)
}

/// The fields of a declaration, for those who look at all of it.
pub fn fields(db: &dyn Db, decl: &DeclRef) -> Vec<(SmolStr, Field)> {
    let mut evaluator = Evaluator::new(db, decl.item());
    let Some(instance) = evaluator.instance(decl) else { return Vec::new() };
    let fields = instance.of_kind.shape.fields.iter().map(|field| (field.name.clone(), field.lazy));
    let open = evaluator.open_fields(decl).into_iter().map(|name| (name, false));
    fields
        .chain(open)
        .filter_map(|(name, is_lazy)| {
            let field = evaluator.field(decl, &name);
            // What is computed where it is asked for may not be known: the public half of keys that are nowhere yet.
            (!is_lazy || !field.value.is_error()).then_some((name, field))
        })
        .collect()
}
