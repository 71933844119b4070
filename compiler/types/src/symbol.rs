//! What names refer to: symbols, and where each is declared.

use names::{Db, defined, find, parsed};
use smol_str::SmolStr;
use source::{ItemKey, Place, Span};
use syntax::ast::{Body, Content, Declare, Statement, StatementKind};

use crate::item::{as_declaration, name_span};
use crate::{last_segment, queries};

/// What a name refers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbol {
    /// What an item declares: a declaration, a constant, a template, a function, a type with a name.
    Item(ItemKey),
    /// A declaration in what an item declares, by the kinds and names that lead there. The item is the one that makes it:
    /// the lab's own, a template, or the kind whose `make` says so.
    Inner(ItemKey, Vec<(SmolStr, SmolStr)>),
    /// A kind, by its full name.
    Kind(SmolStr),
    /// All declarations of a kind.
    All(SmolStr),
    /// A field of a kind or record type, by its full name.
    Field(SmolStr, SmolStr),
    /// A parameter, a variable of a `for` or the name of a `let`, by where an item declares it.
    Local(ItemKey, Span),
    /// A function of the language.
    Builtin(SmolStr),
    /// What every declaration or value of a sort has: `name`, `first`.
    Fact(SmolStr),
    /// A type of the language.
    Type(SmolStr),
    /// A key of a map or of data.
    Key(SmolStr),
    /// A word of a choice, which stands for itself.
    Word(SmolStr),
}

impl Symbol {
    /// A declaration in what `root` declares, as the one that makes it calls it.
    pub(crate) fn inner(db: &dyn Db, root: ItemKey, mut steps: Vec<(SmolStr, SmolStr)>) -> Self {
        let kind_before = |steps: &[(SmolStr, SmolStr)], at: usize| match at.checked_sub(1) {
            Some(before) => Some(steps[before].0.clone()),
            None => kind_of(db, &root),
        };
        for at in (0..steps.len()).rev() {
            let Some(kind) = kind_before(&steps, at) else { continue };
            let (made, name) = &steps[at];
            let makes =
                queries::made_of(db, &kind).iter().any(|node| node.kind == *made && node.name == *name);
            let item = defined(db, names::word(db, &kind)).kind.as_ref().filter(|_| makes);
            if let Some(item) = item {
                return Self::Inner(item.clone(), steps.split_off(at));
            }
        }
        if let Some(template) = template_with(db, &root, &steps) {
            return Self::Inner(template, steps);
        }
        Self::Inner(root, steps)
    }

    /// Where it is declared: several places where a declaration is reopened. Of what the language brings, none.
    pub fn places(&self, db: &dyn Db) -> Vec<Place> {
        match self {
            Self::Item(item) => tree(db, item)
                .map(|statement| Place::new(item, name_span(statement)))
                .into_iter()
                .filter(|place| !place.span.is_empty())
                .collect(),
            Self::Inner(item, steps) => {
                let found = tree(db, item).map(|statement| within(statement, steps)).unwrap_or_default();
                found.into_iter().map(|span| Place::new(item, span)).collect()
            }
            Self::Kind(kind) | Self::All(kind) => queries::shape(db, kind)
                .map(|(shape, item)| Place::new(item, shape.span))
                .into_iter()
                .collect(),
            Self::Field(owner, name) => {
                let field =
                    queries::shape(db, owner).and_then(|(shape, item)| Some((shape.field(name)?, item)));
                field.map(|(field, item)| Place::new(item, field.span)).into_iter().collect()
            }
            Self::Local(item, span) => vec![Place::new(item, *span)],
            Self::Builtin(_) | Self::Fact(_) | Self::Type(_) | Self::Key(_) | Self::Word(_) => Vec::new(),
        }
    }

    /// Whether it is declared by the name at `span` of an item.
    pub fn is_declared_at(&self, db: &dyn Db, item: &ItemKey, span: Span) -> bool {
        self.places(db).iter().any(|place| place.span == span && place.item == *item)
    }

