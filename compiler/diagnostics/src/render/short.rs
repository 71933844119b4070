//! One line a problem.

use super::{DisplayPath, plain};
use crate::Located;

/// `homelab.hl:12:7: error[unknown-name]: no namespace is called 'automaton'; did you mean 'automation'?`
///
/// A line for each problem, and nothing else. Line and column are from one, the column in characters.
pub fn short(problems: &[Located], display_path: DisplayPath<'_>) -> String {
    problems.iter().map(|problem| line(problem, display_path)).collect()
}

fn line(problem: &Located, display_path: DisplayPath<'_>) -> String {
    let path = display_path(&problem.range.file);
    let start = problem.range.start;
    format!(
        "{}:{}:{}: {}[{}]: {}\n",
        plain(&path),
        start.line,
        start.column,
        problem.severity(),
        problem.rule.name,
        plain(&problem.sentence()),
    )
}
