//! The proof that a problem was reported.
//!
//! A value, a field or an entity that failed can be made only from a [`Reported`], so that what has a problem cannot be
//! taken for what is absent or `none`, and nothing vanishes without a word: as `ErrorGuaranteed` in rustc.

use crate::Problem;

/// Proof that a problem which stops the build was reported, or will be.
///
/// There are two ways to come by one: to report an error ([`Problem::report`]), and to say who else does
/// ([`Reported::elsewhere`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reported(());

/// Who reports a problem that is not reported where its proof is made. Each says why it can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// The parser: it makes no error node without a problem.
    Syntax,
    /// Whoever made a part of the expression that has no type: no type is missing without a problem.
    Operand,
    /// The item that declares what is used here: what is wrong with a kind, a template, a function, a constant or a name
    /// declared twice is said there.
    Declaration,
    /// The first item of a circle, when all of it has been worked out.
    Circle,
    /// Whoever works it out again: what is worked out apart from the lab, to be kept for many, is thrown away where it
    /// needs to know more.
    Again,
    /// Nobody: this cannot happen, and whoever says so has noted a fault of `hlc`, which stops the build as well.
    Fault,
}

impl Reported {
    /// That `by` reports it.
    pub fn elsewhere(by: Elsewhere) -> Self {
        match by {
            Elsewhere::Syntax
            | Elsewhere::Operand
            | Elsewhere::Declaration
            | Elsewhere::Circle
            | Elsewhere::Again
            | Elsewhere::Fault => Self(()),
        }
    }

    /// That an error is among `problems`, if one is.
    pub fn among(problems: &[Problem]) -> Option<Self> {
        problems.iter().any(Problem::is_error).then_some(Self(()))
    }
}

impl Problem {
    /// Adds an error to the problems found.
    ///
    /// # Panics
    ///
    /// In debug builds, when it is a warning, which proves nothing.
    pub fn report(self, problems: &mut Vec<Self>) -> Reported {
        debug_assert!(self.is_error(), "a warning does not stop a build: {}", self.message);
        problems.push(self);
        Reported(())
    }
}
