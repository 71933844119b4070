//! The fields that declarations and records set: which one is meant, and what is wrong where there is none.

use std::sync::Arc;

use diagnostics::{Elsewhere, Reported, did_you_mean};
use model::kubernetes;
use smol_str::SmolStr;
use source::{ItemKey, Place, Span};
use syntax::ast::{Body, Expr, ExprKind, Name, StatementKind};

use super::Elaborator;
use super::body::{Root, holds_fields};
use super::sets::Way;
use super::unknown::type_as_written;
use crate::problems::{
    Remedy,
    deprecated_field::deprecated_field,
    misplaced_statement::place_as_field,
    read_only_field::read_only_field,
    secret_in_plain::value_in_lab,
    type_mismatch::cannot_apply,
    unknown_field::{computed_field, nameless, unknown_field},
};
use crate::symbol::Symbol;
use crate::{FieldShape, Hatch, Shape, Ty, Want, last_segment, queries};

/// So many fields at most are listed where none is near.
const MOST_LISTED: usize = 8;

/// What people call the value of a secret.
const SECRET_WORDS: &[&str] = &["data", "password", "plain", "text", "value"];

/// What a field is set to, as it is written.
#[derive(Clone, Copy)]
pub(super) enum Written<'a> {
    /// A value.
    Value(&'a Expr),
    /// A block of fields.
    Block,
    /// Nothing itself: a path goes on behind its name.
    Path,
}

