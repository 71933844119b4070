//! Literals: numbers, texts and the values of the domain.

use diagnostics::{Elsewhere, Reported};
use domain::{Address, Cidr, Invalid, Mac, Measure, Quantity, UnixPath, Version};
use model::Float;
use smol_str::SmolStr;
use source::Span;
use syntax::ast::{Literal, TextPart};

use super::asked::is_cursor;
use super::{Elaborator, Typed, fitted};
use crate::problems::{
    Remedy, ambiguous_unit::ambiguous_unit, invalid_value::invalid_value, type_mismatch::cannot_apply,
};
use crate::relation::primary_type;
use crate::{Ability, Core, CoreKind, Fits, Form, Hatch, STRING, Ty, Value, Want, is_secret_kind};

impl Elaborator<'_> {
    pub(super) fn int(&mut self, digits: &SmolStr, span: Span, want: Option<&Want>) -> Typed {
        if wants(want, |ty| *ty == Ty::Text(Form::Version)) {
            return Typed::value(Value::text(digits.as_str()), span, Ty::Text(Form::Version));
        }
        match digits.parse::<i64>() {
            Ok(number) => Typed::value(Value::Int(number), span, Ty::Int(number, number)),
            Err(_) => self.invalid(span, &too_large(digits), want),
        }
    }

    pub(super) fn float(&mut self, digits: &SmolStr, span: Span, want: Option<&Want>) -> Typed {
        if wants(want, |ty| *ty == Ty::Text(Form::Version)) {
            return Typed::value(Value::text(digits.as_str()), span, Ty::Text(Form::Version));
        }
        match digits.parse::<f64>() {
            Ok(number) if number.is_finite() => Typed::value(Value::Float(Float(number)), span, Ty::Float),
            _ => self.invalid(span, &too_large(digits), want),
        }
    }

    pub(super) fn literal(
        &mut self,
        literal: Literal,
        text: &SmolStr,
        span: Span,
        want: Option<&Want>,
    ) -> Typed {
        if self.noted.is_some() && is_cursor(text) {
            self.ask_unit(want);
            return Typed::error(span, Reported::elsewhere(Elsewhere::Operand));
        }
        // An address with something behind it, or not all of it, is still meant as one.
        let is_address = wants(want, |ty| *ty == Ty::Address)
            && !wants(want, |ty| matches!(ty, Ty::Cidr | Ty::Text(Form::Version)));
        let is_partial = matches!(literal, Literal::Cidr | Literal::Version);
        if is_address
            && is_partial
            && let Err(invalid) = Address::parse(text)
        {
            return self.invalid(span, &invalid, want);
        }
        let parsed = match literal {
            Literal::Address => Address::parse(text).map(|value| (Value::Address(value), Ty::Address)),
            Literal::Cidr => Cidr::parse(text).map(|value| (Value::Cidr(value), Ty::Cidr)),
            Literal::Mac => {
                Mac::parse(text).map(|value| (Value::text(value.to_string()), Ty::Text(Form::Mac)))
            }
            Literal::Path => {
                UnixPath::parse(text).map(|value| (Value::text(value.to_string()), Ty::Text(Form::Path)))
            }
            Literal::Version => {
                Version::parse(text).map(|_| (Value::text(text.as_str()), Ty::Text(Form::Version)))
            }
            Literal::Quantity => return self.quantity(text, span, want),
        };
        match parsed {
            Ok((value, ty)) => Typed::value(value, span, ty),
            Err(invalid) => self.invalid(span, &invalid, want),
        }
    }

    /// A number with a unit: what it measures follows from what is expected, or else from the unit.
    fn quantity(&mut self, text: &SmolStr, span: Span, want: Option<&Want>) -> Typed {
        let quantity = match Quantity::split(text) {
            Ok(quantity) => quantity,
            Err(invalid) => return self.invalid(span, &invalid, want),
        };
        let wanted = [(Ty::Size, Measure::Size), (Ty::Cpu, Measure::Cpu), (Ty::Duration, Measure::Duration)];
        let expected =
            wanted.iter().find(|(ty, _)| wants(want, |arm| arm == ty)).map(|(_, measure)| *measure);
        let possible = quantity.measures();
        let measure = match (expected, possible.as_slice()) {
            (Some(expected), _) => expected,
            (None, [one]) => *one,
            (None, []) => {
                let invalid = Quantity::parse(text).err();
                let invalid = invalid.unwrap_or_else(|| Invalid::new(format!("'{text}' has no known unit")));
                return self.invalid(span, &invalid, want);
            }
            // `5m` is of cores or of time. In data both are the same text, and it stays as it is written.
            (None, _) if wants(want, |ty| matches!(ty, Ty::Free(_))) => {
                return Typed::value(Value::text(text.as_str()), span, STRING);
            }
            (None, _) => {
                let forms = possible.iter().map(|measure| quantity.only_as(*measure));
                let forms: Vec<_> = possible.iter().copied().zip(forms).collect();
                let reported = self.report(ambiguous_unit(self.place(span), text, &forms));
                return Typed::error(span, reported);
            }
        };
        let value = match measure {
            Measure::Size => quantity.as_size().map(|value| (Value::Size(value), Ty::Size)),
            Measure::Cpu => quantity.as_cpu().map(|value| (Value::Cpu(value), Ty::Cpu)),
            Measure::Duration => quantity.as_duration().map(|value| (Value::Duration(value), Ty::Duration)),
        };
        match value {
            Ok((value, ty)) => Typed::value(value, span, ty),
            Err(invalid) => self.invalid(span, &invalid, want),
        }
    }

    /// A text with values in it. A secret in it makes all of it a secret.
    pub(super) fn text(&mut self, parts: &[TextPart], span: Span) -> Typed {
        match parts {
            [] => return Typed::value(Value::text(""), span, STRING),
            [TextPart::Text(text)] => return Typed::value(Value::text(text.as_str()), span, STRING),
            _ => {}
        }
        let (mut is_secret, mut may_be_secret) = (false, false);
        let mut cores = Vec::with_capacity(parts.len());
        for part in parts {
            cores.push(match part {
                TextPart::Text(text) => Core { kind: CoreKind::Const(Value::text(text.as_str())), span },
                TextPart::Value(value) => {
                    let typed = self.expr(value, None);
                    let typed = self.standing_for(typed);
                    is_secret |= typed.ty.is_secret();
                    may_be_secret |= typed.ty.may_be_secret();
                    self.shown(typed)
                }
            });
        }
        let ty = match (is_secret, may_be_secret) {
            (true, _) => Ty::secret_text(),
            (false, true) => Ty::union([STRING, Ty::secret_text()]),
            (false, false) => STRING,
        };
        Typed::plain(CoreKind::Text(cores), span, ty)
    }

    /// A value as part of a text.
    fn shown(&mut self, typed: Typed) -> Core {
        let span = typed.core.span;
        match &typed.ty {
            Ty::Optional(_) => {
                let problem = self.maybe_none(&typed, Some(&STRING), None);
                let reported = self.report(problem);
                Core { kind: CoreKind::Error(reported), span }
            }
            ty if ty.is_secret() && *ty != Ty::secret_text() => fitted(typed.core, Ty::secret_text()),
            ty if !self.can_be_shown(ty) => {
                let message = format!("{} cannot be shown in a text", typed.ty.called());
                let problem = cannot_apply(self.place(span), message);
                let remedy = match typed.ty {
                    Ty::Kind(_) => {
                        let end = self.place(Span::empty(span.end));
                        let edit = diagnostics::Edit { place: end, text: ".name".to_owned() };
                        Remedy::help("name one of its fields, such as '.name'")
                            .fix("take its name", vec![edit])
                    }
                    Ty::List(_) => Remedy::help("join its elements: 'join(list, \", \")'"),
                    Ty::Nix => Remedy::help("write all of it as one Nix expression: nix\"…\""),
                    Ty::None => Remedy::help("leave it out"),
                    _ => Remedy::help("name one of its fields"),
                };
                let reported = self.report(remedy.of(problem));
                Core { kind: CoreKind::Error(reported), span }
            }
            // Only the value tells what data is, and a declaration among others what it stands for.
            Ty::Free(_) => fitted(fitted(typed.core, Ty::Free(Hatch::Any)), Ty::shown(false)),
            Ty::Union(arms)
                if arms.iter().any(|arm| matches!(arm, Ty::Free(_) | Ty::Kind(_) | Ty::Secret(_))) =>
            {
                fitted(typed.core, Ty::shown(typed.ty.may_be_secret()))
            }
            _ => typed.core,
        }
    }

    /// Whether values of the type, or what its declarations stand for, can stand in a text.
    fn can_be_shown(&self, ty: &Ty) -> bool {
        let stands_for = |arm: &Ty| match arm {
            Ty::Kind(kind) if is_secret_kind(kind) => true,
            Ty::Kind(kind) => {
                primary_type(self.db, kind).is_some_and(|ty| ty.can(Ability::Shown) != Fits::No)
            }
            arm => arm.can(Ability::Shown) != Fits::No,
        };
        match ty {
            Ty::Union(arms) => arms.iter().all(stands_for),
            ty => stands_for(ty),
        }
    }

    fn invalid(&mut self, span: Span, invalid: &Invalid, want: Option<&Want>) -> Typed {
        let reported =
            self.report(invalid_value(self.place(span), invalid, false, want.and_then(Want::required)));
        Typed::error(span, reported)
    }
}

fn too_large(digits: &str) -> Invalid {
    Invalid::new(format!("{digits} is too large a number")).with_help("whole numbers have up to 18 digits")
}

/// Whether a type that holds `test` is among what is expected.
pub(super) fn wants(want: Option<&Want>, test: impl Fn(&Ty) -> bool) -> bool {
    want.is_some_and(|want| want.ty.arms().iter().any(|arm| test(arm.required().0)))
}

/// The first of what is expected for which `pick` gives something.
pub(super) fn wanted<T>(want: Option<&Want>, pick: impl Fn(&Ty) -> Option<T>) -> Option<T> {
    want?.ty.arms().iter().find_map(|arm| pick(arm.required().0))
}

/// The element type where plain data is expected.
pub(super) fn data(ty: &Ty) -> Option<Hatch> {
    if let Ty::Free(hatch) = ty { Some(*hatch) } else { None }
}
