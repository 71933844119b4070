//! Expressions that stand in no file.

use std::ops::Range;
use std::sync::Arc;

use diagnostics::Problem;
use source::{ItemKey, Place, Span};
use types::Value;
use values::Expression;

use crate::Session;
use crate::locate::EVAL;

impl Session {
    /// What an expression comes to in the lab's scope, or what is wrong with it; problems are in a file `<eval>`,
    /// which is the expression (see [`Session::sources_with`]).
    pub fn eval(&self, expression: &str) -> Result<Value, Vec<Problem>> {
        self.value(&self.expression(expression)?)
    }

    /// An expression with its names resolved, for [`Session::value`].
    pub fn expression(&self, expression: &str) -> Result<Expression, Vec<Problem>> {
        let text = format!("{PREFIX}{expression}");
        Expression::read(self.db(), &eval_key(), &text).map_err(without_prefix)
    }

    /// What an expression comes to.
    pub fn value(&self, expression: &Expression) -> Result<Value, Vec<Problem>> {
        expression.value(self.db()).map_err(without_prefix)
    }

    /// How many items there are for [`Session::collect`].
    pub fn collected_count(&self, expression: &Expression) -> usize {
        let items = |kind| types::items_with(self.db(), names::word(self.db(), kind)).len();
        expression.collections().into_iter().map(|kind| items(kind)).sum()
    }

    /// Computes of some items what they declare of the kinds of which an expression asks for all declarations.
    pub fn collect(&self, expression: &Expression, items: Range<usize>) {
        let db = self.db();
        let all = expression.collections().into_iter().flat_map(|kind| {
            let kind = names::word(db, kind);
            types::items_with(db, kind).iter().map(move |item| (item, kind))
        });
        for (item, kind) in all.take(items.end).skip(items.start) {
            names::find(db, item).map(|item| values::item_members(db, item, kind));
        }
    }

    /// Computes a part of what an expression takes, so that [`Session::value`] finds it done: part `nth` of `of`.
    pub fn compute_part(&self, expression: &Expression, (nth, of): (usize, usize)) {
        expression.compute_part(self.db(), (nth, of));
    }
}

/// The item that an expression without a file is in.
pub(crate) fn eval_key() -> ItemKey {
    ItemKey::new(Arc::from(EVAL), Arc::from("eval"), 0)
}

/// What stands before an expression so that it is an item.
const PREFIX: &str = "eval = ";

/// Problems with their places in the expression and not in the item made of it.
fn without_prefix(problems: Vec<Problem>) -> Vec<Problem> {
    let key = eval_key();
    problems.into_iter().map(|problem| moved(problem, &key)).collect()
}

fn moved(mut problem: Problem, key: &ItemKey) -> Problem {
    #[expect(clippy::cast_possible_truncation, reason = "a few bytes")]
    let by = PREFIX.len() as u32;
    let shift = |place: &mut Place| {
        if place.item == *key {
            place.span = Span::new(place.span.start.saturating_sub(by), place.span.end.saturating_sub(by));
        }
    };
    shift(&mut problem.place);
    problem.labels.iter_mut().for_each(|label| shift(&mut label.place));
    problem.fixes.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|edit| shift(&mut edit.place));
    problem
}
