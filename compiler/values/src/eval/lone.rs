//! Expressions that stand in no file: `hlc eval`.

use diagnostics::Problem;
use names::Db;
use source::ItemKey;
use syntax::ast::StatementKind;
use types::{Elaborator, Value};

use super::{Env, Evaluator};

/// Evaluates `text`, an expression, in the lab's scope: its value, or what is wrong with it. Problems are placed
/// in `item`, which stands for the text `eval = TEXT`.
pub fn expression(db: &dyn Db, item: &ItemKey, text: &str) -> Result<Value, Vec<Problem>> {
    let parsed = syntax::parse(item, text);
    if !parsed.problems.is_empty() {
        return Err(parsed.problems);
    }
    let StatementKind::Set(set) = &parsed.statement.kind else { return Ok(Value::Error) };
    let mut elaborator = Elaborator::new(db, item);
    let typed = elaborator.expr(&set.value, None);
    let problems = elaborator.finish();
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut evaluator = Evaluator::new(db, item);
    let value = evaluator.eval(&typed.core, &Env::empty(item));
    let problems = evaluator.finish();
    if problems.is_empty() { Ok(value) } else { Err(problems) }
}
