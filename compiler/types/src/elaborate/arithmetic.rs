//! Arithmetic.

use std::collections::BTreeMap;

use diagnostics::{Elsewhere, Reported};
use smol_str::SmolStr;
use source::Span;
use syntax::ast::{BinaryOp, Expr};

use super::measure::{is_untold, measure_of, of_cores};
use super::operator::{operation, plain};
use super::{Elaborator, Typed};
use crate::relation::join;
use crate::{Fits, INT, STRING, Ty, Want, fits, queries};

impl Elaborator<'_> {
    pub(super) fn arithmetic(
        &mut self,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        span: Span,
        want: Option<&Want>,
    ) -> Typed {
        if let Some(typed) = self.miswritten(op, (left, right), span, want) {
            return typed;
        }
        // Lists and records are built up for what is wanted; numbers have units of their own.
        let collected = want.filter(|want| {
            want.ty.arms().iter().any(|arm| {
                matches!(
                    arm.required().0,
                    Ty::List(_)
                        | Ty::Map(_)
                        | Ty::Record(_)
                        | Ty::Free(_)
                        | Ty::Size
                        | Ty::Cpu
                        | Ty::Duration
                )
            })
        });
        let collected = collected.filter(|_| op == BinaryOp::Add || op == BinaryOp::Subtract);
        // None has no sum, so an operand is never wanted as what may be left out.
        let present = collected.map(|want| want.inner(want.ty.required().0.clone()));
        let collected = present.as_ref();
        let (first, second) = self.operands(op, (left, right), want, collected);
        let (Some(first), Some(second)) = (self.present(first), self.present(second)) else {
            return Typed::error(span, Reported::elsewhere(Elsewhere::Operand));
        };
        let wants_map = collected.is_some_and(|want| want.ty.arms().iter().any(record_like));
        let (is_map, is_map_too) =
            (record_like(&first.ty) || wants_map, record_like(&second.ty) || wants_map);
        let (first, second) = (keyed(first, is_map_too), keyed(second, is_map));
        let (first, second) = (self.standing_for(first), self.standing_for(second));
        let (first, second) = match (&first.ty, &second.ty) {
            // What is wanted is data, and one side is typed as that because of it.
            (data @ Ty::Free(_), other) if collected.is_some() && !record_like(other) => {
                let (data, first) = (data.clone(), like(first, other));
                return operation(op, first.core, second.core, span, data);
            }
            (other, data @ Ty::Free(_)) if collected.is_some() && !record_like(other) => {
                let (data, second) = (data.clone(), like(second, other));
                return operation(op, first.core, second.core, span, data);
            }
            _ => (first, second),
        };
        if let Some(ty) = result(self, op, &first.ty, &second.ty) {
            operation(op, first.core, second.core, span, ty)
        } else {
            let message =
                format!("'{}' cannot be used with {}", sign(op), Ty::called_both(&first.ty, &second.ty));
            let reported = self.unlike(span, message, &first, &second);
            Typed::error(span, reported)
        }
    }

    /// Both sides. One whose unit is not told by itself is told it by the other, or by what is wanted.
    fn operands(
        &mut self,
        op: BinaryOp,
        (left, right): (&Expr, &Expr),
        want: Option<&Want>,
        collected: Option<&Want>,
    ) -> (Typed, Typed) {
        let is_sum = matches!(op, BinaryOp::Add | BinaryOp::Subtract);
        let mut operand = |expr: &Expr, other: Option<&Ty>| match collected {
            _ if is_untold(expr) => {
                // `2 * 5m` is of either measure, `1 + 250m` is of cores.
                let told = other.filter(|other| is_sum || !other.is_number()).and_then(measure_of);
                self.expr(expr, told.as_ref().or(want))
            }
            None if op == BinaryOp::Add => self.collection(expr),
            _ => self.expr(expr, collected),
        };
        let (first, second) = if is_untold(left) && !is_untold(right) {
            let second = operand(right, None);
            (operand(left, Some(&second.ty)), second)
        } else {
            let first = operand(left, None);
            let second = operand(right, Some(&first.ty));
            (first, second)
        };
        if is_sum { of_cores(first, second) } else { (first, second) }
    }
}

