//! Which declarations there are: in a declaration, and in an item.

use types::{DeclRef, Step};

use crate::eval::{Evaluator, kind_of};

impl Evaluator<'_> {
    /// The declarations directly in a declaration of this item.
    pub fn children_of(&mut self, decl: &DeclRef) -> Vec<DeclRef> {
        let Some(instance) = self.instance(decl) else { return Vec::new() };
        if let Some(known) = instance.children.get() {
            return known.clone();
        }
        let mut found = Vec::new();
        for group in instance.groups() {
            let mut repeated =
                group.written.iter().filter(|written| written.core.repeat.is_some()).peekable();
            let step = |index| Step { kind: group.kind.clone(), name: group.name.clone(), index };
            if repeated.peek().is_none() {
                found.push(decl.inner(step(None)));
            }
            for written in repeated {
                let all = self.repetitions(written);
                found.extend(all.iter().map(|(key, _)| decl.inner(step(Some(key.clone())))));
            }
        }
        found.retain(|inner| self.instance(inner).is_some());
        if self.searching == 0 {
            let _ = instance.children.set(found.clone());
        }
        found
    }

    /// The declarations that the item itself is: one, or as many as it is repeated.
    pub(crate) fn roots(&mut self) -> Vec<DeclRef> {
        let Some(root) = self.root() else { return Vec::new() };
        let item = self.item.clone();
        let [written] = root.written.as_slice() else { return Vec::new() };
        let mut roots = if written.core.repeat.is_some() {
            let all = self.repetitions(written);
            all.iter().map(|(key, _)| DeclRef::root(item.clone(), Some(key.clone()))).collect()
        } else {
            vec![DeclRef::root(item, None)]
        };
        roots.retain(|root| self.instance(root).is_some());
        roots
    }

    /// All declarations of the item, outer ones first.
    pub(crate) fn all(&mut self) -> Vec<DeclRef> {
        let mut found = Vec::new();
        let mut open = self.roots();
        open.reverse();
        while let Some(decl) = open.pop() {
            let inner = self.children_of(&decl);
            open.extend(inner.into_iter().rev());
            found.push(decl);
        }
        found
    }

    /// The declarations of a kind that the item makes.
    pub fn members(&mut self, kind: &str) -> Vec<DeclRef> {
        let mut all = self.all();
        all.retain(|decl| kind_of(decl) == kind);
        all
    }
}
