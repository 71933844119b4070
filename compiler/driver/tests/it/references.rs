//! Which item refers to which: read off elaborated items, so it is what really depends, not what looks alike.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use driver::{Database, Session};
use smol_str::SmolStr;
use source::ItemKey;
use types::{BodyCore, Core, CoreKind, DeclCore, ItemCore, TemplateCall};

/// For each item of the lab, the items of the lab that cannot be worked out without it, itself among them.
pub(crate) fn dependents(session: &Session) -> BTreeMap<ItemKey, BTreeSet<ItemKey>> {
    let db = session.db();
    let mut direct: BTreeMap<ItemKey, BTreeSet<ItemKey>> = BTreeMap::new();
    for item in names::items(db) {
        let mut found = References { db, found: BTreeSet::new() };
        found.item(types::item_core(db, item));
        for to in found.found {
            direct.entry(to).or_default().insert(item.key(db).clone());
        }
    }
    let lab = names::items(db).map(|item| item.key(db)).filter(|key| !key.is_std());
    lab.map(|key| (key.clone(), reached(&direct, key))).collect()
}

fn reached(direct: &BTreeMap<ItemKey, BTreeSet<ItemKey>>, from: &ItemKey) -> BTreeSet<ItemKey> {
    let mut found = BTreeSet::from([from.clone()]);
    let mut open = vec![from];
    while let Some(key) = open.pop() {
        let next = direct.get(key).into_iter().flatten();
        open.extend(next.filter(|next| found.insert((*next).clone())));
    }
    found
}

struct References<'db> {
    db: &'db Database,
    found: BTreeSet<ItemKey>,
}

impl References<'_> {
    fn item(&mut self, core: &ItemCore) {
        core.decl.iter().for_each(|decl| self.declaration(decl));
        for kind in core.kinds.values() {
            self.all(kind.fields.values());
            self.body(&kind.make);
            for check in &kind.checks {
                self.all([&check.condition, &check.message]);
                self.all(check.clauses.iter().map(|clause| &clause.over));
            }
        }
        if let Some(template) = &core.template {
            self.all(template.defaults.iter().flatten());
            self.templates(&template.bases);
            self.body(&template.body);
        }
        if let Some(function) = &core.function {
            self.all(function.defaults.iter().flatten().chain([&function.value]));
        }
        if let Some((constant, _)) = &core.constant {
            self.all([&**constant]);
        }
        if let Some(check) = &core.check {
            self.all([&check.condition, &check.message]);
            self.all(
                check.clauses.iter().flat_map(|clause| [&clause.over].into_iter().chain(&clause.condition)),
            );
        }
    }

    fn declaration(&mut self, decl: &Arc<DeclCore>) {
        let root = SmolStr::new(decl.kind.split('.').next().unwrap_or_default());
        self.found.extend(names::defined(self.db, names::word(self.db, &root)).kind.clone());
        self.templates(&decl.templates);
        self.all(decl.place.iter().chain(decl.condition.as_deref()).chain(decl.pick.as_deref()));
        if let Some((key, clause)) = decl.repeat.as_deref() {
            self.all([key, &clause.over].into_iter().chain(&clause.condition));
        }
        self.body(&decl.body);
    }

    fn templates(&mut self, calls: &[TemplateCall]) {
        for call in calls {
            self.found.insert(call.template.clone());
            self.all(call.arguments.iter());
        }
    }

    fn body(&mut self, body: &BodyCore) {
        self.all(body.sets.iter().map(|set| &set.value));
        body.decls.iter().for_each(|decl| self.declaration(decl));
    }

    fn all<'c>(&mut self, cores: impl IntoIterator<Item = &'c Core>) {
        for core in cores {
            core.walk(&mut |core| self.reference(core));
        }
    }

    fn reference(&mut self, core: &Core) {
        match &core.kind {
            CoreKind::Item(item, _)
            | CoreKind::ItemAll(item)
            | CoreKind::Constant(item)
            | CoreKind::Call(item, _) => {
                self.found.insert(item.clone());
            }
            CoreKind::Sole(kind) => {
                self.found.extend(types::only_declaration(self.db, names::word(self.db, kind)).clone());
            }
            CoreKind::All(kind) => {
                let all = types::items_with(self.db, names::word(self.db, kind)).iter();
                let there = |key: &&ItemKey| names::find(self.db, key).is_some();
                self.found.extend(all.filter(there).cloned());
            }
            _ => {}
        }
    }
}
