//! What an item comes to: declarations, kinds, templates, functions, constants and checks, elaborated.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostics::Problem;
use names::{Db, Item, parsed};
use smol_str::SmolStr;
use source::{ItemKey, Span};
use syntax::ItemForm;
use syntax::ast::{Content, Declare, Record, Statement, StatementKind};

use crate::elaborate::Elaborator;
use crate::elaborate::noted::Noted;
use crate::outline_node::{self, OutlineNode};
use crate::{BodyCore, ClauseCore, Core, DeclCore, TemplateCall, Ty, queries};

/// An item, elaborated, and the problems found on the way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItemCore {
    /// A declaration.
    pub decl: Option<Arc<DeclCore>>,
    /// The kinds and record types that it declares, by full name.
    pub kinds: BTreeMap<SmolStr, Arc<KindCore>>,
    /// A template.
    pub template: Option<Arc<TemplateCore>>,
    /// A function.
    pub function: Option<Arc<FunctionCore>>,
    /// A constant, and its type.
    pub constant: Option<(Arc<Core>, Ty)>,
    /// A check of the lab.
    pub check: Option<Arc<CheckCore>>,
    /// What is wrong with it, syntax and types included.
    pub problems: Vec<Problem>,
    /// Whether elaborating it needs its own result, so that nothing is known of it.
    pub circular: bool,
}

impl ItemCore {
    /// The type of a constant.
    pub fn constant_type(&self) -> Option<Ty> {
        self.constant.as_ref().map(|(_, ty)| ty.clone())
    }

    /// Whether it is a declaration that is there only if something holds.
    pub fn is_conditional(&self) -> bool {
        self.decl.as_ref().is_some_and(|decl| decl.condition.is_some())
    }
}

/// What a kind computes for each of its declarations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KindCore {
    /// Defaults and derived fields, by field.
    pub fields: BTreeMap<SmolStr, Core>,
    /// What each declaration makes.
    pub make: Arc<BodyCore>,
    /// What must hold.
    pub checks: Vec<CheckCore>,
}

/// A template.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateCore {
    /// The templates that it extends, the lowest first.
    pub bases: Box<[TemplateCall]>,
    /// The defaults of its parameters, by position.
    pub defaults: Vec<Option<Core>>,
    /// What it sets and declares.
    pub body: Arc<BodyCore>,
}

/// A function.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionCore {
    /// The defaults of its parameters, by position.
    pub defaults: Vec<Option<Core>>,
    /// What it computes.
    pub value: Core,
}

/// A condition that must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckCore {
    /// What it is asked for.
    pub clauses: Vec<ClauseCore>,
    /// What must hold.
    pub condition: Core,
    /// What to say when it does not.
    pub message: Core,
    /// All of it.
    pub span: Span,
}

/// Elaborates an item.
pub(crate) fn elaborate_item<'db>(db: &'db dyn Db, of: Item<'db>) -> ItemCore {
    let tree = parsed(db, of);
    let mut elaborator = Elaborator::new(db, of.key(db));
    let mut core = ItemCore::default();
    elaborate(&mut elaborator, &tree.statement, || queries::outline(db, of).clone(), &mut core);
    // Others declare no shapes, and an empty answer takes room, too.
    let has_type = matches!(&tree.statement.kind, StatementKind::Set(set) if set.ty.is_some());
    if has_type
        || matches!(
            of.head(db).form,
            ItemForm::Kind | ItemForm::Template | ItemForm::Function | ItemForm::Alias
        )
    {
        core.problems.extend(queries::shapes(db, of).problems.iter().cloned());
    }
    core.problems.extend(elaborator.finish(&tree.problems));
    core
}

/// What stands where in the text of item `key`, whose tree is `statement`.
pub(crate) fn noted_item(
    db: &dyn Db,
    key: &ItemKey,
    statement: &Statement,
    node: Option<Arc<OutlineNode>>,
) -> Noted {
    let mut elaborator = Elaborator::new(db, key).noting();
    elaborate(&mut elaborator, statement, || node, &mut ItemCore::default());
    elaborator.note_statement(statement);
    elaborator.take_noted()
}

