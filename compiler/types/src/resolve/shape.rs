//! From kinds to shapes.

use std::sync::Arc;

use smol_str::{SmolStr, format_smolstr};
use source::Span;
use syntax::ast::{self, ExprKind, StatementKind};

use super::Resolver;
use crate::elaborate::kinds::is_half_read;
use crate::problems::{
    duplicate_field::declared_twice,
    misplaced_statement::{misplaced, untyped_field},
    unknown_attribute::{attribute_without_text, unknown_attribute},
};
use crate::{FieldShape, Hatch, Shape, Ty, plural_word};

impl Resolver<'_> {
    /// Resolves a kind and the kinds in it, under the full name `name`.
    pub(crate) fn kind(&mut self, kind: &ast::Kind, name: SmolStr, doc: Option<&SmolStr>) {
        let mut shape = Shape {
            plural: plural_word(&kind.name.text).into(),
            ..empty_shape(name.clone(), doc, kind.name.span)
        };
        self.kind_attributes(&mut shape, &kind.attributes);
        for parameter in &kind.parameters {
            if parameter.is_place {
                let ty = self.ty(&parameter.ty, &name);
                let field = FieldShape { place: true, ..plain_field(&parameter.name, None, ty) };
                shape.fields.push(field);
            } else {
                let place = self.place(parameter.name.span);
                let help = "make it a field, or write 'in' before it";
                self.report(misplaced(place, "a parameter that is no place", help));
            }
        }
        for statement in &kind.body.statements {
            match &statement.kind {
                StatementKind::Kind(inner) => {
                    let full = format_smolstr!("{name}.{}", inner.name.text);
                    shape.nested.push((inner.name.text.clone(), full.clone()));
                    self.kind(inner, full, statement.doc.as_ref());
                }
                StatementKind::Make(_) => shape.makes = true,
                _ => {}
            }
        }
        self.fields(&mut shape, &kind.body);
        self.shapes.all.insert(name, Arc::new(shape));
    }

    fn fields(&mut self, shape: &mut Shape, body: &ast::Body) {
        for statement in &body.statements {
            let (field, derived) = match &statement.kind {
                StatementKind::Field(field) => (field, false),
                StatementKind::Derived(field) => (field, true),
                StatementKind::Kind(_) | StatementKind::Make(_) | StatementKind::Check(_)
                    if !shape.record =>
                {
                    continue;
                }
                StatementKind::Error => continue,
                StatementKind::Declare(declare) if is_half_read(declare).is_some() => continue,
                _ => {
                    self.no_field(statement);
                    continue;
                }
            };
            let ty = self.ty(&field.ty, &format_smolstr!("{}#{}", shape.name, field.name.text));
            let mut found = FieldShape {
                default: field.default.is_some() || matches!(ty, Ty::Optional(_)),
                derived,
                ..plain_field(&field.name, statement.doc.as_ref(), ty)
            };
            self.field_attributes(&mut found, &field.attributes);
            if let Some(first) = shape.field(&found.name) {
                let (place, first) = (self.place(found.span), self.place(first.span));
                self.report(declared_twice(place, &found.name, first));
            } else {
                shape.fields.push(found);
            }
        }
    }

    /// Says that a statement in a kind is none of those that belong there, and how a field is written if it may be one.
    fn no_field(&mut self, statement: &ast::Statement) {
        let field = match &statement.kind {
            StatementKind::Set(set) if set.path.len() == 1 && may_be_type(&set.value) => {
                Some((&set.path[0], set.value.span.start, "="))
            }
            StatementKind::Declare(declare) => match (declare.kind.as_slice(), &declare.name) {
                _ if matches!(declare.content, ast::Content::Body(_)) => None,
                ([name], Some(ty)) => Some((name, ty.span.start, "")),
                _ => None,
            },
            _ => None,
        };
        let problem = match field {
            Some((name, ty, sign)) => {
                let gap = self.place(Span::new(name.span.end, ty));
                untyped_field(self.place(name.span), &name.text, sign, gap)
            }
            None => {
                misplaced(self.place(statement.span), "this", "a field of a kind is written 'name: type'")
            }
        };
        self.report(problem);
    }

    /// Resolves a block of fields, under the name `name`.
    pub(super) fn record(&mut self, name: SmolStr, body: &ast::Body, span: Span, doc: Option<&SmolStr>) {
        let mut shape = Shape { record: true, ..empty_shape(name.clone(), doc, span) };
        self.fields(&mut shape, body);
        self.shapes.all.insert(name, Arc::new(shape));
    }

    fn kind_attributes(&mut self, shape: &mut Shape, attributes: &[ast::Attribute]) {
        for attribute in attributes {
            match attribute.name.text.as_str() {
                "open" if attribute.arguments.is_empty() => shape.open = Some(Hatch::Any),
                "open" => match self.text_argument(attribute).as_deref() {
                    Some("helm-values") => shape.open = Some(Hatch::HelmValues),
                    _ => shape.open = Some(Hatch::Any),
                },
                "single" => shape.single = true,
                "local" => shape.local = true,
                "quoted" => shape.quoted = true,
                "plural" => {
                    if let Some(plural) = self.text_argument(attribute) {
                        shape.plural = plural;
                    }
                }
                name => {
                    let place = self.place(attribute.name.span);
                    self.report(unknown_attribute(
                        place,
                        name,
                        "a kind",
                        &["local", "open", "plural", "quoted", "single"],
                    ));
                }
            }
        }
    }

    fn field_attributes(&mut self, field: &mut FieldShape, attributes: &[ast::Attribute]) {
        for attribute in attributes {
            match attribute.name.text.as_str() {
                "lazy" => field.lazy = true,
                "own" => field.own = true,
                "primary" => field.primary = true,
                "deprecated" => field.deprecated = self.text_argument(attribute),
                name => {
                    let place = self.place(attribute.name.span);
                    self.report(unknown_attribute(
                        place,
                        name,
                        "a field",
                        &["deprecated", "lazy", "own", "primary"],
                    ));
                }
            }
        }
    }

    fn text_argument(&mut self, attribute: &ast::Attribute) -> Option<SmolStr> {
        if let [argument] = attribute.arguments.as_slice()
            && let ExprKind::Text(parts) = &argument.kind
            && let [ast::TextPart::Text(text)] = parts.as_slice()
        {
            return Some(text.clone());
        }
        let place = self.place(attribute.span);
        self.report(attribute_without_text(place, &attribute.name.text));
        None
    }
}

/// Whether what stands behind a sign could stand behind `:` as well: a name, or a word in quotes.
fn may_be_type(value: &ast::Expr) -> bool {
    matches!(value.kind, ast::ExprKind::Name(_) | ast::ExprKind::Member(_) | ast::ExprKind::Text(_))
}

fn empty_shape(name: SmolStr, doc: Option<&SmolStr>, span: Span) -> Shape {
    Shape {
        name,
        doc: doc.cloned(),
        fields: Vec::new(),
        nested: Vec::new(),
        open: None,
        single: false,
        quoted: false,
        local: false,
        makes: false,
        plural: SmolStr::default(),
        record: false,
        span,
    }
}

fn plain_field(name: &ast::Name, doc: Option<&SmolStr>, ty: Ty) -> FieldShape {
    FieldShape {
        name: name.text.clone(),
        doc: doc.cloned(),
        ty,
        default: false,
        derived: false,
        lazy: false,
        own: false,
        primary: false,
        place: false,
        deprecated: None,
        span: name.span,
    }
}
