//! Expressions over every type of value, in every place: what `check` accepts has a value of its type, and that value
//! is what is built.
//!
//! ```text
//! leaves: literals of each type, declarations ─┐
//! operators, forms, members, functions ────────┴─ grow ─▶ Tree ─ Scope ─▶ accepted: type and value ─ sound
//! ```
//!
//! Types, functions, operators and fields are the compiler's own tables, so what is new there is tried by itself.

mod built;
mod checked;
mod covered;
mod grow;
mod kinds_of_types;
mod places;
mod scope;
mod sound;
mod tree;

pub use built::{Built, Case, build};
pub use checked::{Check, Checked, ask};
pub use covered::Covered;
pub use grow::{Good, Growth, Pool};
pub use kinds_of_types::sort;
pub use scope::Scope;
pub use sound::unsound;
pub use tree::Tree;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::Random;

/// What a search has come to.
#[derive(Default)]
pub struct Found {
    /// How many expressions were accepted.
    pub accepted: usize,
    /// How many were tried.
    pub tried: usize,
    /// What was in an accepted one.
    pub covered: Covered,
    /// What is wrong: the smallest expressions, by what is wrong with them.
    pub wrong: BTreeMap<String, String>,
}

/// An expression may be so long.
const LONGEST: usize = 300;

/// The lab that expressions stand in.
pub fn scope() -> Scope {
    Scope::with_public_keys(&scope::base())
}

/// Grows expressions until `wanted` have been accepted.
pub fn search(scope: &Scope, seed: u64, wanted: usize, each: &mut dyn FnMut(&Good, &types::Value)) -> Found {
    let mut random = Random::new(seed);
    let mut found = Found::default();
    let mut pool = Pool::default();
    for leaf in scope.leaves() {
        try_one(scope, Tree::leaf(leaf), &mut pool, &mut random, &mut found, each);
    }
    let growth = Growth::new(scope);
    while found.accepted < wanted {
        if let Some(tree) = growth.grown(&pool, &mut random) {
            try_one(scope, tree, &mut pool, &mut random, &mut found, each);
        }
    }
    found
}

fn try_one(
    scope: &Scope,
    tree: Tree,
    pool: &mut Pool,
    random: &mut Random,
    found: &mut Found,
    each: &mut dyn FnMut(&Good, &types::Value),
) {
    found.tried += 1;
    let text = tree.text();
    if text.len() > LONGEST {
        return;
    }
    let Some((ty, value)) = scope.accepted(&text) else { return };
    found.accepted += 1;
    tree.patterns(&mut |pattern| *found.covered.patterns.entry(pattern.to_owned()).or_default() += 1);
    *found.covered.sorts.entry(sort(&ty)).or_default() += 1;
    if unsound(scope.session(), &value, &ty).is_some() {
        let why = |tree: &Tree| {
            let (ty, value) = scope.accepted(&tree.text())?;
            unsound(scope.session(), &value, &ty)
        };
        let small = tree.shrunk(&|tree| why(tree).is_some());
        let why = why(&small).unwrap_or_default();
        found.wrong.entry(small.text()).or_insert(why);
        return;
    }
    let good = Good { tree: Rc::new(tree), ty };
    each(&good, &value);
    pool.keep(good, random);
}
