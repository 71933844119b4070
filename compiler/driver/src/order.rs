//! The order in which the items of a large lab are worked out: what others mention comes before them.
//!
//! Whoever asks for a value waits for it on the stack, and so do those who wait for him. In the order of the text a
//! long chain (`a = b`, `b = c`, and so on for a hundred thousand lines) would need more of it than there is; from
//! its end, each finds done what it asks for. The order changes nothing else.

use names::{Db, Definitions, Item};
use source::ItemKey;
use syntax::TokenKind;

/// Labs of so many items are worked out in the order of their text: no chain in them is too long.
const SMALL: usize = 2_000;

/// Whether a lab of `count` items is worked out in another order than that of its text.
pub(crate) fn matters(count: usize) -> bool {
    count > SMALL
}

/// The items of a lab, given in the order of its text: each behind those that it mentions, as far as they do not
/// mention each other; `mentions` says which those are.
pub(crate) fn ordered<'db>(
    db: &'db dyn Db,
    items: Vec<Item<'db>>,
    mentions: &dyn Fn(Item<'db>) -> &'db Vec<ItemKey>,
) -> Vec<Item<'db>> {
    if !matters(items.len()) {
        return items;
    }
    let index = names::index(db);
    // The library's items come behind the lab's.
    let position = |key: &ItemKey| index.position(key).filter(|at| *at < items.len());
    let mut seen = vec![false; items.len()];
    let mut order = Vec::with_capacity(items.len());
    for start in 0..items.len() {
        let mut open = vec![(start, false)];
        while let Some((at, is_done)) = open.pop() {
            if is_done {
                order.push(items[at]);
            } else if !std::mem::replace(&mut seen[at], true) {
                open.push((at, true));
                open.extend(mentions(items[at]).iter().filter_map(|key| Some((position(key)?, false))));
            }
        }
    }
    order
}

/// The items whose names stand in the text of an item, in the order in which they do.
pub(crate) fn mentioned(db: &dyn Db, item: Item<'_>) -> Vec<ItemKey> {
    let (index, text) = (names::index(db), item.text(db));
    let mut at = 0;
    let words = syntax::tokens(text).filter_map(|token| {
        let start = at;
        at += token.len as usize;
        (token.kind == TokenKind::Word).then(|| &text[start..at])
    });
    let keys = words.flat_map(|word| {
        let declared = index.declared(word).iter().map(|declared| &declared.item);
        declared.chain(index.defined(word).into_iter().flat_map(defined))
    });
    let mut found: Vec<ItemKey> = Vec::new();
    for key in keys.filter(|key| !key.is_std() && *key != item.key(db)) {
        if found.last() != Some(key) {
            found.push(key.clone());
        }
    }
    found.shrink_to_fit();
    found
}

fn defined(definitions: &Definitions) -> impl Iterator<Item = &ItemKey> {
    let Definitions { kind, template, function, alias, constant, hidden: _ } = definitions;
    [kind, template, function, alias, constant].into_iter().flatten()
}
