//! Checks whose answer is known: no false one passes, and no true one fails.

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Located, Severity};
use types::{Ability, Fits, Ty, Value};

use super::built::lines_of;
use super::scope::{Scope, base};
use super::{Good, Tree};

/// A question about an expression, and what it comes to for a value; nothing where it is not asked of such.
type Question = (&'static str, fn(&Ty, &Value) -> Option<bool>);

const QUESTIONS: &[Question] = &[
    ("$E == $E", |_, _| Some(true)),
    ("$E != $E", |_, _| Some(false)),
    ("not ($E == $E)", |_, _| Some(false)),
    ("$E in [$E]", |_, _| Some(true)),
    ("not ([1 + 1, $E] contains $E)", |_, _| Some(false)),
    ("length([$E, $E]) == 2", |_, _| Some(true)),
    ("[$E, $E].length == 3", |_, _| Some(false)),
    ("[$E].first == [$E].last", |_, _| Some(true)),
    ("for x in [$E, $E] => x != x", |_, _| Some(false)),
    ("(match $E { $E => 1, _ => 2 }) == 1", |_, _| Some(true)),
    ("(if $E == $E then 1 else 2) == 2", |_, _| Some(false)),
    ("$E", |_, value| Some(*value == Value::Bool(true))),
    ("not $E", |_, value| Some(*value == Value::Bool(false))),
    ("$E and not $E", |_, _| Some(false)),
    ("$E or not $E", |_, _| Some(true)),
    ("$E == none", |_, value| Some(value.is_none())),
    ("($E ?? 1) != none", |_, _| Some(true)),
    ("$E < $E", |_, _| Some(false)),
    ("$E >= $E", |ty, _| (ty.can(Ability::Ordered) == Fits::Yes).then_some(true)),
    ("$E + $E == $E - $E", |_, value| match value {
        Value::Int(number) => Some(*number == 0),
        _ => None,
    }),
    ("length($E) == 2", |_, value| length(value).map(|length| length == 2)),
    ("length($E) < 1", |_, value| length(value).map(|length| length == 0)),
    ("length(unique([$E, $E])) == 1", |_, _| Some(true)),
    ("string($E) == \"${$E}\"", |_, _| Some(true)),
    ("length(json($E)) < 1", |_, _| Some(false)),
    ("min([$E]) != max([$E])", |_, _| Some(false)),
    ("sort([$E, $E]).first == $E", |_, _| Some(true)),
    // A declaration among and beside plain values is what it stands for.
    ("(if $E == $E then $E else 2.5) == $E", |_, _| Some(true)),
    ("string(if $E == $E then $E else 2.5) == \"${$E}\"", |_, _| Some(true)),
    ("not ($E in [true, 2.5, \"x\", $E])", |_, _| Some(false)),
    ("(0 + $E) in [$E]", |_, _| Some(true)),
    ("[$E] == [$E * 1]", |_, _| Some(true)),
    ("length(unique([$E, 0 + $E])) == 2", |_, _| Some(false)),
];

fn length(value: &Value) -> Option<usize> {
    match value {
        Value::List(list) => Some(list.len()),
        // An entry that is none is not there.
        Value::Map(map) => Some(types::entries(map).count()),
        _ => None,
    }
}

/// A check about an expression.
#[derive(Clone, Debug)]
pub struct Check {
    tree: Tree,
    question: &'static str,
    answer: bool,
}

/// What came of some checks.
#[derive(Default)]
pub struct Checked {
    /// How many were accepted, by question.
    pub accepted: BTreeMap<&'static str, usize>,
    /// How many of them do not hold.
    pub fail: usize,
    /// The checks that came out wrong.
    pub wrong: BTreeSet<String>,
}

impl Check {
    /// The checks about an expression with that value.
    pub fn all(good: &Good, value: &Value) -> impl Iterator<Item = Self> {
        QUESTIONS.iter().filter_map(|(question, answer)| {
            let answer = answer(&good.ty, value)?;
            Some(Self { tree: (*good.tree).clone(), question, answer })
        })
    }

    fn line(&self) -> String {
        let text = self.tree.text();
        let text = if self.tree.parts.is_empty() { text } else { format!("({text})") };
        format!("check \"it holds\" {{ {} }}", self.question.replace("$E", &text))
    }
}

/// Asks checks in one lab: those that are asked at all hold, or fail, as they should.
pub fn ask(checks: &[Check], checked: &mut Checked) {
    for (check, holds) in answers(checks) {
        *checked.accepted.entry(check.question).or_default() += 1;
        checked.fail += usize::from(!check.answer);
        if holds == check.answer {
            continue;
        }
        let of = |tree: &Tree| Check { tree: tree.clone(), ..check.clone() };
        let is_wrong = |tree: &Tree| answers(&[of(tree)]).iter().any(|(check, holds)| *holds != check.answer);
        let small = if is_wrong(&check.tree) { of(&check.tree.shrunk(&is_wrong)) } else { check.clone() };
        checked.wrong.insert(format!("{} is {}", small.line(), check.answer));
    }
}

/// The checks that have no problem but that they fail, and whether they hold.
fn answers(checks: &[Check]) -> Vec<(Check, bool)> {
    let base = base();
    let first = base.lines().count();
    let lines: Vec<String> = checks.iter().map(Check::line).collect();
    let scope = Scope::new(&format!("{base}{}\n", lines.join("\n")));
    let problems = scope.session().problems();
    let errors = problems.iter().filter(|problem| problem.severity() == Severity::Error);
    let (failed, others): (Vec<&Located>, Vec<&Located>) =
        errors.partition(|problem| problem.rule.name == "check-failed");
    let at = |problems: &[&Located]| -> BTreeSet<usize> {
        problems.iter().flat_map(|problem| lines_of(problem, first)).collect()
    };
    let (failed, refused) = (at(&failed), at(&others));
    let asked = checks.iter().enumerate().filter(|(at, _)| !refused.contains(at));
    asked.map(|(at, check)| (check.clone(), !failed.contains(&at))).collect()
}
