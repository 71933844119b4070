//! Values of the domain that read like calculations: `53/udp`, `data/files`, `10.0.0.10-10.0.0.20`.

use domain::{Invalid, Port, UnixPath};
use source::Span;
use syntax::ast::{BinaryOp, Expr, ExprKind, Literal};

use super::{Elaborator, Typed};
use crate::problems::invalid_value::invalid_value;
use crate::{Form, Ty, Want};

impl Elaborator<'_> {
    /// A value of what is wanted that is written as another program writes it, and so reads like `left op right`.
    pub(super) fn miswritten(
        &mut self,
        op: BinaryOp,
        (left, right): (&Expr, &Expr),
        span: Span,
        want: Option<&Want>,
    ) -> Option<Typed> {
        let want = want?;
        let is_wanted = |ty: &Ty| want.ty.arms().iter().any(|arm| arm == ty);
        let invalid = match op {
            BinaryOp::Divide if is_wanted(&Ty::Port) => {
                Port::parse(&format!("{}/{}", number(left)?, word(right)?)).err()
            }
            BinaryOp::Divide if is_wanted(&Ty::Text(Form::Path)) => {
                let path = format!("{}/{}", words(left)?, words(right)?);
                let invalid = UnixPath::parse(&path).err()?;
                Some(invalid.with_fix(format!("/{path}")))
            }
            BinaryOp::Subtract if is_wanted(&Ty::Range) => {
                let (first, last) = (address(left)?, address(right)?);
                Some(
                    Invalid::new(format!("'{first}-{last}' is not a range: '..' stands between its ends"))
                        .with_fix(format!("{first} .. {last}")),
                )
            }
            _ => None,
        }?;
        let reported = self.report(invalid_value(self.place(span), &invalid, false, want.required()));
        Some(Typed::error(span, reported))
    }
}

fn number(expr: &Expr) -> Option<&str> {
    if let ExprKind::Int(digits) = &expr.kind { Some(digits) } else { None }
}

fn word(expr: &Expr) -> Option<&str> {
    if let ExprKind::Name(name) = &expr.kind { Some(name) } else { None }
}

/// `data/files` as it is written.
fn words(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Binary(BinaryOp::Divide, sides) => {
            Some(format!("{}/{}", words(&sides.0)?, words(&sides.1)?))
        }
        _ => super::member::written(expr),
    }
}

fn address(expr: &Expr) -> Option<&str> {
    if let ExprKind::Literal(Literal::Address, text) = &expr.kind { Some(text) } else { None }
}
