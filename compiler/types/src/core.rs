//! Expressions and declarations after elaboration: every name resolved, every type known.
//!
//! Evaluation needs nothing else: it looks no name up and asks no type. Spans are those of the item that the
//! expression was written in; whoever holds a [`Core`] knows the item.

use std::sync::Arc;

use diagnostics::Reported;
use smol_str::SmolStr;
use source::{ItemKey, Span};

use crate::builtin::{Builtin, Property};
use crate::{Ty, Value, Want};

pub use syntax::ast::{BinaryOp, UnaryOp};

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Core {
    /// What it computes.
    pub kind: CoreKind,
    /// Where it is written.
    pub span: Span,
}

/// What an expression computes.
#[derive(Clone, Debug, PartialEq)]
pub enum CoreKind {
    /// Nothing: it has a problem already.
    Error(Reported),
    /// An argument that is left out: the parameter's default is meant.
    Absent,
    /// A value that is known.
    Const(Value),
    /// Texts joined; a text with a secret in it is a secret.
    Text(Vec<Core>),
    /// A local: a parameter or a `for` variable, counted from the outermost.
    Local(usize),
    /// `self`.
    Itself,
    /// The declaration that an item is, and which of a repeated one.
    Item(ItemKey, Option<Box<Core>>),
    /// All that a repeated item declares.
    ItemAll(ItemKey),
    /// The only declaration of a kind.
    Sole(SmolStr),
    /// A declaration in a declaration, by kind and name, which of a repeated one, and how sure it is that it is there.
    Nested(Box<Core>, SmolStr, SmolStr, Option<Box<Core>>, Certainty),
    /// The declarations of a kind in a declaration; with a name, those that are repeated under it.
    NestedAll(Box<Core>, SmolStr, Option<SmolStr>),
    /// A field of a declaration.
    Field(Box<Core>, SmolStr),
    /// A field of a declaration that is computed where it is asked for.
    Lazy(Box<Core>, SmolStr),
    /// A declaration's name.
    Name(Box<Core>),
    /// The folder that a declaration is deployed from.
    Folder(Box<Core>),
    /// The declaration that a declaration is in.
    Parent(Box<Core>),
    /// An entry of a map or record; none where it is missing.
    Get(Box<Core>, SmolStr),
    /// A fact about a value: the first address of a range.
    Property(Box<Core>, Property),
    /// `x[i]`: an element of a list by number, an entry of a map by text.
    Index(Box<(Core, Core)>),
    /// A constant of the lab.
    Constant(ItemKey),
    /// All declarations of a kind.
    All(SmolStr),
    /// A list.
    List(Vec<Core>),
    /// A record: paths set in order.
    Record(Arc<[SetCore]>),
    /// A list comprehension.
    ListFor(Vec<ClauseCore>, Box<Core>),
    /// A map comprehension: key and value.
    MapFor(Vec<ClauseCore>, Box<(Core, Core)>),
    /// `if`.
    If(Box<(Core, Core, Core)>),
    /// `let`: a value, and what it is known in as the local that is next.
    Let(Box<(Core, Core)>),
    /// What a `let` of a block around stands for: worked out where it is used.
    Shared(Arc<Core>),
    /// `match`: what is looked at, arms with their patterns (empty: any).
    Match(Box<Core>, Vec<(Vec<Core>, Core)>),
    /// `not x`, `-x`.
    Unary(UnaryOp, Box<Core>),
    /// `a + b`.
    Binary(BinaryOp, Box<(Core, Core)>),
    /// `a .. b` of addresses.
    Range(Box<(Core, Core)>),
    /// A call of a function of the lab or the library, with all its arguments in order.
    Call(ItemKey, Arc<[Core]>),
    /// A call of a function of the language.
    Builtin(Builtin, Vec<Core>),
    /// A value that must turn out to be what is wanted; what cannot be known before is checked then.
    Fit(Box<Core>, Arc<Want>),
    /// A value of a type with records in it, which has what those say where a field is left out. A value that a field is
    /// set to is not whole yet: what is left out may be set by what is below it.
    Whole(Box<Core>, Arc<Ty>),
}

