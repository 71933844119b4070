//! Lists, records, and the comprehensions that make them.

use std::collections::BTreeMap;
use std::sync::Arc;

use source::Span;
use syntax::ast::{self, Body, Expr};

use super::body::Root;
use super::kinds::is_half_read;
use super::literal::{data, wanted};
use super::sets::Way;
use super::{Elaborator, Typed, fitted};
use crate::problems::type_mismatch::cannot_apply;
use crate::relation::join;
use crate::{ClauseCore, CoreKind, Hatch, How, INT, STRING, Seen, Ty, Want, queries};

impl Elaborator<'_> {
    pub(super) fn list(&mut self, elements: &[Expr], span: Span, want: Option<&Want>) -> Typed {
        let element = element_want(want);
        let branches = self.branches(
            element.as_ref(),
            elements.len(),
            |at| &elements[at],
            |this, at, want| this.branch(&elements[at], want),
        );
        let (cores, types): (Vec<_>, Vec<_>) = branches.into_iter().unzip();
        let ty = match element {
            Some(want) => want.ty,
            None => types.into_iter().reduce(|a, b| join(self.db, &a, &b)).unwrap_or(Ty::Never),
        };
        Typed::plain(CoreKind::List(cores), span, list_type(ty, want))
    }

    pub(super) fn list_for(&mut self, list: &ast::ListFor, span: Span, want: Option<&Want>) -> Typed {
        let element = element_want(want);
        self.scoped(|this| {
            let clauses = this.clauses(&list.clauses);
            let (value, ty) = this.branch(&list.value, element.as_ref());
            Typed::plain(CoreKind::ListFor(clauses, Box::new(value)), span, list_type(ty, want))
        })
    }

    pub(super) fn map_for(&mut self, map: &ast::MapFor, span: Span, want: Option<&Want>) -> Typed {
        let value_want = wanted(want, |ty| match ty {
            Ty::Map(value) => Some((**value).clone()),
            Ty::Free(_) => Some(ty.clone()),
            _ => None,
        });
        let value_want =
            value_want.map(|ty| want.map_or_else(|| Want::of(ty.clone()), |want| want.inner(ty.clone())));
        self.scoped(|this| {
            let clauses = this.clauses(&map.clauses);
            let key = this.key(&map.key);
            let (value, ty) = this.branch(&map.value, value_want.as_ref());
            let ty = match data_of(want) {
                Some(hatch) => Ty::Free(hatch),
                None => Ty::map(ty),
            };
            Typed::plain(CoreKind::MapFor(clauses, Box::new((key, value))), span, ty)
        })
    }

    /// The `for` clauses of a comprehension, repetition or check: their variables stay known to what follows.
    pub(super) fn clauses(&mut self, clauses: &[ast::ForClause]) -> Vec<ClauseCore> {
        clauses.iter().map(|clause| self.clause(clause)).collect()
    }

    pub(super) fn clause(&mut self, clause: &ast::ForClause) -> ClauseCore {
        let over = self.collection(&clause.over);
        let over = gone_through(over, clause.second.is_some());
        let (key, value) = self.element_types(&over, clause.second.is_some());
        let value = self.small(value, clause.over.span);
        let (first, second) = match (&clause.second, key) {
            (Some(second), Some(key)) => (key, Some((second, value))),
            _ => (value, None),
        };
        let two = second.is_some();
        // A `for` takes no such word, and a `let` among its clauses is one of them.
        self.unreserved(&clause.variable);
        self.bind(&clause.variable, first);
        if let Some((name, ty)) = second {
            self.bind(name, ty);
        }
        let condition = clause.condition.as_ref().map(|condition| {
            let core = self.check(condition, &Want::of(Ty::Bool));
            self.assume(condition, true);
            core
        });
        ClauseCore { two, over: over.core, condition }
    }

    /// Elaborates an expression where a collection is meant: `apps` is all apps, even if a stage is called so.
    pub(super) fn collection(&mut self, expr: &Expr) -> Typed {
        if let ast::ExprKind::Name(name) = &expr.kind
            && !self.is_local(name)
            && let Some(all) = self.all_of(name, expr.span)
        {
            self.note_typed(expr.span, &all);
            return all;
        }
        self.expr(expr, None)
    }

    /// The types of keys and elements that a collection is gone through by.
    fn element_types(&mut self, over: &Typed, two: bool) -> (Option<Ty>, Ty) {
        let place = self.place(over.core.span);
        let (ty, optional) = over.ty.required();
        if optional {
            let problem = self.maybe_none(over, Some(over.ty.required().0), None);
            self.report(problem);
            return (Some(STRING), Ty::Error);
        }
        match ty {
            Ty::Error => (Some(Ty::Error), Ty::Error),
            Ty::Never => (Some(Ty::Never), Ty::Never),
            Ty::List(element) => (Some(INT), (**element).clone()),
            Ty::Range => (Some(INT), Ty::Address),
            ty if two && let Some(value) = entry(self.db, ty) => (Some(STRING), value),
            Ty::Map(_) | Ty::Fields(_) | Ty::Record(_) => {
                let problem = cannot_apply(place, "a map is gone through by key and value");
                self.report(problem.help("write 'for key, value in …', or 'keys(…)' or 'values(…)'"));
                (None, Ty::Error)
            }
            other => {
                let message =
                    format!("'for' goes through lists, maps and ranges, and this is {}", other.called());
                let help = match other {
                    Ty::Int(..) => Some("numbers from 1 on are a list, too: 'numbers(1, 3)'"),
                    Ty::Text(_) | Ty::Pattern(..) => {
                        Some("a text can be cut into a list of texts: 'split(text, \",\")'")
                    }
                    Ty::Kind(_) => Some("all of a kind are called by its plural: 'hosts', 'apps'"),
                    _ => None,
                };
                self.report(cannot_apply(place, message).help_if(help));
                (None, Ty::Error)
            }
        }
    }

    /// `{ a = 1, b { … } }`.
    pub(super) fn record(&mut self, body: &Body, span: Span, want: Option<&Want>) -> Typed {
        let ty = wanted(want, |ty| match ty {
            Ty::Record(_) | Ty::Map(_) | Ty::Free(_) => Some(ty.clone()),
            _ => None,
        });
        let Some(ty) = ty else { return self.free_record(body, span) };
        let why = want.and_then(|want| want.why.clone());
        match self.sets(body, &Root::Value(Want { ty: ty.clone(), why })) {
            Ok(sets) => Typed::plain(CoreKind::Record(sets.into()), span, ty),
            Err(reported) => Typed::error(span, reported),
        }
    }

    /// A record without a declared type: its fields are what it says.
    fn free_record(&mut self, body: &Body, span: Span) -> Typed {
        let mut record =
            FreeRecord { ty: Ty::Fields(Arc::default()), sets: Vec::new(), seen: Seen::default() };
        self.free_fields(body, &Way::default(), &mut record);
        Typed::plain(CoreKind::Record(record.sets.into()), span, record.ty)
    }

    /// Adds what a block in `record` says, whose own path is `before`.
    fn free_fields(&mut self, body: &Body, before: &Way, record: &mut FreeRecord) {
        self.scoped(|this| {
            this.let_all(body);
            this.free_statements(body, before, record);
        });
    }

    fn free_statements(&mut self, body: &Body, before: &Way, record: &mut FreeRecord) {
        for statement in &body.statements {
            let (way, value) = match &statement.kind {
                ast::StatementKind::Set(set) if !set.append => {
                    let way = self.way(before, &set.path, &set.keys);
                    self.set_once(&way, set, &mut record.seen);
                    (way, self.expr(&set.value, None))
                }
                ast::StatementKind::Record(inner) => {
                    let way = self.way(before, &inner.path, &inner.keys);
                    if !inner.body.statements.is_empty() {
                        self.free_fields(&inner.body, &way, record);
                        continue;
                    }
                    let empty = Ty::Fields(Arc::default());
                    (way, Typed::plain(CoreKind::Record([].into()), inner.body.span, empty))
                }
                ast::StatementKind::Error | ast::StatementKind::Let(_) => continue,
                ast::StatementKind::Declare(declare) if is_half_read(declare).is_some() => continue,
                _ => {
                    self.misplaced(statement.span, "this", "a block holds 'name = value'");
                    continue;
                }
            };
            let around = |ty, (at, name): (usize, &ast::Name)| {
                if way.is_computed(at) {
                    return Ty::map(ty);
                }
                Ty::Fields(Arc::new(BTreeMap::from([(name.text.clone(), ty)])))
            };
            let ty = way.names.iter().enumerate().rev().fold(value.ty, around);
            self.merge(&mut record.ty, ty);
            self.note_keys(&way.names);
            record.sets.push(way.set(How::Join, value.core));
        }
    }
}