/// Elaborates what an item says; `node` is its outline.
fn elaborate(
    elaborator: &mut Elaborator<'_>,
    statement: &Statement,
    node: impl FnOnce() -> Option<Arc<OutlineNode>>,
    core: &mut ItemCore,
) {
    match &statement.kind {
        StatementKind::Kind(kind) => elaborator.kind(kind, &kind.name.text, &mut core.kinds),
        StatementKind::Alias(alias) => elaborator.alias(alias, &mut core.kinds),
        StatementKind::Template(template) => {
            let types = template.parameters.iter().map(|parameter| &parameter.ty);
            elaborator.types_in(("template", &template.name), types, &mut core.kinds);
            core.template = elaborator.template(template).map(Arc::new);
        }
        StatementKind::Function(function) => {
            let types = function.parameters.iter().map(|parameter| &parameter.ty);
            let types = types.chain([&function.result]);
            elaborator.types_in(("fn", &function.name), types, &mut core.kinds);
            core.function = elaborator.function(function).map(Arc::new);
        }
        StatementKind::Check(check) => core.check = Some(Arc::new(elaborator.lab_check(check))),
        StatementKind::Import(import) => elaborator.import(import),
        StatementKind::Set(set) => {
            elaborator.types_in(("constant", &set.path[0]), set.ty.as_deref(), &mut core.kinds);
            elaborator.named_constant(set);
            core.constant = elaborator.constant(set);
        }
        StatementKind::Let(binding) => {
            core.constant = Some(elaborator.let_constant(binding, statement.span));
        }
        StatementKind::Declare(_) | StatementKind::Record(_) => {
            if let Some(declare) = as_declaration(statement) {
                core.decl = elaborator.declaration(&declare, node()).map(Arc::new);
            } else {
                elaborator.not_a_declaration(statement);
            }
        }
        StatementKind::Error => {}
        StatementKind::Field(_) | StatementKind::Derived(_) | StatementKind::Make(_) => {
            elaborator.misplaced(statement.span, "a field", "fields belong into a kind");
        }
    }
    let key = elaborator.item;
    elaborator.called(key, statement);
    elaborator.duplicate(key, statement);
}

/// The outline of an item that is a declaration.
pub(crate) fn declaration_node(db: &dyn Db, statement: &Statement) -> Option<OutlineNode> {
    let declare = as_declaration(statement)?;
    let kind = syntax::ast::dotted(&declare.kind);
    queries::shape_of(db, &kind)?;
    let name = match &declare.name {
        Some(name) => name.text.clone(),
        None => SmolStr::new(crate::last_segment(&kind)),
    };
    let body = if let Content::Body(body) = &declare.content { Some(body) } else { None };
    Some(outline_node::node(db, kind, name, declare.repeat.is_some(), &declare.templates, body))
}

/// A statement as a declaration: `pihole { … }` is one without a name.
pub(crate) fn as_declaration(statement: &Statement) -> Option<std::borrow::Cow<'_, Declare>> {
    match &statement.kind {
        StatementKind::Declare(declare) => Some(std::borrow::Cow::Borrowed(declare)),
        StatementKind::Record(record) if record.path.len() == 1 => {
            Some(std::borrow::Cow::Owned(unnamed(record)))
        }
        _ => None,
    }
}

/// Where the name of what an item declares is written; empty where it declares none.
pub(crate) fn name_span(statement: &Statement) -> Span {
    match &statement.kind {
        StatementKind::Declare(declare) => {
            declare.name.as_ref().map_or(declare.kind[0].span, |name| name.span)
        }
        StatementKind::Record(record) => record.path[0].span,
        StatementKind::Set(set) => set.path[0].span,
        StatementKind::Let(binding) => binding.name.span,
        StatementKind::Kind(kind) => kind.name.span,
        StatementKind::Template(template) => template.name.span,
        StatementKind::Function(function) => function.name.span,
        StatementKind::Alias(alias) => alias.name.span,
        _ => Span::default(),
    }
}

/// `kind { … }` as a declaration.
pub(crate) fn unnamed(record: &Record) -> Declare {
    Declare {
        kind: record.path.clone(),
        name: None,
        repeat: None,
        pick: None,
        place: None,
        templates: Vec::new(),
        condition: None,
        content: Content::Body(record.body.clone()),
    }
}

/// What people call an item with this head: `stage 'apps'`, `function 'twice'`, `'first-host'`.
pub(crate) fn called(head: &str) -> String {
    match head.split_once(' ') {
        Some(("fn", name)) => format!("function '{name}'"),
        Some((kind, name)) => format!("{kind} '{name}'"),
        None => format!("'{head}'"),
    }
}
