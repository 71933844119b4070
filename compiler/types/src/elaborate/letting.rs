//! Names for values: `let`, and all else that makes a local known.

use std::sync::Arc;

use diagnostics::{Elsewhere, Reported};
use smol_str::SmolStr;
use source::Span;
use syntax::ast::{Body, Expr, Let, StatementKind};

use super::{Elaborator, Typed};
use crate::problems::too_much::let_too_large;
use crate::{Core, CoreKind, Ty, Want};

/// Of how many expressions the value of a `let` may be made, those of each `let` that it uses among them: it is worked
/// out wherever it is used, and a few lines could say what no machine has time for.
const MOST_EXPRESSIONS: usize = 2_000;

/// What a block calls by a `let`.
pub(super) struct Letting {
    name: SmolStr,
    core: Arc<Core>,
    ty: Ty,
    /// How many locals there were: those that came later are nearer.
    locals: usize,
}

impl Elaborator<'_> {
    /// Makes a local known. What was found out of another one of that name is not known of this one.
    pub(super) fn bind(&mut self, name: SmolStr, ty: Ty) {
        self.narrowed.push(super::name::hidden(&name));
        self.locals.push((name, ty));
    }

    /// `let name = value => result`.
    pub(super) fn let_in(&mut self, binding: &Let, result: &Expr, span: Span, want: Option<&Want>) -> Typed {
        self.unreserved(&binding.name);
        let value = self.expr(&binding.value, None);
        let ty = self.small(value.ty, binding.value.span);
        let (result, node) = self.scoped(|this| {
            this.bind(binding.name.text.clone(), ty);
            let result = this.expr(result, want);
            ((result.core, result.ty), result.node)
        });
        let (result, ty) = result;
        Typed { core: Core { kind: CoreKind::Let(Box::new((value.core, result))), span }, ty, node }
    }

    /// Makes what the `let`s of a block say known to what stands in it. Each knows those above it.
    pub(super) fn let_all(&mut self, body: &Body) {
        for statement in &body.statements {
            if let StatementKind::Let(binding) = &statement.kind {
                self.let_one(binding);
            }
        }
    }

    fn let_one(&mut self, binding: &Let) {
        self.unreserved(&binding.name);
        let typed = self.expr(&binding.value, None);
        let span = binding.value.span;
        let mut expressions = 0;
        typed.core.walk(&mut |_| expressions += 1);
        let (core, ty) = if expressions > MOST_EXPRESSIONS {
            let reported = self.report(let_too_large(self.place(span), MOST_EXPRESSIONS));
            (Core { kind: CoreKind::Error(reported), span }, Ty::Error)
        } else if typed.ty.is_small() {
            (typed.core, typed.ty)
        } else {
            let ty = self.small(typed.ty, span);
            (Core { kind: CoreKind::Error(Reported::elsewhere(Elsewhere::Operand)), span }, ty)
        };
        self.narrowed.push(super::name::hidden(&binding.name.text));
        let name = binding.name.text.clone();
        self.lets.push(Letting { name, core: Arc::new(core), ty, locals: self.locals.len() });
    }

    /// How many `let`s and what is known there is before a block: both are as they were behind it.
    pub(super) fn lets_before(&self) -> (usize, usize) {
        (self.lets.len(), self.narrowed.len())
    }

    /// Forgets what a block called by a `let`.
    pub(super) fn forget_lets(&mut self, (lets, narrowed): (usize, usize)) {
        self.lets.truncate(lets);
        self.narrowed.truncate(narrowed);
    }

    /// What a block around calls `name` by a `let`, unless the local at `local` is nearer.
    pub(super) fn lent(&self, name: &str, local: Option<usize>, span: Span) -> Option<Typed> {
        let found = self.lets.iter().rfind(|letting| letting.name == name)?;
        if local.is_some_and(|local| local >= found.locals) {
            return None;
        }
        let kind = match &found.core.kind {
            CoreKind::Const(value) => CoreKind::Const(value.clone()),
            CoreKind::Error(reported) => CoreKind::Error(*reported),
            _ => CoreKind::Shared(Arc::clone(&found.core)),
        };
        Some(Typed::plain(kind, span, self.known_type(name, &found.ty)))
    }
}