    /// What it is called where it is declared.
    pub fn name(&self) -> Option<&str> {
        Some(match self {
            Self::Item(item) => item.name(),
            Self::Inner(_, steps) => steps.last().map_or("", |(_, name)| name.as_str()),
            Self::Kind(kind) | Self::All(kind) => last_segment(kind),
            Self::Field(_, name) => name,
            Self::Builtin(name)
            | Self::Fact(name)
            | Self::Type(name)
            | Self::Key(name)
            | Self::Word(name) => name,
            Self::Local(..) => return None,
        })
    }

    /// Whether the library owns it.
    pub fn is_std(&self, db: &dyn Db) -> bool {
        match self {
            Self::Item(item) | Self::Inner(item, _) | Self::Local(item, _) => item.is_std(),
            Self::Builtin(_) | Self::Fact(_) | Self::Type(_) | Self::Key(_) | Self::Word(_) => true,
            Self::Kind(_) | Self::All(_) | Self::Field(..) => {
                self.places(db).first().is_none_or(|place| place.item.is_std())
            }
        }
    }
}

fn tree<'db>(db: &'db dyn Db, item: &ItemKey) -> Option<&'db Statement> {
    Some(&parsed(db, find(db, item)?).statement)
}

/// The kind that an item declares one of, or that its template is for.
pub(crate) fn kind_of(db: &dyn Db, item: &ItemKey) -> Option<SmolStr> {
    let statement = tree(db, item)?;
    match &statement.kind {
        StatementKind::Template(_) => match &queries::signature(db, item)?.result {
            crate::Ty::Kind(kind) => Some(kind.clone()),
            _ => None,
        },
        StatementKind::Kind(_) => None,
        _ => Some(syntax::ast::dotted(&as_declaration(statement)?.kind)),
    }
}

/// The template from which what `root` declares has the declaration that `steps` lead to.
fn template_with(db: &dyn Db, root: &ItemKey, steps: &[(SmolStr, SmolStr)]) -> Option<ItemKey> {
    let used: Vec<SmolStr> = match &tree(db, root)?.kind {
        StatementKind::Declare(declare) => {
            declare.templates.iter().map(|one| one.name.text.clone()).collect()
        }
        StatementKind::Template(template) => template.bases.iter().map(|one| one.name.text.clone()).collect(),
        _ => return None,
    };
    used.iter().find_map(|name| {
        let template = defined(db, names::word(db, name)).template.as_ref().filter(|item| *item != root)?;
        let has = || tree(db, template).is_some_and(|statement| !within(statement, steps).is_empty());
        template_with(db, template, steps).or_else(|| has().then(|| template.clone()))
    })
}

/// Where the declaration that `steps` lead to is named in what an item says.
fn within(statement: &Statement, steps: &[(SmolStr, SmolStr)]) -> Vec<Span> {
    let mut found = Vec::new();
    match &statement.kind {
        StatementKind::Kind(kind) => {
            for inner in &kind.body.statements {
                if let StatementKind::Make(body) = &inner.kind {
                    search(body, steps, &mut found);
                }
            }
        }
        StatementKind::Template(template) => search(&template.body, steps, &mut found),
        _ => {
            if let Some(declare) = as_declaration(statement)
                && let Content::Body(body) = &declare.content
            {
                search(body, steps, &mut found);
            }
        }
    }
    found
}

fn search(body: &Body, steps: &[(SmolStr, SmolStr)], found: &mut Vec<Span>) {
    let Some(((kind, name), rest)) = steps.split_first() else { return };
    for statement in &body.statements {
        let Some(declare) = as_declaration(statement) else { continue };
        let word = syntax::ast::dotted(&declare.kind);
        let is_kind = word == *kind || last_segment(kind) == word;
        if !is_kind || own_name(&declare) != *name {
            continue;
        }
        if rest.is_empty() {
            let last = &declare.kind[declare.kind.len() - 1];
            found.push(declare.name.as_ref().map_or(last.span, |name| name.span));
        } else if let Content::Body(body) = &declare.content {
            search(body, rest, found);
        }
    }
}

/// What a declaration is called: its name, or its kind's.
fn own_name(declare: &Declare) -> SmolStr {
    match &declare.name {
        Some(name) => name.text.clone(),
        None => declare.kind[declare.kind.len() - 1].text.clone(),
    }
}
