//! What all declarations of a kind have in common, worked out once and not for each of them.

use std::sync::Arc;

use names::{Db, find};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use source::{ItemKey, Place};
use types::{Core, CoreKind, Field, FieldShape, KindCore, Shape, Ty, Value, item_core};

use super::{Env, Evaluator};

/// A kind, as its declarations need it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KindValues {
    /// What it says of fields.
    pub shape: Arc<Shape>,
    /// The item that declares it.
    pub item: ItemKey,
    /// What it computes.
    pub core: Option<Arc<KindCore>>,
    /// Whether it makes itself, or too much, so that nothing is known of what it makes.
    pub circular: bool,
    /// Of each field the value that it has wherever no layer sets it; nothing where that depends on the
    /// declaration, or is a problem of it.
    pub defaults: Vec<Option<Field>>,
    /// Where each field is in the shape.
    positions: FxHashMap<SmolStr, usize>,
}

impl KindValues {
    /// Which field of the shape is called `name`.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }
}

/// What the declarations of the kind with this full name have in common.
pub(crate) fn kind_values(db: &dyn Db, kind: &str) -> Option<KindValues> {
    let (shape, item) = types::shape(db, kind)?;
    let core = find(db, item).and_then(|found| item_core(db, found).kinds.get(kind).cloned());
    let circular = types::needs_circle(db, item) || types::makes_too_much(db, kind);
    let default = |field: &FieldShape| {
        let written = core.as_ref().and_then(|core| core.fields.get(&field.name));
        if circular || field.place { None } else { default(db, item, field, written) }
    };
    let defaults = shape.fields.iter().map(default).collect();
    // Of two with one name, which is a problem, the first.
    let positions =
        shape.fields.iter().enumerate().rev().map(|(at, field)| (field.name.clone(), at)).collect();
    Some(KindValues { shape: Arc::clone(shape), item: item.clone(), core, circular, defaults, positions })
}

/// The default of a field, if it is the same for all declarations and nothing is wrong with it.
fn default(db: &dyn Db, item: &ItemKey, field: &FieldShape, written: Option<&Core>) -> Option<Field> {
    let mut evaluator = Evaluator::apart(db, item);
    let env = Env::empty(item);
    let found = match written {
        Some(core) => Field { value: evaluator.eval(core, &env), place: env.place(core.span) },
        None if matches!(field.ty, Ty::Optional(_)) => {
            Field { value: Value::None, place: Place::new(item, field.span) }
        }
        None => return None,
    };
    let value = evaluator.filled(found.value, &field.ty, &found.place, None);
    let field = evaluator.bounded_field(Field { value, place: found.place });
    let is_common = !evaluator.leans && evaluator.finish().is_empty();
    is_common.then_some(field)
}

/// Whether an expression needs to know the declaration that it is asked for, or anything else of the lab.
pub(super) fn leans(core: &Core) -> bool {
    match core.kind {
        CoreKind::Itself
        | CoreKind::Item(..)
        | CoreKind::ItemAll(_)
        | CoreKind::Sole(_)
        | CoreKind::Nested(..)
        | CoreKind::NestedAll(..)
        | CoreKind::Parent(_)
        | CoreKind::All(_)
        | CoreKind::Field(..)
        | CoreKind::Lazy(..)
        | CoreKind::Name(_)
        | CoreKind::Folder(_)
        | CoreKind::Constant(_)
        | CoreKind::Call(..) => true,
        CoreKind::Error(_)
        | CoreKind::Absent
        | CoreKind::Const(_)
        | CoreKind::Text(_)
        | CoreKind::Local(_)
        | CoreKind::Get(..)
        | CoreKind::Property(..)
        | CoreKind::Index(_)
        | CoreKind::List(_)
        | CoreKind::Record(_)
        | CoreKind::ListFor(..)
        | CoreKind::MapFor(..)
        | CoreKind::If(_)
        | CoreKind::Let(_)
        | CoreKind::Shared(_)
        | CoreKind::Match(..)
        | CoreKind::Unary(..)
        | CoreKind::Binary(..)
        | CoreKind::Range(_)
        | CoreKind::Builtin(..)
        | CoreKind::Fit(..)
        | CoreKind::Whole(..) => false,
    }
}
