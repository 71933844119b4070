//! The clauses of a declaration's head: `in X`, `: TEMPLATES`, `for v in xs`, `if c`, in any order, each once.

use chumsky::prelude::*;
use source::Span;

use super::super::fault::Fault;
use super::super::source::Source;
use super::super::tok::Tok;
use super::expression::{arguments, for_clause, place_path};
use super::{Rule, Rules, With, bytes, ident, picked, trees};
use crate::ast::{Content, Declare, Expr, ExprKind, ForClause, Name, Repeat, TemplateUse, dotted};

/// What the clauses of a head say.
#[derive(Clone, Debug, Default)]
pub(super) struct Clauses {
    place: Option<Expr>,
    templates: Vec<TemplateUse>,
    each: Option<ForClause>,
    condition: Option<Expr>,
    /// The token that `each` begins with.
    for_at: usize,
    /// What could not be read of them, or says again what another does.
    lost: Option<Expr>,
}

/// A clause.
#[derive(Clone)]
enum Clause {
    Place(Expr),
    Templates(Vec<TemplateUse>),
    Each(ForClause),
    Condition(Expr),
    /// What could not be read.
    Lost,
}

/// The clauses of a head. Each ends where another begins; one that cannot be read is skipped.
pub(super) fn clauses(rules: &Rules) -> Rule<Clauses> {
    let begins = any().filter(|tok: &Tok| begins_clause(*tok));
    let ends = |tok: &Tok| begins_clause(*tok) || matches!(tok, Tok::LeftBrace | Tok::Assign | Tok::End);
    let rest = any().filter(move |tok| !ends(tok)).rewind().ignore_then(trees()).repeated();
    let lost = begins.then(rest).to(Clause::Lost);
    all(clause(rules).recover_with(via_parser(lost)).boxed())
}

/// As [`clauses`], all of which can be read.
pub(super) fn sound_clauses(rules: &Rules) -> Rule<Clauses> {
    all(clause(rules))
}

/// Whether a clause begins with `tok`.
fn begins_clause(tok: Tok) -> bool {
    matches!(tok, Tok::Within | Tok::Colon | Tok::For | Tok::If)
}

fn all(clause: Rule<Clause>) -> Rule<Clauses> {
    let placed = clause.map_with(|clause, e| (e.span().start, clause, bytes(e)));
    placed.repeated().collect::<Vec<_>>().map_with(|all, e| Clauses::of(all, e)).boxed()
}

fn clause(rules: &Rules) -> Rule<Clause> {
    let place = just(Tok::Within).ignore_then(place_path(rules)).map(Clause::Place).boxed();
    let templates = just(Tok::Colon).ignore_then(templates(rules)).map(Clause::Templates).boxed();
    let each = for_clause(rules.sum.clone(), None).map(Clause::Each).boxed();
    let condition = just(Tok::If).ignore_then(rules.expr.clone()).map(Clause::Condition).boxed();
    let which = |source: &Source, at: usize| match source.tok(at) {
        Tok::Within => 0,
        Tok::Colon => 1,
        Tok::For => 2,
        _ => 3,
    };
    picked(which, [place, templates, each, condition])
}

/// `template(arguments) + template`.
pub(super) fn templates(rules: &Rules) -> Rule<Vec<TemplateUse>> {
    let name = ident().separated_by(just(Tok::Dot)).at_least(1).collect::<Vec<_>>().map(joined);
    let one = name.then(arguments(&rules.expr).or_not()).map_with(|(name, arguments), e| TemplateUse {
        name,
        arguments: arguments.unwrap_or_default(),
        span: bytes(e),
    });
    one.boxed().separated_by(just(Tok::Plus)).at_least(1).collect().boxed()
}

/// One name of a dotted one.
fn joined(mut path: Vec<Name>) -> Name {
    if path.len() == 1 {
        return path.remove(0);
    }
    let span = path.iter().fold(path[0].span, |span, name| span.to(name.span));
    Name { text: dotted(&path), span }
}

impl Clauses {
    /// What `all` say, each with the token that it begins with and its place. Of two of a form the first counts.
    fn of(all: Vec<(usize, Clause, Span)>, extra: &mut With<'_, '_>) -> Self {
        let mut clauses = Self::default();
        let mut seen: [Option<usize>; 4] = [None; 4];
        for (at, clause, span) in all {
            let form = match clause {
                Clause::Place(_) => 0,
                Clause::Templates(_) => 1,
                Clause::Each(_) => 2,
                Clause::Condition(_) => 3,
                Clause::Lost => seen.len(),
            };
            match seen.get_mut(form) {
                Some(Some(first)) => extra.emit(Fault::twice(at, *first)),
                Some(first) => {
                    *first = Some(at);
                    clauses.add(at, clause);
                    continue;
                }
                None => {}
            }
            clauses.lost = clauses.lost.or(Some(Expr { kind: ExprKind::Error, span }));
        }
        clauses
    }

    fn add(&mut self, at: usize, clause: Clause) {
        match clause {
            Clause::Place(place) => self.place = Some(place),
            Clause::Templates(templates) => self.templates = templates,
            Clause::Each(each) => (self.each, self.for_at) = (Some(each), at),
            Clause::Condition(condition) => self.condition = Some(condition),
            Clause::Lost => {}
        }
    }

    /// The declaration of which these are the clauses.
    pub(super) fn declare(
        self,
        kind: Vec<Name>,
        name: Option<Name>,
        key: Option<Expr>,
        content: Content,
        extra: &mut With<'_, '_>,
    ) -> Declare {
        let Self { place, templates, each, condition, for_at, lost } = self;
        // What was skipped may have said it.
        let place = lost.or(place);
        let (repeat, pick) = match (key, each) {
            (Some(key), Some(clause)) => (Some(Box::new(Repeat { key, clause })), None),
            (None, Some(_)) => {
                extra.emit(Fault::no_key(for_at));
                (None, None)
            }
            (key, None) => (None, key.map(Box::new)),
        };
        Declare { kind, name, repeat, pick, place, templates, condition, content }
    }
}
