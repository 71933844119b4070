//! Calls of functions, and the arguments of templates.

use std::sync::Arc;

use diagnostics::{Elsewhere, Reported};
use names::defined;
use source::{ItemKey, Place, Span};
use syntax::ast::{self, Argument, ExprKind};

use super::asked::is_cursor;
use super::collection::entry;
use super::sets::ONLY;
use super::{Elaborator, Typed, fitted, whole};
use crate::problems::{
    suggested,
    type_mismatch::cannot_apply,
    wrong_arguments::{no_function, unknown_function, wrong_arguments},
};
use crate::symbol::Symbol;
use crate::{
    BUILTINS, BinaryOp, Builtin, Core, CoreKind, Hatch, Parameter, STRING, Signature, Ty, Value, Want,
    is_secret_kind, queries,
};

impl Elaborator<'_> {
    pub(super) fn call(&mut self, call: &ast::Call, span: Span, want: Option<&Want>) -> Typed {
        let ExprKind::Name(name) = &call.callee.kind else {
            let problem = cannot_apply(self.place(call.callee.span), "only a function can be called");
            let reported = self.report(problem.help("write 'name(value)'"));
            return Typed::error(span, reported);
        };
        if self.noted.is_some() && is_cursor(name) {
            self.ask_value(name, want);
            return Typed::error(span, Reported::elsewhere(Elsewhere::Operand));
        }
        let meanings = defined(self.db, names::word(self.db, name));
        if let Some(function) = &meanings.function {
            let Some(signature) = queries::signature(self.db, function) else {
                return Typed::error(span, Reported::elsewhere(Elsewhere::Declaration));
            };
            self.note(call.callee.span, |_| Some(Symbol::Item(function.clone())));
            let arguments = self.arguments(name, function, signature, &call.arguments, span);
            let core = CoreKind::Call(function.clone(), arguments);
            return Typed::plain(core, span, signature.result.clone());
        }
        if name == ONLY {
            let help =
                "write 'field = only(value)': it is the value, and nothing of what templates say stays";
            let reported = self.misplaced(call.callee.span, "'only'", help);
            return Typed::error(span, reported);
        }
        if let Some((builtin, parameters)) = Builtin::named(name) {
            self.note(call.callee.span, |_| Some(Symbol::Builtin(name.clone())));
            return self.builtin(name, builtin, parameters, &call.arguments, span);
        }
        let index = names::index(self.db);
        let functions = index.defined_names().filter(|(_, is)| is.function.is_some());
        let all = functions.map(|(name, _)| name.as_str()).chain(BUILTINS.iter().map(|(name, ..)| *name));
        let near = diagnostics::closest(name, all, 3);
        let place = self.place(call.callee.span);
        let is_other = near.is_empty() && (self.is_local(name) || !self.meanings(name, span).is_empty());
        let reported = self.report(if is_other {
            no_function(place, name)
        } else {
            unknown_function(place, name, &near)
        });
        self.only_note_all(&call.arguments);
        Typed::error(span, reported)
    }

    /// The arguments in the order of the parameters; one that is left out is absent.
    pub(super) fn arguments(
        &mut self,
        name: &str,
        item: &ItemKey,
        signature: &Signature,
        given: &[Argument],
        span: Span,
    ) -> Arc<[Core]> {
        let written = signature.written(name);
        let declared = Place::new(item, signature.span);
        let wrong = |place, message: String| {
            wrong_arguments(place, message, &written)
                .also(declared.clone(), format!("'{name}' is declared here"))
        };
        let mut misplaced: Option<Reported> = None;
        let before = self.problems.len();
        let mut slots: Vec<Option<Core>> = vec![None; signature.parameters.len()];
        for (position, argument) in given.iter().enumerate() {
            let at = match &argument.name {
                Some(wanted) => signature.parameters.iter().position(|one| one.name == wanted.text),
                None => (position < slots.len()).then_some(position),
            };
            if argument.name.as_ref().is_some_and(|name| self.has_cursor(std::slice::from_ref(name))) {
                self.ask_parameter(item, &signature.parameters);
            }
            let at_span = argument.name.as_ref().map_or(argument.value.span, |name| name.span);
            let Some(at) = at else {
                let place = self.place(at_span);
                let problem = if let Some(unknown) = &argument.name {
                    let free = signature.parameters.iter().enumerate();
                    let free = free.filter(|(at, _)| slots[*at].is_none()).map(|(_, one)| one.name.as_str());
                    let near = diagnostics::closest(&unknown.text, free, 3);
                    let message = format!("'{name}' has no parameter '{}'", unknown.text);
                    suggested(wrong(place.clone(), message), &place, &unknown.text, &near)
                } else {
                    let takes = counted(slots.len(), "value");
                    wrong(place, format!("'{name}' takes {takes}, and this is one more"))
                };
                misplaced = Some(self.report(problem));
                self.only_note(&argument.value);
                continue;
            };
            let parameter = &signature.parameters[at];
            let is_name = |value: &ast::Expr| matches!(&value.kind, ExprKind::Name(name) if is_cursor(name));
            let asks = self.noted.is_some() && argument.name.is_none() && is_name(&argument.value);
            if let Some(written) = &argument.name {
                self.note(written.span, |_| Some(Symbol::Local(item.clone(), parameter.span)));
            }
            let core = self.check(&argument.value, &Want::parameter(item, name, parameter));
            let core = whole(core, &parameter.ty);
            if asks {
                self.ask_parameter(item, &signature.parameters);
            }
            if slots[at].replace(core).is_some() {
                let message = format!("'{}' of '{name}' is given twice", parameter.name);
                self.report(wrong(self.place(at_span), message));
            }
        }
        let is_missing = |slot: &Option<Core>, one: &Parameter| slot.is_none() && !one.optional;
        let missing = slots.iter().zip(&signature.parameters).find(|(slot, one)| is_missing(slot, one));
        // What stands at a place that is not there, or is wrong where it stands, may be meant for the one that seems
        // to be missing.
        let reported = match (misplaced.or(self.reported_since(before)), missing) {
            (None, Some((_, first))) => {
                let message = format!("'{name}' needs a value for '{}'", first.name);
                Some(self.report(wrong(self.place(span), message)))
            }
            (misplaced, _) => misplaced,
        };
        // Only an optional one can be missing without a problem.
        let absent = |one: &Parameter| match reported {
            Some(reported) if !one.optional => CoreKind::Error(reported),
            _ => CoreKind::Absent,
        };
        let slots = slots.into_iter().zip(&signature.parameters);
        slots.map(|(slot, one)| slot.unwrap_or_else(|| Core { kind: absent(one), span })).collect()
    }

    /// A declaration as the plain value that it stands for.
    fn plain_argument(&mut self, typed: Typed) -> Typed {
        match &typed.ty {
            Ty::Kind(kind) if is_secret_kind(kind) => typed,
            _ => self.standing_for(typed),
        }
    }

    fn builtin(
        &mut self,
        name: &str,
        builtin: Builtin,
        parameters: &[&str],
        given: &[Argument],
        span: Span,
    ) -> Typed {
        let written = format!("{name}({})", parameters.join(", "));
        if given.len() != parameters.len() || given.iter().any(|argument| argument.name.is_some()) {
            let named = given.iter().find_map(|argument| argument.name.as_ref());
            let (place, message) = match named {
                Some(named) => (named.span, format!("the values of '{name}' have no names")),
                None => (span, counted_values(name, parameters.len(), given.len())),
            };
            let reported = self.report(wrong_arguments(self.place(place), message, &written));
            self.only_note_all(given);
            return Typed::error(span, reported);
        }
        if builtin.reads_a_file() {
            return self.file_read(builtin, &written, &given[0].value, span);
        }
        let mut cores = Vec::with_capacity(given.len());
        let mut found = Vec::with_capacity(given.len());
        for (at, argument) in given.iter().enumerate() {
            if let Some(ty) = builtin.parameter(at) {
                cores.push(self.check(&argument.value, &Want::of(ty.clone())));
                found.push(ty);
            } else {
                let typed = self.collection(&argument.value);
                // Whose half is public is said by a secret's name, not by what it stands for.
                let is_named = matches!(builtin, Builtin::PublicKey | Builtin::Exists);
                let typed = if is_named { typed } else { self.plain_argument(typed) };
                // That it is a secret is what is wrong first.
                let is_secret = builtin == Builtin::String && typed.ty.may_be_secret();
                let may_be_none = is_secret || builtin == Builtin::Exists;
                let present = if may_be_none { Some(typed) } else { self.present(typed) };
                let Some(typed) = present else {
                    return Typed::error(span, Reported::elsewhere(Elsewhere::Operand));
                };
                let typed = self.taken_apart(builtin, typed);
                found.push(typed.ty.clone());
                cores.push(looked_at(builtin, typed));
            }
        }
        match builtin.result(&found) {
            Ok(ty) => Typed::plain(CoreKind::Builtin(builtin, cores), span, ty),
            Err(wanted) => {
                let is_secret = found.first().is_some_and(Ty::is_secret);
                let found = found.first().map_or_else(String::new, Ty::called);
                let message = format!("'{name}' needs {wanted}, and this is {found}");
                let problem = wrong_arguments(self.place(given[0].value.span), message, &written);
                let reported = self.report(if is_secret {
                    problem.help("nobody knows the value of a secret here: it is filled in where it is used")
                } else {
                    problem
                });
                Typed::error(span, reported)
            }
        }
    }
}

