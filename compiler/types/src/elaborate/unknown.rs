//! Names that nothing has: what was meant, drawn from what fits.

use diagnostics::Problem;
use names::defined;
use smol_str::SmolStr;
use source::{Place, Span};
use syntax::ast::{Expr, ExprKind, Literal, StatementKind};

use super::{Elaborator, Typed};
use crate::choice::choice_of;
use crate::outline_node::OutlineNode;
use crate::problems::{
    Remedy,
    unknown_name::{no_value, not_called, unknown_name},
};
use crate::{Form, Ty, Value, Want, fit_value, last_segment, queries};

/// Names that are longer are not said again.
const LONG: usize = 60;

/// Words that other languages put before the names of constants.
const OWNERS: &[&str] = &["config", "const", "local", "locals", "values", "var", "vars"];

/// Words of other languages, and ours.
const FOREIGN: &[(&str, &str)] = &[
    ("ClusterIP", "cluster"),
    ("False", "false"),
    ("LoadBalancer", "load-balancer"),
    ("NULL", "none"),
    ("NodePort", "node-port"),
    ("None", "none"),
    ("Null", "none"),
    ("ReadWriteMany", "many-hosts"),
    ("ReadWriteOnce", "one-host"),
    ("RollingUpdate", "rolling"),
    ("True", "true"),
    ("amd64", "x86_64"),
    ("arm64", "aarch64"),
    ("enabled", "true"),
    ("disabled", "false"),
    ("nil", "none"),
    ("no", "false"),
    ("null", "none"),
    ("off", "false"),
    ("on", "true"),
    ("undefined", "none"),
    ("yes", "true"),
];

