//! One item's text to its tree.
//!
//! ```text
//! text ─ read ─▶ tokens ─ repair ─▶ brackets in pairs ─ arrange ─▶ statements marked ─ grammar ─▶ tree
//!                                                                       problems ◀─ explain ─┘ faults
//! ```

mod arrange;
mod fault;
mod grammar;
mod raw;
mod source;
mod tok;

use ::source::{ItemKey, Span};
use chumsky::Parser;
use chumsky::input::Stream;
use diagnostics::Problem;

use crate::ast::{Statement, StatementKind};
use grammar::{Rule, State};
use raw::Input;

/// An item's tree and what is wrong with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The tree; an error where nothing could be read, and where there is nothing.
    pub statement: Statement,
    /// What is wrong, in the order of the text.
    pub problems: Vec<Problem>,
}

thread_local! {
    static GRAMMAR: Rule<Vec<Statement>> = grammar::grammar();
}

/// Parses the text of item `key`, as [`cut`](crate::cut) cuts it. Always yields a tree.
pub fn parse(key: &ItemKey, text: &str) -> Parsed {
    let input = Input::read(key, text);
    let arranged = arrange::arrange(&input);
    let mut state = State::default();
    let toks = state.load(text, arranged);
    let (statements, faults) = GRAMMAR.with(|grammar| {
        grammar.parse_with_state(Stream::from_iter(toks), &mut state).into_output_errors()
    });
    let problems = input.problems;
    let statement = statements.and_then(|statements| statements.into_iter().next());
    Parsed { statement: statement.unwrap_or_else(|| nothing(text)), problems }
}

fn nothing(text: &str) -> Statement {
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    Statement { doc: None, kind: StatementKind::Error, span: Span::new(0, end) }
}
