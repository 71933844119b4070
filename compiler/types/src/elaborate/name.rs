//! Bare names.

use diagnostics::{Elsewhere, Reported};
use smol_str::SmolStr;
use source::Span;

use super::asked::is_cursor;
use super::{Elaborator, Known, Typed};
use crate::meaning::Meaning;
use crate::problems::ambiguous_name::ambiguous_name;
use crate::problems::hidden_name::hides_word;
use crate::{Core, CoreKind, Form, Ty, Value, Want, queries};

impl<'db> Elaborator<'db> {
    /// What `name` means where `want` is expected. `member` is the field that is asked of it next, if any: only
    /// what has such a field can be meant then.
    pub(super) fn name(
        &mut self,
        name: &SmolStr,
        span: Span,
        want: Option<&Want>,
        member: Option<&str>,
    ) -> Typed {
        if is_cursor(name) && self.noted.is_some() {
            self.ask_value(name, want);
            return Typed::error(span, Reported::elsewhere(Elsewhere::Operand));
        }
        if let Some(local) = self.local(name, span) {
            return local;
        }
        if let Some(word) = word(name, span, want) {
            return self.constant_called(name, span).unwrap_or(word);
        }
        let wanted = want.map(|want| &want.ty);
        let mut all = self.meanings(name, span);
        let has_member =
            |meaning: &Meaning| member.is_none_or(|member| self.has_member(&meaning.typed, member));
        let mut fitting = Vec::new();
        for (at, meaning) in all.iter().enumerate() {
            if self.can_be(&meaning.typed.ty, wanted) && has_member(meaning) {
                fitting.push(at);
            }
        }
        // What has a problem of its own may be anything, and is meant where nothing else is.
        if fitting.iter().any(|at| all[*at].typed.ty != Ty::Error) {
            fitting.retain(|at| all[*at].typed.ty != Ty::Error);
        }
        // Any name may be such a word, so one that is declared, and fits beside it, is meant for itself.
        if let Some(any) = any_word(name, span, want) {
            fitting.retain(|at| is_itself(&all[*at].typed, wanted));
            if fitting.is_empty() {
                return any;
            }
        }
        match fitting.as_slice() {
            [] if all.is_empty() => match null(name, span, want) {
                Some(null) => null,
                None => self.unknown(name, span, want),
            },
            // `apps.length`, even if a stage is called so.
            [] => match self.all_of(name, span) {
                Some(typed)
                    if self.can_be(&typed.ty, wanted)
                        && member.is_none_or(|member| self.has_member(&typed, member)) =>
                {
                    typed
                }
                // The word of a kind is meant for one only where something is called so.
                _ if wanted.is_some_and(|ty| matches!(ty.required().0, Ty::Kind(_)))
                    && matches!(all[0].typed.core.kind, CoreKind::Sole(_) | CoreKind::All(_)) =>
                {
                    self.unknown(name, span, want)
                }
                _ => all.swap_remove(0).typed,
            },
            [one] => all.swap_remove(*one).typed,
            // What is declared around is nearer than what the lab declares.
            [first, ..]
                if matches!(all[*first].typed.core.kind, CoreKind::Nested(..) | CoreKind::NestedAll(..)) =>
            {
                all.swap_remove(*first).typed
            }
            many => {
                let mut written: Vec<String> = many.iter().map(|at| all[*at].written(name)).collect();
                written.sort();
                let reported = self.report(ambiguous_name(self.place(span), name, &written));
                Typed::error(span, reported)
            }
        }
    }

    /// The constant that hides a word of its name. The library's words are its own.
    fn constant_called(&mut self, name: &SmolStr, span: Span) -> Option<Typed> {
        let constant = names::defined(self.db, names::word(self.db, name)).constant.as_ref()?;
        if constant.is_std() != self.item.is_std() || constant == self.item {
            return None;
        }
        let problem = hides_word(self.place(span), name);
        self.warn(problem);
        let ty = queries::constant_type(self.db, constant);
        Some(Typed::plain(CoreKind::Constant(constant.clone()), span, ty))
    }

    /// Whether `name` is a parameter or a `for` variable here.
    pub(super) fn is_local(&self, name: &str) -> bool {
        self.locals.iter().any(|local| local.name == name)
            || self.lent(name, None, Span::default()).is_some()
            || self.place_called(name).is_some()
    }

    /// The place of the kind whose own body this is, if it is called `name`.
    fn place_called(&self, name: &str) -> Option<&'db crate::FieldShape> {
        let itself = self.itself.as_ref().filter(|itself| itself.place)?;
        queries::shape_of(self.db, &itself.kind)?.place().filter(|field| field.name == name)
    }

    /// A parameter, a `for` variable, or the place in a kind's own body.
    fn local(&mut self, name: &SmolStr, span: Span) -> Option<Typed> {
        let at = self.locals.iter().rposition(|local| local.name == *name);
        if let Some(lent) = self.lent(name, at, span) {
            return Some(lent);
        }
        if let Some(at) = at {
            let ty = self.known_type(name, &self.locals[at].ty.clone());
            return Some(Typed::plain(CoreKind::Local(at), span, ty));
        }
        let field = self.place_called(name)?;
        let base = Box::new(Core { kind: CoreKind::Itself, span });
        Some(Typed::plain(CoreKind::Field(base, name.clone()), span, field.ty.clone()))
    }

    /// The type of what is written `written`: without `?` where it has been asked for.
    pub(super) fn known_type(&self, written: &str, ty: &Ty) -> Ty {
        match ty {
            Ty::Optional(inner) if self.is_known(written) => (**inner).clone(),
            other => other.clone(),
        }
    }

    /// Whether what is written `written` was found to be there, and still means the same.
    fn is_known(&self, written: &str) -> bool {
        let root = written.split('.').next().unwrap_or(written);
        let latest = self.narrowed.iter().rfind(|known| match known {
            Known::There(there) => there == written,
            Known::Bound(name) => name == root,
        });
        matches!(latest, Some(Known::There(_)))
    }
}

/// A word of a choice, which stands for itself.
fn word(name: &SmolStr, span: Span, want: Option<&Want>) -> Option<Typed> {
    let is_word = want?.ty.words().any(|word| word == name);
    is_word.then(|| Typed::value(Value::text(name.as_str()), span, Ty::Literal(name.clone())))
}

/// A word where any word stands for itself.
fn any_word(name: &SmolStr, span: Span, want: Option<&Want>) -> Option<Typed> {
    let form = want?.ty.arms().iter().find(|arm| matches!(arm, Ty::Text(Form::Word | Form::Package)))?;
    Some(Typed::value(Value::text(name.as_str()), span, form.clone()))
}

/// Whether what is declared is wanted as itself, and not for a value that it stands for.
fn is_itself(typed: &Typed, wanted: Option<&Ty>) -> bool {
    match &typed.ty {
        Ty::Error => false,
        Ty::Kind(kind) => wanted.is_some_and(|ty| {
            ty.arms().iter().any(|arm| match arm.required().0 {
                Ty::Kind(wanted) => wanted == kind,
                Ty::Declaration | Ty::Deployed => true,
                _ => false,
            })
        }),
        _ => matches!(typed.core.kind, CoreKind::Constant(_)),
    }
}

/// `null` where data is wanted, which has a null.
fn null(name: &str, span: Span, want: Option<&Want>) -> Option<Typed> {
    let data = want?.ty.arms().iter().find(|arm| matches!(arm, Ty::Free(_)))?;
    (name == "null").then(|| Typed::value(Value::Null, span, data.clone()))
}
