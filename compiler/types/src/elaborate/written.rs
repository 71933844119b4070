//! Elaborated expressions as people write them, for messages.

use smol_str::SmolStr;
use source::Place;

use super::Elaborator;
use crate::{Core, CoreKind, Ty, queries};

impl Elaborator<'_> {
    /// A chain of names: `attic.memory`; nothing where the expression is none.
    pub(super) fn chain(&self, core: &Core) -> Option<String> {
        let member = |base: &Core, name: &str| match (&base.kind, self.chain(base)?) {
            // What is declared around is called by its bare name.
            (CoreKind::Itself, _) if matches!(core.kind, CoreKind::Nested(..)) => Some(name.to_owned()),
            (_, base) => Some(format!("{base}.{name}")),
        };
        match &core.kind {
            CoreKind::Local(at) => self.locals.get(*at).map(|local| local.name.to_string()),
            CoreKind::Itself => Some("self".to_owned()),
            CoreKind::Item(_, None) | CoreKind::ItemAll(_) | CoreKind::Constant(_) => name_of(core),
            CoreKind::Sole(kind) => Some(kind.to_string()),
            CoreKind::Nested(base, _, name, None, _)
            | CoreKind::Field(base, name)
            | CoreKind::Lazy(base, name)
            | CoreKind::Get(base, name) => member(base, name),
            CoreKind::Name(base) => member(base, "name"),
            CoreKind::Folder(base) => member(base, "path"),
            _ => None,
        }
    }

    /// Where the field that `core` takes is declared, which may be left out, and a word about that.
    pub(super) fn optional_field(&self, core: &Core) -> Option<(Place, String)> {
        let (CoreKind::Field(base, name) | CoreKind::Lazy(base, name)) = &core.kind else { return None };
        let (shape, item) = queries::shape(self.db, &self.kind_of(base)?)?;
        let field = shape.field(name)?;
        Some((Place::new(item, field.span), format!("'{name}' of {} may be left out", shape.described())))
    }

    /// The kind of the declaration that `core` is, where that is told by `core` alone.
    pub(super) fn kind_of(&self, core: &Core) -> Option<SmolStr> {
        match &core.kind {
            CoreKind::Item(item, _) => Some(SmolStr::new(item.first_word())),
            CoreKind::Sole(kind) | CoreKind::Nested(_, kind, ..) => Some(kind.clone()),
            CoreKind::Itself => self.itself.as_ref().map(|itself| itself.kind.clone()),
            CoreKind::Local(at) => match &self.locals.get(*at)?.ty {
                Ty::Kind(kind) => Some(kind.clone()),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The name of what an expression names: the last one.
pub(super) fn name_of(core: &Core) -> Option<String> {
    match &core.kind {
        CoreKind::Item(item, None) | CoreKind::ItemAll(item) | CoreKind::Constant(item) => {
            Some(item.name().to_owned())
        }
        CoreKind::Nested(_, _, name, None, _) => Some(name.to_string()),
        _ => None,
    }
}
