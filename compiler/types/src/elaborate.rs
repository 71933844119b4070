//! From trees to [`Core`]: resolving names and inferring types in one walk, from the expected type inwards.
//!
//! What is expected is handed down ([`Want`]); what was found comes back up ([`Typed`]) and is made to fit. A part
//! that has a problem becomes [`Ty::Error`], which fits everywhere, so that one mistake is one problem.

mod body;
mod call;
mod collection;
mod expr;
mod items;
mod literal;
mod member;
mod name;
mod operator;

use std::sync::Arc;

use diagnostics::Problem;
use names::Db;
use smol_str::SmolStr;
use source::{ItemKey, Place, Span};

use crate::node::Node;
use crate::problems::{
    invalid_value::invalid_value,
    may_be_none::may_be_none,
    secret_in_plain::{plain_for_secret, secret_in_plain},
    too_much::type_too_large,
    type_mismatch::type_mismatch,
};
use crate::ty::MOST_TYPES;
use crate::{Core, CoreKind, Fits, Shape, Ty, Value, fit_value, fits};

/// Elaborates the expressions of one item.
pub struct Elaborator<'db> {
    pub(crate) db: &'db dyn Db,
    pub(crate) item: &'db ItemKey,
    problems: Vec<Problem>,
    /// Parameters and `for` variables, outermost first.
    pub(crate) locals: Vec<(SmolStr, Ty)>,
    /// Declarations around, outermost first: how to reach each, and what is in it.
    pub(crate) scopes: Vec<(Core, Arc<Node>)>,
    /// What `self` is.
    itself: Option<SelfScope>,
    /// What is known not to be none here, as people write it.
    narrowed: Vec<String>,
}

/// What `self` is.
#[derive(Clone, Debug)]
pub struct SelfScope {
    /// The kind's full name.
    pub kind: SmolStr,
    /// Whether the place may be called by its bare name, as in a kind's own body.
    pub place: bool,
    /// What is in it.
    pub node: Option<Arc<Node>>,
}

/// What is expected, and where that is said.
#[derive(Clone, Debug)]
pub struct Want {
    /// The type.
    pub ty: Ty,
    /// Where it is required, and by what.
    pub why: Option<Why>,
}

/// The field whose type is required. Put into words only where a value does not fit, which few do.
#[derive(Clone, Debug)]
pub struct Why {
    shape: Arc<Shape>,
    item: ItemKey,
    field: usize,
    /// Whether the kind's own default must fit.
    default: bool,
}

/// An elaborated expression.
#[derive(Clone, Debug)]
pub struct Typed {
    /// The expression.
    pub core: Core,
    /// Its type.
    pub ty: Ty,
    /// What is in the declaration that it is, where that is known.
    pub node: Option<Arc<Node>>,
}

impl Want {
    /// A type that nothing in particular requires.
    pub fn of(ty: Ty) -> Self {
        Self { ty, why: None }
    }

    /// What a field of `shape`, which `item` declares, may be set to.
    pub fn field(shape: &Arc<Shape>, item: &ItemKey, field: usize) -> Self {
        let why = Why { shape: Arc::clone(shape), item: item.clone(), field, default: false };
        Self { ty: shape.fields[field].ty.clone(), why: Some(why) }
    }

    /// As [`Want::field`], of the field's default.
    pub fn default(shape: &Arc<Shape>, item: &ItemKey, field: usize) -> Self {
        let why = Why { shape: Arc::clone(shape), item: item.clone(), field, default: true };
        Self { ty: shape.fields[field].ty.clone(), why: Some(why) }
    }

    /// Where the type is required, and by what.
    pub fn required(&self) -> Option<(Place, String)> {
        self.why.as_ref().map(Why::said)
    }

    /// Another type, required by the same.
    #[must_use]
    pub fn inner(&self, ty: Ty) -> Self {
        Self { ty, why: self.why.clone() }
    }
}

impl Why {
    fn said(&self) -> (Place, String) {
        let field = &self.shape.fields[self.field];
        let message = if field.place {
            format!("{} is in {}", self.shape.described(), field.ty)
        } else if self.default {
            format!("'{}' is {}", field.name, field.ty)
        } else {
            format!("'{}' of {} is {}", field.name, self.shape.described(), field.ty)
        };
        (Place::new(&self.item, field.span), message)
    }
}