/// Data that is gone through by key and value must turn out to be a map, and by values a list.
fn gone_through(over: Typed, two: bool) -> Typed {
    match &over.ty {
        Ty::Free(_) => {
            let ty = if two { Ty::map(over.ty.clone()) } else { Ty::list(over.ty.clone()) };
            Typed { core: fitted(over.core, ty.clone()), ty, node: None }
        }
        _ => over,
    }
}

/// A record without a declared type, as far as it has been read.
struct FreeRecord {
    ty: Ty,
    sets: Vec<crate::SetCore>,
    seen: Seen,
}

impl Elaborator<'_> {
    /// `a.b = 1` and `a.c = 2` make one record `a`; with a computed key among them it is a map.
    fn merge(&mut self, into: &mut Ty, ty: Ty) {
        match (&mut *into, ty) {
            (Ty::Fields(fields), Ty::Fields(more)) => {
                let fields = Arc::make_mut(fields);
                for (name, ty) in more.iter() {
                    self.merge(fields.entry(name.clone()).or_insert(Ty::None), ty.clone());
                }
            }
            (Ty::Fields(_) | Ty::Map(_), ty @ (Ty::Fields(_) | Ty::Map(_))) => {
                let values = [entry(self.db, into), entry(self.db, &ty)].into_iter().flatten();
                *into = Ty::map(values.reduce(|a, b| join(self.db, &a, &b)).unwrap_or(Ty::Never));
            }
            (_, ty) => *into = ty,
        }
    }
}

