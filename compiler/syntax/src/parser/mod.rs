//! One item's text to its tree.
//!
//! ```text
//! text ─ read ─▶ tokens ─ repair ─▶ brackets in pairs ─ arrange ─▶ statements marked ─ grammar ─▶ tree
//!                   │                  │                   │                                       │ faults
//!                   └─ mistakes        └─ brackets         └─ commas, depth        problems ◀─ explain
//! ```
//!
//! Whatever can be told from the tokens alone is repaired before the grammar sees it, so that one mistake is one
//! problem. A fault in a statement that has a problem already is most likely the same mistake and is not reported.

mod arrange;
mod clauses;
mod depth;
mod direction;
mod explain;
mod fault;
mod grammar;
mod mistakes;
mod raw;
mod repair;
mod source;
mod tok;

use std::cell::RefCell;

use ::source::{ItemKey, Span};
use chumsky::Parser;
use chumsky::input::Stream;
use diagnostics::Problem;

use crate::ast::{Content, ExprKind, Set, Statement, StatementKind};
use crate::problems::missing_comma::missing_comma;
use crate::problems::syntax_error::{brace_on_next_line, syntax_error};
use crate::problems::too_deep::too_deep;
use explain::Context;
use fault::Fault;
use grammar::{Rule, State};
use raw::Input;

pub(crate) use arrange::Arranged;
pub(crate) use clauses::in_order;
pub(crate) use source::unquoted;
pub(crate) use tok::Tok;

/// An item's tree and what is wrong with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The tree; an error where nothing could be read, and where there is nothing.
    pub statement: Statement,
    /// What is wrong, in the order of the text.
    pub problems: Vec<Problem>,
}

/// How many faults of an item are reported; what follows so many says nothing new.
const MOST_FAULTS: usize = 50;

thread_local! {
    /// The grammar, and what it reads: room that one item has taken is there for the next.
    static GRAMMAR: (Rule<Vec<Statement>>, RefCell<State>) = (grammar::grammar(), RefCell::default());
}

/// Parses the text of item `key`, as [`cut`](crate::cut()) cuts it. Always yields a tree.
pub fn parse(key: &ItemKey, text: &str) -> Parsed {
    let mut input = Input::read(key, text);
    mistakes::report(&mut input);
    repair::repair(&mut input);
    let arranged = arrange::arrange(&input);
    finish(input, arranged)
}

/// What is wrong with an item's text, and what the grammar reads of it: nothing where brackets do not balance or are too
/// many.
pub(crate) fn problems_and_arranged(key: &ItemKey, text: &str) -> (Vec<Problem>, Option<Arranged>) {
    let mut input = Input::read(key, text);
    mistakes::report(&mut input);
    let is_balanced = input.balanced;
    repair::repair(&mut input);
    let arranged = arrange::arrange(&input);
    let kept = (is_balanced && arranged.too_deep.is_none()).then(|| arranged.clone());
    (finish(input, arranged).problems, kept)
}

/// What the grammar reads of an item's text; nothing where brackets do not balance or are too many.
pub(crate) fn arranged(key: &ItemKey, text: &str) -> Option<Arranged> {
    let mut input = Input::read(key, text);
    mistakes::report(&mut input);
    let arranged = input.balanced.then(|| arrange::arrange(&input))?;
    arranged.too_deep.is_none().then_some(arranged)
}

/// Reads what is arranged.
fn finish(mut input: Input<'_>, arranged: Arranged) -> Parsed {
    report_arranged(&mut input, &arranged);
    let statement = match arranged.too_deep {
        Some(_) => None,
        None => run_grammar(&mut input, arranged),
    };
    direction::report(&mut input);
    let mut problems = input.problems;
    drop_consequences(input.text, &mut problems);
    problems.sort_by_key(|problem| problem.place.span.start);
    Parsed { statement: statement.unwrap_or_else(|| nothing(input.text)), problems }
}

