//! Amounts whose unit, `m`, only what stands beside them tells: minutes, or thousandths of a core.

use domain::Quantity;
use syntax::ast::{BinaryOp, Expr, ExprKind, Literal};

use super::operator::plain;
use super::{Elaborator, Typed};
use crate::{Ty, Want};

impl Elaborator<'_> {
    /// Two values that are looked at together. The one on the left is looked at first, and `hint` is what its type says
    /// of the other; where the left one's unit is told by the right one, it is the other way round.
    pub(super) fn beside(
        &mut self,
        left: &Expr,
        right: &Expr,
        hint: impl Fn(&Ty) -> Option<Want>,
    ) -> (Typed, Typed) {
        let (first, second) = if is_untold(left) && !is_untold(right) {
            let second = self.expr(right, None);
            (self.expr(left, measure_of(&second.ty).as_ref()), second)
        } else {
            let first = self.expr(left, None);
            let hint = if is_untold(right) { measure_of(&first.ty) } else { hint(&first.ty) };
            let second = self.expr(right, hint.as_ref());
            (first, second)
        };
        let (first_ty, second_ty) = (first.ty.required().0.clone(), second.ty.required().0.clone());
        (cores(first, &second_ty), cores(second, &first_ty))
    }

    /// The elements of a list, or the branches of a decision, of which some may tell the unit of the others.
    pub(super) fn told_by_others<'e>(
        &mut self,
        want: Option<&Want>,
        all: impl Iterator<Item = &'e Expr> + Clone,
    ) -> Option<Want> {
        if want.is_some() || !all.clone().any(is_untold) {
            return None;
        }
        let telling = all.clone().find(|one| !is_untold(one))?;
        let before = self.problems.len();
        let told = measure_of(&self.expr(telling, None).ty);
        // It is looked at again in its own place, and complained of there.
        self.problems.truncate(before);
        told
    }
}

/// Whether only what stands around an expression tells what it measures: `5m`, `2 * 5m`.
pub(super) fn is_untold(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(Literal::Quantity, text) => {
            Quantity::split(text).is_ok_and(|quantity| quantity.measures().len() > 1)
        }
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Remainder, sides) => {
            is_untold(&sides.0) && is_untold(&sides.1)
        }
        ExprKind::Binary(BinaryOp::Multiply, sides) => is_untold(&sides.0) || is_untold(&sides.1),
        ExprKind::Binary(BinaryOp::Divide, sides) => is_untold(&sides.0),
        ExprKind::If(parts) => is_untold(&parts.then) && is_untold(&parts.otherwise),
        ExprKind::List(elements) => !elements.is_empty() && elements.iter().all(is_untold),
        _ => false,
    }
}

/// What an amount beside a value of type `ty` measures. A number without a unit goes with cores only.
pub(super) fn measure_of(ty: &Ty) -> Option<Want> {
    match ty.required().0 {
        unit @ (Ty::Size | Ty::Cpu | Ty::Duration) => Some(Want::of(unit.clone())),
        Ty::List(element) => measure_of(element).map(|want| Want::of(Ty::list(want.ty))),
        ty if ty.is_number() => Some(Want::of(Ty::Cpu)),
        _ => None,
    }
}

/// A number beside an amount of CPU is one too.
pub(super) fn cores(typed: Typed, other: &Ty) -> Typed {
    if *other != Ty::Cpu || !typed.ty.is_number() {
        return typed;
    }
    plain(typed.core, Ty::Cpu)
}