impl Elaborator<'_> {
    /// Says that nothing is called `name`.
    pub(super) fn unknown(&mut self, name: &SmolStr, span: Span, want: Option<&Want>) -> Typed {
        if let Some(problem) = self.other_sort(name, span) {
            let reported = self.report(problem);
            return Typed::error(span, reported);
        }
        let wanted = want.map(|want| &want.ty);
        let problem = unknown_name(self.place(span), name, wanted, want.and_then(Want::required));
        let remedy = self.meant(name, span, want);
        let reported = self.report(remedy.of(problem));
        Typed::error(span, reported)
    }

    /// What `name` was probably meant to be.
    fn meant(&self, name: &SmolStr, span: Span, want: Option<&Want>) -> Remedy {
        let wanted = want.map(|want| &want.ty);
        let is_own = want.is_some_and(Want::is_own);
        if name == "this" && self.itself.is_some() {
            return self.near_remedy(span, &["self"]);
        }
        if let Some(ours) = foreign(name, wanted) {
            return self.near_remedy(span, &[ours]);
        }
        if let Some(remedy) = self.subtraction(name, span, wanted) {
            return remedy;
        }
        let near = self.near(name, wanted);
        if !near.is_empty() {
            let near: Vec<&str> = near.iter().map(String::as_str).collect();
            let remedy = self.near_remedy(span, &near);
            let is_sure = near.iter().all(|one| diagnostics::is_surely(name, one));
            return if is_sure { remedy } else { Remedy { fix: None, ..remedy } };
        }
        self.own_field(name, span)
            .or_else(|| self.field_of_the_only_one(name, span, wanted))
            .or_else(|| if is_own { None } else { self.inside(name, span, wanted) })
            .or_else(|| self.quoted(name, span, wanted))
            .or_else(|| self.choice_of(wanted, is_own))
            .or_else(|| wanted.is_none().then(|| declared(name)))
            .unwrap_or_default()
    }

    fn near_remedy(&self, span: Span, near: &[&str]) -> Remedy {
        let remedy = Remedy { help: diagnostics::did_you_mean(near), fix: None };
        match near {
            [one] => remedy.change(self.place(span), one),
            _ => remedy,
        }
    }

    /// `replicas` for `self.replicas`.
    fn own_field(&self, name: &str, span: Span) -> Option<Remedy> {
        let kind = &self.itself.as_ref()?.kind;
        let shape = queries::shape_of(self.db, kind)?;
        if name != "name" && shape.field(name).is_none() {
            return None;
        }
        Some(self.near_remedy(span, &[&format!("self.{name}")]))
    }

    /// `lab.domain` for `domain`: a field of what there is one of in every lab.
    fn field_of_the_only_one(&self, name: &str, span: Span, wanted: Option<&Ty>) -> Option<Remedy> {
        let declared = names::index(self.db).declarations().iter().filter(|one| !one.item.is_std());
        let has_it = declared.filter(|one| {
            let shape = queries::shape_of(self.db, &one.kind).filter(|shape| shape.single);
            let field = shape.and_then(|shape| shape.field(name).map(|field| field.ty.clone()));
            field.is_some_and(|ty| self.can_be(&ty, wanted))
        });
        let words: Vec<String> = has_it.map(|one| format!("{}.{name}", last_segment(&one.kind))).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        (!words.is_empty()).then(|| self.near_remedy(span, &words))
    }

    /// `first-1` for `first - 1`.
    fn subtraction(&self, name: &str, span: Span, wanted: Option<&Ty>) -> Option<Remedy> {
        if wanted.is_some_and(|wanted| matches!(wanted.required().0, Ty::Kind(_))) {
            return None;
        }
        let is_known = |word: &str| {
            let word = SmolStr::new(word);
            word.parse::<u64>().is_ok() || self.is_local(&word) || !self.meanings(&word, span).is_empty()
        };
        let (at, _) =
            name.match_indices('-').find(|(at, _)| is_known(&name[..*at]) && is_known(&name[at + 1..]))?;
        let written = format!("{} - {}", &name[..at], &name[at + 1..]);
        let help = Remedy::help(format!("'-' is a part of names: to subtract, write '{written}'"));
        Some(help.change(self.place(span), &written))
    }

    /// A declaration in another that is called so: `zigbee` for `attic.zigbee`.
    fn inside(&self, name: &str, span: Span, wanted: Option<&Ty>) -> Option<Remedy> {
        let Ty::Kind(kind) = wanted?.required().0 else { return None };
        let all = self.candidates(kind);
        let last = |path: &&String| last_segment(path) == name;
        let near: Vec<&str> = all.iter().filter(last).map(String::as_str).collect();
        (!near.is_empty()).then(|| self.near_remedy(span, &near))
    }

    /// A function or a template, where a value is expected.
    fn other_sort(&self, name: &SmolStr, span: Span) -> Option<Problem> {
        let is = defined(self.db, names::word(self.db, name));
        let meant = is.function.as_ref().or(is.template.as_ref())?;
        let signature = queries::signature(self.db, meant)?;
        let (place, declared) = (self.place(span), Place::new(meant, signature.span));
        Some(match is.function {
            Some(_) => not_called(place, name, &signature.written(name), declared),
            None => no_value(place, name, declared),
        })
    }

    /// A text without quotes.
    fn quoted(&self, name: &str, span: Span, wanted: Option<&Ty>) -> Option<Remedy> {
        let takes = |arm: &Ty| match arm.required().0 {
            Ty::Text(Form::Word | Form::Package) => false,
            Ty::Text(_) | Ty::Pattern(..) => fit_value(Value::text(name), arm).is_ok(),
            Ty::Free(_) => true,
            _ => false,
        };
        wanted?.arms().iter().any(takes).then(|| {
            let written = format!("\"{name}\"");
            let help = Remedy::help(format!("a text stands in quotes: {written}"));
            help.fix("put it in quotes", vec![diagnostics::Edit { place: self.place(span), text: written }])
        })
    }

    fn choice_of(&self, wanted: Option<&Ty>, is_own: bool) -> Option<Remedy> {
        let Ty::Kind(kind) = wanted?.required().0 else { return None };
        let names = if is_own { self.declared_around(kind) } else { self.candidates(kind) };
        Some(Remedy { help: choice_of(self.db, kind, &names), fix: None })
    }

    /// The declarations of a kind in those around, without repeated ones.
    fn declared_around(&self, kind: &str) -> Vec<String> {
        let children = self.scopes.iter().flat_map(|(_, node)| &node.children);
        let of_kind = children.filter(|child| child.kind == kind && !child.repeated);
        of_kind.map(|child| child.name.to_string()).collect()
    }

    /// The declarations of a kind, as they are written here, without repeated ones; sorted.
    pub(super) fn candidates(&self, kind: &str) -> Vec<String> {
        let mut all = self.declared_around(kind);
        let index = names::index(self.db);
        for one in index
            .declarations()
            .iter()
            .filter(|one| !one.item.is_std() && !one.repeated && one.item.nth() == 0)
        {
            if one.kind == kind {
                all.push(one.name.to_string());
            } else if let Some(node) =
                self.node_of(&one.item).filter(|_| kind.contains('.') && one.item != *self.item)
            {
                paths(&node, &one.name, kind, &mut all);
            }
        }
        all.sort();
        all.dedup();
        all
    }

    /// Whether a declaration called `name` fits where `wanted` is expected.
    pub(super) fn is_declared(&self, name: &str, wanted: &Ty) -> bool {
        let fits = |arm: &Ty| match arm.required().0 {
            Ty::Kind(kind) => self.candidates(kind).iter().any(|other| other == name),
            Ty::Secret(_) => self.candidates("secret").iter().any(|other| other == name),
            _ => false,
        };
        wanted.arms().iter().any(fits)
    }

    /// The type of a constant as far as its text alone tells: asking for more might ask for what is being worked out.
    pub(crate) fn written_type(&self, constant: &source::ItemKey) -> Option<Ty> {
        let item = names::find(self.db, constant)?;
        let StatementKind::Set(set) = &names::parsed(self.db, item).statement.kind else { return None };
        type_as_written(&set.value)
    }
}