impl Elaborator<'_> {
    /// What is wanted at the end of a path.
    pub(super) fn target(
        &mut self,
        root: &Root<'_>,
        way: &Way,
        content: Written<'_>,
    ) -> Result<Want, Reported> {
        match root {
            Root::Value(want) => self.walk(want.clone(), way, 0, content),
            Root::Declaration(shape, item) => {
                let Some(first) = way.names.first() else {
                    return Err(Reported::elsewhere(Elsewhere::Syntax));
                };
                if way.is_computed(0) {
                    let what = shape.described();
                    return Err(self.report(computed_field(self.place(first.span), &what)));
                }
                let own = if way.names.len() == 1 { content } else { Written::Path };
                let want = self.field_target(shape, item, first, own)?;
                self.walk(want, way, 1, content)
            }
        }
    }

    /// What is wanted at the end of a path of which `want` is wanted at segment `from`.
    fn walk(
        &mut self,
        mut want: Want,
        way: &Way,
        from: usize,
        content: Written<'_>,
    ) -> Result<Want, Reported> {
        for (at, name) in way.names.iter().enumerate().skip(from) {
            let arm =
                want.ty.arms().iter().map(|arm| arm.required().0).find(|arm| holds_fields(arm)).cloned();
            want = match arm {
                Some(Ty::Record(record)) => {
                    let Some((shape, item)) = queries::shape(self.db, &record) else {
                        return Err(Reported::elsewhere(Elsewhere::Declaration));
                    };
                    if way.is_computed(at) {
                        let what = format!("'{}'", last_segment(&record));
                        return Err(self.report(computed_field(self.place(name.span), &what)));
                    }
                    let own = if at + 1 < way.names.len() { Written::Path } else { content };
                    self.field_target(shape, item, name, own)?
                }
                // `none` removes an entry.
                Some(Ty::Map(value)) => {
                    self.note_keys(std::slice::from_ref(name));
                    want.inner(Ty::optional((*value).clone()))
                }
                Some(free @ Ty::Free(_)) => {
                    self.note_keys(std::slice::from_ref(name));
                    want.inner(free)
                }
                Some(_) => return Err(Reported::elsewhere(Elsewhere::Operand)),
                None => {
                    let message = format!("{} has no field '{}'", want.ty.required().0, name.text);
                    let problem = cannot_apply(self.place(name.span), message);
                    return Err(self.report(match want.required() {
                        Some((place, message)) => problem.also(place, message),
                        None => problem,
                    }));
                }
            };
        }
        Ok(want)
    }

    /// What is wanted of field `name`, which is set to `content`.
    fn field_target(
        &mut self,
        shape: &Arc<Shape>,
        item: &ItemKey,
        name: &Name,
        content: Written<'_>,
    ) -> Result<Want, Reported> {
        if self.has_cursor(std::slice::from_ref(name)) {
            self.ask_field(shape);
            return Err(Reported::elsewhere(Elsewhere::Operand));
        }
        let at = shape.position(&name.text);
        if at.is_some() {
            self.note(name.span, |_| Some(Symbol::Field(shape.name.clone(), name.text.clone())));
        }
        match at.map(|at| (at, &shape.fields[at])) {
            Some((_, field)) if field.derived => {
                let declared = Place::new(item, field.span);
                let owner = shape.described();
                Err(self.report(read_only_field(self.place(name.span), &owner, &name.text, declared)))
            }
            Some((_, field)) if field.place => {
                let word = last_segment(&shape.name);
                Err(self.report(place_as_field(self.place(name.span), &name.text, word)))
            }
            Some((at, field)) => {
                if let Some(advice) = &field.deprecated {
                    self.warn(deprecated_field(self.place(name.span), &name.text, advice));
                }
                Ok(Want::field(shape, item, at))
            }
            None if let Some(hatch) = shape.open => {
                self.note_keys(std::slice::from_ref(name));
                let why = crate::Why::Open(Arc::clone(shape), item.clone());
                Ok(Want { ty: Ty::Free(hatch), why: Some(why) })
            }
            None if shape.name == "secret" && SECRET_WORDS.contains(&name.text.as_str()) => {
                let declared = Place::new(item, shape.span);
                let secret = self.scopes.last().map(|(_, node)| node.name.clone()).unwrap_or_default();
                let problem = value_in_lab(self.place(name.span), &secret);
                Err(self.report(problem.also(declared, "a secret has no field for it")))
            }
            None => {
                let declared = Place::new(item, shape.span);
                if let Some(full) = shape.nested(&name.text) {
                    let (owner, body) = (shape.described(), self.body_of(full));
                    let message = format!("what {owner} can have is declared here");
                    let problem = nameless(self.place(name.span), &owner, &name.text, body);
                    return Err(self.report(problem.also(declared, message)));
                }
                let problem = unknown_field(self.place(name.span), &shape.described(), &name.text);
                let remedy = self.meant_field(shape, name, content);
                let message = format!("what {} can say is declared here", shape.described());
                Err(self.report(remedy.of(problem).also(declared, message)))
            }
        }
    }

    /// What field `name`, which does not exist, was probably meant to be.
    fn meant_field<'s>(&self, shape: &'s Shape, name: &Name, content: Written<'_>) -> Remedy {
        let fields: Vec<&FieldShape> =
            shape.fields.iter().filter(|field| !field.derived && !field.place).collect();
        let free = |field: &&&FieldShape| !self.siblings.contains(&field.name);
        let names = |fields: &[&'s FieldShape]| {
            let names = fields.iter().map(|field| field.name.as_str());
            diagnostics::closest(&name.text, names, 3)
        };
        let free: Vec<&FieldShape> = fields.iter().filter(free).copied().collect();
        let taking: Vec<&FieldShape> =
            free.iter().filter(|field| self.takes(field, content)).copied().collect();
        // What does not take the value may be meant all the same, but to change the name alone would not help.
        if let [one] = names(&taking).as_slice() {
            return Remedy { help: did_you_mean(&[one]), fix: None }.change(self.place(name.span), one);
        }
        // What Kubernetes calls so is meant before what is only called like it.
        let is_near = !names(&taking).is_empty();
        if let Some(remedy) = self.kubernetes(shape, name).filter(|_| !is_near && !names(&free).is_empty()) {
            return remedy;
        }
        let near = [names(&taking), names(&free)].into_iter().find(|near| !near.is_empty());
        if let Some(near) = near {
            return Remedy { help: did_you_mean(&near), fix: None };
        }
        self.inner_kind(shape, &name.text)
            .or_else(|| self.field_of_part(shape, name))
            .or_else(|| self.hatch(shape, name, content))
            .or_else(|| self.kubernetes(shape, name))
            .or_else(|| listed(&fields))
            .or_else(|| settable(&taking, content))
            .unwrap_or_default()
    }

    /// A kind that is declared inside: `ports = …` for `port NAME = …`.
    fn inner_kind(&self, shape: &Shape, name: &str) -> Option<Remedy> {
        let plural = |full: &str| queries::shape_of(self.db, full).map(|inner| inner.plural.clone());
        let words = shape.nested.iter().map(|(short, _)| short.as_str());
        let named = shape.nested.iter().find(|(_, full)| plural(full).as_deref() == Some(name));
        let word = match named {
            Some((short, _)) => short.as_str(),
            None => *diagnostics::closest(name, words, 1).first()?,
        };
        let body = self.body_of(shape.nested(word)?);
        Some(Remedy::help(format!("declare each by itself: '{word} NAME {body}'")))
    }

    /// How what a declaration of kind `full` says mostly begins and ends.
    fn body_of(&self, full: &str) -> &'static str {
        queries::shape_of(self.db, full).map_or("{ … }", Shape::body)
    }

    /// A field of one of its parts: `memory` for `resources.memory`.
    fn field_of_part(&self, shape: &Shape, name: &Name) -> Option<Remedy> {
        let has = |field: &&FieldShape| {
            let record = queries::record_of(self.db, &field.ty);
            record.is_some_and(|(record, _)| record.field(&name.text).is_some())
        };
        let part = shape.fields.iter().find(has)?;
        let path = format!("{}.{}", part.name, name.text);
        let remedy = Remedy::help(format!("did you mean '{path}'?"));
        Some(remedy.change(self.place(name.span), &path))
    }

    /// Whether `field` takes what is written, as far as its text alone tells.
    fn takes(&self, field: &FieldShape, content: Written<'_>) -> bool {
        match content {
            Written::Value(value) if is_list_of_blocks(value) => {
                let holds = |ty: &Ty| ty.arms().iter().any(holds_fields);
                field.ty.arms().iter().any(|arm| match arm {
                    Ty::List(inner) => holds(inner),
                    other => matches!(other, Ty::Free(_)),
                })
            }
            Written::Value(value) => {
                type_as_written(value).is_none_or(|ty| self.can_be(&ty, Some(&field.ty)))
            }
            Written::Block => {
                field.ty.arms().iter().any(holds_fields) && of_kubernetes(&field.name).is_none()
            }
            Written::Path => true,
        }
    }

    /// An option that belongs into the block for them.
    fn hatch(&self, shape: &Shape, name: &Name, content: Written<'_>) -> Option<Remedy> {
        let goes_on = !matches!(content, Written::Value(_));
        let is_hatch = |ty: &Ty| matches!(ty, Ty::Free(Hatch::Nixos | Hatch::HelmValues));
        let field = shape.fields.iter().find(|field| goes_on && is_hatch(&field.ty))?;
        let what = if field.ty == Ty::Free(Hatch::Nixos) { "options of NixOS" } else { "values of a chart" };
        let at = Span::empty(name.span.start);
        let edit = diagnostics::Edit { place: self.place(at), text: format!("{}.", field.name) };
        let help = Remedy::help(format!("{what} stand in '{} {{ … }}'", field.name));
        Some(help.fix(format!("put '{}.' before it", field.name), vec![edit]))
    }

    /// A word of Kubernetes that belongs into the block for them.
    fn kubernetes(&self, shape: &Shape, name: &Name) -> Option<Remedy> {
        let knows = |field: &&FieldShape| {
            let block = of_kubernetes(&field.name).filter(|_| matches!(field.ty, Ty::Map(_)));
            block.is_some_and(|block| block.field(&name.text).is_some())
        };
        let field = shape.fields.iter().find(knows)?;
        let at = Span::empty(name.span.start);
        let edit = diagnostics::Edit { place: self.place(at), text: format!("{}.", field.name) };
        let help = Remedy::help(format!("fields of Kubernetes stand in '{} {{ … }}'", field.name));
        Some(help.fix(format!("put '{}.' before it", field.name), vec![edit]))
    }
}

