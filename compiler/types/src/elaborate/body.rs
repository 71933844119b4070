//! What declarations and records set, and the declarations in them.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use source::{ItemKey, Place, Span};
use syntax::ast::{self, Body, Content, Declare, Name, Statement, StatementKind};

use super::{Elaborator, Want};
use crate::item::{name_span, unnamed};
use crate::node::{Node, inner_kind};
use crate::problems::{
    deprecated_field::deprecated_field,
    duplicate_field::duplicate_field,
    duplicate_name::only_one,
    missing_place::{missing_place, unexpected_place},
    read_only_field::read_only_field,
    type_mismatch::cannot_apply,
    unknown_field::unknown_field,
    unknown_kind::{kind_not_here, unknown_kind},
    unknown_template::{unknown_template, wrong_template},
};
use crate::{BodyCore, Core, CoreKind, DeclCore, Hatch, SetCore, Shape, Ty, last_segment, queries};

/// The paths that a body has set, and where.
type Seen = FxHashMap<Vec<SmolStr>, Span>;

/// What a body sets fields of.
pub(super) enum Root<'a> {
    /// A declaration of this shape, which that item declares.
    Declaration(&'a Arc<Shape>, &'a ItemKey),
    /// A record, a map, or data.
    Value(Want),
}

impl Elaborator<'_> {
    /// Elaborates what a declaration of `kind` says. `node` is its outline; `top` whether kinds of the top level
    /// can be declared in it, as in `make`.
    pub(super) fn body(
        &mut self,
        kind: Option<&SmolStr>,
        body: &Body,
        node: &Arc<Node>,
        top: bool,
    ) -> BodyCore {
        let shape = kind.and_then(|kind| queries::shape(self.db, kind));
        let mut core = BodyCore::default();
        let mut set: Seen = Seen::default();
        for statement in &body.statements {
            if let Some((declare, kind)) =
                self.inner_declaration(statement, shape.map(|(shape, _)| &**shape), node, top)
            {
                core.decls.extend(self.inner(&declare, kind, node));
                continue;
            }
            match shape {
                Some((shape, item)) => {
                    let before = (self.problems.len(), core.sets.len());
                    self.statement(statement, &Root::Declaration(shape, item), &[], &mut core.sets, &mut set);
                    let lost = self.problems.len() > before.0 && core.sets.len() == before.1;
                    core.broken |= lost || matches!(statement.kind, StatementKind::Error);
                }
                None if matches!(statement.kind, StatementKind::Error) => {}
                None => self.not_a_declaration(statement),
            }
        }
        core
    }

    /// A statement as a declaration in this one, with its kind's full name.
    fn inner_declaration<'a>(
        &self,
        statement: &'a Statement,
        shape: Option<&Shape>,
        node: &Arc<Node>,
        top: bool,
    ) -> Option<(Cow<'a, Declare>, SmolStr)> {
        let declare = match &statement.kind {
            StatementKind::Declare(declare) => Cow::Borrowed(&**declare),
            StatementKind::Record(record) if record.path.len() == 1 => {
                let is_field = |shape: &Shape| shape.open || shape.field(&record.path[0].text).is_some();
                if shape.is_some_and(is_field) {
                    return None;
                }
                Cow::Owned(unnamed(record))
            }
            _ => return None,
        };
        let kind = inner_kind(self.db, shape, &node.children, &declare.kind, top)?;
        Some((declare, kind))
    }

    fn inner(&mut self, declare: &Declare, kind: SmolStr, around: &Arc<Node>) -> Option<Arc<DeclCore>> {
        let name = match &declare.name {
            Some(name) => name.text.clone(),
            None => SmolStr::new(last_segment(&kind)),
        };
        let node = around.exactly(&kind, &name).cloned();
        self.declare(declare, kind, node).map(Arc::new)
    }

    /// Whether a kind around makes a declaration of this kind and name, which is there already and has its place.
    fn is_made(&self, kind: &str, name: &str) -> bool {
        let makes = |node: &Arc<Node>| {
            queries::made_of(self.db, &node.kind).iter().any(|made| made.kind == kind && made.name == name)
        };
        self.scopes.last().is_some_and(|(_, around)| !around.kind.is_empty())
            && self.scopes.iter().any(|(_, node)| makes(node))
    }

    /// Elaborates a top-level declaration.
    pub fn declaration(&mut self, declare: &Declare, node: Option<Arc<Node>>) -> Option<DeclCore> {
        let kind = crate::resolve::joined(&declare.kind);
        let known = queries::shape_of(self.db, &kind).is_some_and(|shape| !shape.record);
        if !known || kind.contains('.') {
            self.unknown_kind(declare, &kind);
            return None;
        }
        self.single(declare, &kind);
        self.itself = Some(super::SelfScope { kind: kind.clone(), place: false, node: node.clone() });
        self.declare(declare, kind, node)
    }

    /// Says so where there is another declaration of a kind that has only one.
    fn single(&mut self, declare: &Declare, kind: &SmolStr) {
        if !queries::shape_of(self.db, kind).is_some_and(|shape| shape.single) {
            return;
        }
        let first = names::index(self.db).declarations().iter().find(|one| one.kind == *kind);
        let Some(first) = first.filter(|first| first.item != *self.item) else { return };
        // One that has the same name too is declared twice, which is said elsewhere.
        let name = declare.name.as_ref().unwrap_or(&declare.kind[0]);
        let Some(item) = queries::find(self.db, &first.item).filter(|_| name.text != first.name) else {
            return;
        };
        let place = Place::new(&first.item, name_span(&names::parsed(self.db, item).statement));
        self.report(only_one(self.place(name.span), kind, place));
    }

    fn unknown_kind(&mut self, declare: &Declare, kind: &SmolStr) {
        let span = declare.kind[0].span.to(declare.kind[declare.kind.len() - 1].span);
        let index = names::index(self.db);
        let kinds = index.defined_names().filter(|(_, is)| is.kind.is_some()).map(|(name, _)| name.as_str());
        let near = diagnostics::closest(kind, kinds, 3);
        self.report(unknown_kind(self.place(span), kind, &near));
    }

    fn declare(&mut self, declare: &Declare, kind: SmolStr, node: Option<Arc<Node>>) -> Option<DeclCore> {
        let (shape, item) = queries::shape(self.db, &kind)?;
        let kind_span = declare.kind[0].span.to(declare.kind[declare.kind.len() - 1].span);
        let name_span = declare.name.as_ref().map_or(kind_span, |name| name.span);
        let head = kind_span.to(name_span);
        let name = match &declare.name {
            Some(name) => name.text.clone(),
            None => SmolStr::new(last_segment(&kind)),
        };
        self.scoped(|this| {
            let repeat = declare.repeat.as_ref().map(|repeat| {
                let clause = this.clause(&repeat.clause);
                (this.key(&repeat.key), clause)
            });
            let condition = declare.condition.as_ref().map(|condition| {
                let core = this.check(condition, &Want::of(Ty::Bool));
                this.assume(condition, true);
                core
            });
            let place = this.declared_place(declare, (shape, item), head, &name);
            let template = declare.template.as_ref().and_then(|used| this.template_use(used, &kind));
            let base = this.base(&kind, &name, repeat.as_ref().map(|(key, _)| key), head);
            let node =
                node.unwrap_or_else(|| Arc::new(Node::new(kind.clone(), name.clone(), false, Vec::new())));
            this.scopes.push((base, Arc::clone(&node)));
            let mut body = match &declare.content {
                Content::None => BodyCore::default(),
                Content::Body(body) => this.body(Some(&kind), body, &node, false),
                Content::Primary(value) => this.primary((shape, item), value),
            };
            body.broken |= declare.template.is_some() && template.is_none();
            Some(DeclCore {
                unnamed: declare.name.is_none(),
                kind: kind.clone(),
                name,
                head,
                name_span,
                repeat,
                place,
                template,
                condition,
                body: Arc::new(body),
            })
        })
    }

    /// How the declaration that is being elaborated is reached from `self`.
    fn base(&self, kind: &SmolStr, name: &SmolStr, key: Option<&Core>, span: Span) -> Core {
        let kind = match self.scopes.last() {
            None => CoreKind::Itself,
            Some((around, _)) => CoreKind::Nested(
                Box::new(around.clone()),
                kind.clone(),
                name.clone(),
                key.map(|key| Box::new(key.clone())),
            ),
        };
        Core { kind, span }
    }

    fn declared_place(
        &mut self,
        declare: &Declare,
        (shape, item): (&Arc<Shape>, &ItemKey),
        head: Span,
        name: &str,
    ) -> Option<Core> {
        let owner = || format!("{} '{name}'", last_segment(&shape.name));
        match (&declare.place, shape.fields.iter().position(|field| field.place)) {
            (Some(place), Some(field)) => Some(self.check(place, &Want::field(shape, item, field))),
            (Some(place), None) => {
                self.report(unexpected_place(self.place(place.span), &owner()));
                None
            }
            (None, Some(field))
                if !matches!(shape.fields[field].ty, Ty::Optional(_)) && !self.is_made(&shape.name, name) =>
            {
                let field = &shape.fields[field];
                let declared = Place::new(item, field.span);
                self.report(missing_place(self.place(head), &owner(), &field.ty, declared));
                None
            }
            _ => None,
        }
    }

    /// `KIND NAME = value`.
    fn primary(&mut self, (shape, item): (&Arc<Shape>, &ItemKey), value: &ast::Expr) -> BodyCore {
        let Some(field) = shape.fields.iter().position(|field| field.primary) else {
            let message = format!("{} cannot be set with '='", shape.described());
            let problem = cannot_apply(self.place(value.span), message);
            self.report(problem.help("write its fields in braces: '{ … }'"));
            return BodyCore { broken: true, ..BodyCore::default() };
        };
        let value = self.check(value, &Want::field(shape, item, field));
        let name = shape.fields[field].name.clone();
        let set = SetCore { path: [name].into(), span: value.span, append: false, value };
        BodyCore { sets: vec![set], ..BodyCore::default() }
    }

    /// `: template(arguments)`.
    pub(super) fn template_use(
        &mut self,
        used: &ast::TemplateUse,
        kind: &str,
    ) -> Option<(ItemKey, Vec<Core>)> {
        let name = &used.name.text;
        let word = names::Word::new(self.db, name.clone());
        let Some(template) = names::defined(self.db, word).template.clone() else {
            let index = names::index(self.db);
            let templates = index.defined_names().filter(|(_, is)| is.template.is_some());
            let near = diagnostics::closest(name, templates.map(|(name, _)| name.as_str()), 3);
            self.report(unknown_template(self.place(used.name.span), name, &near));
            return None;
        };
        let signature = queries::signature(self.db, &template)?;
        if let Ty::Kind(made) = &signature.result
            && made != kind
        {
            let declared = Place::new(&template, signature.span);
            let (made, wanted) = (last_segment(made), last_segment(kind));
            self.report(wrong_template(self.place(used.name.span), name, made, wanted, declared));
            return None;
        }
        let arguments = self.arguments(name, signature, &used.arguments, used.span);
        Some((template, arguments))
    }

    /// What the statements of a record set; nothing where one has a problem and is left out, so that what it may have
    /// been meant for does not seem to be missing.
    pub(super) fn sets(&mut self, body: &Body, root: &Root<'_>) -> Option<Vec<SetCore>> {
        let mut sets = Vec::new();
        let mut seen = Seen::default();
        let mut whole = true;
        for statement in &body.statements {
            let before = (self.problems.len(), sets.len());
            self.statement(statement, root, &[], &mut sets, &mut seen);
            let is_lost = self.problems.len() > before.0 && sets.len() == before.1;
            whole &= !is_lost && !matches!(statement.kind, StatementKind::Error);
        }
        whole.then_some(sets)
    }

    /// Adds what a statement sets, each value by its whole path.
    fn statement(
        &mut self,
        statement: &Statement,
        root: &Root<'_>,
        before: &[Name],
        sets: &mut Vec<SetCore>,
        seen: &mut Seen,
    ) {
        match &statement.kind {
            StatementKind::Set(set) => {
                let path = whole_path(before, &set.path);
                let Some(want) = self.target(root, &path) else {
                    lost(&path, sets);
                    return;
                };
                self.set_once(&path, set.append, seen);
                let value = self.check(&set.value, &want);
                sets.push(set_core(&path, set.append, value));
            }
            StatementKind::Record(record) => {
                let path = whole_path(before, &record.path);
                let Some(want) = self.target(root, &path) else {
                    lost(&path, sets);
                    return;
                };
                if !want.ty.arms().iter().any(holds_fields) {
                    let at = self.place(path[path.len() - 1].span);
                    let message = format!("'{}' is {} and has no fields", path[path.len() - 1].text, want.ty);
                    self.report(cannot_apply(at, message).help("write 'name = value'"));
                    return;
                }
                if record.body.statements.is_empty() {
                    let empty = Core { kind: CoreKind::Record([].into()), span: record.body.span };
                    sets.push(set_core(&path, false, empty));
                }
                for inner in &record.body.statements {
                    self.statement(inner, root, &path, sets, seen);
                }
            }
            StatementKind::Error => {}
            StatementKind::Declare(declare) => self.not_here(declare, root),
            _ => self.misplaced(
                statement.span,
                "this",
                "a declaration holds 'name = value' and other declarations",
            ),
        }
    }

    fn set_once(&mut self, path: &[Name], append: bool, seen: &mut Seen) {
        if append {
            return;
        }
        let key: Vec<SmolStr> = path.iter().map(|name| name.text.clone()).collect();
        let last = &path[path.len() - 1];
        if let Some(first) = seen.insert(key, last.span) {
            self.report(duplicate_field(self.place(last.span), &last.text, self.place(first)));
        }
    }

    /// What is wanted at the end of a path.
    fn target(&mut self, root: &Root<'_>, path: &[Name]) -> Option<Want> {
        match root {
            Root::Value(want) => self.walk(want.clone(), path),
            Root::Declaration(shape, item) => {
                let (first, rest) = path.split_first()?;
                let want = self.field_target(shape, item, first)?;
                self.walk(want, rest)
            }
        }
    }

    fn field_target(&mut self, shape: &Arc<Shape>, item: &ItemKey, name: &Name) -> Option<Want> {
        let at = shape.position(&name.text);
        match at.map(|at| &shape.fields[at]) {
            Some(field) if field.derived => {
                let declared = Place::new(item, field.span);
                let owner = shape.described();
                self.report(read_only_field(self.place(name.span), &owner, &name.text, declared));
                None
            }
            Some(field) if field.place => {
                let help = format!("write 'in' after the name of the {}", last_segment(&shape.name));
                self.misplaced(name.span, &format!("'{}'", name.text), &help);
                None
            }
            Some(field) => {
                if let Some(advice) = &field.deprecated {
                    self.report(deprecated_field(self.place(name.span), &name.text, advice));
                }
                at.map(|at| Want::field(shape, item, at))
            }
            None if shape.open => Some(Want::of(Ty::Free(Hatch::Any))),
            None => {
                let nested = shape.nested.iter().map(|(short, _)| short.as_str());
                let fields = shape.fields.iter().filter(|field| !field.derived && !field.place);
                let all = fields.map(|field| field.name.as_str()).chain(nested);
                let near = diagnostics::closest(&name.text, all, 3);
                let owner = shape.described();
                self.report(unknown_field(self.place(name.span), &owner, &name.text, &near));
                None
            }
        }
    }

    fn walk(&mut self, mut want: Want, path: &[Name]) -> Option<Want> {
        for name in path {
            let arm =
                want.ty.arms().iter().map(|arm| arm.required().0).find(|arm| holds_fields(arm)).cloned();
            want = match arm {
                Some(Ty::Record(record)) => {
                    let (shape, item) = queries::shape(self.db, &record)?;
                    self.field_target(shape, item, name)?
                }
                // `none` removes an entry.
                Some(Ty::Map(value)) => want.inner(Ty::optional((*value).clone())),
                Some(free @ Ty::Free(_)) => want.inner(free),
                Some(_) => return None,
                None => {
                    let message = format!("{} has no field '{}'", want.ty, name.text);
                    self.report(cannot_apply(self.place(name.span), message));
                    return None;
                }
            };
        }
        Some(want)
    }

    fn not_here(&mut self, declare: &Declare, root: &Root<'_>) {
        let kind = crate::resolve::joined(&declare.kind);
        let span = declare.kind[0].span.to(declare.kind[declare.kind.len() - 1].span);
        let owner = match root {
            Root::Declaration(shape, _) => shape.described(),
            Root::Value(_) => "a record".to_owned(),
        };
        if queries::shape_of(self.db, &kind).is_some() {
            self.report(kind_not_here(self.place(span), &kind, &owner));
            return;
        }
        let nested: Vec<&str> = match root {
            Root::Declaration(shape, _) => shape.nested.iter().map(|(short, _)| short.as_str()).collect(),
            Root::Value(_) => Vec::new(),
        };
        let near = diagnostics::closest(&kind, nested, 3);
        self.report(unknown_kind(self.place(span), &kind, &near));
    }

    /// A statement stands where only declarations can.
    pub fn not_a_declaration(&mut self, statement: &Statement) {
        let span = match &statement.kind {
            StatementKind::Set(set) => set.path[0].span.to(set.path[set.path.len() - 1].span),
            StatementKind::Record(record) => record.path[0].span.to(record.path[record.path.len() - 1].span),
            StatementKind::Declare(declare) => {
                let kind = crate::resolve::joined(&declare.kind);
                self.unknown_kind(declare, &kind);
                return;
            }
            _ => statement.span,
        };
        if let StatementKind::Record(record) = &statement.kind
            && let [word] = record.path.as_slice()
        {
            self.unknown_kind(&unnamed(record), &word.text);
            return;
        }
        self.misplaced(span, "this", "here stand declarations: a kind, a name, and what it says");
    }
}

/// What is in a record that has a field with a problem is not known.
fn lost(path: &[Name], sets: &mut Vec<SetCore>) {
    if let [record @ .., last] = path
        && !record.is_empty()
    {
        sets.push(set_core(record, false, Core { kind: CoreKind::Error, span: last.span }));
    }
}

fn holds_fields(ty: &Ty) -> bool {
    matches!(ty.required().0, Ty::Record(_) | Ty::Map(_) | Ty::Free(_) | Ty::Error)
}

/// A path in a record that is reached by the path `before`.
fn whole_path<'a>(before: &[Name], path: &'a [Name]) -> Cow<'a, [Name]> {
    if before.is_empty() { Cow::Borrowed(path) } else { before.iter().chain(path).cloned().collect() }
}

fn set_core(path: &[Name], append: bool, value: Core) -> SetCore {
    let span = path[0].span.to(path[path.len() - 1].span);
    SetCore { path: path.iter().map(|name| name.text.clone()).collect(), span, append, value }
}
