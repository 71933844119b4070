//! Types with limits: `int(1..9)`, `string("[a-z]+", "a word of small letters")`.

use std::sync::Arc;

use smol_str::SmolStr;
use source::Span;
use syntax::ast::{Expr, ExprKind, TextPart, UnaryOp};

use crate::Ty;
use crate::fit::Pattern;
use crate::ty::Described;

const INT: &str = "write 'int(0..100)'";
const STRING: &str = "write 'string(\"[a-z]+\")', or 'string(\"[a-z]+\", \"a word of small letters\")'";

/// Why a limit is none.
pub(super) struct Wrong {
    /// Where; all of the type where nothing is said.
    pub(super) span: Option<Span>,
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// The type `name` with these limits.
pub(super) fn limited(name: &str, limits: &[Expr]) -> Result<Ty, Wrong> {
    match (name, limits) {
        ("int", [limit]) => int(limit),
        ("string", [pattern, said @ ..]) if said.len() < 3 => text(pattern, said),
        ("int", _) => Err(Wrong { span: None, message: "'int' takes one limit".to_owned(), help: INT }),
        ("string", _) => {
            let message =
                "'string' takes a pattern, what it is called, and what to do about other texts".to_owned();
            Err(Wrong { span: None, message, help: STRING })
        }
        _ => Err(Wrong {
            span: None,
            message: format!("'{name}' takes no limits"),
            help: "only 'int' and 'string' do",
        }),
    }
}

fn int(limit: &Expr) -> Result<Ty, Wrong> {
    let wrong = |message: String| Wrong { span: Some(limit.span), message, help: INT };
    let ExprKind::Range(ends) = &limit.kind else {
        return Err(wrong("the limits of 'int' are two numbers with '..' between".to_owned()));
    };
    match (number(&ends.0), number(&ends.1)) {
        (Some(low), Some(high)) if low <= high => Ok(Ty::Int(low, high)),
        (Some(low), Some(high)) => {
            Err(wrong(format!("no number is from {low} to {high}: {low} is more than {high}")))
        }
        _ => Err(wrong("the limits of 'int' are whole numbers".to_owned())),
    }
}

fn number(expr: &Expr) -> Option<i64> {
    match &expr.kind {
        ExprKind::Int(digits) => digits.parse().ok(),
        ExprKind::Unary(UnaryOp::Minus, inner) => number(inner).map(|value| -value),
        _ => None,
    }
}

fn text(pattern: &Expr, said: &[Expr]) -> Result<Ty, Wrong> {
    let wrong = |at: &Expr, message: String| Wrong { span: Some(at.span), message, help: STRING };
    let written = |expr: &Expr| plain(expr).ok_or_else(|| wrong(expr, "a text is expected here".to_owned()));
    let regex = written(pattern)?;
    if Pattern::new(&regex).is_none() {
        return Err(wrong(pattern, format!("the pattern '{regex}' cannot be read")));
    }
    let said = said.iter().map(written).collect::<Result<Vec<SmolStr>, Wrong>>()?;
    let mut said = said.into_iter();
    let said = Described { what: said.next().unwrap_or_default(), help: said.next() };
    Ok(Ty::Pattern(regex, Arc::new(said)))
}

fn plain(expr: &Expr) -> Option<SmolStr> {
    let ExprKind::Text(parts) = &expr.kind else { return None };
    match parts.as_slice() {
        [TextPart::Text(text)] => Some(text.clone()),
        _ => None,
    }
}
