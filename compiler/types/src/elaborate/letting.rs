//! Names for values: `let`, and all else that makes a local known.

use std::sync::Arc;

use diagnostics::{Elsewhere, Reported};
use smol_str::SmolStr;
use source::Span;
use syntax::ast::{Body, Expr, Let, Name, StatementKind};

use super::fields::set_names;
use super::{Elaborator, Known, Local, Typed};
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
    /// Where its name is declared.
    span: Span,
}

impl Elaborator<'_> {
    /// Makes a local known. What was found out of another one of that name is not known of this one.
    pub(super) fn bind(&mut self, name: &Name, ty: Ty) {
        self.narrowed.push(Known::Bound(name.text.clone()));
        self.note(name.span, |this| Some(this.local_symbol(name.span)));
        self.locals.push(Local { name: name.text.clone(), ty, span: name.span });
    }

    /// Runs `inner` in a block, where it is known what is set beside what, and what the block calls by a `let`.
    pub(super) fn in_block<T>(&mut self, body: &Body, inner: impl FnOnce(&mut Self) -> T) -> T {
        let siblings = std::mem::replace(&mut self.siblings, set_names(body));
        let result = self.scoped(|this| {
            this.let_all(body);
            inner(this)
        });
        self.siblings = siblings;
        result
    }

    /// `let name = value => result`.
    pub(super) fn let_in(&mut self, binding: &Let, result: &Expr, span: Span, want: Option<&Want>) -> Typed {
        self.unreserved(&binding.name);
        let (value, ty) = self.named(&binding.value);
        let result = self.scoped(|this| {
            this.bind(&binding.name, ty);
            this.expr(result, want)
        });
        Typed { core: Core { kind: CoreKind::Let(Box::new((value, result.core))), span }, ..result }
    }

    /// A value that gets a name, and its type.
    pub(super) fn named(&mut self, value: &Expr) -> (Core, Ty) {
        let typed = self.expr(value, None);
        if typed.ty.is_small() {
            return (typed.core, typed.ty);
        }
        // Its value would be a problem, too.
        let reported = Reported::elsewhere(Elsewhere::Operand);
        let core = Core { kind: CoreKind::Error(reported), span: typed.core.span };
        (core, self.small(typed.ty, value.span))
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
        let (mut core, mut ty) = self.named(&binding.value);
        let mut expressions = 0;
        core.walk(&mut |_| expressions += 1);
        if expressions > MOST_EXPRESSIONS {
            let reported = self.report(let_too_large(self.place(binding.value.span), MOST_EXPRESSIONS));
            (core.kind, ty) = (CoreKind::Error(reported), Ty::Error);
        }
        let name = binding.name.text.clone();
        self.narrowed.push(Known::Bound(name.clone()));
        self.note(binding.name.span, |this| Some(this.local_symbol(binding.name.span)));
        let (locals, span) = (self.locals.len(), binding.name.span);
        self.lets.push(Letting { name, core: Arc::new(core), ty, locals, span });
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

    /// What blocks around call by a `let`.
    pub(super) fn lets_around(&self) -> impl Iterator<Item = (&SmolStr, &Ty, Span)> {
        self.lets.iter().map(|letting| (&letting.name, &letting.ty, letting.span))
    }

    /// Where the `let` of a block around that `name` means is declared, if it means one.
    pub(super) fn lent_at(&self, name: &str) -> Option<Span> {
        let found = self.lets.iter().rfind(|letting| letting.name == name)?;
        let local = self.locals.iter().rposition(|local| local.name == name);
        local.is_none_or(|local| local < found.locals).then_some(found.span)
    }
}