/// The type of the values of what has keys: a map, a block, a record, data. One whose value is none is not there.
pub(crate) fn entry(db: &dyn names::Db, ty: &Ty) -> Option<Ty> {
    let all = |values: &mut dyn Iterator<Item = &Ty>| {
        let values = values.filter(|ty| **ty != Ty::None).map(|ty| ty.required().0.clone());
        values.reduce(|a, b| join(db, &a, &b)).unwrap_or(Ty::Never)
    };
    match ty {
        Ty::Map(value) => Some(all(&mut std::iter::once(&**value))),
        Ty::Fields(fields) => Some(all(&mut fields.values())),
        Ty::Record(record) => match queries::shape_of(db, record) {
            Some(shape) => Some(all(&mut shape.fields.iter().map(|field| &field.ty))),
            None => Some(Ty::Error),
        },
        Ty::Free(_) => Some(ty.clone()),
        _ => None,
    }
}

fn element_want(want: Option<&Want>) -> Option<Want> {
    let ty = wanted(want, |ty| match ty {
        Ty::List(element) => Some((**element).clone()),
        Ty::Free(_) => Some(ty.clone()),
        _ => None,
    })?;
    want.map(|want| want.inner(ty))
}

fn list_type(element: Ty, want: Option<&Want>) -> Ty {
    match data_of(want) {
        Some(hatch) => Ty::Free(hatch),
        None => Ty::list(element),
    }
}

fn data_of(want: Option<&Want>) -> Option<Hatch> {
    wanted(want, data)
}
