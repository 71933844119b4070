//! Items by what their heads say.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use source::ItemKey;
use syntax::{Cut, Head, ItemForm};

/// All items by what their heads say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    positions: FxHashMap<ItemKey, usize>,
    declared: BTreeMap<SmolStr, Vec<Declared>>,
    defined: BTreeMap<SmolStr, Definitions>,
    declarations: Vec<Declared>,
    checks: Vec<ItemKey>,
}

/// A top-level declaration, as its head tells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Declared {
    /// The item.
    pub item: ItemKey,
    /// The kind's word.
    pub kind: SmolStr,
    /// The declared name: the kind's own where none is given.
    pub name: SmolStr,
    /// Whether it declares one for each element of a collection.
    pub repeated: bool,
}

/// What one word is defined as. What the lab defines hides what the library does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Definitions {
    /// `kind word …`.
    pub kind: Option<ItemKey>,
    /// `template word …`.
    pub template: Option<ItemKey>,
    /// `fn word …`.
    pub function: Option<ItemKey>,
    /// `type word = …`.
    pub alias: Option<ItemKey>,
    /// `word = …`.
    pub constant: Option<ItemKey>,
    /// What of the library is hidden by what the lab defines.
    pub hidden: Vec<ItemKey>,
}

/// All that one word can mean at the top level.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Meanings {
    /// The declarations that are called so.
    pub declared: Vec<Declared>,
    /// What it is defined as.
    pub defined: Definitions,
}

impl Index {
    /// Adds an item; the lab's must come before the library's.
    pub fn add(&mut self, key: &ItemKey, head: &Head) {
        self.positions.insert(key.clone(), self.positions.len());
        match head.form {
            ItemForm::Declare => self.declare(key, head),
            ItemForm::Check => self.checks.push(key.clone()),
            ItemForm::Import | ItemForm::Unknown => {}
            shape => {
                let Some(name) = &head.name else { return };
                let entry = self.defined.entry(name.clone()).or_default();
                let slot = match shape {
                    ItemForm::Kind => &mut entry.kind,
                    ItemForm::Template => &mut entry.template,
                    ItemForm::Function => &mut entry.function,
                    ItemForm::Alias => &mut entry.alias,
                    _ => &mut entry.constant,
                };
                let meant = slot.get_or_insert_with(|| key.clone());
                if key.is_std() && !meant.is_std() {
                    entry.hidden.push(key.clone());
                }
            }
        }
    }

    fn declare(&mut self, key: &ItemKey, head: &Head) {
        // Its kind was forgotten: `in web { }`. It must not stand beside the `web` that it would be in.
        if head.kind == "in" {
            return;
        }
        let name = head.name.clone().unwrap_or_else(|| head.kind.clone());
        let declared = Declared { item: key.clone(), kind: head.kind.clone(), name, repeated: head.repeated };
        self.declarations.push(declared.clone());
        // Names are rarely shared.
        let entry = self.declared.entry(declared.name.clone());
        entry.or_insert_with(|| Vec::with_capacity(1)).push(declared);
    }

    /// Where the item with this key stands among all items.
    pub fn position(&self, key: &ItemKey) -> Option<usize> {
        self.positions.get(key).copied()
    }

    /// The declarations called `name`.
    pub fn declared(&self, name: &str) -> &[Declared] {
        self.declared.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// What `name` is defined as.
    pub fn defined(&self, name: &str) -> Option<&Definitions> {
        self.defined.get(name)
    }

    /// All declarations, in the order of files and of text.
    pub fn declarations(&self) -> &[Declared] {
        &self.declarations
    }

    /// All `check` items.
    pub fn checks(&self) -> &[ItemKey] {
        &self.checks
    }

    /// All declared names, sorted: what a suggestion is drawn from.
    pub fn declared_names(&self) -> impl Iterator<Item = (&SmolStr, &[Declared])> {
        self.declared.iter().map(|(name, all)| (name, all.as_slice()))
    }

    /// All defined names, sorted.
    pub fn defined_names(&self) -> impl Iterator<Item = (&SmolStr, &Definitions)> {
        self.defined.iter()
    }
}

/// Gives each piece of a file its key: equal heads are counted.
pub fn keyed(file: &Arc<str>, cuts: Vec<Cut>) -> impl Iterator<Item = (ItemKey, Cut)> {
    let mut seen: FxHashMap<Arc<str>, u32> = FxHashMap::default();
    cuts.into_iter().map(move |cut| {
        let head: Arc<str> = cut.head.key.as_str().into();
        let count = seen.entry(Arc::clone(&head)).or_insert(0);
        let nth = *count;
        *count += 1;
        (ItemKey::new(Arc::clone(file), head, nth), cut)
    })
}