impl Core {
    /// Calls `each` with this expression and all in it, outer ones first.
    pub fn walk<'a>(&'a self, each: &mut dyn FnMut(&'a Core)) {
        each(self);
        match &self.kind {
            CoreKind::Text(all) | CoreKind::List(all) | CoreKind::Builtin(_, all) => {
                for inner in all {
                    inner.walk(each);
                }
            }
            CoreKind::Call(_, all) => {
                for inner in all.iter() {
                    inner.walk(each);
                }
            }
            CoreKind::Item(_, Some(inner))
            | CoreKind::NestedAll(inner, ..)
            | CoreKind::Field(inner, _)
            | CoreKind::Lazy(inner, _)
            | CoreKind::Name(inner)
            | CoreKind::Folder(inner)
            | CoreKind::Parent(inner)
            | CoreKind::Get(inner, _)
            | CoreKind::Property(inner, _)
            | CoreKind::Unary(_, inner)
            | CoreKind::Fit(inner, _)
            | CoreKind::Whole(inner, _) => inner.walk(each),
            CoreKind::Nested(base, _, _, key, _) => {
                base.walk(each);
                if let Some(key) = key {
                    key.walk(each);
                }
            }
            CoreKind::Shared(inner) => inner.walk(each),
            CoreKind::Index(pair)
            | CoreKind::Binary(_, pair)
            | CoreKind::Range(pair)
            | CoreKind::Let(pair) => {
                pair.0.walk(each);
                pair.1.walk(each);
            }
            CoreKind::Record(sets) => {
                for set in sets.iter() {
                    set.keys.iter().for_each(|(_, key)| key.walk(each));
                    set.value.walk(each);
                }
            }
            CoreKind::ListFor(clauses, value) => {
                walk_clauses(clauses, each);
                value.walk(each);
            }
            CoreKind::MapFor(clauses, pair) => {
                walk_clauses(clauses, each);
                pair.0.walk(each);
                pair.1.walk(each);
            }
            CoreKind::If(parts) => {
                parts.0.walk(each);
                parts.1.walk(each);
                parts.2.walk(each);
            }
            CoreKind::Match(value, arms) => {
                value.walk(each);
                for (patterns, result) in arms {
                    for pattern in patterns {
                        pattern.walk(each);
                    }
                    result.walk(each);
                }
            }
            CoreKind::Error(_)
            | CoreKind::Absent
            | CoreKind::Const(_)
            | CoreKind::Local(_)
            | CoreKind::Itself
            | CoreKind::Item(_, None)
            | CoreKind::ItemAll(_)
            | CoreKind::Sole(_)
            | CoreKind::Constant(_)
            | CoreKind::All(_) => {}
        }
    }
}

fn walk_clauses<'a>(clauses: &'a [ClauseCore], each: &mut dyn FnMut(&'a Core)) {
    for clause in clauses {
        clause.over.walk(each);
        if let Some(condition) = &clause.condition {
            condition.walk(each);
        }
    }
}

/// How sure it is that a declaration in another is there, if that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// It always is.
    Always,
    /// Only if something holds, or if its key is one that is gone through: it must be looked for.
    Perhaps,
}

/// `for a, b in over if condition`; binds one local or two.
#[derive(Clone, Debug, PartialEq)]
pub struct ClauseCore {
    /// Whether keys are bound too, before the values.
    pub two: bool,
    /// The collection.
    pub over: Core,
    /// What is left out, if it does not hold.
    pub condition: Option<Core>,
}

/// `a.b = value`.
#[derive(Clone, Debug, PartialEq)]
pub struct SetCore {
    /// One segment or more; those that are computed as they are written.
    pub path: Arc<[SmolStr]>,
    /// The texts of those that are computed, and which they are.
    pub keys: Box<[(usize, Core)]>,
    /// Where the path is written.
    pub span: Span,
    /// What becomes of what is there already.
    pub how: How,
    /// The value.
    pub value: Core,
}

/// What becomes of what a field holds already, from templates and defaults, when it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// `x { … }`, and in edition 0.1 `x = value`: maps and records are joined, all else is replaced.
    Join,
    /// `x += value`: lists are joined, too.
    Append,
    /// `x = value`, and in edition 0.1 `x = only(value)`: nothing of it stays.
    Replace,
}

/// What a declaration, a template or a `make` sets and declares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BodyCore {
    /// What it sets, in the order written.
    pub sets: Vec<SetCore>,
    /// What it declares, in the order written.
    pub decls: Vec<Arc<DeclCore>>,
    /// Whether something in it has a problem and was left out: what seems to be missing may have been meant by it.
    pub broken: Option<Reported>,
}

/// A template with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateCall {
    /// The template.
    pub template: ItemKey,
    /// Its arguments, in the order of its parameters.
    pub arguments: Arc<[Core]>,
    /// Where it is called.
    pub span: Span,
}

/// A declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclCore {
    /// Its kind's full name.
    pub kind: SmolStr,
    /// Its name.
    pub name: SmolStr,
    /// Whether the name was left out.
    pub unnamed: bool,
    /// Where kind and name are written.
    pub head: Span,
    /// Where the name is written, or the kind where there is no name.
    pub name_span: Span,
    /// Which of them there are: the key, and the clause.
    pub repeat: Option<Box<(Core, ClauseCore)>>,
    /// What `in` says.
    pub place: Option<Core>,
    /// Without a `for`: which of those is meant that something else declares.
    pub pick: Option<Box<Core>>,
    /// The templates that it starts from, the lowest first.
    pub templates: Box<[TemplateCall]>,
    /// Whether it is there.
    pub condition: Option<Box<Core>>,
    /// What it sets and declares.
    pub body: Arc<BodyCore>,
}