impl Elaborator<'_> {
    /// What has keys as a map where a function takes one, and data as what the function takes.
    fn taken_apart(&self, builtin: Builtin, typed: Typed) -> Typed {
        let data = matches!(typed.ty, Ty::Free(_));
        let ty = match builtin {
            Builtin::Keys | Builtin::Values => entry(self.db, &typed.ty).map(Ty::map),
            Builtin::Length if data => {
                Some(Ty::union([Ty::list(typed.ty.clone()), Ty::map(typed.ty.clone()), STRING]))
            }
            Builtin::First
            | Builtin::Reverse
            | Builtin::Slice
            | Builtin::Zip
            | Builtin::Group
            | Builtin::Unique
                if data =>
            {
                Some(Ty::list(typed.ty.clone()))
            }
            _ => None,
        };
        match ty {
            Some(ty) if data => Typed { core: fitted(typed.core, ty.clone()), ty, node: None },
            Some(ty) => Typed { ty, ..typed },
            None => typed,
        }
    }
}

/// An argument of which only the value tells whether the function can do anything with it.
fn looked_at(builtin: Builtin, typed: Typed) -> Core {
    match (builtin, &typed.ty) {
        (Builtin::String, ty) if ty.arms().iter().any(|arm| matches!(arm, Ty::Free(_))) => {
            fitted(fitted(typed.core, Ty::Free(Hatch::Any)), Ty::shown(false))
        }
        // Of nothing, the sum is nothing of what is summed up.
        (Builtin::Sum, Ty::List(element)) => match zero(element) {
            Some(zero) => {
                let span = typed.core.span;
                let first =
                    Core { kind: CoreKind::List(vec![Core { kind: CoreKind::Const(zero), span }]), span };
                let both = CoreKind::Binary(BinaryOp::Add, Box::new((first, typed.core)));
                Core { kind: both, span }
            }
            None => typed.core,
        },
        _ => typed.core,
    }
}

/// Nothing of a unit.
fn zero(ty: &Ty) -> Option<Value> {
    Some(match ty {
        Ty::Size => Value::Size(domain::Size::from_bytes(0)),
        Ty::Cpu => Value::Cpu(domain::Cpu::from_millis(0)),
        Ty::Duration => Value::Duration(domain::Duration::from_milliseconds(0)),
        Ty::Float => Value::Float(model::Float(0.0)),
        _ => return None,
    })
}

fn counted_values(name: &str, takes: usize, given: usize) -> String {
    format!(
        "'{name}' takes {}, and here {} given",
        counted(takes, "value"),
        match given {
            0 => "is none".to_owned(),
            1 => "is one".to_owned(),
            many => format!("are {many}"),
        }
    )
}

fn counted(number: usize, what: &str) -> String {
    match number {
        0 => format!("no {what}s"),
        1 => format!("one {what}"),
        number => format!("{number} {what}s"),
    }
}
