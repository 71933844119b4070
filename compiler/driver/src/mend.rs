//! What problems offer to repair, done: round after round, until nothing is left that a program can repair.

use diagnostics::{Located, LocatedFix, apply, together};

use crate::Session;
use crate::rules::RULES;

/// How many rounds there are at most. A lab takes two or three: what one repairs lays bare what the next one does.
const ROUNDS: usize = 100;

/// The number of the phase that reads texts.
const READING: usize = 0;

/// A fix that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The file of the problem.
    pub file: String,
    /// Its line, in the text as it was before the round.
    pub line: u32,
    /// The rule that was broken.
    pub rule: &'static str,
    /// What was done, as an order.
    pub title: String,
}

impl Session {
    /// Applies the fixes of all problems of the lab to its texts; says which. `follow` is told when texts have changed:
    /// other files may be imported then.
    ///
    /// Problems of an earlier phase go first: what cannot be read may hide what a later one misses. A fix may lay bare
    /// the next problem, so rounds go on. What is done about what cannot be read is kept only where it comes to a text
    /// of which more can be read: there, fixes are guesses, and some lead astray.
    pub fn mend(&mut self, follow: &mut dyn FnMut(&mut Self)) -> Vec<Applied> {
        let (mut all, mut seen) = (Vec::new(), vec![self.texts()]);
        let names = self.file_names();
        let was_there = |problem: &Located| names.iter().any(|name| **name == *problem.range.file);
        let (mut fewest, mut kept) = (usize::MAX, (self.texts(), 0));
        let (mut first, mut is_astray) = (READING, false);
        for _ in 0..ROUNDS {
            follow(self);
            let problems = self.problems();
            let unread =
                problems.iter().filter(|problem| phase(problem) == READING && was_there(problem)).count();
            if !is_astray && unread > fewest {
                // A fix of a later phase has made a text that cannot be read: it is undone.
                is_astray = true;
                break;
            }
            if !is_astray || unread < fewest {
                (fewest, kept, is_astray) = (unread, (self.texts(), all.len()), false);
            }
            let chosen = self.next(&problems, first);
            let mut texts = self.texts();
            apply(&mut texts, chosen.iter().map(|(_, fix)| *fix));
            let is_end = chosen.is_empty() || seen.contains(&texts);
            let is_guess = chosen.iter().any(|(problem, _)| phase(problem) == READING);
            if is_astray && (is_end || !is_guess) {
                self.set_texts(&kept.0);
                all.truncate(kept.1);
                (first, is_astray) = (READING + 1, false);
                continue;
            }
            if is_end {
                break;
            }
            is_astray |= is_guess;
            all.extend(chosen.into_iter().map(applied));
            self.set_texts(&texts);
            seen.push(texts);
        }
        if is_astray {
            self.set_texts(&kept.0);
            all.truncate(kept.1);
        }
        follow(self);
        all
    }

    pub(crate) fn set_texts(&mut self, texts: &[(String, String)]) {
        for (name, text) in texts {
            self.set_text(name, text);
        }
    }

    /// The fixes of the first phase that offers any, from `first` on.
    fn next<'p>(&self, problems: &'p [Located], first: usize) -> Vec<(&'p Located, &'p LocatedFix)> {
        let names = self.file_names();
        let own = |file: &str| names.iter().any(|name| name == file);
        let of_phase = |nth: usize| {
            let here = problems.iter().filter(move |problem| phase(problem) == nth);
            together(here, &own)
        };
        (first..=RULES.len()).map(of_phase).find(|chosen| !chosen.is_empty()).unwrap_or_default()
    }
}

/// The number of the phase that a problem is of.
fn phase(problem: &Located) -> usize {
    let is_of = |rules: &&[&diagnostics::Rule]| rules.contains(&problem.rule);
    RULES.iter().position(is_of).unwrap_or(RULES.len())
}

pub(crate) fn applied((problem, fix): (&Located, &LocatedFix)) -> Applied {
    Applied {
        file: problem.range.file.to_string(),
        line: problem.range.start.line,
        rule: problem.rule.name,
        title: fix.title.clone(),
    }
}
