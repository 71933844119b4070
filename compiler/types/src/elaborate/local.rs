//! Names that are a namespace's own: `middleware headers in media` beside `middleware headers in ai`.

use names::Declared;
use smol_str::SmolStr;
use source::ItemKey;
use syntax::ast::{ExprKind, Statement};

use super::Elaborator;
use crate::item::as_declaration;
use crate::queries;

impl Elaborator<'_> {
    /// The kind of a declaration whose name is its namespace's own.
    pub(super) fn local_kind(&self, statement: &Statement) -> Option<SmolStr> {
        let kind = syntax::ast::dotted(&as_declaration(statement)?.kind);
        self.is_local_kind(&kind).then_some(kind)
    }

    /// Whether names of declarations of a kind are their namespace's own.
    fn is_local_kind(&self, kind: &SmolStr) -> bool {
        queries::shape_of(self.db, kind).is_some_and(|shape| shape.local)
    }

    /// Another declaration of the kind and name in the same namespace, which counts instead of `key`.
    pub(super) fn first_in_place(
        &self,
        key: &ItemKey,
        kind: &SmolStr,
        statement: &Statement,
    ) -> Option<ItemKey> {
        let declare = as_declaration(statement)?;
        let name = declare.name.as_ref().unwrap_or(&declare.kind[0]);
        let same = &names::meanings(self.db, names::word(self.db, &name.text)).declared;
        let place = place_of(statement);
        let mut same = same.iter().filter(|one| one.kind == *kind && one.item.is_std() == key.is_std());
        let first = same.find(|one| self.place_of_item(&one.item) == place)?;
        Some(first.item.clone()).filter(|first| first != key)
    }

    /// Those of the declarations of one name that can be meant here: of names that are a namespace's own, that of this
    /// item's namespace if there is one; of others that are declared twice, the first.
    pub fn meant_here<'d>(&self, declared: &'d [Declared]) -> Vec<&'d Declared> {
        if let [only] = declared {
            return vec![only];
        }
        let mut own = None;
        let mut meant: Vec<&Declared> = Vec::with_capacity(declared.len());
        for one in declared {
            let beside = || declared.iter().filter(|other| other.kind == one.kind);
            if !self.is_local_kind(&one.kind) || beside().count() == 1 {
                meant.extend((one.item.nth() == 0).then_some(one));
                continue;
            }
            let own = own.get_or_insert_with(|| self.place_of_item(self.item));
            let is_here = |other: &Declared| own.is_some() && self.place_of_item(&other.item) == *own;
            // Those of one place are declared twice, which is said there.
            let is_first =
                || beside().find(|other| is_here(other)).is_some_and(|first| first.item == one.item);
            if is_first() || !beside().any(is_here) {
                meant.push(one);
            }
        }
        meant
    }

    /// The declaration called `name` in the namespace that is called `place`.
    pub fn in_place<'d>(&self, place: &str, declared: &'d [Declared]) -> Option<&'d Declared> {
        declared.iter().find(|one| self.is_in_place(one, place))
    }

    /// The declarations whose names are those of the namespace that is called `place`.
    pub(super) fn all_in_place(&self, place: &str) -> impl Iterator<Item = &Declared> {
        names::index(self.db).declarations().iter().filter(move |one| self.is_in_place(one, place))
    }

    /// Where a declaration says that it is, if its name is shared: what tells it from the others.
    pub fn distinction(&self, one: &Declared, declared: &[Declared]) -> Option<SmolStr> {
        let is_shared = declared.iter().filter(|other| other.kind == one.kind).count() > 1;
        if is_shared && self.is_local_kind(&one.kind) { self.place_of_item(&one.item) } else { None }
    }

    fn is_in_place(&self, one: &Declared, place: &str) -> bool {
        self.is_local_kind(&one.kind) && self.place_of_item(&one.item).is_some_and(|word| word == place)
    }

    /// The word that an item says it is in.
    fn place_of_item(&self, item: &ItemKey) -> Option<SmolStr> {
        place_of(&names::parsed(self.db, names::find(self.db, item)?).statement)
    }
}

/// The word behind `in`.
fn place_of(statement: &Statement) -> Option<SmolStr> {
    match &as_declaration(statement)?.place.as_ref()?.kind {
        ExprKind::Name(name) => Some(name.clone()),
        _ => None,
    }
}
