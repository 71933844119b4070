//! What is noted for editors while an item is elaborated: what names refer to, and the types wanted and found.

use source::Span;
use syntax::ast::{Body, Declare, Expr, ExprKind, Name, Statement, StatementKind, TypeExpr, TypeExprKind};

use super::asked::Asked;
use super::{Elaborator, Typed};
use crate::symbol::Symbol;
use crate::{Core, CoreKind, Ty, Want, queries};

/// What stands where in an item, for editors. The batch path notes nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Noted {
    /// What the names at these places refer to, in the order found.
    pub names: Vec<(Span, Symbol)>,
    /// Expressions: the type wanted there, if any is, and the type found.
    pub values: Vec<(Span, Option<Ty>, Ty)>,
    /// What could stand at the cursor, where the text has one.
    pub asked: Option<Asked>,
}

impl Noted {
    /// What the name around a byte refers to; at the end of a name it is that.
    pub fn at(&self, offset: u32) -> Option<&(Span, Symbol)> {
        let touching = self.names.iter().filter(|(span, _)| span.start <= offset && offset <= span.end);
        touching.min_by_key(|(span, _)| span.len())
    }

    /// The type found where a symbol is named first, as far as that is an expression.
    pub fn type_of(&self, symbol: &Symbol) -> Option<&Ty> {
        let named = self.names.iter().filter(|(_, other)| other == symbol).map(|(span, _)| *span);
        named.into_iter().find_map(|span| self.values.iter().find(|(of, ..)| *of == span)).map(|(.., ty)| ty)
    }

    /// The innermost expression around a byte.
    pub fn value_at(&self, offset: u32) -> Option<&(Span, Option<Ty>, Ty)> {
        let around = self.values.iter().filter(|(span, ..)| span.start <= offset && offset <= span.end);
        around.min_by_key(|(span, ..)| span.len())
    }
}

