//! Expressions that stand in no file.

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
        let text = format!("{PREFIX}{expression}");
        let read = Expression::read(self.db(), &eval_key(), &text);
        read.and_then(|expression| expression.value(self.db())).map_err(without_prefix)
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
