//! What a lab's comments say about its problems.
//!
//! `# ^^^^ rule: message` below a line means the columns under the carets of the line above, `# error: rule: message`
//! any place of it. `# also FILE:LINE: text` and `# help: text` below such a comment say more about that problem.
//!
//! Where a group wants all that is said, `# label: text` and `# fix: title` are there too, and places have columns.

use std::fmt::Write;

use diagnostics::Located;

/// A problem as a comment says it.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    /// The line that it is in, from one.
    pub line: u32,
    /// The columns, from one, the last one excluded; any where nothing is said.
    pub columns: Option<(u32, u32)>,
    /// The rule.
    pub rule: String,
    /// A part of what it says.
    pub message: String,
    /// Other places with parts of what is said there: `homelab.hl:3: text`.
    pub also: Vec<String>,
    /// A part of the remedy.
    pub help: Option<String>,
}

/// What one comment says.
enum Comment {
    Problem {
        columns: Option<(u32, u32)>,
        rule: String,
        message: String,
    },
    Also(String),
    Help(String),
    /// What only [`written_whole`] says, and only the whole text is compared with.
    More(String),
}

fn comment(line: &str) -> Option<Comment> {
    let body = line.trim_start().strip_prefix('#')?;
    let hash = line.chars().count() - line.trim_start().chars().count();
    let words = body.trim_start();
    if let Some(text) = words.strip_prefix("also ") {
        return Some(Comment::Also(text.trim().to_owned()));
    }
    if let Some(text) = words.strip_prefix("help: ") {
        return Some(Comment::Help(text.trim().to_owned()));
    }
    if let Some(text) = words.strip_prefix("label: ").or_else(|| words.strip_prefix("fix: ")) {
        return Some(Comment::More(text.trim().to_owned()));
    }
    let (columns, said) = if let Some(said) = words.strip_prefix("error: ") {
        (None, said)
    } else {
        let said = words.trim_start_matches('^');
        let carets = words.len() - said.len();
        if carets == 0 {
            return None;
        }
        // A '#' directly before the carets is one of them: it stands where a comment has to begin.
        let blanks = body.len() - words.len();
        let first = if blanks == 0 { hash } else { hash + 1 + blanks };
        let width = if blanks == 0 { carets + 1 } else { carets };
        (Some((number(first + 1), number(first + 1 + width))), said)
    };
    let (rule, message) = said.trim().split_once(':').unwrap_or((said.trim(), ""));
    Some(Comment::Problem { columns, rule: rule.trim().to_owned(), message: message.trim().to_owned() })
}

/// Whether a line is a comment about problems.
pub(crate) fn is_expectation(line: &str) -> bool {
    comment(line).is_some()
}

/// What the comments in a lab's lines say. They are not part of the lab, so they do not count as lines.
pub(crate) fn expected(lines: &[String]) -> Vec<Expected> {
    let mut found: Vec<Expected> = Vec::new();
    let mut about = 0;
    for line in lines {
        match comment(line) {
            None => about += 1,
            Some(Comment::Problem { columns, rule, message }) => {
                found.push(Expected { line: about, columns, rule, message, also: Vec::new(), help: None });
            }
            Some(Comment::Also(text)) => {
                if let Some(last) = found.last_mut() {
                    last.also.push(text);
                }
            }
            Some(Comment::Help(text)) => {
                if let Some(last) = found.last_mut() {
                    last.help = Some(text);
                }
            }
            Some(Comment::More(_)) => {}
        }
    }
    found
}

/// What a lab's comments expect to be read, problem by problem: the message, then all else.
pub(crate) fn said(lines: &[String]) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    for comment in lines.iter().filter_map(|line| comment(line)) {
        match (comment, found.last_mut()) {
            (Comment::Problem { message, .. }, _) => found.push(vec![message]),
            (Comment::Also(text), Some(last)) => {
                last.extend(text.split_once(": ").map(|(_, said)| said.to_owned()));
            }
            (Comment::Help(text) | Comment::More(text), Some(last)) => last.push(text),
            (_, None) => {}
        }
    }
    found
}

impl Expected {
    /// Whether `problem` is this one.
    pub(crate) fn is(&self, problem: &Located) -> bool {
        let range = &problem.range;
        let columns = || self.columns.is_none_or(|columns| columns == columns_of(problem));
        let also = |text: &String| {
            let Some((place, said)) = text.split_once(": ") else { return false };
            problem.labels.iter().any(|label| {
                let file = &*label.range.file;
                let here = place == file || *place == format!("{file}:{}", label.range.start.line);
                here && label.message.contains(said)
            })
        };
        range.start.line == self.line
            && problem.rule.name == self.rule
            && problem.message.contains(&self.message)
            && columns()
            && self.also.iter().all(also)
            && self
                .help
                .as_ref()
                .is_none_or(|help| problem.help.as_ref().is_some_and(|said| said.contains(help)))
    }
}

/// The columns of a problem; one that goes on over more lines has just its first one.
fn columns_of(problem: &Located) -> (u32, u32) {
    let (start, end) = (problem.range.start, problem.range.end);
    if start.line == end.line {
        (start.column, end.column.max(start.column + 1))
    } else {
        (start.column, start.column + 1)
    }
}

/// A problem as the comment that expects it.
pub(crate) fn written(problem: &Located) -> String {
    let (start, end) = columns_of(problem);
    let (start, width) = (start as usize, (end - start) as usize);
    let mut comment = match (start, width) {
        (1, 2..) => format!("#{}", "^".repeat(width - 1)),
        (3.., _) => format!("#{}{}", " ".repeat(start - 2), "^".repeat(width)),
        _ => "# error:".to_owned(),
    };
    let _ = write!(comment, " {}: {}", problem.rule.name, problem.message);
    comment
}

/// A problem as comments that say all of it: one for each thing that it says.
pub(crate) fn written_whole(problem: &Located) -> Vec<String> {
    let mut comments = vec![written(problem)];
    comments.extend(problem.label.iter().map(|label| format!("# label: {label}")));
    comments.extend(problem.labels.iter().map(|label| {
        let start = label.range.start;
        // Lines of the library change with it, and say nothing to those who read a page.
        let place = match &*label.range.file {
            library if library.starts_with("std/") => library.to_owned(),
            file => format!("{file}:{}:{}", start.line, start.column),
        };
        format!("# also {place}: {}", label.message)
    }));
    comments.extend(problem.help.iter().map(|help| format!("# help: {help}")));
    comments.extend(problem.fixes.iter().map(|fix| format!("# fix: {}", fix.title)));
    comments
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{expected, is_expectation};

    type Said = (u32, Option<(u32, u32)>, String, String);

    fn of(text: &str) -> Vec<Said> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let all = expected(&lines).into_iter();
        all.map(|expected| (expected.line, expected.columns, expected.rule, expected.message)).collect()
    }

    #[test]
    fn carets_are_columns_of_the_line_above() {
        assert_eq!(of("a\nb = 1\n#   ^ r: m: n"), [(2, Some((5, 6)), "r".into(), "m: n".into())]);
        assert_eq!(of("hosts x\n#^^^^ r: m"), [(1, Some((1, 6)), "r".into(), "m".into())]);
        assert_eq!(of("x\n# error: r"), [(1, None, "r".into(), String::new())]);
        assert_eq!(of("  x\n  # ^ r: m\n  # ^ q: n").len(), 2);
    }

    #[test]
    fn other_comments_are_comments() {
        assert!(!is_expectation("# a remark"));
        assert!(!is_expectation("x = 1 # ^ not at the start"));
        assert!(is_expectation("   # ^^ rule: text"));
    }
}
