//! What to do about two values that do not go together.

use diagnostics::{Reported, did_you_mean};
use smol_str::SmolStr;
use source::Span;

use super::{Elaborator, Typed};
use crate::problems::{Remedy, type_mismatch::cannot_apply};
use crate::{CoreKind, Ty, Value};

impl Elaborator<'_> {
    /// Says that an operator cannot be used with these.
    pub(super) fn unlike(&mut self, span: Span, message: String, first: &Typed, second: &Typed) -> Reported {
        let problem = cannot_apply(self.place(span), message);
        let remedy = self.fitting(first, second).or_else(|| self.fitting(second, first));
        let remedy = remedy.unwrap_or_else(|| Remedy::help(sorts(&first.ty, &second.ty)));
        self.report(remedy.of(problem))
    }

    /// Says that `part` cannot be in `whole`.
    pub(super) fn not_among(&mut self, span: Span, message: String, whole: &Typed, part: &Typed) -> Reported {
        let problem = cannot_apply(self.place(span), message);
        let name = match &part.core.kind {
            CoreKind::Const(Value::Text(name)) => Some(name),
            _ => None,
        };
        let remedy = match (&whole.ty, name) {
            (Ty::List(element), Some(name)) if self.is_declared(name, element) => {
                let edits =
                    vec![diagnostics::Edit { place: self.place(part.core.span), text: name.to_string() }];
                Remedy::help(format!("write it without quotes: {name}")).fix("remove the quotes", edits)
            }
            (Ty::List(_), _) => {
                Remedy::help("only what is of the same sort as its elements can be in a list")
            }
            _ => Remedy::default(),
        };
        self.report(remedy.of(problem))
    }

    /// How `typed` could be written to go with `other`.
    fn fitting(&self, typed: &Typed, other: &Typed) -> Option<Remedy> {
        let (ty, other_ty) = (typed.ty.required().0, other.ty.required().0);
        let number = match &typed.core.kind {
            CoreKind::Const(Value::Int(number)) => *number,
            _ => 8,
        };
        let unit = match other_ty {
            Ty::Size if number > 64 => Some("MiB"),
            Ty::Size => Some("GiB"),
            Ty::Duration => Some("s"),
            _ => None,
        };
        match ty {
            _ if ty.is_number() && unit.is_some() => Some(Remedy::help(format!(
                "give the number a unit, such as {number}{}",
                unit.unwrap_or_default()
            ))),
            Ty::Kind(_) if other_ty.is_text() => {
                let end = Span::empty(typed.core.span.end);
                let edits = vec![diagnostics::Edit { place: self.place(end), text: ".name".to_owned() }];
                Some(Remedy::help("take its name: '.name'").fix("take its name", edits))
            }
            _ if ty.is_text() && matches!(typed.core.kind, CoreKind::Const(_)) => {
                self.unquoted(typed, other_ty)
            }
            _ if ty.is_secret() || other_ty.is_secret() => Some(Remedy::help(
                "nobody knows the value of a secret here: it is filled in where it is used",
            )),
            _ if ty.is_text() && other_ty.is_number() => {
                Some(Remedy::help("put the value into the text: \"…${…}\""))
            }
            _ => None,
        }
    }

    /// A text that would be what `other` is without its quotes, or could show it.
    fn unquoted(&self, typed: &Typed, other: &Ty) -> Option<Remedy> {
        let CoreKind::Const(Value::Text(text)) = &typed.core.kind else { return None };
        if super::remedy::reads(text, other) {
            let edits =
                vec![diagnostics::Edit { place: self.place(typed.core.span), text: text.to_string() }];
            return Some(
                Remedy::help(format!("write it without quotes: {text}")).fix("remove the quotes", edits),
            );
        }
        (other.is_number() || other.is_secret())
            .then(|| Remedy::help("put the value into the text: \"…${…}\""))
    }

    /// Says that a text is none of the words that the other side can be.
    pub(super) fn never_equal(&mut self, ty: &Ty, text: &Typed) -> Reported {
        let place = self.place(text.core.span);
        let word = match &text.core.kind {
            CoreKind::Const(Value::Text(word)) => word,
            _ => "",
        };
        let message = format!("'{word}' is not {}, so they are never equal", ty.described());
        let near = diagnostics::closest(word, ty.words().map(SmolStr::as_str), 3);
        let help = did_you_mean(&near).unwrap_or_else(|| "compare it with one of these".to_owned());
        self.report(cannot_apply(place, message).help(help))
    }
}

/// What can be done with values like these.
fn sorts(first: &Ty, second: &Ty) -> &'static str {
    match (first.required().0, second.required().0) {
        (Ty::Address, Ty::Address) => "a number can be added to an address, as in '192.168.1.0 + 10'",
        (Ty::Size | Ty::Duration | Ty::Cpu, Ty::Size | Ty::Duration | Ty::Cpu) => {
            "amounts of one sort can be added, and multiplied by a number"
        }
        _ => "both sides must be of one sort",
    }
}

/// Whether a text that is written out is none of the words of `ty`, if it has any.
pub(super) fn misses_words(ty: &Ty, text: &Typed) -> bool {
    let CoreKind::Const(Value::Text(text)) = &text.core.kind else { return false };
    let only_words = ty.arms().iter().all(|arm| matches!(arm, Ty::Literal(_)));
    only_words && !ty.words().any(|word| **word == **text)
}
