//! `x.name`, `x?.name`, `x[index]`.

use std::sync::Arc;

use diagnostics::{Elsewhere, Reported};
use smol_str::SmolStr;
use source::Span;
use syntax::ast::{self, Expr, ExprKind, Name};

use super::collection::entry;
use super::unknown_member::Part;
use super::{Elaborator, Typed, fitted};
use crate::choice::choice_of;
use crate::meaning::nested;
use crate::outline_node::OutlineNode;
use crate::problems::{
    deprecated_field::deprecated_field,
    suggested,
    type_mismatch::cannot_apply,
    unknown_name::{none_declared, unknown_name},
};
use crate::relation::is_deployed;
use crate::symbol::Symbol;
use crate::{
    Certainty, Core, CoreKind, Form, INT, STRING, Shape, Ty, Value, Want, last_segment, properties, queries,
};

/// What every declaration has.
const NAME: &str = "name";

/// What every declaration has that is deployed, unless its kind has a field of the name.
const PATH: &str = "path";

impl Elaborator<'_> {
    pub(super) fn member(&mut self, member: &ast::Member, span: Span, want: Option<&Want>) -> Typed {
        if member.name.text.is_empty() {
            self.only_note(&member.base);
            return Typed::error(span, Reported::elsewhere(Elsewhere::Syntax));
        }
        if self.begins_with_cursor(&member.base) {
            return self.plain_member(member, span, want.map(|want| &want.ty));
        }
        if let Some(path) = self.package_path(member, want) {
            return Typed::value(Value::text(path.as_str()), span, Ty::Text(Form::Package));
        }
        if let Some(typed) = self.qualified(member, span) {
            return typed;
        }
        if let Some(typed) = self.unquoted_chain(member, span, want) {
            return typed;
        }
        let before = self.problems.len();
        let typed = self.plain_member(member, span, want.map(|want| &want.ty));
        self.quotes_for_chain(before, member, span, want);
        typed
    }

    /// As [`Self::only_note`], of arguments.
    pub(super) fn only_note_all(&mut self, given: &[ast::Argument]) {
        for argument in given {
            self.only_note(&argument.value);
        }
    }

    /// Notes what an expression refers to that stands where it can mean nothing: in something half written, say. Nothing
    /// in it is judged.
    pub(super) fn only_note(&mut self, expr: &ast::Expr) {
        if self.noted.is_some() {
            let before = self.problems.len();
            self.expr(expr, None);
            self.problems.truncate(before);
        }
    }

    fn plain_member(&mut self, member: &ast::Member, span: Span, wanted: Option<&Ty>) -> Typed {
        let base = match &member.base.kind {
            ExprKind::Name(name) => {
                let base = self.name(name, member.base.span, None, Some(&member.name.text));
                self.note_named(&member.base, &base);
                base
            }
            _ => self.expr(&member.base, None),
        };
        let (inner, optional) = match base.ty.required() {
            (inner, true) => (inner.clone(), true),
            (inner, false) => (inner.clone(), false),
        };
        if optional && !member.optional {
            let problem = self.maybe_none(&base, None, None);
            let reported = self.report(problem);
            return Typed::error(span, reported);
        }
        let base = Typed { ty: inner, ..base };
        let of = base.ty.clone();
        let found = self.member_of(base, &member.name, span, wanted);
        self.note_member(&member.name, &of, &found);
        let ty = match written(&member.base) {
            Some(path) => self.known_type(&format!("{path}.{}", member.name.text), &found.ty),
            None => found.ty,
        };
        let ty = if optional { Ty::optional(ty) } else { ty };
        Typed { ty, ..found }
    }

    /// `python3Packages.requests` where a package is expected.
    fn package_path(&self, member: &ast::Member, want: Option<&Want>) -> Option<SmolStr> {
        let ty = &want?.ty;
        if !ty.arms().contains(&Ty::Text(Form::Package)) {
            return None;
        }
        let base = written(&member.base)?;
        let root = base.split('.').next().unwrap_or_default();
        let is_local = root == "self" || self.is_local(root);
        let is_known = is_local || !self.meanings(&root.into(), member.base.span).is_empty();
        (!is_known).then(|| smol_str::format_smolstr!("{base}.{}", member.name.text))
    }

    /// `app.n8n`: a kind and a declaration of it, of the lab's own or made by another kind.
    fn qualified(&mut self, member: &ast::Member, span: Span) -> Option<Typed> {
        let ExprKind::Name(kind) = &member.base.kind else { return None };
        if self.is_local(kind) {
            return None;
        }
        let name = &member.name;
        let same = names::meanings(self.db, names::word(self.db, &name.text));
        if let Some(one) = self.in_place(kind, &same.declared) {
            self.only_note(&member.base);
            self.note(name.span, |_| Some(Symbol::Item(one.item.clone())));
            return Some(self.of_item(&one.clone(), span));
        }
        if let Some(one) = self.meant_here(&same.declared).into_iter().find(|one| one.kind == *kind) {
            self.note(member.base.span, |_| Some(Symbol::Kind(kind.clone())));
            self.note(name.span, |_| Some(Symbol::Item(one.item.clone())));
            return Some(self.of_item(&one.clone(), span));
        }
        // Only where the kind's word means nothing else: `lab.domain` is a field, `influxdb.url` too.
        let is_kind = names::meanings(self.db, names::word(self.db, kind)).defined.kind.is_some();
        if !is_kind || !self.meanings(kind, member.base.span).is_empty() {
            return None;
        }
        let made = self.made(kind);
        if let Some((_, core, node)) = made.iter().find(|(made, ..)| *made == name.text) {
            let core = Core { kind: core.kind.clone(), span };
            return Some(Typed { core, ty: Ty::Kind(kind.clone()), node: Some(Arc::clone(node)) });
        }
        if made.is_empty() {
            let reported = self.report(none_declared(self.place(member.base.span), kind));
            return Some(Typed::error(span, reported));
        }
        let place = self.place(name.span);
        let near = diagnostics::closest(&name.text, made.iter().map(|(name, ..)| name.as_str()), 3);
        let names: Vec<String> = made.iter().map(|(name, ..)| name.clone()).collect();
        let problem = unknown_name(place.clone(), &name.text, Some(&Ty::Kind(kind.clone())), None);
        let problem = problem.help_if(choice_of(self.db, kind, &names));
        let reported = self.report(suggested(problem, &place, &name.text, &near));
        Some(Typed::error(span, reported))
    }

    /// All declarations of a kind by the names that they have in what is built, but for repeated ones.
    fn made(&self, kind: &SmolStr) -> Vec<(String, Core, Arc<OutlineNode>)> {
        let mut found = Vec::new();
        for item in queries::items_with(self.db, names::word(self.db, kind)) {
            let Some(root) = self.node_of(item).filter(|root| !root.repeated) else { continue };
            let base = Core { kind: CoreKind::Item(item.clone(), None), span: Span::default() };
            collect_made(&root.name, &base, &root, kind, &mut found);
        }
        found
    }

    /// Whether something has a field or an inner declaration of this name.
    pub(super) fn has_member(&self, typed: &Typed, name: &str) -> bool {
        match typed.ty.required().0 {
            Ty::Kind(kind) => {
                let shape = queries::shape_of(self.db, kind);
                name == NAME
                    || (name == PATH && is_deployed(self.db, kind))
                    || shape.is_some_and(|shape| shape.field(name).is_some() || shape.open.is_some())
                    || self.child(typed.node.as_ref(), kind, name).is_some()
                    || shape.is_some_and(|shape| self.plural_of(shape, name).is_some())
            }
            Ty::Record(record) => {
                queries::shape_of(self.db, record).is_some_and(|shape| shape.field(name).is_some())
            }
            Ty::Deployed => name == NAME || name == PATH,
            Ty::Declaration => name == NAME,
            Ty::Fields(fields) => fields.contains_key(name),
            Ty::Map(_) | Ty::Free(_) | Ty::Error | Ty::Never => true,
            Ty::Union(arms) => {
                let has = |arm: &Ty| {
                    let one = Typed { core: typed.core.clone(), ty: arm.clone(), node: None };
                    matches!(arm, Ty::Kind(_)) && self.has_member(&one, name)
                };
                self.field_of_arms(arms, name).is_some() || arms.iter().all(has)
            }
            other => properties(other).iter().any(|(property, ..)| *property == name),
        }
    }

    fn member_of(&mut self, base: Typed, name: &Name, span: Span, wanted: Option<&Ty>) -> Typed {
        if self.has_cursor(std::slice::from_ref(name)) {
            self.ask_part(&base, wanted);
            return Typed::error(span, Reported::elsewhere(Elsewhere::Operand));
        }
        let boxed = |core: Core| Box::new(core);
        match &base.ty {
            Ty::Error => Typed::error(span, Reported::elsewhere(Elsewhere::Operand)),
            Ty::Never => Typed::plain(CoreKind::Get(boxed(base.core), name.text.clone()), span, Ty::Never),
            Ty::Kind(kind) => {
                let kind = kind.clone();
                let of = base.core.clone();
                match self.member_of_declaration(boxed(base.core), &kind, base.node.as_ref(), name, span) {
                    Some(found) => found,
                    None => self.no_member_of_declaration((&kind, &of), base.node.as_ref(), name, wanted),
                }
            }
            Ty::Declaration | Ty::Deployed if name.text == NAME => {
                Typed::plain(CoreKind::Name(boxed(base.core)), span, STRING)
            }
            Ty::Deployed if name.text == PATH => {
                Typed::plain(CoreKind::Folder(boxed(base.core)), span, STRING)
            }
            Ty::Deployed => {
                self.no_member(&base.ty.called(), name, &[(NAME, STRING), (PATH, STRING)], wanted)
            }
            Ty::Declaration => self.no_member(&base.ty.called(), name, &[(NAME, STRING)], wanted),
            Ty::Record(record) => match queries::shape_of(self.db, record) {
                Some(shape) => self.member_of_record(boxed(base.core), shape, name, span, wanted),
                None => Typed::error(span, Reported::elsewhere(Elsewhere::Declaration)),
            },
            Ty::Fields(fields) => {
                if let Some(ty) = fields.get(&name.text) {
                    return Typed::plain(
                        CoreKind::Get(boxed(base.core), name.text.clone()),
                        span,
                        ty.clone(),
                    );
                }
                let all: Vec<Part<'_>> =
                    fields.iter().map(|(name, ty)| (name.as_str(), ty.clone())).collect();
                self.no_member("this block", name, &all, wanted)
            }
            Ty::Map(value) => {
                let ty = Ty::optional((**value).clone());
                Typed::plain(CoreKind::Get(boxed(base.core), name.text.clone()), span, ty)
            }
            Ty::Free(_) => {
                let ty = base.ty.clone();
                Typed::plain(CoreKind::Get(boxed(base.core), name.text.clone()), span, ty)
            }
            Ty::Union(arms) if let Some(ty) = self.field_of_arms(arms, &name.text) => {
                Typed::plain(CoreKind::Get(boxed(base.core), name.text.clone()), span, ty)
            }
            Ty::Union(arms) if let Some(found) = self.member_of_kinds(&base.core, arms, name, span) => found,
            other => {
                let all = properties(other);
                if let Some((_, property, ty)) = all.iter().find(|(property, ..)| *property == name.text) {
                    return Typed::plain(CoreKind::Property(boxed(base.core), *property), span, ty.clone());
                }
                let all: Vec<Part<'_>> = all.into_iter().map(|(name, _, ty)| (name, ty)).collect();
                match other {
                    Ty::List(element) => self.no_member_of_list(&base, element, name, (&all, wanted)),
                    Ty::Text(Form::Version) => self.no_address(&base, span, name),
                    other => self.no_member(&other.called(), name, &all, wanted),
                }
            }
        }
    }

    /// What a field is that some of several types have, which are records: whether a value is one of these is seen when
    /// it is known.
    fn field_of_arms(&self, arms: &[Ty], name: &str) -> Option<Ty> {
        let shapes = arms.iter().filter_map(|arm| match arm {
            Ty::Record(record) => queries::shape_of(self.db, record),
            _ => None,
        });
        let types: Vec<Ty> = shapes.filter_map(|shape| Some(shape.field(name)?.ty.clone())).collect();
        (!types.is_empty()).then(|| Ty::union(types))
    }

    /// What declarations of several kinds all have, in the same way.
    fn member_of_kinds(&mut self, base: &Core, arms: &[Ty], name: &Name, span: Span) -> Option<Typed> {
        let mut found: Option<Typed> = None;
        for arm in arms {
            let Ty::Kind(kind) = arm else { return None };
            let one = self.member_of_declaration(Box::new(base.clone()), kind, None, name, span)?;
            found = Some(match found {
                None => one,
                Some(before) if before.core == one.core => {
                    Typed { ty: Ty::union([before.ty, one.ty]), ..before }
                }
                Some(_) => return None,
            });
        }
        found
    }

    fn member_of_record(
        &mut self,
        base: Box<Core>,
        shape: &Shape,
        name: &Name,
        span: Span,
        wanted: Option<&Ty>,
    ) -> Typed {
        if let Some(field) = shape.field(&name.text) {
            return Typed::plain(CoreKind::Get(base, name.text.clone()), span, field.ty.clone());
        }
        let all: Vec<Part<'_>> =
            shape.fields.iter().map(|field| (field.name.as_str(), field.ty.clone())).collect();
        self.no_member(&format!("'{}'", last_segment(&shape.name)), name, &all, wanted)
    }

    /// The field or inner declaration `name` of a declaration of `kind`, if it has one.
    fn member_of_declaration(
        &mut self,
        base: Box<Core>,
        kind: &SmolStr,
        node: Option<&Arc<OutlineNode>>,
        name: &Name,
        span: Span,
    ) -> Option<Typed> {
        let shape = queries::shape_of(self.db, kind)?;
        let text = &name.text;
        if let Some(field) = shape.field(text) {
            if let Some(advice) = &field.deprecated {
                self.warn(deprecated_field(self.place(name.span), text, advice));
            }
            let kind = if field.lazy { CoreKind::Lazy } else { CoreKind::Field };
            return Some(Typed::plain(kind(base, text.clone()), span, field.ty.clone()));
        }
        if text == NAME {
            return Some(Typed::plain(CoreKind::Name(base), span, STRING));
        }
        if text == "parent"
            && let Some((parent, _)) = kind.rsplit_once('.')
        {
            return Some(Typed::plain(CoreKind::Parent(base), span, Ty::Kind(parent.into())));
        }
        if let Some(child) = self.child(node, kind, text) {
            return Some(nested(*base, &child, span));
        }
        if let Some(inner) = self.plural_of(shape, text) {
            let ty = Ty::list(Ty::Kind(inner.clone()));
            return Some(Typed::plain(CoreKind::NestedAll(base, inner, None), span, ty));
        }
        if text == PATH && is_deployed(self.db, kind) {
            return Some(Typed::plain(CoreKind::Folder(base), span, STRING));
        }
        shape.open.map(|hatch| Typed::plain(CoreKind::Field(base, text.clone()), span, Ty::Free(hatch)))
    }

    /// The inner declaration called `name`: one that is written or made here, or that each of the kind makes.
    fn child(&self, node: Option<&Arc<OutlineNode>>, kind: &str, name: &str) -> Option<Arc<OutlineNode>> {
        let here = node.and_then(|node| node.child(name));
        let made = || queries::made_of(self.db, kind).iter().find(|child| child.name == name);
        here.or_else(made).cloned()
    }

    /// The nested kind whose declarations are together called `plural`.
    fn plural_of(&self, shape: &Shape, plural: &str) -> Option<SmolStr> {
        let named =
            |full: &&SmolStr| queries::shape_of(self.db, full).is_some_and(|inner| inner.plural == plural);
        shape.nested.iter().map(|(_, full)| full).find(named).cloned()
    }

    pub(super) fn index(&mut self, base: &Expr, index: &Expr, span: Span) -> Typed {
        let base = self.expr(base, None);
        match (&base.core.kind, base.ty.required().0.clone()) {
            (_, Ty::Error) => Typed::error(span, Reported::elsewhere(Elsewhere::Operand)),
            (_, Ty::Never) => {
                let at = self.expr(index, None).core;
                Typed::plain(CoreKind::Index(Box::new((base.core, at))), span, Ty::Never)
            }
            (CoreKind::ItemAll(item), Ty::List(of)) => {
                let node = self.node_of(item);
                let item = item.clone();
                let key = Some(Box::new(self.key(index)));
                Typed { core: Core { kind: CoreKind::Item(item, key), span }, ty: (*of).clone(), node }
            }
            (CoreKind::NestedAll(parent, kind, Some(name)), Ty::List(of)) => {
                let (parent, kind, name) = (parent.clone(), kind.clone(), name.clone());
                let key = Some(Box::new(self.key(index)));
                let core = CoreKind::Nested(parent, kind, name, key, Certainty::Perhaps);
                Typed { core: Core { kind: core, span }, ty: (*of).clone(), node: base.node }
            }
            (_, Ty::List(of)) => {
                let at = self.check(index, &Want::of(INT));
                Typed::plain(CoreKind::Index(Box::new((base.core, at))), span, (*of).clone())
            }
            (_, Ty::Free(_)) => self.index_of_data(base, index, span),
            (_, Ty::Fields(_) | Ty::Record(_)) if let Some(name) = written_key(index) => {
                self.member_of(base, &name, span, None)
            }
            (_, of) if let Some(entry) = entry(self.db, &of) => {
                let at = self.check(index, &Want::of(STRING));
                Typed::plain(CoreKind::Index(Box::new((base.core, at))), span, Ty::optional(entry))
            }
            (_, other) => {
                let message = format!(
                    "'[…]' picks from a list, a map or a repeated declaration, and this is {}",
                    other.called()
                );
                let help = matches!(other, Ty::Kind(_)).then_some("a field is taken with '.', as in '.name'");
                let reported = self.report(cannot_apply(self.place(span), message).help_if(help));
                Typed::error(span, reported)
            }
        }
    }

    /// `data[key]`, `data[0]`.
    fn index_of_data(&mut self, base: Typed, index: &Expr, span: Span) -> Typed {
        let ty = base.ty.clone();
        let at = self.expr(index, None);
        let is_number = matches!(at.ty, Ty::Int(..));
        let at = if is_number { at.core } else { self.fit(at, &Want::of(STRING)) };
        let held = if is_number { Ty::list(ty.clone()) } else { Ty::map(ty.clone()) };
        Typed::plain(CoreKind::Index(Box::new((fitted(base.core, held), at))), span, ty)
    }

    /// What tells repeated declarations apart: a text, a number, or a declaration by its name.
    pub(super) fn key(&mut self, key: &Expr) -> Core {
        let key = self.expr(key, None);
        match &key.ty {
            Ty::Kind(_) => {
                let span = key.core.span;
                Core { kind: CoreKind::Name(Box::new(key.core)), span }
            }
            Ty::Int(..) | Ty::Port | Ty::Address | Ty::Error | Ty::Never => key.core,
            _ => self.fit(key, &Want::of(STRING)),
        }
    }
}

