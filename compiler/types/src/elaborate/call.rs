//! Calls of functions, and the arguments of templates.

use names::{Word, defined};
use smol_str::SmolStr;
use source::Span;
use syntax::ast::{self, Argument, ExprKind};

use super::{Elaborator, Typed, Want};
use crate::problems::{
    type_mismatch::cannot_apply,
    wrong_arguments::{unknown_function, wrong_arguments},
};
use crate::{BUILTINS, Builtin, Core, CoreKind, Hatch, Signature, Ty, queries};

impl Elaborator<'_> {
    pub(super) fn call(&mut self, call: &ast::Call, span: Span) -> Typed {
        let ExprKind::Name(name) = &call.callee.kind else {
            let problem = cannot_apply(self.place(call.callee.span), "only a function can be called");
            self.report(problem.help("write 'name(value)'"));
            return Typed::error(span);
        };
        let meanings = defined(self.db, Word::new(self.db, name.clone()));
        if let Some(function) = &meanings.function {
            let Some(signature) = queries::signature(self.db, function) else { return Typed::error(span) };
            let arguments = self.arguments(name, signature, &call.arguments, span);
            let core = CoreKind::Call(function.clone(), arguments);
            return Typed::plain(core, span, signature.result.clone());
        }
        if let Some((builtin, parameters)) = Builtin::named(name) {
            return self.builtin(name, builtin, parameters, &call.arguments, span);
        }
        let index = names::index(self.db);
        let functions = index.defined_names().filter(|(_, is)| is.function.is_some());
        let all = functions.map(|(name, _)| name.as_str()).chain(BUILTINS.iter().map(|(name, ..)| *name));
        let near = diagnostics::closest(name, all, 3);
        self.report(unknown_function(self.place(call.callee.span), name, &near));
        Typed::error(span)
    }

    /// The arguments in the order of the parameters; one that is left out is absent.
    pub(super) fn arguments(
        &mut self,
        name: &str,
        signature: &Signature,
        given: &[Argument],
        span: Span,
    ) -> Vec<Core> {
        let written = signature.written(name);
        let mut misplaced = false;
        let mut slots: Vec<Option<Core>> = vec![None; signature.parameters.len()];
        for (position, argument) in given.iter().enumerate() {
            let at = match &argument.name {
                Some(wanted) => signature.parameters.iter().position(|(name, ..)| *name == wanted.text),
                None => (position < slots.len()).then_some(position),
            };
            let at_span = argument.name.as_ref().map_or(argument.value.span, |name| name.span);
            let Some(at) = at else {
                let message = match &argument.name {
                    Some(unknown) => format!("'{name}' has no parameter '{}'", unknown.text),
                    None => format!("'{name}' takes {}", counted(slots.len(), "value")),
                };
                self.report(wrong_arguments(self.place(at_span), message, &written));
                misplaced = true;
                continue;
            };
            let (parameter, ty, _) = &signature.parameters[at];
            let core = self.check(&argument.value, &Want::of(ty.clone()));
            if slots[at].replace(core).is_some() {
                let message = format!("'{parameter}' is given twice");
                self.report(wrong_arguments(self.place(at_span), message, &written));
            }
        }
        let missing: Vec<&SmolStr> = slots
            .iter()
            .zip(&signature.parameters)
            .filter(|(slot, (_, _, optional))| slot.is_none() && !optional)
            .map(|(_, (name, ..))| name)
            .collect();
        // What stands at a place that is not there may be meant for the one that seems to be missing.
        if let (false, Some(first)) = (misplaced, missing.first()) {
            let message = format!("'{name}' needs a value for '{first}'");
            self.report(wrong_arguments(self.place(span), message, &written));
        }
        let absent = Core { kind: CoreKind::Absent, span };
        slots.into_iter().map(|slot| slot.unwrap_or_else(|| absent.clone())).collect()
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
            let message = format!("'{name}' takes {}", counted(parameters.len(), "value"));
            self.report(wrong_arguments(self.place(span), message, &written));
            return Typed::error(span);
        }
        let mut cores = Vec::with_capacity(given.len());
        let mut found = Vec::with_capacity(given.len());
        for (at, argument) in given.iter().enumerate() {
            if let Some(ty) = builtin.parameter(at) {
                cores.push(self.check(&argument.value, &Want::of(ty.clone())));
                found.push(ty);
            } else {
                let typed = self.collection(&argument.value);
                found.push(typed.ty.clone());
                // Only the value tells whether there is a secret in it.
                let is_data = typed.ty == Ty::Free(Hatch::HelmValues);
                let plain = Want::of(Ty::Free(Hatch::Any));
                cores.push(if is_data { self.fit(typed, &plain) } else { typed.core });
            }
        }
        match builtin.result(&found) {
            Ok(ty) => Typed::plain(CoreKind::Builtin(builtin, cores), span, ty),
            Err(wanted) => {
                let found = found.first().map_or_else(String::new, Ty::described);
                let message = format!("'{name}' needs {wanted}, and this is {found}");
                self.report(wrong_arguments(self.place(given[0].value.span), message, &written));
                Typed::error(span)
            }
        }
    }
}

fn counted(number: usize, what: &str) -> String {
    match number {
        0 => format!("no {what}s"),
        1 => format!("one {what}"),
        number => format!("{number} {what}s"),
    }
}
