//! What a bare name can mean, nearest first.

use std::sync::Arc;

use diagnostics::{Elsewhere, Reported};
use names::Declared;
use smol_str::SmolStr;
use source::Span;

use crate::elaborate::{Elaborator, Typed};
use crate::outline_node::OutlineNode;
use crate::{Certainty, Core, CoreKind, Fits, Ty, fits, last_segment, queries};

/// One thing that a name can mean.
pub struct Meaning {
    /// The expression and its type.
    pub typed: Typed,
    /// What tells it from others of its name, if it is a declaration: its kind, or the namespace that it is in.
    kind: Option<SmolStr>,
}

impl Meaning {
    /// How to write it, which is called `name`, so that nothing else can be meant.
    pub fn written(&self, name: &str) -> String {
        self.kind.as_ref().map_or_else(|| name.to_owned(), |kind| format!("{kind}.{name}"))
    }
}

impl Elaborator<'_> {
    /// All that `name` can mean beyond locals and words, nearest first: declarations around, declarations of the
    /// lab, constants, the only declaration of a kind, all declarations of a kind.
    pub fn meanings(&self, name: &SmolStr, span: Span) -> Vec<Meaning> {
        let mut found = Vec::new();
        for (base, node) in self.scopes.iter().rev() {
            for child in node.children.iter().filter(|child| child.name == *name) {
                let kind = Some(SmolStr::new(last_segment(&child.kind)));
                found.push(Meaning { typed: nested(base.clone(), child, span), kind });
            }
        }
        let meanings = names::meanings(self.db, names::word(self.db, name));
        for one in self.meant_here(&meanings.declared) {
            let kind = self.distinction(one, &meanings.declared).unwrap_or_else(|| one.kind.clone());
            found.push(Meaning { typed: self.of_item(one, span), kind: Some(kind) });
        }
        if let Some(constant) = &meanings.defined.constant {
            let ty = queries::constant_type(self.db, constant);
            let typed = Typed::plain(CoreKind::Constant(constant.clone()), span, ty);
            found.push(Meaning { typed, kind: None });
        }
        // `lab`: the only one of its kind, unless something is called just so.
        if found.is_empty()
            && let Some(typed) = self.sole(name, span)
        {
            found.push(Meaning { typed, kind: None });
        }
        if found.is_empty()
            && let Some(typed) = self.all_of(name, span)
        {
            found.push(Meaning { typed, kind: None });
        }
        found
    }

    /// The only declaration of the kind called `name`; of a kind that there can be only one of, even if none is
    /// declared, which is a problem of those who need it.
    fn sole(&self, name: &SmolStr, span: Span) -> Option<Typed> {
        let only = queries::only_declaration(self.db, names::word(self.db, name)).as_ref();
        let is_single = || queries::shape_of(self.db, name).is_some_and(|shape| shape.single);
        if only.is_none() && !is_single() {
            return None;
        }
        let node = only.and_then(|item| self.node_of(item));
        let core = Core { kind: CoreKind::Sole(name.clone()), span };
        Some(Typed { core, ty: Ty::Kind(name.clone()), node })
    }

    /// All declarations of the kind whose declarations are together called `name`.
    pub fn all_of(&self, name: &SmolStr, span: Span) -> Option<Typed> {
        let kind = queries::plurals(self.db).get(name)?;
        Some(Typed::plain(CoreKind::All(kind.clone()), span, Ty::list(Ty::Kind(kind.clone()))))
    }

    /// The declaration that a top-level item is.
    pub fn of_item(&self, one: &Declared, span: Span) -> Typed {
        // Of a kind that does not exist nothing is known, and it has its problem.
        if queries::shape_of(self.db, &one.kind).is_none() {
            return Typed::error(span, Reported::elsewhere(Elsewhere::Declaration));
        }
        let ty = Ty::Kind(one.kind.clone());
        if one.repeated {
            return Typed::plain(CoreKind::ItemAll(one.item.clone()), span, Ty::list(ty));
        }
        let core = Core { kind: CoreKind::Item(one.item.clone(), None), span };
        Typed { core, ty, node: self.node_of(&one.item) }
    }

    /// The outline of an item.
    pub fn node_of(&self, item: &source::ItemKey) -> Option<Arc<OutlineNode>> {
        queries::outline(self.db, names::find(self.db, item)?).clone()
    }

    /// Whether `ty` can stand where `wanted` is expected; what may be none counts, it has a problem of its own.
    pub fn can_be(&self, ty: &Ty, wanted: Option<&Ty>) -> bool {
        wanted.is_none_or(|wanted| fits(self.db, ty.required().0, wanted) != Fits::No)
    }

    /// Whether it is a secret of several values, where one is wanted.
    fn is_many(&self, one: &Declared, wanted: Option<&Ty>) -> bool {
        let is_one = |arm: &Ty| matches!(arm, Ty::Secret(inner) if !matches!(**inner, Ty::Free(_)));
        one.kind == "secret"
            && wanted.is_some_and(|wanted| wanted.arms().iter().any(is_one))
            && self.node_of(&one.item).is_some_and(|node| !node.children.is_empty())
    }

    /// Names near `name` that would fit where `wanted` is expected.
    pub fn near(&self, name: &str, wanted: Option<&Ty>) -> Vec<String> {
        let fits = |ty: &Ty| self.can_be(ty, wanted);
        let mut names: Vec<SmolStr> = Vec::new();
        names.extend(self.locals.iter().filter(|local| fits(&local.ty)).map(|local| local.name.clone()));
        names.extend(wanted.into_iter().flat_map(Ty::words).cloned());
        for (_, node) in &self.scopes {
            let children =
                node.children.iter().filter(|child| !child.is_lost() && fits(&Ty::Kind(child.kind.clone())));
            names.extend(children.map(|child| child.name.clone()));
        }
        let index = names::index(self.db);
        for (name, all) in index.declared_names() {
            if all.iter().any(|one| fits(&Ty::Kind(one.kind.clone())) && !self.is_many(one, wanted)) {
                names.push(name.clone());
            }
        }
        if wanted.is_none() {
            names.extend(queries::plurals(self.db).keys().cloned());
        }
        let constants = index.defined_names().filter(|(_, is)| {
            let fits = |key: &source::ItemKey| self.written_type(key).is_none_or(|ty| fits(&ty));
            is.constant.as_ref().is_some_and(|key| key != self.item && fits(key))
        });
        names.extend(constants.map(|(name, _)| name.clone()));
        let of_language = [("true", Ty::Bool), ("false", Ty::Bool)];
        names.extend(
            of_language.iter().filter(|(_, ty)| wanted.is_some() && fits(ty)).map(|(word, _)| (*word).into()),
        );
        let near = diagnostics::closest(name, names.iter().map(SmolStr::as_str), 3);
        near.into_iter().map(str::to_owned).collect()
    }
}

/// A declaration in a declaration.
pub(crate) fn nested(base: Core, child: &Arc<OutlineNode>, span: Span) -> Typed {
    if child.is_lost() {
        return Typed::error(span, Reported::elsewhere(Elsewhere::Declaration));
    }
    let ty = Ty::Kind(child.kind.clone());
    let base = Box::new(base);
    if child.repeated {
        let core = CoreKind::NestedAll(base, child.kind.clone(), Some(child.name.clone()));
        return Typed { core: Core { kind: core, span }, ty: Ty::list(ty), node: Some(Arc::clone(child)) };
    }
    Typed { core: Core { kind: step(*base, child), span }, ty, node: Some(Arc::clone(child)) }
}

/// What names the declaration `child` in `base`.
pub(crate) fn step(base: Core, child: &OutlineNode) -> CoreKind {
    let certainty = if child.conditional { Certainty::Perhaps } else { Certainty::Always };
    CoreKind::Nested(Box::new(base), child.kind.clone(), child.name.clone(), None, certainty)
}