/// A key that is written out: `x["name"]`.
fn written_key(index: &Expr) -> Option<Name> {
    let ExprKind::Text(parts) = &index.kind else { return None };
    match parts.as_slice() {
        [ast::TextPart::Text(text)] => Some(Name { text: text.clone(), span: index.span }),
        _ => None,
    }
}

/// A chain of names as people write it: `self.host`, `lan.dns`.
pub(super) fn written(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name.to_string()),
        ExprKind::Itself => Some("self".to_owned()),
        ExprKind::Member(member) => Some(format!("{}.{}", written(&member.base)?, member.name.text)),
        _ => None,
    }
}

/// Adds the declarations of `kind` in `node`, and itself, by the names that they have in what is built.
fn collect_made(
    name: &str,
    core: &Core,
    node: &Arc<OutlineNode>,
    kind: &str,
    into: &mut Vec<(String, Core, Arc<OutlineNode>)>,
) {
    if node.kind == kind {
        into.push((name.to_owned(), core.clone(), Arc::clone(node)));
    }
    for child in node.children.iter().filter(|child| !child.repeated) {
        let unnamed = child.name == last_segment(&child.kind);
        let inner = crate::display_name(name, &child.kind, &child.name, unnamed, None);
        let step = crate::meaning::step(core.clone(), child);
        collect_made(&inner, &Core { kind: step, span: core.span }, child, kind, into);
    }
}
