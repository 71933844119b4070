//! Scalars in their five styles.

use zeroize::Zeroizing;

use super::cursor::Cursor;
use super::resolve::{is_null, resolve};
use crate::error::{Error, Problem};
use crate::store::Reading;
use crate::store::plaintext::Plaintext;
use crate::value::Value;

/// What ends a plain scalar.
#[derive(Clone, Copy)]
pub(super) enum Context {
    /// Outside of brackets; further lines of it stand at this column or behind.
    Block { least: usize },
    /// In brackets, where commas and brackets end it.
    Flow,
}

/// Why a comment behind a value is refused where all is typed.
pub(super) const LOST: &str =
    "what stands behind '#' would be lost; put the value in quotes, or the comment on a line of its own";

const BRACKETS: [char; 5] = [',', '[', ']', '{', '}'];

impl<'t> Cursor<'t> {
    /// The plain or quoted scalar that begins here.
    pub(super) fn scalar(&mut self, context: Context) -> Result<Value, Error> {
        if matches!(self.peek(), Some('"' | '\'')) {
            return Ok(Value::Str(self.quoted()?.into()));
        }
        let line = self.line();
        let text = self.plain(context)?;
        if self.reading() == Reading::Meaning {
            return resolve(&text).map_err(|problem| Error::at_line(problem, line));
        }
        let is_typed = self.reading() == Reading::Typed;
        if is_typed && self.rest().trim_start_matches([' ', '\t']).starts_with('#') {
            return Err(self.syntax(LOST));
        }
        match (is_null(&text), is_typed) {
            (false, _) => Ok(Value::Str(text.into())),
            (true, false) => Ok(Value::Null),
            (true, true) => Err(Error::at_line(
                Problem::Syntax("this could be a text or no value; put it in quotes, or leave it empty"),
                line,
            )),
        }
    }

    /// The text of the key that begins here; nothing if it goes on over the end of the line.
    pub(super) fn key_text(&mut self) -> Result<Option<Zeroizing<String>>, Error> {
        let line = self.line();
        let text = if matches!(self.peek(), Some('"' | '\'')) {
            self.quoted()?
        } else {
            self.refuse_odd_start(Context::Block { least: 0 })?;
            let mut text = Plaintext::default();
            text.push_str(self.plain_line(false));
            text.finish()
        };
        Ok((self.line() == line).then_some(text))
    }

    /// The text of the key in brackets that begins here.
    pub(super) fn flow_text(&mut self) -> Result<Zeroizing<String>, Error> {
        match self.peek() {
            Some('"' | '\'') => self.quoted(),
            _ => self.plain(Context::Flow),
        }
    }

    fn plain(&mut self, context: Context) -> Result<Zeroizing<String>, Error> {
        self.refuse_odd_start(context)?;
        let is_flow = matches!(context, Context::Flow);
        let mut text = Plaintext::default();
        text.push_str(self.plain_line(is_flow));
        loop {
            let mark = self.mark();
            let least = match context {
                Context::Block { least } => least,
                Context::Flow => 0,
            };
            let breaks = self.take_breaks(least)?;
            let goes_on = self.column() >= least;
            if breaks == 0 || !goes_on || self.is_at_end() || self.peek() == Some('#') {
                self.return_to(mark);
                break;
            }
            let line = self.plain_line(is_flow);
            if line.is_empty() {
                self.return_to(mark);
                break;
            }
            if self.reading() == Reading::Typed {
                let what = "ends of lines would be lost; put the value in quotes, or begin it with '|'";
                return Err(self.syntax(what));
            }
            fold(&mut text, breaks);
            text.push_str(line);
        }
        Ok(text.finish())
    }

