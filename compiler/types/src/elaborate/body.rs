//! What declarations and records set, and the declarations in them.

use std::borrow::Cow;
use std::sync::Arc;

use diagnostics::{Elsewhere, Reported};
use smol_str::SmolStr;
use source::{ItemKey, Place, Span};
use syntax::ast::{self, Body, Content, Declare, ExprKind, Name, Statement, StatementKind};

use super::Elaborator;
use super::fields::{Written, set_names};
use super::kinds::is_half_read;
use super::sets::Way;
use crate::choice::choice_of;
use crate::item::unnamed;
use crate::outline_node::{OutlineNode, inner_kind};
use crate::problems::{
    missing_place::{missing_place, unexpected_place},
    secret_in_plain::value_in_lab,
    type_mismatch::cannot_apply,
};
use crate::{
    BodyCore, Certainty, Core, CoreKind, DeclCore, How, Seen, SetCore, Shape, Ty, Want, last_segment, queries,
};

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
        node: &Arc<OutlineNode>,
        top: bool,
    ) -> BodyCore {
        let shape = kind.and_then(|kind| queries::shape(self.db, kind));
        let mut core = BodyCore::default();
        let mut set = Seen::default();
        self.in_block(body, |this| {
            for statement in &body.statements {
                if let Some((declare, kind)) =
                    this.inner_declaration(statement, shape.map(|(shape, _)| &**shape), node, top)
                {
                    let around = shape.filter(|_| !top).map(|(shape, _)| &**shape);
                    core.decls.extend(this.inner(&declare, kind, node, around));
                    continue;
                }
                match shape {
                    Some((shape, item)) => {
                        let root = Root::Declaration(shape, item);
                        let lost = this.set_by(statement, &root, &mut core.sets, &mut set);
                        core.broken = core.broken.or(lost);
                    }
                    None if matches!(statement.kind, StatementKind::Error | StatementKind::Let(_)) => {}
                    None => this.not_a_declaration(statement),
                }
            }
        });
        core.sets.shrink_to_fit();
        core.decls.shrink_to_fit();
        core
    }

    /// A statement as a declaration in this one, with its kind's full name.
    fn inner_declaration<'a>(
        &self,
        statement: &'a Statement,
        shape: Option<&Shape>,
        node: &Arc<OutlineNode>,
        top: bool,
    ) -> Option<(Cow<'a, Declare>, SmolStr)> {
        let declare = match &statement.kind {
            StatementKind::Declare(declare) => Cow::Borrowed(&**declare),
            StatementKind::Record(record) if record.path.len() == 1 => {
                let is_field =
                    |shape: &Shape| shape.open.is_some() || shape.field(&record.path[0].text).is_some();
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

    /// Elaborates a declaration in one whose outline is `around`, of kind `owner` where that says what it makes.
    fn inner(
        &mut self,
        declare: &Declare,
        kind: SmolStr,
        around: &Arc<OutlineNode>,
        owner: Option<&Shape>,
    ) -> Option<Arc<DeclCore>> {
        let name = match &declare.name {
            Some(name) => name.text.clone(),
            None => SmolStr::new(last_segment(&kind)),
        };
        if let Some(owner) = owner.filter(|_| !kind.contains('.') && !self.is_made(&kind, &name)) {
            self.not_made(declare, &kind, owner);
            return None;
        }
        let node = around.exactly(&kind, &name).cloned();
        self.declare(declare, kind, node).map(Arc::new)
    }

    /// Whether a kind around makes a declaration of this kind and name, which is there already and has its place.
    fn is_made(&self, kind: &str, name: &str) -> bool {
        let makes = |node: &Arc<OutlineNode>| {
            queries::made_of(self.db, &node.kind).iter().any(|made| made.kind == kind && made.name == name)
        };
        // What stands in a kind's `make` is made there, and by nothing around.
        let own = usize::from(self.itself.as_ref().is_some_and(|itself| itself.place));
        self.scopes.last().is_some_and(|(_, around)| !around.kind.is_empty())
            && self.scopes.iter().skip(own).any(|(_, node)| makes(node))
    }

    /// Elaborates a top-level declaration.
    pub fn declaration(&mut self, declare: &Declare, node: Option<Arc<OutlineNode>>) -> Option<DeclCore> {
        let kind = syntax::ast::dotted(&declare.kind);
        let known = queries::shape_of(self.db, &kind).is_some_and(|shape| !shape.record);
        if !known || kind.contains('.') {
            self.unknown_kind(declare, &kind);
            return None;
        }
        self.single(declare, &kind);
        self.itself = Some(super::SelfScope { kind: kind.clone(), place: false, node: node.clone() });
        self.declare(declare, kind, node)
    }

    fn declare(
        &mut self,
        declare: &Declare,
        kind: SmolStr,
        node: Option<Arc<OutlineNode>>,
    ) -> Option<DeclCore> {
        let (shape, item) = queries::shape(self.db, &kind)?;
        let kind_span = declare.kind[0].span.to(declare.kind[declare.kind.len() - 1].span);
        let name_span = declare.name.as_ref().map_or(kind_span, |name| name.span);
        let head = kind_span.to(name_span);
        let name = match &declare.name {
            Some(name) => name.text.clone(),
            None => SmolStr::new(last_segment(&kind)),
        };
        if let Some(name) = declare.name.as_ref().filter(|name| name.is_quoted()) {
            self.in_quotes_rightly(name, shape);
        }
        self.named_rightly(declare, (shape, item), kind_span);
        self.scoped(|this| {
            let repeat = declare.repeat.as_ref().map(|repeat| {
                let clause = this.clause(&repeat.clause);
                Box::new((this.key(&repeat.key), clause))
            });
            let before = this.problems.len();
            // What could not be read may belong to any part of the head.
            let is_whole = is_half_read(declare).is_none();
            let condition = declare.condition.as_ref().filter(|_| is_whole).map(|condition| {
                let core = this.check(condition, &Want::of(Ty::Bool));
                this.assume(condition, true);
                core
            });
            let reported = this.reported_since(before);
            let place = this.declared_place(declare, (shape, item), head, &name);
            this.bare_membership(declare, before, reported);
            let used = if is_whole { declare.templates.as_slice() } else { &[] };
            let (templates, lost) = this.templates(used, &kind);
            let pick = this.pick(declare, node.as_ref(), &name);
            let key = repeat.as_deref().map(|(key, _)| key).or(pick.as_deref());
            let base = this.base(&kind, &name, key, head);
            this.note_declaration(declare, &kind, &base);
            let node = node
                .unwrap_or_else(|| Arc::new(OutlineNode::new(kind.clone(), name.clone(), false, Vec::new())));
            this.scopes.push((base, Arc::clone(&node)));
            let mut body = match &declare.content {
                Content::None => BodyCore::default(),
                Content::Body(body) => this.body(Some(&kind), body, &node, false),
                Content::Primary(value) => this.primary((shape, item), value, &name),
            };
            body.broken = body.broken.or(lost).or_else(|| is_half_read(declare));
            Some(DeclCore {
                unnamed: declare.name.is_none(),
                kind: kind.clone(),
                name,
                head,
                name_span,
                repeat,
                pick,
                place,
                templates,
                condition: condition.map(Box::new),
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
                Certainty::Always,
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
                // What could not be read of the head may be anything.
                if !matches!(place.kind, ExprKind::Error) {
                    self.report(unexpected_place(self.place(place.span), &owner()));
                }
                None
            }
            (None, Some(field))
                if !matches!(shape.fields[field].ty, Ty::Optional(_)) && !self.is_made(&shape.name, name) =>
            {
                let field = &shape.fields[field];
                // One that is said in the body is said wrongly, there.
                if !says_place(&declare.content, &field.name) {
                    self.no_place(declare, head, &owner(), (shape, item), field);
                }
                None
            }
            _ => None,
        }
    }

    /// A declaration does not say what it is in.
    fn no_place(
        &mut self,
        declare: &Declare,
        head: Span,
        owner: &str,
        (shape, item): (&Arc<Shape>, &ItemKey),
        field: &crate::FieldShape,
    ) {
        let written: Vec<&str> =
            declare.kind.iter().chain(&declare.name).map(|name| name.text.as_str()).collect();
        let written = written.join(" ");
        let declared = (Place::new(item, field.span), format!("{} is in {}", shape.described(), field.ty));
        let problem = |help: &str| missing_place(self.place(head), owner, &field.ty, declared, help);
        // What a kind makes mostly stands where the kind's declaration does.
        if let Some(own) = self.own_place(&field.ty) {
            let end = self.place(Span::empty(head.end));
            let problem = problem(&format!("write '{written} in {own}'"));
            self.report(if declare.repeat.is_some() {
                problem
            } else {
                problem.fix(format!("add 'in {own}'"), end, format!(" in {own}"))
            });
            return;
        }
        let choice = match &field.ty {
            Ty::Kind(kind) => choice_of(self.db, kind, &self.candidates(kind)),
            _ => None,
        };
        let choice = choice.map_or_else(String::new, |choice| format!("; {choice}"));
        let problem = problem(&format!("write '{written} in …'{choice}"));
        self.report(problem);
    }

    /// The name of the place of the kind whose body this is, if it is of type `ty`.
    fn own_place(&self, ty: &Ty) -> Option<SmolStr> {
        let itself = self.itself.as_ref().filter(|itself| itself.place)?;
        let place = queries::shape_of(self.db, &itself.kind)?.place()?;
        (place.ty == *ty).then(|| place.name.clone())
    }

    /// `KIND NAME = value`.
    fn primary(&mut self, (shape, item): (&Arc<Shape>, &ItemKey), value: &ast::Expr, name: &str) -> BodyCore {
        let Some(field) = shape.fields.iter().position(|field| field.primary) else {
            let place = self.place(value.span);
            let problem = if shape.name == "secret" {
                value_in_lab(place, name)
            } else {
                let message = format!("{} cannot be set with '='", shape.described());
                cannot_apply(place, message).help("write its fields in braces: '{ … }'")
            };
            let reported = if matches!(value.kind, ExprKind::Error) {
                Reported::elsewhere(Elsewhere::Syntax)
            } else {
                let message = format!("{} has no main field", shape.described());
                self.report(problem.also(Place::new(item, shape.span), message))
            };
            return BodyCore { broken: Some(reported), ..BodyCore::default() };
        };
        let value = self.check(value, &Want::field(shape, item, field));
        let name = shape.fields[field].name.clone();
        let set =
            SetCore { path: [name].into(), keys: Box::default(), span: value.span, how: How::Join, value };
        BodyCore { sets: vec![set], ..BodyCore::default() }
    }

    /// What the statements of a record set; a failure where one has a problem and is left out, so that what it may have
    /// been meant for does not seem to be missing.
    pub(super) fn sets(&mut self, body: &Body, root: &Root<'_>) -> Result<Vec<SetCore>, Reported> {
        let mut sets = Vec::new();
        let mut seen = Seen::default();
        let mut lost = None;
        self.in_block(body, |this| {
            for statement in &body.statements {
                lost = lost.or(this.set_by(statement, root, &mut sets, &mut seen));
            }
        });
        lost.map_or(Ok(sets), Err)
    }

    /// Adds what a statement of a block sets; a failure where it has a problem and is left out.
    fn set_by(
        &mut self,
        statement: &Statement,
        root: &Root<'_>,
        sets: &mut Vec<SetCore>,
        seen: &mut Seen,
    ) -> Option<Reported> {
        let before = (self.problems.len(), sets.len());
        self.statement(statement, root, &Way::default(), sets, seen);
        let lost = self.reported_since(before.0).filter(|_| sets.len() == before.1);
        lost.or(is_unread(statement))
    }

    /// Adds what a statement sets, each value by its whole path.
    fn statement(
        &mut self,
        statement: &Statement,
        root: &Root<'_>,
        before: &Way,
        sets: &mut Vec<SetCore>,
        seen: &mut Seen,
    ) {
        match &statement.kind {
            StatementKind::Set(set) => {
                let way = self.way(before, &set.path, &set.keys);
                let want = match self.target(root, &way, Written::Value(&set.value)) {
                    Ok(want) => want,
                    Err(reported) => return lost(&way, reported, sets),
                };
                self.set_once(&way, set, seen);
                let joins = want.ty.arms().iter().any(holds_fields);
                let (written, how) = self.how_to_set(set, joins);
                let value = self.check(written, &want);
                if set.append && !want.ty.arms().iter().any(is_added_to) {
                    self.not_a_list(set, &want);
                    return;
                }
                sets.push(way.set(how, value));
            }
            StatementKind::Record(record) => {
                let way = self.way(before, &record.path, &record.keys);
                let want = match self.target(root, &way, Written::Block) {
                    Ok(want) => want,
                    Err(reported) => return lost(&way, reported, sets),
                };
                if !want.ty.arms().iter().any(holds_fields) {
                    self.no_block(&record.path[record.path.len() - 1], &want);
                    return;
                }
                if record.body.statements.is_empty() {
                    let empty = Core { kind: CoreKind::Record([].into()), span: record.body.span };
                    sets.push(way.set(How::Append, empty));
                }
                self.in_block(&record.body, |this| {
                    for inner in &record.body.statements {
                        this.statement(inner, root, &way, sets, seen);
                    }
                });
            }
            // It is known already.
            StatementKind::Let(_) => {}
            StatementKind::Error => {
                lost_in(before, statement.span, Reported::elsewhere(Elsewhere::Syntax), sets);
            }
            StatementKind::Declare(declare) => {
                let reported = is_half_read(declare);
                let reported = reported.unwrap_or_else(|| self.not_here(declare, root, &before.names));
                lost(&self.way(before, &declare.kind, &[]), reported, sets);
            }
            other => self.misplaced_item(other, statement.span),
        }
    }

    /// `name { … }` where `name` is no block.
    fn no_block(&mut self, name: &Name, want: &Want) {
        let message = format!("'{}' is {} and has no fields", name.text, want.ty.required().0);
        let problem = cannot_apply(self.place(name.span), message).help(format!("write '{} = …'", name.text));
        self.report(match want.required() {
            Some((place, message)) => problem.also(place, message),
            None => problem,
        });
    }

    /// `name += value` where `name` is no list.
    fn not_a_list(&mut self, set: &ast::Set, want: &Want) {
        let name = &set.path[set.path.len() - 1];
        let message = format!("'+=' adds to a list, and '{}' is {}", name.text, want.ty.required().0);
        let gap = Span::new(name.span.end, set.value.span.start);
        let problem =
            cannot_apply(self.place(name.span), message).fix("change to '='", self.place(gap), " = ");
        self.report(match want.required() {
            Some((place, message)) => problem.also(place, message),
            None => problem,
        });
    }

    /// What belongs to the top level, or into a kind, stands in a declaration.
    fn misplaced_item(&mut self, kind: &StatementKind, span: Span) {
        let (what, help) = match kind {
            StatementKind::Function(_) => ("a function", "move it to the top level of the file"),
            StatementKind::Kind(_) => ("a kind", "move it to the top level of the file"),
            StatementKind::Template(_) => ("a template", "move it to the top level of the file"),
            StatementKind::Alias(_) => ("a type", "move it to the top level of the file"),
            StatementKind::Import(_) => ("an import", "move it to the top level of the file"),
            StatementKind::Check(_) => ("a check", "move it to the top level of the file, or into the kind"),
            _ => ("this", "a declaration holds 'name = value' and other declarations"),
        };
        self.misplaced(span, what, help);
    }
}

/// Whether a body says what its declaration is in, as field `name` or by `in`.
fn says_place(content: &Content, name: &str) -> bool {
    let Content::Body(body) = content else { return false };
    let is_in = |statement: &Statement| matches!(&statement.kind, StatementKind::Declare(declare) if declare.kind[0].text == "in");
    body.statements.iter().any(is_in) || set_names(body).iter().any(|set| set == name)
}

/// Whether a statement has a problem of its own, so that it may be meant for any field.
fn is_unread(statement: &Statement) -> Option<Reported> {
    match &statement.kind {
        StatementKind::Error => Some(Reported::elsewhere(Elsewhere::Syntax)),
        StatementKind::Declare(declare) => is_half_read(declare),
        _ => None,
    }
}

/// What is in a record that has a field with a problem is not known.
fn lost(way: &Way, reported: Reported, sets: &mut Vec<SetCore>) {
    if let Some(last) = way.last() {
        lost_in(&way.around(), last.span, reported, sets);
    }
}

/// What is in `record`, if it is one in a declaration, is not known.
fn lost_in(record: &Way, span: Span, reported: Reported, sets: &mut Vec<SetCore>) {
    if !record.names.is_empty() {
        sets.push(record.set(How::Append, Core { kind: CoreKind::Error(reported), span }));
    }
}

/// Whether `+=` has a meaning for the type.
fn is_added_to(ty: &Ty) -> bool {
    matches!(ty.required().0, Ty::List(_) | Ty::Map(_) | Ty::Record(_) | Ty::Free(_) | Ty::Error)
}

pub(super) fn holds_fields(ty: &Ty) -> bool {
    matches!(ty.required().0, Ty::Record(_) | Ty::Map(_) | Ty::Free(_) | Ty::Error)
}
