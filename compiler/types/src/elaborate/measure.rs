//! Amounts whose unit, `m`, only what stands beside them tells: minutes, or thousandths of a core.

use domain::Quantity;
use syntax::ast::{BinaryOp, Expr, ExprKind, Literal};

use super::operator::plain;
use super::{Elaborator, Typed};
use crate::{Core, Ty, Want};

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
        of_cores(first, second)
    }

    /// The elements of a list, or the branches of a decision: `nth` is the one at a place, and `each` elaborates it as
    /// what it is given. Where nothing is wanted, the first whose unit is told tells those whose unit is not; these come
    /// last, so that each is looked at once.
    pub(super) fn branches<'e>(
        &mut self,
        want: Option<&Want>,
        count: usize,
        nth: impl Fn(usize) -> &'e Expr,
        mut each: impl FnMut(&mut Self, usize, Option<&Want>) -> (Core, Ty),
    ) -> Vec<(Core, Ty)> {
        let is_untold = |at: &usize| want.is_none() && is_untold(nth(*at));
        let (untold, telling): (Vec<usize>, Vec<usize>) = (0..count).partition(is_untold);
        let mut told = None;
        let mut found = Vec::with_capacity(count);
        for at in &telling {
            found.push(each(self, *at, want));
            if found.len() == 1 {
                told = measure_of(&found[0].1);
            }
        }
        let told = want.or(told.as_ref());
        for at in &untold {
            let one = each(self, *at, told);
            found.insert(*at, one);
        }
        found
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

/// Two values that are looked at together: a number beside an amount of CPU is one too.
pub(super) fn of_cores(first: Typed, second: Typed) -> (Typed, Typed) {
    let is_cpu = |typed: &Typed| *typed.ty.required().0 == Ty::Cpu;
    let as_cpu = |typed: Typed| plain(typed.core, Ty::Cpu);
    match (is_cpu(&first), is_cpu(&second)) {
        (true, false) if second.ty.is_number() => (first, as_cpu(second)),
        (false, true) if first.ty.is_number() => (as_cpu(first), second),
        _ => (first, second),
    }
}