/// Reports what the arrangement found.
fn report_arranged(input: &mut Input<'_>, arranged: &Arranged) {
    if let Some(span) = arranged.too_deep {
        input.problems.clear();
        input.problems.push(too_deep(input.place(span), depth::MOST_NESTED));
        return;
    }
    for (at, next) in &arranged.commas {
        let next = next.slice(input.text);
        let next = if next.len() > 40 || next.contains('\n') { "" } else { next };
        input.problems.push(missing_comma(input.place(*at), next));
    }
    for (gap, brace) in &arranged.low_braces {
        let gap = Some(*gap).filter(|gap| gap.slice(input.text).trim().is_empty());
        let place = input.place(*brace);
        input.problems.push(brace_on_next_line(place, gap.map(|gap| input.place(gap))));
    }
}

/// The first statement, and problems for what could not be read.
fn run_grammar(input: &mut Input<'_>, arranged: Arranged) -> Option<Statement> {
    let statements = GRAMMAR.with(|(grammar, state)| {
        let mut state = state.borrow_mut();
        let toks = Stream::from_iter(state.load(input.text, arranged));
        let (statements, faults) = grammar.parse_with_state(toks, &mut state).into_output_errors();
        if !faults.is_empty() {
            explain(input, &state, faults);
        }
        statements
    });
    let mut statements = statements?.into_iter();
    let first = statements.next();
    if let Some(second) = statements.next()
        && input.problems.is_empty()
    {
        input.problems.push(syntax_error(input.place(second.span), "nothing more is expected here"));
    }
    first.map(|first| constant(input, first))
}

/// `name 9100` as a constant whose `=` is missing, as the cut takes it; any other statement as it is.
fn constant(input: &Input<'_>, mut statement: Statement) -> Statement {
    if let StatementKind::Declare(declare) = &statement.kind
        && let ([name], Content::Primary(value)) = (declare.kind.as_slice(), &declare.content)
        && input.kind(1).is_literal()
        && matches!(value.kind, ExprKind::Error)
    {
        let (path, keys) = (vec![name.clone()], Vec::new());
        let set = Set { path, keys, ty: None, append: false, value: value.clone() };
        statement.kind = StatementKind::Set(set);
    }
    statement
}

/// Finds words for `faults`, unless their statements have problems already.
fn explain(input: &mut Input<'_>, source: &source::Source, mut faults: Vec<Fault>) {
    let unopened = input.problems.iter().position(is_unopened);
    let at = unopened.map(|nth| input.problems[nth].place.span.start);
    let context = Context { key: input.key, source, toks: source.toks(), unopened: at };
    let known: Vec<Span> = input.problems.iter().map(|problem| problem.place.span).collect();
    faults.sort_by_key(|fault| fault.at);
    faults.dedup_by_key(|fault| fault.at);
    for fault in faults.into_iter().take(MOST_FAULTS) {
        if !known.is_empty() {
            let statement = context.statement(fault.at);
            if known.iter().any(|span| span.start <= statement.end && span.end >= statement.start) {
                continue;
            }
        }
        let problem = context.explain(fault);
        // What one change mends is one mistake.
        let is_known = |known: &Problem| !known.fixes.is_empty() && known.fixes == problem.fixes;
        if !input.problems.iter().any(is_known) {
            input.problems.push(problem);
        }
    }
    // A '{' that is missing and the '}' that closes nothing are one mistake.
    if let Some(nth) = unopened
        && input.problems.iter().any(|problem| problem.message.starts_with("a '{' is missing"))
    {
        input.problems.remove(nth);
    }
}

fn is_unopened(problem: &Problem) -> bool {
    problem.message == "this '}' closes nothing"
}

/// Where quotes are missing, texts and what stands between them change places: what else is odd on that line follows.
fn drop_consequences(text: &str, problems: &mut Vec<Problem>) {
    let of = |problem: &Problem, names: &[&str]| names.contains(&problem.rule.name);
    let unclosed: Vec<u32> = problems
        .iter()
        .filter(|problem| of(problem, &["unclosed-text"]))
        .map(|problem| problem.place.span.start)
        .collect();
    if unclosed.is_empty() {
        return;
    }
    problems.retain(|problem| {
        let start = problem.place.span.start;
        let same_line = |at: &u32| !Span::new(start.min(*at), start.max(*at)).slice(text).contains('\n');
        !of(problem, &["missing-comma", "stray-character"]) || !unclosed.iter().any(same_line)
    });
}

fn nothing(text: &str) -> Statement {
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    Statement { doc: None, kind: StatementKind::Error, span: Span::new(0, end) }
}
