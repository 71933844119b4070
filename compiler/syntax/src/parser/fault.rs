//! What the grammar says when it cannot go on.
//!
//! Small and `Copy`, because the grammar makes many of them on its way through correct text. The words for it are found
//! later, from the tokens around.

use chumsky::DefaultExpected;
use chumsky::error::Error;
use chumsky::label::LabelError;
use chumsky::span::SimpleSpan;
use chumsky::util::MaybeRef;

use super::grammar::Toks;
use super::tok::Tok;
use crate::steps::step;

/// Where the grammar could not go on, and what it could have read there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The token at which it stopped.
    pub(crate) at: usize,
    /// What could have stood there, as bits of [`Tok::bit`].
    pub(crate) expected: u128,
    /// Why it could not, or that it read on, and how that is wrong.
    pub(crate) flaw: Flaw,
}

/// How something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It is not expected.
    Unexpected,
    /// A comparison whose left side is one: `a < b < c`.
    Chain,
    /// A clause of a head that has stood before, at that token.
    Twice(usize),
    /// The `for` of a head that says no key.
    NoKey,
}

impl Fault {
    /// A comparison at token `at` whose left side is one.
    pub(crate) fn chain(at: usize) -> Self {
        Self { at, expected: 0, flaw: Flaw::Chain }
    }

    /// The clause at token `at` of a head, which has one such clause at token `first`.
    pub(crate) fn twice(at: usize, first: usize) -> Self {
        Self { at, expected: 0, flaw: Flaw::Twice(first) }
    }

    /// The `for` at token `at` of a head without a key.
    pub(crate) fn no_key(at: usize) -> Self {
        Self { at, expected: 0, flaw: Flaw::NoKey }
    }

    /// Whether it stopped behind a value, where an operator could have stood.
    pub(crate) fn follows_value(&self) -> bool {
        self.expects(Tok::DotDot)
    }

    /// Whether `tok` could have stood there.
    pub(crate) fn expects(&self, tok: Tok) -> bool {
        self.expected & tok.bit() != 0
    }
}

impl Error<'_, Toks> for Fault {
    #[inline]
    fn merge(self, other: Self) -> Self {
        step(1);
        match self.at.cmp(&other.at) {
            std::cmp::Ordering::Less => other,
            std::cmp::Ordering::Greater => self,
            std::cmp::Ordering::Equal => Self { expected: self.expected | other.expected, ..self },
        }
    }
}

impl<'src> LabelError<'src, Toks, DefaultExpected<'src, Tok>> for Fault {
    #[inline]
    fn expected_found<E: IntoIterator<Item = DefaultExpected<'src, Tok>>>(
        expected: E,
        _found: Option<MaybeRef<'src, <Toks as chumsky::input::Input<'src>>::Token>>,
        span: SimpleSpan<usize>,
    ) -> Self {
        step(1);
        let bits = expected.into_iter().fold(0, |bits, expected| match expected {
            DefaultExpected::Token(tok) => bits | tok.bit(),
            _ => bits,
        });
        Self { at: span.start, expected: bits, flaw: Flaw::Unexpected }
    }

    /// One that was found further on stays, though the rule that found it began before.
    #[inline]
    fn replace_expected_found<E: IntoIterator<Item = DefaultExpected<'src, Tok>>>(
        self,
        expected: E,
        found: Option<MaybeRef<'src, <Toks as chumsky::input::Input<'src>>::Token>>,
        span: SimpleSpan<usize>,
    ) -> Self {
        if self.at > span.start { self } else { Self::expected_found(expected, found, span) }
    }
}
