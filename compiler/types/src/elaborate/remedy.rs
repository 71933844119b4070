//! What to do about a value of another type than is expected: what was meant, and how it is written.

use diagnostics::Edit;
use source::Span;

use super::{Elaborator, Typed};
use crate::choice::{choice_of, made_by};
use crate::problems::Remedy;
use crate::{Core, CoreKind, Fits, Form, Ty, Value, Want, fit_value, fits, queries};

impl Elaborator<'_> {
    /// What to do about `typed`, which does not fit.
    pub(super) fn remedy(&self, typed: &Typed, want: &Want) -> Remedy {
        let wanted = want.ty.required().0;
        self.requoted(typed, wanted)
            .or_else(|| self.bracketed(typed, wanted))
            .or_else(|| measured_remedy(typed, wanted))
            .or_else(|| plain(typed, wanted))
            .or_else(|| self.shaped(typed, wanted))
            .or_else(|| self.declared_remedy(typed, wanted))
            .unwrap_or_default()
    }

    fn edit(&self, span: Span, text: impl Into<String>) -> Edit {
        Edit { place: self.place(span), text: text.into() }
    }

    /// `before` and `behind` put around `span`.
    fn around(&self, span: Span, before: &str, behind: &str) -> Vec<Edit> {
        let (start, end) = (Span::empty(span.start), Span::empty(span.end));
        vec![self.edit(start, before), self.edit(end, behind)]
    }

    /// Quotes too many, or too few.
    fn requoted(&self, typed: &Typed, wanted: &Ty) -> Option<Remedy> {
        let span = typed.core.span;
        match &typed.core.kind {
            CoreKind::Const(Value::Text(text)) if typed.ty == crate::STRING => {
                let is_name = || self.is_declared(text, wanted);
                let fits = reads(text, wanted) || is_name();
                let edits = vec![self.edit(span, text.to_string())];
                fits.then(|| {
                    Remedy::help(format!("write it without quotes: {text}")).fix("remove the quotes", edits)
                })
            }
            CoreKind::Const(value) if takes_text(wanted) && !matches!(value, Value::None | Value::Nix(_)) => {
                Some(self.quotes(span, value.shown()?, wanted))
            }
            _ if wanted.arms().contains(&crate::STRING) && matches!(typed.ty, Ty::List(_)) => {
                Some(Remedy::help("join its elements: 'join(list, \", \")'"))
            }
            _ if wanted.arms().contains(&crate::STRING) && is_shown(&typed.ty) => Some(
                Remedy::help("put it into a text: \"${…}\"")
                    .fix("put it into a text", self.around(span, "\"${", "}\"")),
            ),
            _ => None,
        }
    }

    /// What is written as `shown` and should be a text, in quotes: as it is, or as the form of text wants it.
    fn quotes(&self, span: Span, shown: String, wanted: &Ty) -> Remedy {
        let text = Value::text(shown);
        let texts = wanted.arms().iter().filter(|arm| arm.is_text());
        let fit: Vec<_> = texts.map(|arm| fit_value(text.clone(), arm)).collect();
        if fit.iter().any(Result::is_ok) {
            return Remedy::help("a text stands in quotes")
                .fix("put it in quotes", self.around(span, "\"", "\""));
        }
        match fit.into_iter().find_map(|fit| fit.err()?.fix) {
            Some(right) => {
                let right = format!("\"{right}\"");
                Remedy::help(format!("a text stands in quotes: {right}"))
                    .fix(format!("change to {right}"), vec![self.edit(span, right)])
            }
            None => Remedy::help("a text stands in quotes"),
        }
    }

    /// A list where one of its elements is wanted, and one element where a list is.
    fn bracketed(&self, typed: &Typed, wanted: &Ty) -> Option<Remedy> {
        let span = typed.core.span;
        let is_element = |arm: &Ty| match arm {
            Ty::List(element) => {
                fits(self.db, &typed.ty, element) == Fits::Yes || fits_const(&typed.core, element)
            }
            _ => false,
        };
        if wanted.arms().iter().any(is_element) {
            let help = Remedy::help("a list stands in brackets");
            return Some(help.fix("put it in brackets", self.around(span, "[", "]")));
        }
        match (&typed.core.kind, &typed.ty) {
            // Names and values, as Kubernetes lists them.
            (_, Ty::List(found)) if matches!((&**found, wanted), (Ty::Fields(_), Ty::Map(_))) => None,
            (CoreKind::List(elements), Ty::List(found)) if fits(self.db, found, wanted) != Fits::No => {
                let [element] = elements.as_slice() else { return None };
                let before = Span::new(span.start, element.span.start);
                let edits = vec![self.edit(before, ""), self.edit(Span::new(element.span.end, span.end), "")];
                Some(Remedy::help("one value stands without brackets").fix("remove the brackets", edits))
            }
            (CoreKind::List(_), Ty::List(found)) if matches!(wanted, Ty::Range) && **found == Ty::Address => {
                Some(Remedy::help("a range is written 'first .. last'"))
            }
            _ => None,
        }
    }

    /// A block or a map is wanted.
    fn shaped(&self, typed: &Typed, wanted: &Ty) -> Option<Remedy> {
        match wanted {
            Ty::Map(_) => Some(Remedy::help("write names with their values in braces: '{ name = value }'")),
            Ty::Record(name) => Some(match made_by(self.db, wanted) {
                Some(calls) => Remedy::help(format!("write {calls}")),
                None => Remedy::help(format!("write its fields in braces: {}", self.some_fields(name)?)),
            }),
            Ty::Text(Form::Path) if matches!(typed.ty, Ty::Kind(_)) => {
                Some(Remedy::help("a path begins with '/', such as /srv/data"))
            }
            _ if takes_text(wanted) && matches!(typed.ty, Ty::Kind(_)) => {
                let end = Span::empty(typed.core.span.end);
                let remedy = Remedy::help("name one of its fields, such as '.name'");
                Some(if wanted.arms().contains(&crate::STRING) {
                    remedy.fix("take its name", vec![self.edit(end, ".name")])
                } else {
                    remedy
                })
            }
            Ty::Free(_) if matches!(typed.ty, Ty::Kind(_)) => {
                let end = Span::empty(typed.core.span.end);
                let edits = vec![self.edit(end, ".name")];
                Some(Remedy::help("name one of its fields, such as '.name'").fix("take its name", edits))
            }
            _ => None,
        }
    }

    /// `{ cpu = …, memory = … }`: the fields that a record needs, or the first ones.
    fn some_fields(&self, record: &str) -> Option<String> {
        let shape = queries::shape_of(self.db, record)?;
        let needed = shape.fields.iter().filter(|field| !field.default);
        let mut names: Vec<&str> = needed.map(|field| field.name.as_str()).collect();
        if names.is_empty() {
            names = shape.fields.iter().take(2).map(|field| field.name.as_str()).collect();
        }
        let sets: Vec<String> = names.iter().map(|name| format!("{name} = …")).collect();
        Some(format!("'{{ {} }}'", sets.join(", ")))
    }

    /// A declaration is wanted.
    fn declared_remedy(&self, typed: &Typed, wanted: &Ty) -> Option<Remedy> {
        let Ty::Kind(kind) = wanted else { return None };
        let name = super::written::name_of(&typed.core);
        let all = self.candidates(kind);
        let near: Vec<&str> = match &name {
            Some(name) => {
                let inside = format!("{name}.");
                let inner: Vec<&str> =
                    all.iter().map(String::as_str).filter(|path| path.starts_with(&inside)).collect();
                if inner.is_empty() {
                    diagnostics::closest(name, all.iter().map(String::as_str), 3)
                } else {
                    inner
                }
            }
            None => Vec::new(),
        };
        Some(match near.as_slice() {
            [] => Remedy { help: choice_of(self.db, kind, &all), fix: None },
            [one] => Remedy { help: diagnostics::did_you_mean(&near), fix: None }
                .fix(format!("change to '{one}'"), vec![self.edit(typed.core.span, *one)]),
            _ => Remedy { help: diagnostics::did_you_mean(&near), fix: None },
        })
    }
}