impl Typed {
    /// An expression that is no declaration.
    pub fn plain(kind: CoreKind, span: Span, ty: Ty) -> Self {
        Self { core: Core { kind, span }, ty, node: None }
    }

    /// A known value.
    pub fn value(value: Value, span: Span, ty: Ty) -> Self {
        Self::plain(CoreKind::Const(value), span, ty)
    }

    /// Something that has a problem already.
    pub fn error(span: Span) -> Self {
        Self::plain(CoreKind::Error, span, Ty::Error)
    }
}

impl<'db> Elaborator<'db> {
    /// For the expressions of `item`.
    pub fn new(db: &'db dyn Db, item: &'db ItemKey) -> Self {
        Self {
            db,
            item,
            problems: Vec::new(),
            locals: Vec::new(),
            scopes: Vec::new(),
            itself: None,
            narrowed: Vec::new(),
        }
    }

    /// The problems found.
    pub fn finish(self) -> Vec<Problem> {
        self.problems
    }

    /// Makes `typed` fit what is wanted, or says why it does not.
    pub fn fit(&mut self, typed: Typed, want: &Want) -> Core {
        let found = fits(self.db, &typed.ty, &want.ty);
        let span = typed.core.span;
        if let CoreKind::Const(value) = &typed.core.kind {
            match fit_value(value.clone(), &want.ty) {
                Ok(value) if found != Fits::No => return Core { kind: CoreKind::Const(value), span },
                Err(invalid) if found != Fits::No || same_sort(&typed.ty, &want.ty) => {
                    self.report(invalid_value(self.place(span), &invalid, want.required()));
                    return Core { kind: CoreKind::Error, span };
                }
                _ => {}
            }
        }
        match found {
            Fits::Yes => typed.core,
            Fits::Perhaps => {
                Core { kind: CoreKind::Fit(Box::new(typed.core), Arc::new(want.ty.clone())), span }
            }
            Fits::No => {
                self.mismatch(&typed.ty, span, want);
                Core { kind: CoreKind::Error, span }
            }
        }
    }

    fn mismatch(&mut self, found: &Ty, span: Span, want: &Want) {
        let place = self.place(span);
        let why = want.required();
        let problem = if let (inner, true) = found.required()
            && fits(self.db, inner, &want.ty) != Fits::No
        {
            may_be_none(place, Some(&want.ty), why)
        } else if found.may_be_secret() && !matches!(want.ty.required().0, Ty::Kind(_)) {
            secret_in_plain(place, &want.ty, why)
        } else if want.ty.arms().iter().all(Ty::is_secret) && found.required().0.is_text() {
            plain_for_secret(place, why)
        } else {
            type_mismatch(place, &want.ty, found, why)
        };
        self.report(problem);
    }

    /// A type that values get a name with, if it is not too large to be compared with others.
    pub(crate) fn small(&mut self, ty: Ty, span: Span) -> Ty {
        if ty.is_small() {
            return ty;
        }
        self.report(type_too_large(self.place(span), MOST_TYPES));
        Ty::Error
    }

    /// The place of `span` in this item.
    pub fn place(&self, span: Span) -> Place {
        Place::new(self.item, span)
    }

    /// Adds a problem.
    pub fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Runs `inner` with what it pushes onto locals, scopes and knowledge taken off again.
    pub fn scoped<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> T {
        let depths = (self.locals.len(), self.scopes.len(), self.narrowed.len());
        let result = inner(self);
        self.locals.truncate(depths.0);
        self.scopes.truncate(depths.1);
        self.narrowed.truncate(depths.2);
        result
    }
}

/// Whether both are numbers or both texts, so that the value and not its type is what is wrong.
fn same_sort(found: &Ty, wanted: &Ty) -> bool {
    let arms = wanted.arms();
    found.is_number() && arms.iter().all(Ty::is_number) || found.is_text() && arms.iter().all(Ty::is_text)
}
