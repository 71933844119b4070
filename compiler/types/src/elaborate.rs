//! From trees to [`Core`]: resolving names and inferring types in one walk, from the expected type inwards.
//!
//! What is expected is handed down ([`Want`]); what was found comes back up ([`Typed`]) and is made to fit. A part
//! that has a problem becomes [`Ty::Error`], which fits everywhere, so that one mistake is one problem.

mod arithmetic;
pub(crate) mod asked;
mod body;
mod call;
mod called;
mod collection;
mod expr;
mod fields;
mod file;
mod head;
mod items;
pub(crate) mod kinds;
mod letting;
mod literal;
mod local;
mod measure;
mod member;
mod miswritten;
mod name;
pub(crate) mod noted;
mod operands;
mod operator;
mod remedy;
mod sets;
mod unknown;
mod unknown_member;
mod written;

use std::sync::Arc;

use diagnostics::{Problem, Reported, closest};
use domain::Invalid;
use names::Db;
use smol_str::SmolStr;
use source::{ItemKey, Place, Span};

use crate::outline_node::OutlineNode;
use crate::problems::{
    invalid_value::invalid_value,
    may_be_none::may_be_none,
    secret_in_plain::{plain_for_secret, secret_in_plain},
    suggested,
    too_much::type_too_large,
    type_mismatch::type_mismatch,
};
use crate::{Core, CoreKind, Fits, STRING, Ty, Value, Want, fit_value, fits};

/// Elaborates the expressions of one item.
pub struct Elaborator<'db> {
    pub(crate) db: &'db dyn Db,
    pub(crate) item: &'db ItemKey,
    problems: Vec<Problem>,
    /// Where the parser found something wrong that is said here, by who knows the kind.
    reread: Vec<u32>,
    /// Parameters and `for` variables, outermost first.
    pub(crate) locals: Vec<Local>,
    /// What blocks around call by a `let`, outermost first.
    lets: Vec<letting::Letting>,
    /// Declarations around, outermost first: how to reach each, and what is in it.
    pub(crate) scopes: Vec<(Core, Arc<OutlineNode>)>,
    /// What `self` is.
    itself: Option<SelfScope>,
    /// What is known not to be none here; what was found out last stands last.
    narrowed: Vec<Known>,
    /// What is set beside the field that is being elaborated, and so cannot be meant by another word.
    siblings: Vec<SmolStr>,
    /// What is noted for editors, if anything is.
    noted: Option<Box<noted::Noted>>,
}

/// A parameter, a variable of a `for`, or the name of a `let` in an expression.
pub(crate) struct Local {
    /// Its name.
    pub(crate) name: SmolStr,
    /// Its type.
    pub(crate) ty: Ty,
    /// Where its name is declared.
    pub(crate) span: Span,
}

/// What is known of what a name means.
enum Known {
    /// What people write so is there.
    There(String),
    /// The name means something else from here on, of which nothing is known.
    Bound(SmolStr),
}

/// What `self` is.
#[derive(Clone, Debug)]
pub struct SelfScope {
    /// The kind's full name.
    pub kind: SmolStr,
    /// Whether the place may be called by its bare name, as in a kind's own body.
    pub place: bool,
    /// What is in it.
    pub node: Option<Arc<OutlineNode>>,
}

/// An elaborated expression.
#[derive(Clone, Debug)]
pub struct Typed {
    /// The expression.
    pub core: Core,
    /// Its type.
    pub ty: Ty,
    /// What is in the declaration that it is, where that is known.
    pub node: Option<Arc<OutlineNode>>,
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
    pub fn error(span: Span, reported: Reported) -> Self {
        Self::plain(CoreKind::Error(reported), span, Ty::Error)
    }
}

impl<'db> Elaborator<'db> {
    /// For the expressions of `item`.
    pub fn new(db: &'db dyn Db, item: &'db ItemKey) -> Self {
        Self {
            db,
            item,
            problems: Vec::new(),
            reread: Vec::new(),
            locals: Vec::new(),
            lets: Vec::new(),
            scopes: Vec::new(),
            itself: None,
            narrowed: Vec::new(),
            siblings: Vec::new(),
            noted: None,
        }
    }

    /// What was noted.
    pub(crate) fn take_noted(&mut self) -> noted::Noted {
        self.noted.take().map(|noted| *noted).unwrap_or_default()
    }

    /// The problems found, with those that the parser has: what is known better now is said once.
    pub fn finish(self, parsed: &[Problem]) -> Vec<Problem> {
        let is_said = |problem: &&Problem| self.reread.contains(&problem.place.span.start);
        parsed.iter().filter(|problem| !is_said(problem)).cloned().chain(self.problems).collect()
    }

