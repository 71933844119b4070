//! What problems offer to repair, done: round after round, until nothing is left that a program can repair.

use diagnostics::{Located, LocatedFix, Problem, Sources, apply, together};

use crate::{RULES, Session};

/// How many rounds there are at most. A lab takes two or three: what one repairs lays bare what the next one does.
const ROUNDS: usize = 100;

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
    /// Applies the fixes of all problems of the lab, and of those that `more` finds in its texts (it may add files), to
    /// its texts; says which.
    ///
    /// Problems of an earlier phase go first: what cannot be read may hide what a later one misses. When a round would
    /// bring back a text that was there before, it is left out, and the lab stays as it is.
    pub fn mend(&mut self, more: &mut dyn FnMut(&mut Self) -> Vec<Problem>) -> Vec<Applied> {
        let mut all = Vec::new();
        let mut seen = vec![self.texts()];
        for _ in 0..ROUNDS {
            let more = more(self);
            let problems = self.problems_and(&more);
            let chosen = self.next(&problems);
            let mut texts = self.texts();
            apply(&mut texts, chosen.iter().map(|(_, fix)| *fix));
            if chosen.is_empty() || seen.contains(&texts) {
                break;
            }
            all.extend(chosen.into_iter().map(applied));
            for (name, text) in &texts {
                self.set_text(name, text);
            }
            seen.push(texts);
        }
        all
    }

    /// The names of the lab's files and their texts.
    pub fn texts(&self) -> Vec<(String, String)> {
        let sources = self.sources();
        let text = |name: String| {
            let text = sources.text(&name).unwrap_or_default().to_owned();
            (name, text)
        };
        self.file_names().into_iter().map(text).collect()
    }

    /// The fixes of the first phase that offers any.
    fn next<'p>(&self, problems: &'p [Located]) -> Vec<(&'p Located, &'p LocatedFix)> {
        let names = self.file_names();
        let own = |file: &str| names.iter().any(|name| name == file);
        let of_phase = |nth: usize| {
            let here = problems.iter().filter(move |problem| phase(problem) == nth);
            together(here, &own)
        };
        (0..=RULES.len()).map(of_phase).find(|chosen| !chosen.is_empty()).unwrap_or_default()
    }
}

/// The number of the phase that a problem is of.
fn phase(problem: &Located) -> usize {
    let is_of = |rules: &&[&diagnostics::Rule]| rules.contains(&problem.rule);
    RULES.iter().position(is_of).unwrap_or(RULES.len())
}

fn applied((problem, fix): (&Located, &LocatedFix)) -> Applied {
    Applied {
        file: problem.range.file.to_string(),
        line: problem.range.start.line,
        rule: problem.rule.name,
        title: fix.title.clone(),
    }
}
