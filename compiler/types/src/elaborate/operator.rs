//! Operators.

use diagnostics::{Elsewhere, Reported};
use source::Span;
use syntax::ast::{BinaryOp, Expr, ExprKind, UnaryOp};

use super::measure::is_untold;
use super::operands::misses_words;
use super::{Elaborator, Typed, fitted, whole};
use crate::problems::type_mismatch::cannot_apply;
use crate::relation::{join, primary_type};
use crate::{Ability, Core, CoreKind, Fits, INT, STRING, Ty, Want, fits, is_secret_kind, queries};

impl Elaborator<'_> {
    pub(super) fn unary(&mut self, op: UnaryOp, operand: &Expr, span: Span) -> Typed {
        match op {
            UnaryOp::Not => {
                let core = self.check(operand, &Want::of(Ty::Bool));
                Typed::plain(CoreKind::Unary(op, Box::new(core)), span, Ty::Bool)
            }
            UnaryOp::Minus => {
                let typed = self.expr(operand, None);
                let ty = match typed.ty {
                    Ty::Error => return Typed::error(span, Reported::elsewhere(Elsewhere::Operand)),
                    Ty::Never => Ty::Never,
                    Ty::Float => Ty::Float,
                    Ty::Int(low, high) => Ty::Int(high.saturating_neg(), low.saturating_neg()),
                    Ty::Port => INT,
                    other => {
                        let message = format!("'-' needs a number, and this is {}", other.called());
                        let reported = self.report(cannot_apply(self.place(span), message));
                        return Typed::error(span, reported);
                    }
                };
                let kind = match typed.core.kind {
                    CoreKind::Const(crate::Value::Int(value)) => {
                        CoreKind::Const(crate::Value::Int(value.saturating_neg()))
                    }
                    _ => CoreKind::Unary(op, Box::new(typed.core)),
                };
                Typed::plain(kind, span, ty)
            }
        }
    }

    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        span: Span,
        want: Option<&Want>,
    ) -> Typed {
        match op {
            BinaryOp::And | BinaryOp::Or => {
                let bool = Want::of(Ty::Bool);
                let first = self.check(left, &bool);
                let second = self.scoped(|this| {
                    this.assume(left, op == BinaryOp::And);
                    this.check(right, &bool)
                });
                operation(op, first, second, span, Ty::Bool)
            }
            BinaryOp::Otherwise => self.otherwise(left, right, span, want),
            BinaryOp::Equal | BinaryOp::NotEqual => self.equality(op, left, right, span),
            BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => {
                self.comparison(op, left, right, span)
            }
            BinaryOp::In => self.membership(right, left, span, false),
            BinaryOp::Contains => self.membership(left, right, span, true),
            _ => self.arithmetic(op, left, right, span, want),
        }
    }

    fn otherwise(&mut self, left: &Expr, right: &Expr, span: Span, want: Option<&Want>) -> Typed {
        let optional = want.map(|want| want.inner(Ty::optional(want.ty.clone())));
        let first = self.expr(left, optional.as_ref());
        let inner = first.ty.required().0.clone();
        let is_free = want.is_none();
        let want = match (want, &inner) {
            (Some(want), _) => Some(want.clone()),
            (None, Ty::None | Ty::Error | Ty::Never) => None,
            (None, inner) => Some(Want::of(Ty::optional(inner.clone()))),
        };
        let second = self.expr(right, want.as_ref());
        let ty = join(self.db, &inner, &second.ty);
        // Where a field takes it, that knows what else there is.
        let second = if is_free { whole(second.core, &second.ty) } else { second.core };
        operation(BinaryOp::Otherwise, first.core, second, span, ty)
    }

    fn equality(&mut self, op: BinaryOp, left: &Expr, right: &Expr, span: Span) -> Typed {
        let (first, second) = self.beside(left, right, |ty| match ty {
            Ty::None | Ty::Error | Ty::Never => None,
            ty => Some(Want::of(Ty::optional(ty.widened()))),
        });
        let (first, second) = self.alike(first, second);
        let (a, b) = (first.ty.required().0, second.ty.required().0);
        for (ty, other) in [(a, &second), (b, &first)] {
            if misses_words(ty, other) {
                let reported = self.never_equal(&ty.clone(), &other.clone());
                return Typed::error(span, reported);
            }
        }
        let is_open = |ty: &Ty| matches!(ty, Ty::None | Ty::Error | Ty::Never);
        let comparable = is_open(a)
            || is_open(b)
            || a.is_number() && b.is_number()
            || a.is_text() && b.is_text()
            || self.comparable(a, b);
        if !comparable {
            let message = format!("{} and {} are never equal", a.called(), b.called());
            let reported = self.unlike(span, message, &first, &second);
            return Typed::error(span, reported);
        }
        let (first, second) = (whole(first.core, &first.ty), whole(second.core, &second.ty));
        operation(op, first, second, span, Ty::Bool)
    }

    /// Whether a value of one type may be equal to one of the other. An address is written as a text and is none.
    fn comparable(&self, a: &Ty, b: &Ty) -> bool {
        let fit = |a: &Ty, b: &Ty| fits(self.db, a, b) != Fits::No;
        // What data is, is known when it is looked at.
        let is_data = |ty: &Ty| matches!(ty, Ty::Free(_));
        let alike = |a: &Ty, b: &Ty| {
            (is_data(a) || is_data(b) || a.is_text() == b.is_text()) && (fit(a, b) || fit(b, a))
        };
        a.arms().iter().any(|a| b.arms().iter().any(|b| alike(a, b)))
    }

    /// Two values that are looked at together: two declarations of a kind as they are, else what they stand for.
    fn alike(&mut self, first: Typed, second: Typed) -> (Typed, Typed) {
        match (first.ty.required().0, second.ty.required().0) {
            (Ty::Kind(a), Ty::Kind(b)) if a == b => (first, second),
            (_, Ty::None) | (Ty::None, _) => (first, second),
            _ => (self.standing_for(first), self.standing_for(second)),
        }
    }

    fn comparison(&mut self, op: BinaryOp, left: &Expr, right: &Expr, span: Span) -> Typed {
        let (first, second) =
            self.beside(left, right, |ty| (!is_unknown(ty)).then(|| Want::of(ty.required().0.widened())));
        let (Some(first), Some(second)) = (self.present(first), self.present(second)) else {
            return Typed::error(span, Reported::elsewhere(Elsewhere::Operand));
        };
        let (first, second) = (self.standing_for(first), self.standing_for(second));
        let ordered = |ty: &Ty| ty.can(Ability::Ordered) == Fits::Yes;
        let (a, b) = (&first.ty, &second.ty);
        let fine = is_unknown(a) || is_unknown(b) || ordered(a) && ordered(b) && a.sort() == b.sort();
        if !fine {
            let message = format!("{} and {} cannot be compared", a.called(), b.called());
            let reported = self.unlike(span, message, &first, &second);
            return Typed::error(span, reported);
        }
        operation(op, first.core, second.core, span, Ty::Bool)
    }

    /// `x in xs` and `xs contains x`.
    fn membership(&mut self, whole: &Expr, part: &Expr, span: Span, whole_first: bool) -> Typed {
        // The one that stands on the left is looked at first, so that problems come in the order of the text; but what
        // tells the unit of the other comes before it.
        let whole_first = whole_first || is_untold(part) && !is_untold(whole);
        let (early, late) = if whole_first { (whole, part) } else { (part, whole) };
        let early_typed = if whole_first { self.collection(early) } else { self.expr(early, None) };
        let hint = match (&early_typed.ty, whole_first) {
            (Ty::List(element), true) => Some(Want::of((**element).clone())),
            (ty, false) if !is_unknown(ty) => Some(Want::of(Ty::list(ty.widened()))),
            _ => None,
        };
        let late_typed = if whole_first {
            self.expr(late, hint.as_ref())
        } else {
            match late.kind {
                ExprKind::Name(_) => self.collection(late),
                _ => self.expr(late, hint.as_ref()),
            }
        };
        let (whole, part) = if whole_first { (early_typed, late_typed) } else { (late_typed, early_typed) };
        let (Some(whole), Some(part)) = (self.present(whole), self.present(part)) else {
            return Typed::error(span, Reported::elsewhere(Elsewhere::Operand));
        };
        let whole = self.standing_for(whole);
        let part = match (&whole.ty, &part.ty) {
            (Ty::List(element), found) if element.arms().contains(found) => part,
            _ => self.standing_for(part),
        };
        let fine = match (&whole.ty, &part.ty) {
            (whole, part) if is_unknown(whole) || is_unknown(part) => true,
            (Ty::Cidr | Ty::Range, Ty::Address | Ty::Cidr | Ty::Range) => true,
            (Ty::List(element), part) => self.comparable(part, element),
            (Ty::Map(_) | Ty::Fields(_) | Ty::Record(_) | Ty::Free(_), part) => part.is_text(),
            (whole, part) => whole.is_text() && part.is_text(),
        };
        if !fine {
            let message = format!("{} cannot contain {}", whole.ty.called(), part.ty.called());
            let reported = self.not_among(span, message, &whole, &part);
            return Typed::error(span, reported);
        }
        let whole = searched(whole);
        // Kept as `contains` either way.
        operation(BinaryOp::Contains, whole.core, part.core, span, Ty::Bool)
    }

    /// A declaration as what it stands for, where that is a plain value.
    pub(super) fn standing_for(&mut self, typed: Typed) -> Typed {
        let kind = match &typed.ty {
            Ty::Kind(kind) => kind,
            Ty::Union(arms) => match self.each_standing_for(arms) {
                Some(ty) => return plain(typed.core, ty),
                None => return typed,
            },
            _ => return typed,
        };
        if is_secret_kind(kind) {
            return plain(typed.core, Ty::secret_text());
        }
        let Some(primary) = primary_type(self.db, kind) else { return typed };
        let field = queries::shape_of(self.db, kind).and_then(|shape| shape.primary());
        let name = field.map(|field| field.name.clone()).unwrap_or_default();
        let span = typed.core.span;
        Typed::plain(CoreKind::Field(Box::new(typed.core), name), span, primary)
    }

    /// What values of several types stand for, if there are declarations among them and all stand for something.
    fn each_standing_for(&self, arms: &[Ty]) -> Option<Ty> {
        if !arms.iter().any(|arm| matches!(arm, Ty::Kind(_))) {
            return None;
        }
        let each = arms.iter().map(|arm| match arm {
            Ty::Kind(kind) if is_secret_kind(kind) => Some(Ty::secret_text()),
            Ty::Kind(kind) => primary_type(self.db, kind),
            other => Some(other.clone()),
        });
        let each = each.collect::<Option<Vec<Ty>>>()?;
        Some(each.iter().fold(Ty::Never, |all, ty| join(self.db, &all, ty)))
    }

    /// An operand that must not be none.
    pub(super) fn present(&mut self, typed: Typed) -> Option<Typed> {
        if let Ty::Optional(inner) = &typed.ty {
            let problem = self.maybe_none(&typed, Some(inner), None);
            self.report(problem);
            return None;
        }
        Some(typed)
    }
}

/// A value as one of a type that it must turn out to have.
pub(super) fn plain(core: Core, ty: Ty) -> Typed {
    Typed { core: fitted(core, ty.clone()), ty, node: None }
}

pub(super) fn operation(op: BinaryOp, left: Core, right: Core, span: Span, ty: Ty) -> Typed {
    Typed::plain(CoreKind::Binary(op, Box::new((left, right))), span, ty)
}

/// Data that something is looked for in must turn out to be a list, a map or a text.
fn searched(whole: Typed) -> Typed {
    match &whole.ty {
        Ty::Free(_) => {
            let any = [Ty::list(whole.ty.clone()), Ty::map(whole.ty.clone()), STRING];
            Typed { core: fitted(whole.core, Ty::union(any)), ..whole }
        }
        _ => whole,
    }
}

/// Whether nothing is known of a type: a problem made it, or there is no value of it.
pub(super) fn is_unknown(ty: &Ty) -> bool {
    matches!(ty, Ty::Error | Ty::Never)
}
