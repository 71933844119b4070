//! Frames with text, for people.

use std::fmt::Write;

use super::frame::frame;
use super::plain::clipped;
use super::{DisplayPath, plain, summary};
use crate::{Located, Severity, Sources};

/// So many places of one problem are shown beside its own.
const MOST_LABELS: usize = 8;

/// Each problem with the text it is about, and how many there are. Empty if there are none.
pub fn human(
    problems: &[Located],
    sources: &dyn Sources,
    display_path: DisplayPath<'_>,
    colour: bool,
) -> String {
    if problems.is_empty() {
        return String::new();
    }
    let paint = Paint { colour };
    let mut text = String::new();
    for problem in problems {
        text.push_str(&heading(problem, paint));
        text.push_str(
            &frame(problem, MOST_LABELS, sources, display_path, colour)
                .unwrap_or_else(|| position(problem, display_path)),
        );
        text.push_str(&footer(problem, paint));
        text.push('\n');
    }
    text + &summary(problems) + "\n"
}

/// `error[unknown-name]: no namespace is called 'automaton'`
fn heading(problem: &Located, paint: Paint) -> String {
    let colour = match problem.severity() {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
    };
    let rule = format!("{}[{}]", problem.severity(), problem.rule.name);
    let message = format!(": {}", clipped(&problem.message));
    format!("{}{}\n", paint.with(colour, &rule), paint.with("1", &message))
}

/// What there is to say where there is no text to show.
fn position(problem: &Located, display_path: DisplayPath<'_>) -> String {
    let path = display_path(&problem.range.file);
    let start = problem.range.start;
    format!("  in {}:{}:{}\n", plain(&path), start.line, start.column)
}

/// What to do about it.
fn footer(problem: &Located, paint: Paint) -> String {
    let mut text = String::new();
    let mut line = |colour, word: &str, sentence: &str| {
        let _ = writeln!(text, "  {}: {}", paint.with(colour, word), clipped(sentence));
    };
    let hidden = problem.labels.len().saturating_sub(MOST_LABELS);
    match hidden {
        0 => {}
        1 => line("1;34", "note", "one more place is not shown"),
        n => line("1;34", "note", &format!("{n} more places are not shown")),
    }
    if let Some(help) = &problem.help {
        line("1;36", "help", help);
    }
    for fix in &problem.fixes {
        line("1;32", "try", &fix.title);
    }
    text
}

/// Colours, or not.
#[derive(Clone, Copy)]
struct Paint {
    colour: bool,
}

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}