/// The type of `a op b`; nothing where it has no meaning.
fn result(this: &Elaborator<'_>, op: BinaryOp, a: &Ty, b: &Ty) -> Option<Ty> {
    use BinaryOp::{Add, Divide, Multiply, Remainder, Subtract};
    let unit = |ty: &Ty| matches!(ty, Ty::Size | Ty::Cpu | Ty::Duration);
    Some(match (op, a, b) {
        (_, Ty::Error, _) | (_, _, Ty::Error) => Ty::Error,
        (_, Ty::Never, _) | (_, _, Ty::Never) => Ty::Never,
        (_, Ty::Int(..) | Ty::Port, Ty::Int(..) | Ty::Port) => INT,
        (_, a, b) if a.is_number() && b.is_number() => Ty::Float,
        (Add | Subtract | Remainder, a, b) if unit(a) && a == b => a.clone(),
        (Multiply | Divide, a, b) if unit(a) && b.is_number() => a.clone(),
        (Multiply, a, b) if a.is_number() && unit(b) => b.clone(),
        (Divide, a, b) if unit(a) && a == b => INT,
        (Add | Subtract, Ty::Address, Ty::Int(..)) => Ty::Address,
        (Subtract, Ty::Address, Ty::Address) => INT,
        (Add, Ty::List(a), Ty::List(b)) => Ty::list(join(this.db, a, b)),
        (Add, Ty::Secret(_), b) if b.is_text() => a.clone(),
        (Add, a, Ty::Secret(_)) if a.is_text() => b.clone(),
        (Add, a, b) if a.is_text() && b.is_text() => STRING,
        (Add, Ty::Map(a), Ty::Map(b)) => Ty::map(join(this.db, a, b)),
        (Add, Ty::Record(a), Ty::Record(b)) if a == b => Ty::Record(a.clone()),
        (Add, a, b) if record_like(a) && record_like(b) => return both(this, a, b),
        _ => return None,
    })
}

/// The type of the entries of two maps, records or data together.
fn both(this: &Elaborator<'_>, a: &Ty, b: &Ty) -> Option<Ty> {
    let data = [a, b].into_iter().find(|ty| matches!(ty, Ty::Free(_)));
    let all = match (data, fields_of(this, a), fields_of(this, b)) {
        (Some(data), ..) => {
            return (fits(this.db, a, data).min(fits(this.db, b, data)) != Fits::No).then(|| data.clone());
        }
        (None, Some(mut all), Some(more)) => {
            for (name, ty) in more {
                let joined = match all.remove(&name) {
                    Some(under) => over(this, &under, &ty)?,
                    None => ty,
                };
                all.insert(name, joined);
            }
            return Some(Ty::Fields(all.into()));
        }
        (None, Some(fields), None) | (None, None, Some(fields)) => fields.into_values(),
        (None, None, None) => return None,
    };
    let value = [a, b].into_iter().find_map(|ty| if let Ty::Map(value) = ty { Some(value) } else { None })?;
    Some(Ty::map(all.fold((**value).clone(), |joined, ty| join(this.db, &joined, &ty))))
}

/// The type of a field that both say: what is `over` counts, but records in both are joined, too.
fn over(this: &Elaborator<'_>, under: &Ty, over: &Ty) -> Option<Ty> {
    let (may_go, may_miss) = (over.required().1, under.required().1);
    let mut all = if may_miss { over.arms().to_vec() } else { Vec::new() };
    for over in over.arms() {
        for under in under.arms() {
            let is_joined = under != over && record_like(under) && record_like(over);
            all.push(if is_joined { both(this, under, over)? } else { over.clone() });
        }
    }
    Some(if may_go { Ty::optional(Ty::union(all)) } else { Ty::union(all) })
}

/// The fields of a block, or of a record type.
fn fields_of(this: &Elaborator<'_>, ty: &Ty) -> Option<BTreeMap<SmolStr, Ty>> {
    match ty {
        Ty::Fields(fields) => Some((**fields).clone()),
        Ty::Record(name) => {
            let shape = queries::shape_of(this.db, name)?;
            Some(shape.fields.iter().map(|field| (field.name.clone(), field.ty.clone())).collect())
        }
        _ => None,
    }
}

/// Data beside a value of another type, which must turn out to be of the same sort.
fn like(data: Typed, other: &Ty) -> Typed {
    let ty = match other {
        number if number.is_number() => Ty::union([INT, Ty::Float]),
        // What is put before a path need be none.
        text if text.is_text() => STRING,
        other => other.widened(),
    };
    plain(data.core, ty)
}

/// A secret where maps are added: its keys.
fn keyed(typed: Typed, beside_map: bool) -> Typed {
    if !beside_map || typed.ty != Ty::Kind("secret".into()) {
        return typed;
    }
    plain(typed.core, Ty::map(Ty::secret_text()))
}

fn record_like(ty: &Ty) -> bool {
    matches!(ty, Ty::Map(_) | Ty::Fields(_) | Ty::Record(_) | Ty::Free(_))
}

fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Remainder => "%",
        _ => "this operator",
    }
}
