//! Which declarations there are: in a declaration, and in an item.

use diagnostics::Reported;
use types::{CoreKind, DeclRef, Step, Value};

use super::Written;
use crate::eval::{Children, Evaluator, Presence, kind_of};
use crate::problems::no_such_value::no_such_key;

impl Evaluator<'_> {
    /// The declarations directly in a declaration of this item.
    pub(crate) fn children_of(&mut self, decl: &DeclRef) -> Children {
        let instance = match self.presence(decl) {
            Presence::There(instance) => instance,
            Presence::Absent => return Children::default(),
            Presence::Failed(reported) => return Children { failed: Some(reported), ..Children::default() },
        };
        if let Some(known) = instance.children.get() {
            return known.clone();
        }
        let mut found = Vec::new();
        let mut failed = None;
        for group in instance.groups() {
            let mut repeated =
                group.written.iter().filter(|written| written.core.repeat.is_some()).peekable();
            let step = |index| Step { kind: group.kind.clone(), name: group.name.clone(), index };
            if repeated.peek().is_none() {
                found.push(decl.inner(step(None)));
            }
            for written in repeated {
                match self.repetitions(written) {
                    Ok(all) => found.extend(all.iter().map(|(key, _)| decl.inner(step(Some(key.clone()))))),
                    Err(reported) => failed = Some(reported),
                }
            }
        }
        let found = self.there(found, failed);
        if self.searching == 0 {
            let _ = instance.children.set(found.clone());
        }
        found
    }

    /// Whether what is written once is said of the one with key `index`: of all, unless it picks one.
    pub(super) fn is_picked(&mut self, written: &Written, index: &str) -> Result<bool, Reported> {
        match &written.core.pick {
            Some(key) => Ok(self.shown(key, &written.env)? == index),
            None => Ok(true),
        }
    }

    /// Reports what picks one in a declaration that is not there.
    pub(crate) fn check_picks(&mut self, decl: &DeclRef) {
        let Some(instance) = self.instance(decl) else { return };
        for group in instance.groups().iter().filter(|group| group.written.len() > 1) {
            let (picks, others): (Vec<_>, Vec<_>) =
                group.written.iter().partition(|written| written.core.pick.is_some());
            if picks.is_empty() {
                continue;
            }
            let mut keys = Vec::new();
            let repeated = others.into_iter().filter(|written| written.core.repeat.is_some());
            let known = repeated.map(|written| self.repetitions(written)).collect::<Result<Vec<_>, _>>();
            // That they cannot be counted has a problem of its own.
            let Ok(known) = known else { continue };
            keys.extend(known.iter().flat_map(|all| all.iter().map(|(key, _)| key.as_str())));
            for written in picks {
                self.check_pick(written, &keys);
            }
        }
    }

    fn check_pick(&mut self, written: &Written, keys: &[&str]) {
        let Some(key) = &written.core.pick else { return };
        if let Ok(text) = self.shown(key, &written.env)
            && !keys.contains(&text.as_str())
        {
            let name = written.core.name.clone();
            let is_text = matches!(key.kind, CoreKind::Const(Value::Text(_)));
            self.complain(key, &written.env, |place| no_such_key(place, &name, &text, keys, is_text));
        }
    }

    /// The declarations that the item itself is: one, or as many as it is repeated.
    pub(crate) fn roots(&mut self) -> Children {
        let Some(root) = self.root() else { return Children::default() };
        let item = self.item.clone();
        let [written] = root.written.as_slice() else { return Children::default() };
        if written.core.repeat.is_none() {
            return self.there(vec![DeclRef::root(item, None)], None);
        }
        match self.repetitions(written) {
            Ok(all) => {
                let roots = all.iter().map(|(key, _)| DeclRef::root(item.clone(), Some(key.clone())));
                self.there(roots.collect(), None)
            }
            Err(reported) => Children { all: Vec::new(), failed: Some(reported) },
        }
    }

    /// Those of `all` that are there.
    fn there(&mut self, mut all: Vec<DeclRef>, mut failed: Option<Reported>) -> Children {
        all.retain(|decl| match self.presence(decl) {
            Presence::There(_) => true,
            Presence::Absent => false,
            Presence::Failed(reported) => {
                failed = failed.or(Some(reported));
                false
            }
        });
        Children { all, failed }
    }

    /// All declarations of the item, outer ones first.
    pub(crate) fn all(&mut self) -> Children {
        let mut found = Vec::new();
        let Children { all: mut open, mut failed } = self.roots();
        open.reverse();
        while let Some(decl) = open.pop() {
            let inner = self.children_of(&decl);
            failed = failed.or(inner.failed);
            open.extend(inner.all.into_iter().rev());
            found.push(decl);
        }
        Children { all: found, failed }
    }

    /// The declarations of a kind that the item makes.
    pub(crate) fn members(&mut self, kind: &str) -> Children {
        let mut members = self.all();
        members.all.retain(|decl| kind_of(decl) == kind);
        members
    }
}