    /// Makes `typed` fit what is wanted, or says why it does not.
    pub fn fit(&mut self, typed: Typed, want: &Want) -> Core {
        let found = fits(self.db, &typed.ty, &want.ty);
        let span = typed.core.span;
        if let CoreKind::Const(value) = &typed.core.kind {
            match fit_value(value.clone(), &want.ty) {
                Ok(value) if found != Fits::No => return Core { kind: CoreKind::Const(value), span },
                Err(invalid) if found != Fits::No || same_sort(&typed.ty, &want.ty) => {
                    let reported = self.invalid_constant(&typed, &invalid, want);
                    return Core { kind: CoreKind::Error(reported), span };
                }
                _ => {}
            }
        }
        match found {
            Fits::Yes => typed.core,
            Fits::Perhaps => Core { kind: CoreKind::Fit(Box::new(typed.core), Arc::new(want.clone())), span },
            Fits::No => {
                let reported = self.mismatch(&typed, want);
                Core { kind: CoreKind::Error(reported), span }
            }
        }
    }

    /// A value that is written out is of the right sort, and still not right.
    fn invalid_constant(&mut self, typed: &Typed, invalid: &Invalid, want: &Want) -> Reported {
        let place = self.place(typed.core.span);
        let is_quoted = typed.ty == STRING;
        let problem = invalid_value(place.clone(), invalid, is_quoted, want.required());
        let CoreKind::Const(Value::Text(text)) = &typed.core.kind else { return self.report(problem) };
        let problem = match unknown::foreign(text, Some(&want.ty)) {
            Some(ours) => suggested(problem, &place, ours, &[ours]),
            None => suggested(problem, &place, text, &closest(text, want.ty.words().map(SmolStr::as_str), 3)),
        };
        self.report(problem)
    }

    fn mismatch(&mut self, typed: &Typed, want: &Want) -> Reported {
        let place = self.place(typed.core.span);
        let why = want.required();
        let found = &typed.ty;
        let problem = if let (inner, true) = found.required()
            && fits(self.db, inner, &want.ty) != Fits::No
        {
            self.maybe_none(typed, Some(&want.ty), why)
        } else if found.may_be_secret() && !matches!(want.ty.required().0, Ty::Kind(_)) {
            secret_in_plain(place, why)
        } else if want.ty.arms().iter().all(Ty::is_secret) && found.required().0.is_text() {
            self.remedy(typed, want).of(plain_for_secret(place, why))
        } else {
            let name = written::name_of(&typed.core);
            let found = match &typed.core.kind {
                CoreKind::Const(Value::Bool(value)) => format!("'{value}'"),
                _ => found.called(),
            };
            let problem = type_mismatch(place, &want.ty, &found, name.as_deref(), why);
            self.remedy(typed, want).of(problem)
        };
        self.report(problem)
    }

    /// A type that values get a name with, if it is not too large to be compared with others.
    pub(crate) fn small(&mut self, ty: Ty, span: Span) -> Ty {
        let Some(excess) = ty.excess() else { return ty };
        self.report(type_too_large(self.place(span), excess));
        Ty::Error
    }

    /// What may be none stands where a value is needed.
    pub(crate) fn maybe_none(
        &self,
        typed: &Typed,
        wanted: Option<&Ty>,
        why: Option<(Place, String)>,
    ) -> Problem {
        let written = self.chain(&typed.core);
        let problem = may_be_none(self.place(typed.core.span), written.as_deref(), wanted, why);
        match self.optional_field(&typed.core) {
            Some((place, message)) => problem.also(place, message),
            None => problem,
        }
    }

    /// The place of `span` in this item.
    pub fn place(&self, span: Span) -> Place {
        Place::new(self.item, span)
    }

    /// Adds an error.
    pub fn report(&mut self, problem: Problem) -> Reported {
        problem.report(&mut self.problems)
    }

    /// Adds what does not stop a build.
    pub fn warn(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Whether an error was reported since there were `before` problems.
    pub(crate) fn reported_since(&self, before: usize) -> Option<Reported> {
        Reported::among(&self.problems[before..])
    }

    /// Runs `inner` with what it pushes onto locals, scopes and knowledge taken off again.
    pub fn scoped<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> T {
        let depths = (self.locals.len(), self.scopes.len(), self.narrowed.len(), self.lets.len());
        let result = inner(self);
        self.locals.truncate(depths.0);
        self.scopes.truncate(depths.1);
        self.narrowed.truncate(depths.2);
        self.lets.truncate(depths.3);
        result
    }
}

/// Whether both are numbers or both texts, so that the value and not its type is what is wrong.
fn same_sort(found: &Ty, wanted: &Ty) -> bool {
    let arms = wanted.arms();
    found.is_number() && arms.iter().all(Ty::is_number) || found.is_text() && arms.iter().all(Ty::is_text)
}

/// An expression with all that its type says of records in it.
pub(crate) fn whole(core: Core, ty: &Ty) -> Core {
    if !ty.has_records() || matches!(core.kind, CoreKind::Error(_)) {
        return core;
    }
    let span = core.span;
    Core { kind: CoreKind::Whole(Box::new(core), Arc::new(ty.clone())), span }
}

/// An expression that must turn out to be of a type that nothing in particular requires.
pub(crate) fn fitted(core: Core, ty: Ty) -> Core {
    let span = core.span;
    Core { kind: CoreKind::Fit(Box::new(core), Arc::new(Want::of(ty))), span }
}
