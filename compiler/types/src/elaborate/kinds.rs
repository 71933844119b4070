//! Declarations of kinds that do not exist, or not where they stand.

use std::sync::Arc;

use diagnostics::{Edit, Elsewhere, Reported};
use smol_str::SmolStr;
use source::{ItemKey, Place, Span};
use syntax::ast::{Content, Declare, ExprKind, Name, Statement, StatementKind};

use super::Elaborator;
use super::body::Root;
use crate::item::{name_span, unnamed};
use crate::problems::{
    Remedy,
    duplicate_name::only_one,
    unknown_kind::{
        field_without_sign, kind_not_here, kind_with_base, missing_kind, no_block, not_made, place_in_braces,
        unknown_kind, untyped_item,
    },
};
use crate::{Shape, Ty, queries};

/// Words by which other languages begin a constant.
const CONSTANTS: &[&str] = &["const", "def", "let", "local", "locals", "set", "val", "var", "variable"];

/// Words by which other languages begin an import.
const IMPORTS: &[&str] = &["include", "load", "require", "source", "use"];

impl Elaborator<'_> {
    /// Says so where there is another declaration of a kind that has only one.
    pub(super) fn single(&mut self, declare: &Declare, kind: &SmolStr) {
        if !queries::shape_of(self.db, kind).is_some_and(|shape| shape.single) {
            return;
        }
        let first = names::index(self.db).declarations().iter().find(|one| one.kind == *kind);
        let Some(first) = first.filter(|first| first.item != *self.item) else { return };
        // One that has the same name too is declared twice, which is said elsewhere.
        let name = declare.name.as_ref().unwrap_or(&declare.kind[0]);
        let Some(item) = names::find(self.db, &first.item).filter(|_| name.text != first.name) else {
            return;
        };
        let place = Place::new(&first.item, name_span(&names::parsed(self.db, item).statement));
        self.report(only_one(self.place(name.span), kind, place));
    }

    /// There is no kind `kind`.
    pub(super) fn unknown_kind(&mut self, declare: &Declare, kind: &str) {
        if is_half_read(declare).is_some() {
            return;
        }
        let span = kind_span(declare);
        let place = self.place(span);
        let name = declare.name.as_ref();
        let problem = match (kind, name) {
            ("in", _) => missing_kind(place),
            ("if" | "for", _) => no_block(place, kind),
            ("kind", Some(name)) if !declare.templates.is_empty() => {
                kind_with_base(place, &name.text, &declare.templates[0].name.text)
            }
            ("template" | "type" | "fn" | "kind", Some(name)) => untyped_item(place, kind, &name.text),
            _ => {
                let index = names::index(self.db);
                let kinds = index.defined_names().filter(|(_, is)| is.kind.is_some());
                let near = diagnostics::closest(kind, kinds.map(|(name, _)| name.as_str()), 3);
                let remedy = if near.is_empty() { self.meant_kind(declare, kind) } else { Remedy::default() };
                let mut problem = remedy.of(unknown_kind(place, kind, &near));
                // Another kind is no remedy where the rest of the head is that of neither.
                let fits = |near: &&str| {
                    let shape = queries::shape_of(self.db, near);
                    shape.is_some_and(|shape| shape.place().is_some() == declare.place.is_some())
                };
                if !near.iter().all(fits) {
                    problem.fixes.clear();
                }
                problem
            }
        };
        self.report(problem);
    }

    /// What a word that is no kind was probably meant to be.
    fn meant_kind(&self, declare: &Declare, kind: &str) -> Remedy {
        let span = kind_span(declare);
        if names::defined(self.db, names::word(self.db, kind)).template.is_some() {
            return Remedy::help(format!(
                "'{kind}' is a template; several are put together by '+': ': other + {kind}'"
            ));
        }
        match (&declare.name, &declare.content) {
            (Some(name), Content::Primary(_)) if CONSTANTS.contains(&kind) => {
                let gone = Span::new(span.start, name.span.start);
                let edit = Edit { place: self.place(gone), text: String::new() };
                Remedy::help(format!("a constant has no word before its name: '{} = …'", name.text))
                    .fix(format!("remove '{kind}'"), vec![edit])
            }
            (Some(_), Content::None) if IMPORTS.contains(&kind) => {
                Remedy::help("did you mean 'import'?").change(self.place(span), "import")
            }
            _ => Remedy::help(format!(
                "look for another word in the manual of the standard library, or declare it: 'kind {kind} {{ … }}'"
            )),
        }
    }

    /// A declaration stands in something that does not have its kind: what `path` leads to from `root`.
    pub(super) fn not_here(&mut self, declare: &Declare, root: &Root<'_>, path: &[Name]) -> Reported {
        let kind = syntax::ast::dotted(&declare.kind);
        let place = self.place(kind_span(declare));
        let around = self.shape_at(root, path);
        let owner = around.map_or_else(|| "a block".to_owned(), |(shape, _)| shape.described());
        let known = match kind.as_str() {
            "in" => Some(place_in_braces(place.clone(), &owner)),
            "if" | "for" => Some(no_block(place.clone(), &kind)),
            _ => around.and_then(|around| self.forgotten_sign(declare, around)),
        };
        if let Some(problem) = known {
            return self.report(problem);
        }
        let nested =
            || around.into_iter().flat_map(|(shape, _)| &shape.nested).map(|(short, _)| short.as_str());
        let help = inner_kinds(&owner, nested());
        let is_top = queries::shape_of(self.db, &kind).is_some();
        let near = if is_top { Vec::new() } else { diagnostics::closest(&kind, nested(), 3) };
        self.report(if is_top || (near.is_empty() && self.is_nested_elsewhere(&kind)) {
            let help =
                if is_top { Some(format!("move the {kind} to the top level of the file")) } else { help };
            kind_not_here(place, &kind, &owner).help_if(help)
        } else {
            let problem = unknown_kind(place, &kind, &near);
            if near.is_empty() { problem.help_if(help) } else { problem }
        })
    }

    /// The shape of the declaration or record that `path` leads to from `root`.
    fn shape_at<'r>(&self, root: &Root<'r>, path: &[Name]) -> Option<(&'r Arc<Shape>, &'r ItemKey)>
    where
        Self: 'r,
    {
        let record = |ty: &Ty| queries::record_of(self.db, ty);
        let start = match root {
            Root::Declaration(shape, item) => Some((*shape, *item)),
            Root::Value(want) => record(&want.ty),
        };
        path.iter().try_fold(start?, |(shape, _), name| record(&shape.field(&name.text)?.ty))
    }

    /// `image "…"` for `image = "…"`.
    fn forgotten_sign(
        &self,
        declare: &Declare,
        (shape, item): (&Arc<Shape>, &ItemKey),
    ) -> Option<diagnostics::Problem> {
        let ([word], Some(_), Content::None, None) =
            (declare.kind.as_slice(), &declare.name, &declare.content, &declare.place)
        else {
            return None;
        };
        let field = shape.field(&word.text)?;
        let declared = Place::new(item, field.span);
        let end = self.place(Span::empty(word.span.end));
        Some(field_without_sign(self.place(word.span), &word.text, &shape.described(), end, declared))
    }

    /// Whether declarations of some kind can have a `word` in them.
    fn is_nested_elsewhere(&self, word: &str) -> bool {
        let kinds = names::index(self.db).defined_names().filter(|(_, is)| is.kind.is_some());
        kinds
            .filter_map(|(kind, _)| queries::shape_of(self.db, kind))
            .any(|shape| shape.nested(word).is_some())
    }

    /// A declaration of a kind of the top level stands in another one, which makes none of this name.
    pub(super) fn not_made(&mut self, declare: &Declare, kind: &str, around: &Shape) {
        let made = queries::made_of(self.db, &around.name).iter().filter(|made| made.kind == kind);
        let names: Vec<&str> = made.map(|made| made.name.as_str()).collect();
        let name = declare.name.as_ref().unwrap_or(&declare.kind[0]);
        let near = diagnostics::closest(&name.text, names.iter().copied(), 3);
        let problem = not_made(self.place(name.span), &around.described(), kind, &name.text, &near, &names);
        self.report(problem);
    }

    /// A statement stands where only declarations can.
    pub fn not_a_declaration(&mut self, statement: &Statement) {
        let (span, what) = match &statement.kind {
            StatementKind::Set(set) => (set.path[0].span.to(set.path[set.path.len() - 1].span), "a value"),
            StatementKind::Record(record) => match record.path.as_slice() {
                [word] => {
                    self.unknown_kind(&unnamed(record), &word.text);
                    return;
                }
                path => (path[0].span.to(path[path.len() - 1].span), "a block of values"),
            },
            StatementKind::Declare(declare) => {
                let kind = syntax::ast::dotted(&declare.kind);
                self.unknown_kind(declare, &kind);
                return;
            }
            _ => (statement.span, "this"),
        };
        self.misplaced(span, what, "here stand declarations: a kind, a name, and what it says");
    }
}

/// Whether the head of a declaration has a problem of its own, and so may be no declaration at all.
pub(crate) fn is_half_read(declare: &Declare) -> Option<Reported> {
    let place = declare.place.as_ref().filter(|place| matches!(place.kind, ExprKind::Error));
    place.map(|_| Reported::elsewhere(Elsewhere::Syntax))
}

fn kind_span(declare: &Declare) -> Span {
    declare.kind[0].span.to(declare.kind[declare.kind.len() - 1].span)
}

/// What can be declared in `owner`.
fn inner_kinds<'a>(owner: &str, nested: impl Iterator<Item = &'a str>) -> Option<String> {
    let words: Vec<String> = nested.map(|word| format!("'{word}'")).collect();
    let list = crate::ty::joined_by_or(&words);
    (!words.is_empty()).then(|| format!("in {owner} can stand {list}; a field is set with '='"))
}