/// A value of the domain is wanted, and a text or a relative of it stands there.
fn plain(typed: &Typed, wanted: &Ty) -> Option<Remedy> {
    let CoreKind::Const(value) = &typed.core.kind else { return None };
    Some(match (value, wanted) {
        (Value::Text(_), Ty::Address) => {
            Remedy::help("write four numbers with dots between them, such as 192.168.1.10")
        }
        (Value::Text(_), Ty::Bool) => Remedy::help("write 'true' or 'false'"),
        (Value::Text(_), Ty::Int(..) | Ty::Float | Ty::Port) => {
            Remedy::help("write a number, without quotes")
        }
        (Value::Address(address), Ty::Cidr) => {
            Remedy::help(format!("add how long the network's prefix is, such as {address}/24"))
        }
        (Value::Address(_) | Value::Cidr(_) | Value::Text(_), Ty::Range) => {
            Remedy::help("a range is written 'first .. last'")
        }
        _ => return None,
    })
}

/// Whether a text, written without quotes, is a value of the type.
pub(super) fn reads(text: &str, wanted: &Ty) -> bool {
    use domain::{Address, Cidr, Cpu, Duration, Size};
    wanted.arms().iter().any(|arm| match arm.required().0 {
        Ty::Address => Address::parse(text).is_ok(),
        Ty::Cidr => Cidr::parse(text).is_ok(),
        Ty::Size => Size::parse(text).is_ok(),
        Ty::Cpu => Cpu::parse(text).is_ok(),
        Ty::Duration => Duration::parse(text).is_ok(),
        Ty::Int(low, high) => text.parse().is_ok_and(|number: i64| *low <= number && number <= *high),
        Ty::Port => domain::Port::parse(text).is_ok(),
        Ty::Float => text.parse::<f64>().is_ok() && text.starts_with(|c: char| c.is_ascii_digit()),
        Ty::Bool => matches!(text, "true" | "false"),
        _ => false,
    })
}