    /// What of a plain scalar is on this line.
    fn plain_line(&mut self, is_flow: bool) -> &'t str {
        let rest = self.rest();
        let (mut end, mut before) = (rest.len(), ' ');
        for (at, char) in rest.char_indices() {
            let behind = rest[at + char.len_utf8()..].chars().next();
            let is_colon = char == ':'
                && (Self::is_before_blank(behind)
                    || is_flow && behind.is_some_and(|char| BRACKETS.contains(&char)));
            let is_comment = char == '#' && matches!(before, ' ' | '\t');
            if char == '\n' || is_colon || is_comment || is_flow && BRACKETS.contains(&char) {
                end = at;
                break;
            }
            before = char;
        }
        let text = rest[..end].trim_end_matches([' ', '\t']);
        (0..text.chars().count()).for_each(|_| {
            self.take();
        });
        text
    }

    /// Refuses a plain scalar that begins with a character that means something else.
    fn refuse_odd_start(&self, context: Context) -> Result<(), Error> {
        let (first, second) = (self.peek(), self.peek_second());
        let is_flow = matches!(context, Context::Flow);
        let in_quotes =
            || self.syntax("the value begins with a character that has a meaning; put it in quotes");
        match first {
            Some('&' | '*') => Err(self.error(Problem::Unsupported("anchors and aliases have no use here"))),
            Some('!') => Err(self.error(Problem::Unsupported("tags have no use here"))),
            Some('-' | '?' | ':') => {
                let is_alone = Self::is_before_blank(second)
                    || is_flow && second.is_some_and(|char| BRACKETS.contains(&char));
                if is_alone { Err(in_quotes()) } else { Ok(()) }
            }
            Some(',' | '[' | ']' | '{' | '}' | '#' | '|' | '>' | '\'' | '"' | '%' | '@' | '`') => {
                Err(in_quotes())
            }
            None | Some('\n') => Err(self.syntax("a value is expected")),
            Some(_) => Ok(()),
        }
    }

    fn quoted(&mut self) -> Result<Zeroizing<String>, Error> {
        let quote = self.take();
        let is_double = quote == Some('"');
        let (mut text, mut white) = (Plaintext::default(), String::new());
        loop {
            let Some(char) = self.peek() else { return Err(self.syntax("a quote is not closed")) };
            if char == '\n' {
                white.clear();
                let breaks = self.take_breaks_in_quotes()?;
                fold(&mut text, breaks);
                continue;
            }
            self.take();
            if matches!(char, ' ' | '\t') {
                white.push(char);
                continue;
            }
            text.push_str(&white);
            white.clear();
            match char {
                '\'' if !is_double && self.peek() == Some('\'') => {
                    self.take();
                    text.push('\'');
                }
                '\\' if is_double => self.escape(&mut text)?,
                char if Some(char) == quote => return Ok(text.finish()),
                char => text.push(char),
            }
        }
    }

    /// What stands behind a backslash.
    fn escape(&mut self, text: &mut Plaintext) -> Result<(), Error> {
        let bad = "there is no such escape";
        let char = match self.take().ok_or_else(|| self.syntax("a quote is not closed"))? {
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            't' | '\t' => '\t',
            'n' => '\n',
            'v' => '\u{b}',
            'f' => '\u{c}',
            'r' => '\r',
            'e' => '\u{1b}',
            'N' => '\u{85}',
            '_' => '\u{a0}',
            'L' => '\u{2028}',
            'P' => '\u{2029}',
            char @ (' ' | '"' | '\'' | '\\') => char,
            'x' => self.hexadecimal(2)?,
            'u' => self.hexadecimal(4)?,
            'U' => self.hexadecimal(8)?,
            // The line goes on, without a space.
            '\n' => {
                self.skip_spaces();
                let breaks = self.take_breaks_in_quotes()?;
                text.push_times('\n', breaks);
                return Ok(());
            }
            _ => return Err(self.syntax(bad)),
        };
        text.push(char);
        Ok(())
    }

    fn hexadecimal(&mut self, digits: usize) -> Result<char, Error> {
        let mut number = 0;
        for _ in 0..digits {
            let digit = self.peek().and_then(|char| char.to_digit(16));
            let digit = digit.ok_or_else(|| self.syntax("there is no such escape"))?;
            self.take();
            number = number << 4 | digit;
        }
        char::from_u32(number).ok_or_else(|| self.syntax("there is no such character"))
    }

    /// Goes over ends of lines, and what is white before and behind them; says how many there were. No tab may stand
    /// before column `least`.
    fn take_breaks(&mut self, least: usize) -> Result<usize, Error> {
        let mut breaks = 0;
        self.skip_spaces();
        while self.peek() == Some('\n') {
            self.take();
            breaks += 1;
            self.take_while(|char| char == ' ');
            if self.peek() == Some('\t') && self.column() < least {
                return Err(self.syntax("a tab cannot indent"));
            }
            self.skip_spaces();
        }
        Ok(breaks)
    }

    fn take_breaks_in_quotes(&mut self) -> Result<usize, Error> {
        let mut breaks = 0;
        loop {
            if self.peek() != Some('\n') {
                return Ok(breaks);
            }
            self.take();
            breaks += 1;
            if self.is_at_end() {
                return Err(self.syntax("a quote is not closed"));
            }
            self.skip_spaces();
        }
    }

    /// The scalar that begins here with `|` or `>`, whose lines stand at column `least` or behind.
    pub(super) fn block_scalar(&mut self, least: usize) -> Result<Zeroizing<String>, Error> {
        let is_folded = self.take() == Some('>');
        let (mut chomp, mut explicit) = (None, None);
        loop {
            match self.peek() {
                Some(char @ ('+' | '-')) if chomp.is_none() => chomp = Some(char),
                Some(digit @ '1'..='9') if explicit.is_none() => explicit = digit.to_digit(10),
                _ => break,
            }
            self.take();
        }
        self.finish_line()?;
        self.take();
        let indent = match explicit {
            Some(more) => least.saturating_sub(1) + usize::try_from(more).unwrap_or(0),
            None => self.block_indent(least)?,
        };
        self.block_lines(indent, is_folded, chomp)
    }

    /// The indentation of the first line with something on it.
    fn block_indent(&mut self, least: usize) -> Result<usize, Error> {
        let mark = self.mark();
        let mut deepest_blank = 0;
        let indent = loop {
            self.take_while(|char| char == ' ');
            let column = self.column();
            match self.peek() {
                None => break least.max(deepest_blank).max(column),
                Some('\t') => return Err(self.syntax("a tab cannot indent")),
                Some('\n') => deepest_blank = deepest_blank.max(column),
                Some(_) => break if column < least { least.max(deepest_blank) } else { column },
            }
            self.take();
        };
        if deepest_blank > indent {
            return Err(self.syntax("an empty line is indented more than the text below it"));
        }
        self.return_to(mark);
        Ok(indent)
    }

    fn block_lines(
        &mut self,
        indent: usize,
        is_folded: bool,
        chomp: Option<char>,
    ) -> Result<Zeroizing<String>, Error> {
        let mut text = Plaintext::default();
        let (mut breaks, mut has_lines, mut was_white) = (0, false, false);
        while !self.is_at_text_end() {
            let mark = self.mark();
            while self.column() < indent && self.peek() == Some(' ') {
                self.take();
            }
            if self.is_at_text_end() {
                break;
            }
            if self.peek() == Some('\n') {
                self.take();
                breaks += 1;
                continue;
            }
            if self.column() < indent || self.is_at_end() {
                if self.peek() == Some('\t') {
                    return Err(self.syntax("a tab cannot indent"));
                }
                self.return_to(mark);
                break;
            }
            let line = self.take_while(|_| true);
            let is_white = line.starts_with([' ', '\t']);
            if is_folded && has_lines && !was_white && !is_white {
                fold(&mut text, breaks);
            } else {
                text.push_times('\n', breaks);
            }
            text.push_str(line);
            (breaks, has_lines, was_white) = (0, true, is_white);
            if self.take().is_some() {
                breaks = 1;
            }
        }
        match chomp {
            Some('+') => text.push_times('\n', breaks),
            None if has_lines => text.push_times('\n', breaks.min(1)),
            _ => {}
        }
        Ok(text.finish())
    }
}

/// Ends of lines within a scalar: one is a space, of more all but one are kept.
fn fold(text: &mut Plaintext, breaks: usize) {
    match breaks {
        0 => {}
        1 => text.push(' '),
        breaks => text.push_times('\n', breaks - 1),
    }
}