/// Whether a list is written whose elements are blocks.
fn is_list_of_blocks(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::List(items) if items.iter().any(|item| matches!(item.kind, ExprKind::Record(_))))
}

/// The object whose fields a field of this name holds, if it is one for Kubernetes' own words.
fn of_kubernetes(field: &str) -> Option<kubernetes::Type> {
    const BLOCKS: [(&str, &str); 7] = [
        ("pod", "PodSpec"),
        ("container", "Container"),
        ("deployment", "DeploymentSpec"),
        ("daemon-set", "DaemonSetSpec"),
        ("stateful-set", "StatefulSetSpec"),
        ("job-spec", "JobSpec"),
        ("cron-spec", "CronJobSpec"),
    ];
    BLOCKS.iter().find(|(name, _)| *name == field).map(|(_, object)| kubernetes::Type::object(object))
}

fn listed(fields: &[&FieldShape]) -> Option<Remedy> {
    Some(Remedy::help(format!("it can have {}", list(fields)?)))
}

/// The fields that take what is written.
fn settable(taking: &[&FieldShape], content: Written<'_>) -> Option<Remedy> {
    let what = match content {
        Written::Value(value) => type_as_written(value)?.called(),
        Written::Block => "a block".to_owned(),
        Written::Path => return None,
    };
    Some(Remedy::help(format!("{what} can be set for {}", list(taking)?)))
}

/// The names of fields, if they are few.
fn list(fields: &[&FieldShape]) -> Option<String> {
    let names: Vec<String> = fields.iter().map(|field| format!("'{}'", field.name)).collect();
    (1..=MOST_LISTED).contains(&names.len()).then(|| crate::ty::joined_by_or(&names))
}

/// The names of what a body sets.
pub(super) fn set_names(body: &Body) -> Vec<SmolStr> {
    let path = |kind: &StatementKind| match kind {
        StatementKind::Set(set) => set.path.first().map(|name| name.text.clone()),
        StatementKind::Record(record) => record.path.first().map(|name| name.text.clone()),
        _ => None,
    };
    body.statements.iter().filter_map(|statement| path(&statement.kind)).collect()
}