/// Whether a text in quotes may be wanted.
fn takes_text(wanted: &Ty) -> bool {
    wanted.arms().iter().any(|arm| match arm {
        Ty::Text(form) => !matches!(form, Form::Word | Form::Package),
        Ty::Pattern(..) => true,
        // Of the words that a value may be, those that can be written in quotes only.
        Ty::Literal(word) => !word.starts_with(|first: char| first.is_ascii_alphabetic()),
        _ => false,
    })
}

/// Whether a text can show values of the type.
fn is_shown(ty: &Ty) -> bool {
    matches!(ty, Ty::Bool | Ty::Address | Ty::Cidr | Ty::Size | Ty::Cpu | Ty::Duration | Ty::Range)
        || ty.is_number()
}

fn fits_const(core: &Core, wanted: &Ty) -> bool {
    match &core.kind {
        CoreKind::Const(value) => {
            let is_text = matches!(value, Value::Text(_)) && wanted.arms().iter().any(Ty::is_text);
            is_text && fit_value(value.clone(), wanted).is_ok()
        }
        _ => false,
    }
}

/// A number without the unit that it needs, or where the answer to a question is wanted.
fn measured_remedy(typed: &Typed, wanted: &Ty) -> Option<Remedy> {
    if !typed.ty.required().0.is_number() {
        return None;
    }
    let number = match &typed.core.kind {
        CoreKind::Const(value) => value.shown()?,
        _ => "8".to_owned(),
    };
    Some(match wanted {
        Ty::Size => Remedy::help(format!("a size has a unit, such as {number}MiB or {number}GiB")),
        Ty::Duration => {
            Remedy::help(format!("a duration has a unit, such as {number}s, {number}m or {number}h"))
        }
        Ty::Bool if matches!(typed.core.kind, CoreKind::Const(_)) => Remedy::help("write 'true' or 'false'"),
        Ty::Bool => Remedy::help("compare it with something, such as '… > 0'"),
        _ => return None,
    })
}
