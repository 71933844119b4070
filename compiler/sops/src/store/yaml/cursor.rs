//! A place in a YAML text, and the steps from there.

use crate::error::{Error, Problem};
use crate::store::Reading;

pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    line_start: usize,
    comments: Vec<usize>,
    reading: Reading,
    /// How many characters were gone over, some of them more than once.
    #[cfg(test)]
    pub(super) steps: std::cell::Cell<usize>,
}

/// A place to go back to.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    at: usize,
    line: usize,
    line_start: usize,
    comments: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, reading: Reading) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            line_start: 0,
            comments: Vec::new(),
            reading,
            #[cfg(test)]
            steps: std::cell::Cell::default(),
        }
    }

    /// What a value that is not in quotes is read as.
    pub(super) fn reading(&self) -> Reading {
        self.reading
    }

    pub(super) fn into_comments(self) -> Vec<usize> {
        self.comments
    }

    pub(super) fn error(&self, problem: Problem) -> Error {
        Error::at_line(problem, self.line)
    }

    pub(super) fn syntax(&self, what: &'static str) -> Error {
        self.error(Problem::Syntax(what))
    }

    pub(super) fn mark(&self) -> Mark {
        let Self { at, line, line_start, .. } = *self;
        Mark { at, line, line_start, comments: self.comments.len() }
    }

    pub(super) fn return_to(&mut self, mark: Mark) {
        (self.at, self.line, self.line_start) = (mark.at, mark.line, mark.line_start);
        self.comments.truncate(mark.comments);
    }

    /// How many bytes there are between the beginning of the line and here.
    pub(super) fn column(&self) -> usize {
        self.at - self.line_start
    }

    pub(super) fn line(&self) -> usize {
        self.line
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The character behind the next one.
    pub(super) fn peek_second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    pub(super) fn is_at_text_end(&self) -> bool {
        self.at == self.text.len()
    }

    /// Whether what comes next is nothing, or white.
    pub(super) fn is_before_blank(char: Option<char>) -> bool {
        matches!(char, None | Some(' ' | '\t' | '\n'))
    }

    pub(super) fn take(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.count(1);
        self.at += char.len_utf8();
        if char == '\n' {
            self.line += 1;
            self.line_start = self.at;
        }
        Some(char)
    }

    /// Takes what follows, which has no line break in it, up to where it stops.
    pub(super) fn take_while(&mut self, goes_on: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|char| char == '\n' || !goes_on(char)).unwrap_or(rest.len());
        self.count(length + 1);
        self.at += length;
        &rest[..length]
    }

    #[cfg(test)]
    fn count(&self, steps: usize) {
        self.steps.set(self.steps.get() + steps);
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, reason = "only tests count")]
    fn count(&self, _: usize) {}

    pub(super) fn skip_spaces(&mut self) {
        self.take_while(|char| matches!(char, ' ' | '\t'));
    }

    /// Whether the line is over here, but for a comment.
    pub(super) fn is_at_line_end(&self) -> bool {
        let after_blank = self.at == self.line_start || self.text[..self.at].ends_with([' ', '\t']);
        match self.peek() {
            None | Some('\n') => true,
            Some('#') => after_blank,
            Some(_) => false,
        }
    }

    /// Goes to the end of the line, on which nothing may stand any more but a comment.
    pub(super) fn finish_line(&mut self) -> Result<(), Error> {
        self.skip_spaces();
        if !self.is_at_line_end() {
            return Err(self.syntax("something stands behind the value; is it in quotes?"));
        }
        if self.peek() == Some('#') {
            self.comments.push(self.line);
            self.take_while(|_| true);
        }
        Ok(())
    }

    /// Goes to the next thing that is neither white nor a comment. No line may begin with a tab.
    pub(super) fn skip_blank(&mut self) -> Result<(), Error> {
        loop {
            if self.column() == 0 {
                self.take_while(|char| char == ' ');
                if self.peek() == Some('\t') {
                    return Err(self.syntax("a tab cannot indent"));
                }
            }
            self.skip_spaces();
            if !self.is_at_line_end() {
                return Ok(());
            }
            self.finish_line()?;
            if self.take().is_none() {
                return Ok(());
            }
        }
    }

    /// Whether a marker between documents is here: `---` or `...`, alone at the beginning of a line.
    pub(super) fn is_at_marker(&self, marker: &str) -> bool {
        let behind = self.rest().strip_prefix(marker);
        self.column() == 0 && behind.is_some_and(|rest| Self::is_before_blank(rest.chars().next()))
    }

    /// Whether the document is over.
    pub(super) fn is_at_end(&self) -> bool {
        self.is_at_text_end() || self.is_at_marker("---") || self.is_at_marker("...")
    }

    pub(super) fn take_marker(&mut self) -> Result<(), Error> {
        self.at += 3;
        self.skip_spaces();
        if !self.is_at_line_end() {
            return Err(self.error(Problem::Unsupported("something stands on the line of '---'")));
        }
        self.finish_line()
    }
}