impl Elaborator<'_> {
    /// Notes what names refer to from now on.
    pub(crate) fn noting(mut self) -> Self {
        self.noted = Some(Box::default());
        self
    }

    /// Notes what the name at `span` refers to.
    pub(super) fn note(&mut self, span: Span, symbol: impl FnOnce(&Self) -> Option<Symbol>) {
        if self.noted.is_some()
            && let Some(symbol) = symbol(self)
            && let Some(noted) = &mut self.noted
        {
            noted.names.push((span, symbol));
        }
    }

    /// Notes an expression.
    pub(super) fn note_value(&mut self, span: Span, want: Option<&Want>, typed: &Typed) {
        if let Some(noted) = &mut self.noted {
            noted.values.push((span, want.map(|want| want.ty.clone()), typed.ty.clone()));
        }
    }

    /// Notes a bare name.
    pub(super) fn note_named(&mut self, expr: &Expr, typed: &Typed) {
        let ExprKind::Name(name) = &expr.kind else { return };
        match self.lent_at(name) {
            Some(span) => self.note(expr.span, |this| Some(this.local_symbol(span))),
            None => self.note_typed(expr.span, typed),
        }
    }

    /// Notes a name that came to `typed`.
    pub(super) fn note_typed(&mut self, span: Span, typed: &Typed) {
        self.note(span, |this| this.symbol(&typed.core, &typed.ty));
    }

    /// Notes a part of a value of type `of`.
    pub(super) fn note_member(&mut self, name: &Name, of: &Ty, found: &Typed) {
        self.note(name.span, |this| match (&found.core.kind, of) {
            (
                CoreKind::Field(..) | CoreKind::Lazy(..) | CoreKind::Get(..),
                Ty::Kind(owner) | Ty::Record(owner),
            ) => Some(Symbol::Field(owner.clone(), name.text.clone())),
            (CoreKind::Get(..), _) => Some(Symbol::Key(name.text.clone())),
            (CoreKind::Name(_) | CoreKind::Folder(_) | CoreKind::Parent(_) | CoreKind::Property(..), _) => {
                Some(Symbol::Fact(name.text.clone()))
            }
            _ => this.symbol(&found.core, &found.ty),
        });
    }

    /// Notes keys of a map or of data.
    pub(super) fn note_keys(&mut self, names: &[Name]) {
        for name in names {
            self.note(name.span, |_| Some(Symbol::Key(name.text.clone())));
        }
    }

    /// What the name of a local is declared by.
    pub(super) fn local_symbol(&self, span: Span) -> Symbol {
        Symbol::Local(self.item.clone(), span)
    }

    /// What an expression that is a name refers to.
    pub(super) fn symbol(&self, core: &Core, ty: &Ty) -> Option<Symbol> {
        Some(match &core.kind {
            CoreKind::Item(item, _) | CoreKind::ItemAll(item) | CoreKind::Constant(item) => {
                Symbol::Item(item.clone())
            }
            CoreKind::Sole(kind) => {
                Symbol::Item(queries::only_declaration(self.db, names::word(self.db, kind)).clone()?)
            }
            CoreKind::All(kind) | CoreKind::NestedAll(_, kind, None) => Symbol::All(kind.clone()),
            CoreKind::Local(at) => self.local_symbol(self.locals.get(*at)?.span),
            CoreKind::Nested(..) | CoreKind::NestedAll(_, _, Some(_)) => self.inner_symbol(core)?,
            CoreKind::Field(base, name) | CoreKind::Lazy(base, name) => {
                Symbol::Field(self.kind_of(base)?, name.clone())
            }
            CoreKind::Const(_) => match ty {
                Ty::Literal(word) => Symbol::Word(word.clone()),
                _ => return None,
            },
            _ => return None,
        })
    }

    /// A declaration in another, from the item that it is in, or the kind whose declarations have it.
    fn inner_symbol(&self, core: &Core) -> Option<Symbol> {
        let mut steps = Vec::new();
        let mut core = core;
        loop {
            let root = match &core.kind {
                CoreKind::Nested(base, kind, name, ..) | CoreKind::NestedAll(base, kind, Some(name)) => {
                    steps.insert(0, (kind.clone(), name.clone()));
                    core = base;
                    continue;
                }
                CoreKind::Item(item, _) | CoreKind::ItemAll(item) => item.clone(),
                CoreKind::Sole(kind) => {
                    queries::only_declaration(self.db, names::word(self.db, kind)).clone()?
                }
                CoreKind::Itself => self.item.clone(),
                _ => {
                    let kind = self.kind_of(core)?;
                    names::defined(self.db, names::word(self.db, &kind)).kind.clone()?
                }
            };
            return Some(Symbol::inner(self.db, root, steps));
        }
    }

    /// Notes a declaration's kind, and its name as what `core` is.
    pub(super) fn note_declaration(&mut self, declare: &Declare, kind: &str, core: &Core) {
        if self.noted.is_none() {
            return;
        }
        let word = &declare.kind[declare.kind.len() - 1];
        self.note(word.span, |_| Some(Symbol::Kind(kind.into())));
        let Some(name) = &declare.name else { return };
        self.note(name.span, |this| match &core.kind {
            CoreKind::Itself => Some(Symbol::Item(this.item.clone())),
            _ => this.inner_symbol(core),
        });
    }

    /// Notes the types that an item writes, and what it declares itself.
    pub(crate) fn note_statement(&mut self, statement: &Statement) {
        let item = |this: &Self| Some(Symbol::Item(this.item.clone()));
        match &statement.kind {
            StatementKind::Kind(kind) => {
                self.note(kind.name.span, |_| Some(Symbol::Kind(kind.name.text.clone())));
                self.note_kind(&kind.body, &kind.name.text);
                kind.parameters.iter().for_each(|one| {
                    self.note(one.name.span, |_| {
                        Some(Symbol::Field(kind.name.text.clone(), one.name.text.clone()))
                    });
                    self.note_type(&one.ty);
                });
            }
            StatementKind::Template(template) => {
                self.note(template.name.span, item);
                template.parameters.iter().for_each(|one| self.note_type(&one.ty));
                for base in &template.bases {
                    let is = names::defined(self.db, names::word(self.db, &base.name.text));
                    if is.template.is_none() && is.kind.is_some() {
                        self.note(base.name.span, |_| Some(Symbol::Kind(base.name.text.clone())));
                    }
                }
            }
            StatementKind::Function(function) => {
                self.note(function.name.span, item);
                function.parameters.iter().for_each(|one| self.note_type(&one.ty));
                self.note_type(&function.result);
            }
            StatementKind::Alias(alias) => {
                self.note(alias.name.span, item);
                self.note_type(&alias.ty);
                self.note_fields(&alias.ty, &smol_str::format_smolstr!("#{}", alias.name.text));
            }
            StatementKind::Set(set) => {
                self.note(set.path[0].span, item);
                set.ty.iter().for_each(|ty| self.note_type(ty));
            }
            _ => {}
        }
    }

    /// Notes the fields and kinds that the body of kind `full` declares.
    fn note_kind(&mut self, body: &Body, full: &str) {
        for statement in &body.statements {
            match &statement.kind {
                StatementKind::Field(field) | StatementKind::Derived(field) => {
                    self.note_field(&field.name, full);
                    self.note_type(&field.ty);
                    self.note_fields(&field.ty, &smol_str::format_smolstr!("{full}#{}", field.name.text));
                }
                StatementKind::Kind(kind) => {
                    let full = smol_str::format_smolstr!("{full}.{}", kind.name.text);
                    self.note(kind.name.span, |_| Some(Symbol::Kind(full.clone())));
                    self.note_kind(&kind.body, &full);
                }
                _ => {}
            }
        }
    }

    /// Notes the fields of the record type called `owner` that a type is.
    fn note_fields(&mut self, ty: &TypeExpr, owner: &str) {
        match &ty.kind {
            TypeExprKind::Record(body) => {
                for statement in &body.statements {
                    if let StatementKind::Field(field) = &statement.kind {
                        self.note_field(&field.name, owner);
                        self.note_fields(
                            &field.ty,
                            &smol_str::format_smolstr!("{owner}#{}", field.name.text),
                        );
                    }
                }
            }
            TypeExprKind::Optional(inner) => self.note_fields(inner, owner),
            TypeExprKind::Generic(_, inner) => inner.iter().for_each(|inner| self.note_fields(inner, owner)),
            _ => {}
        }
    }

    fn note_field(&mut self, name: &Name, owner: &str) {
        self.note(name.span, |_| Some(Symbol::Field(owner.into(), name.text.clone())));
    }

    /// Notes the names of types with a name, and of kinds.
    fn note_type(&mut self, ty: &TypeExpr) {
        match &ty.kind {
            TypeExprKind::Name(name) => {
                let written = syntax::ast::dotted(name);
                let is_of_language =
                    crate::resolve::TYPES.binary_search_by_key(&written.as_str(), |(name, _)| name).is_ok();
                self.note(ty.span, |this| {
                    if is_of_language {
                        Some(Symbol::Type(written.clone()))
                    } else {
                        this.type_symbol(&written)
                    }
                });
            }
            TypeExprKind::Optional(inner) => self.note_type(inner),
            TypeExprKind::Union(arms) | TypeExprKind::Generic(_, arms) => {
                for arm in arms {
                    self.note_type(arm);
                }
            }
            TypeExprKind::Record(body) => {
                for statement in &body.statements {
                    if let StatementKind::Field(field) = &statement.kind {
                        self.note_type(&field.ty);
                    }
                }
            }
            TypeExprKind::Text(_) | TypeExprKind::Limited(..) | TypeExprKind::Error => {}
        }
    }

    fn type_symbol(&self, written: &str) -> Option<Symbol> {
        let is = names::defined(self.db, names::word(self.db, written));
        if let Some(alias) = &is.alias {
            return Some(Symbol::Item(alias.clone()));
        }
        queries::shape(self.db, written).map(|(shape, _)| Symbol::Kind(shape.name.clone()))
    }
}
