//! Expressions: which of the others does what, and the ones that decide.

use diagnostics::{Elsewhere, Reported};
use syntax::ast::{self, Expr, ExprKind};

use super::{Elaborator, Known, Typed};
use crate::relation::join;
use crate::stack::with_stack;
use crate::{Core, CoreKind, Ty, Value, Want};

impl Elaborator<'_> {
    /// Elaborates an expression that must be of a type.
    pub fn check(&mut self, expr: &Expr, want: &Want) -> Core {
        let typed = self.expr(expr, Some(want));
        self.fit(typed, want)
    }

    /// Elaborates an expression. What is wanted guides it, and need not be what is found.
    pub fn expr(&mut self, expr: &Expr, want: Option<&Want>) -> Typed {
        let typed = with_stack(|| self.elaborated(expr, want));
        if self.noted.is_some() {
            self.note_value(expr.span, want, &typed);
            if let ExprKind::Name(_) = &expr.kind {
                self.note_named(expr, &typed);
            }
        }
        typed
    }

    fn elaborated(&mut self, expr: &Expr, want: Option<&Want>) -> Typed {
        let span = expr.span;
        match &expr.kind {
            ExprKind::None => Typed::value(Value::None, span, Ty::None),
            ExprKind::Bool(value) => Typed::value(Value::Bool(*value), span, Ty::Bool),
            ExprKind::Int(digits) => self.int(digits, span, want),
            ExprKind::Float(digits) => self.float(digits, span, want),
            ExprKind::Literal(literal, text) => self.literal(*literal, text, span, want),
            ExprKind::Text(parts) => self.text(parts, span),
            ExprKind::Nix(text) => Typed::value(Value::Nix(text.as_str().into()), span, Ty::Nix),
            ExprKind::Name(name) => self.name(name, span, want, None),
            ExprKind::Itself => self.itself(span),
            ExprKind::Member(member) => self.member(member, span, want),
            ExprKind::Index(parts) => self.index(&parts.0, &parts.1, span),
            ExprKind::Call(call) => self.call(call, span, want),
            ExprKind::List(elements) => self.list(elements, span, want),
            ExprKind::ListFor(list) => self.list_for(list, span, want),
            ExprKind::Record(body) => self.record(body, span, want),
            ExprKind::MapFor(map) => self.map_for(map, span, want),
            ExprKind::If(parts) => self.if_else(parts, span, want),
            ExprKind::Let(parts) => self.let_in(&parts.0, &parts.1, span, want),
            ExprKind::Match(parts) => self.matching(parts, span, want),
            ExprKind::Unary(op, operand) => self.unary(*op, operand, span),
            ExprKind::Binary(op, operands) => self.binary(*op, &operands.0, &operands.1, span, want),
            ExprKind::Range(ends) => self.range(&ends.0, &ends.1, span),
            ExprKind::Error => Typed::error(span, Reported::elsewhere(Elsewhere::Syntax)),
        }
    }

    /// `first .. last`.
    fn range(&mut self, first: &Expr, last: &Expr, span: source::Span) -> Typed {
        let want = Want::of(Ty::Address);
        let start = self.expr(first, Some(&want));
        if let Ty::Kind(_) | Ty::Record(_) = &start.ty {
            return self.doubled_dot(&start, last, span);
        }
        let ends = (start, self.expr(last, Some(&want)));
        let is_end = |typed: &Typed| crate::fits(self.db, &typed.ty, &Ty::Address) != crate::Fits::No;
        let wrong = [&ends.0, &ends.1].into_iter().find(|end| !is_end(end)).map(|end| end.ty.called());
        if let Some(wrong) = wrong.filter(|_| !is_end(&ends.0) || !is_end(&ends.1)) {
            let message = format!("a range goes from an address to an address, and here is {wrong}");
            let problem = crate::problems::type_mismatch::cannot_apply(self.place(span), message);
            let reported =
                self.report(problem.help("write both ends out, such as '192.168.1.10 .. 192.168.1.20'"));
            return Typed::error(span, reported);
        }
        let ends = (self.fit(ends.0, &want), self.fit(ends.1, &want));
        Typed::plain(CoreKind::Range(Box::new(ends)), span, Ty::Range)
    }

    /// `stash..library`: what is before the dots has parts, and is no end of a range.
    fn doubled_dot(&mut self, start: &Typed, last: &Expr, span: source::Span) -> Typed {
        let message =
            format!("a range goes from an address to an address, and here is {}", start.ty.called());
        let problem = crate::problems::type_mismatch::cannot_apply(self.place(span), message);
        let dots = source::Span::new(start.core.span.end, last.span.start);
        let is_part =
            super::unknown_member::root(last).is_some_and(|(name, _)| self.has_member(start, &name));
        let reported = self.report(if is_part {
            problem.help("one dot takes a part").fix("change to '.'", self.place(dots), ".")
        } else {
            problem.help("write both ends out, such as '192.168.1.10 .. 192.168.1.20'")
        });
        Typed::error(span, reported)
    }

    fn itself(&mut self, span: source::Span) -> Typed {
        let Some(itself) = self.itself.clone() else {
            let reported =
                self.misplaced(span, "'self'", "it is the declaration that stands around, and here is none");
            return Typed::error(span, reported);
        };
        let core = Core { kind: CoreKind::Itself, span };
        Typed { core, ty: Ty::Kind(itself.kind), node: itself.node }
    }

    fn if_else(&mut self, parts: &ast::If, span: source::Span, want: Option<&Want>) -> Typed {
        let condition = self.check(&parts.condition, &Want::of(Ty::Bool));
        let sides = [&parts.then, &parts.otherwise];
        let mut branches = self.branches(
            want,
            sides.len(),
            |at| sides[at],
            |this, at, want| {
                this.scoped(|this| {
                    this.assume(&parts.condition, at == 0);
                    this.side(sides[at], want)
                })
            },
        );
        let (otherwise, otherwise_ty) = branches.remove(1);
        let (then, then_ty) = branches.remove(0);
        let ty = self.joined(want, [then_ty, otherwise_ty]);
        Typed::plain(CoreKind::If(Box::new((condition, then, otherwise))), span, ty)
    }

    /// One of several values that an expression may come to.
    pub(super) fn branch(&mut self, expr: &Expr, want: Option<&Want>) -> (Core, Ty) {
        if let Some(want) = want {
            (self.check(expr, want), want.ty.clone())
        } else {
            let typed = self.expr(expr, None);
            (typed.core, typed.ty)
        }
    }

    /// As [`Self::branch`], of a value beside others of which one is taken: where what is wanted may be none and this is
    /// not, it is said so.
    fn side(&mut self, expr: &Expr, want: Option<&Want>) -> (Core, Ty) {
        let Some(want) = want else { return self.branch(expr, None) };
        let typed = self.expr(expr, Some(want));
        let is_there = !matches!(typed.ty, Ty::Optional(_) | Ty::None | Ty::Free(_) | Ty::Error);
        let ty = if is_there { want.ty.required().0.clone() } else { want.ty.clone() };
        (self.fit(typed, want), ty)
    }

    /// The type of several values together.
    fn joined(&self, want: Option<&Want>, all: impl IntoIterator<Item = Ty>) -> Ty {
        let mut all = all.into_iter();
        match want {
            Some(want) => all.find(|ty| *ty == want.ty).unwrap_or_else(|| want.ty.required().0.clone()),
            None => all.reduce(|a, b| join(self.db, &a, &b)).unwrap_or(Ty::None),
        }
    }

    fn matching(&mut self, parts: &ast::Match, span: source::Span, want: Option<&Want>) -> Typed {
        let value = self.expr(&parts.value, None);
        let pattern = Want::of(value.ty.widened());
        let mut all_patterns = vec![Vec::new(); parts.arms.len()];
        let results = self.branches(
            want,
            parts.arms.len(),
            |at| &parts.arms[at].result,
            |this, at, want| {
                let arm = &parts.arms[at];
                all_patterns[at] = arm.patterns.iter().map(|expr| this.check(expr, &pattern)).collect();
                this.side(&arm.result, want)
            },
        );
        let (results, types): (Vec<_>, Vec<_>) = results.into_iter().unzip();
        let arms: Vec<(Vec<Core>, Core)> = all_patterns.into_iter().zip(results).collect();
        // A pattern that has a problem may be meant for what seems to be left out.
        let fine = |core: &Core| !matches!(core.kind, CoreKind::Error(_));
        if arms.iter().all(|(patterns, _)| patterns.iter().all(fine)) {
            self.exhausted(&value.ty, &parts.arms, span);
        }
        let ty = self.joined(want, types);
        Typed::plain(CoreKind::Match(Box::new(value.core), arms), span, ty)
    }

    /// Says which words of the value's type no arm is for.
    fn exhausted(&mut self, ty: &Ty, arms: &[ast::Arm], span: source::Span) {
        if *ty == Ty::Error || arms.iter().any(|arm| arm.patterns.is_empty()) {
            return;
        }
        let has = |word: &str| {
            arms.iter().flat_map(|arm| &arm.patterns).any(|pattern| match &pattern.kind {
                ExprKind::Name(name) => name == word,
                ExprKind::Text(parts) => {
                    matches!(parts.as_slice(), [ast::TextPart::Text(text)] if text == word)
                }
                ExprKind::Bool(value) => value.to_string() == word,
                ExprKind::None => word == "none",
                _ => false,
            })
        };
        let (inner, optional) = ty.required();
        let mut words: Vec<&str> = inner.words().map(smol_str::SmolStr::as_str).collect();
        let only_words = words.len() == inner.arms().len();
        if *inner == Ty::Bool {
            words = vec!["true", "false"];
        } else if !only_words {
            words = vec!["_"];
        }
        if optional {
            words.push("none");
        }
        let missing: Vec<String> =
            words.iter().filter(|word| !has(word)).map(|word| format!("'{word}'")).collect();
        if !missing.is_empty() {
            let message = format!("this 'match' has no line for {}", missing.join(" and "));
            let problem = crate::problems::type_mismatch::cannot_apply(self.place(span), message);
            self.report(problem.help("add the line, or '_ => …' for all the rest"));
        }
    }

    /// Notes what is known not to be none when `condition` has come out as `holds`.
    pub(super) fn assume(&mut self, condition: &Expr, holds: bool) {
        let ExprKind::Binary(op, operands) = &condition.kind else {
            if let ExprKind::Unary(ast::UnaryOp::Not, inner) = &condition.kind {
                self.assume(inner, !holds);
            }
            return;
        };
        let both = match op {
            ast::BinaryOp::And => holds,
            ast::BinaryOp::Or => !holds,
            ast::BinaryOp::NotEqual | ast::BinaryOp::Equal => {
                let not_equal = *op == ast::BinaryOp::NotEqual;
                let asked = match (&operands.0.kind, &operands.1.kind) {
                    (ExprKind::None, _) => super::member::written(&operands.1),
                    (_, ExprKind::None) => super::member::written(&operands.0),
                    _ => None,
                };
                if not_equal == holds {
                    self.narrowed.extend(asked.map(Known::There));
                }
                return;
            }
            _ => return,
        };
        if both {
            self.assume(&operands.0, holds);
            self.assume(&operands.1, holds);
        }
    }
}