/// The type of a value as far as its text alone tells.
pub(super) fn type_as_written(value: &Expr) -> Option<Ty> {
    Some(match &value.kind {
        ExprKind::Int(digits) => digits.parse().map_or(crate::INT, |number| Ty::Int(number, number)),
        ExprKind::Float(_) => Ty::Float,
        ExprKind::Bool(_) => Ty::Bool,
        ExprKind::Text(parts) if parts.len() < 2 => crate::STRING,
        ExprKind::Literal(Literal::Address, _) => Ty::Address,
        ExprKind::Literal(Literal::Cidr, _) => Ty::Cidr,
        ExprKind::Literal(Literal::Path, _) => Ty::Text(Form::Path),
        ExprKind::List(_) | ExprKind::ListFor(_) => Ty::list(Ty::Never),
        ExprKind::Range(_) => Ty::Range,
        _ => return None,
    })
}

/// How a name that nothing has comes to mean something.
fn declared(name: &str) -> Remedy {
    if OWNERS.contains(&name) {
        return Remedy::help(format!("a constant is called by its name alone, without '{name}.'"));
    }
    Remedy::help(if name.len() > LONG {
        "declare it, or put a text in quotes".to_owned()
    } else {
        format!("declare it, or put a text in quotes: \"{name}\"")
    })
}

/// Our word for one of another language, if it can stand where `wanted` is expected.
pub(super) fn foreign(name: &str, wanted: Option<&Ty>) -> Option<&'static str> {
    let is_meant = |(foreign, ours): &&(&str, &str)| *foreign == name && is_word_for(ours, wanted);
    FOREIGN.iter().find(is_meant).map(|(_, ours)| *ours)
}

/// Whether one of our words can stand where `wanted` is expected.
fn is_word_for(word: &str, wanted: Option<&Ty>) -> bool {
    wanted.is_none_or(|wanted| match word {
        "none" => matches!(wanted, Ty::Optional(_) | Ty::Free(_)),
        "true" | "false" => {
            wanted.arms().iter().any(|arm| matches!(arm.required().0, Ty::Bool | Ty::Free(_)))
        }
        _ => wanted.words().any(|ours| ours == word),
    })
}

/// The declarations of `kind` in `node`, which is reached by `path`.
fn paths(node: &OutlineNode, path: &str, kind: &str, into: &mut Vec<String>) {
    for child in node.children.iter().filter(|child| !child.repeated) {
        let path = format!("{path}.{}", child.name);
        if child.kind == kind {
            into.push(path);
        } else {
            paths(child, &path, kind, into);
        }
    }
}
