//! Expressions that stand in no file: `hlc eval`.

use diagnostics::{Elsewhere, Problem, Reported};
use names::Db;
use source::ItemKey;
use syntax::ast::StatementKind;
use types::{Core, CoreKind, Elaborator, Value};

use super::{Env, Evaluator};

/// An expression that stands in no file, with every name resolved.
pub struct Expression {
    /// Stands for the text `eval = TEXT`.
    item: ItemKey,
    core: Core,
}

impl Expression {
    /// Reads `text`, which is `eval = TEXT`, in the lab's scope, or finds what is wrong with it. Problems are placed in
    /// `item`.
    pub fn read(db: &dyn Db, item: &ItemKey, text: &str) -> Result<Self, Vec<Problem>> {
        let parsed = syntax::parse(item, text);
        if !parsed.problems.is_empty() {
            return Err(parsed.problems);
        }
        let mut elaborator = Elaborator::new(db, item);
        let core = if let StatementKind::Set(set) = &parsed.statement.kind {
            elaborator.expr(&set.value, None).core
        } else {
            let reported = Reported::elsewhere(Elsewhere::Syntax);
            Core { kind: CoreKind::Error(reported), span: parsed.statement.span }
        };
        let problems = elaborator.finish(&[]);
        if problems.is_empty() { Ok(Self { item: item.clone(), core }) } else { Err(problems) }
    }

    /// What it comes to, or what is wrong with it.
    pub fn value(&self, db: &dyn Db) -> Result<Value, Vec<Problem>> {
        let mut evaluator = Evaluator::new(db, &self.item);
        let value = evaluator.eval(&self.core, &Env::empty(&self.item));
        let problems = evaluator.finish();
        if problems.is_empty() { Ok(value) } else { Err(problems) }
    }
}
