//! Reads JSON.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use crate::error::{Error, Problem};
use crate::store::Reading;
use crate::store::plaintext::Plaintext;
use crate::tree::{DEEPEST, Node};
use crate::value::{Tree, Value};

/// Reads an object.
pub(in crate::store) fn read(text: &str, reading: Reading) -> Result<Tree, Error> {
    let mut reader = Reader { text, at: 0, reading };
    reader.skip_white();
    let node = reader.node(0)?;
    reader.skip_white();
    if reader.at < text.len() {
        return Err(reader.syntax("something stands behind the object"));
    }
    match node {
        Node::Map(tree) => Ok(tree),
        _ => Err(Error::new(Problem::NoMap)),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    reading: Reading,
}

impl<'t> Reader<'t> {
    fn line(&self) -> usize {
        1 + self.text[..self.at].bytes().filter(|byte| *byte == b'\n').count()
    }

    fn syntax(&self, what: &'static str) -> Error {
        Error::at_line(Problem::Syntax(what), self.line())
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_white(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, token: &str) -> bool {
        let is_here = self.rest().starts_with(token);
        self.at += if is_here { token.len() } else { 0 };
        is_here
    }

    fn node(&mut self, depth: usize) -> Result<Node<Value>, Error> {
        if depth > DEEPEST {
            return Err(Error::at_line(Problem::TooDeep, self.line()));
        }
        Ok(match self.peek() {
            Some(b'{') => Node::Map(self.object(depth)?),
            Some(b'[') => Node::List(self.array(depth)?),
            Some(b'"') => Value::Str(self.string()?.into()).into(),
            Some(b'-' | b'0'..=b'9') => self.number()?.into(),
            _ if self.take("null") => Value::Null.into(),
            _ if self.take("true") => self.truth(true).into(),
            _ if self.take("false") => self.truth(false).into(),
            _ => return Err(self.syntax("a value is expected")),
        })
    }

    fn object(&mut self, depth: usize) -> Result<Tree, Error> {
        let (mut tree, mut keys) = (Tree::new(), BTreeSet::new());
        self.items(b'}', |reader| {
            if reader.peek() != Some(b'"') {
                return Err(reader.syntax("a key in quotes is expected"));
            }
            let line_at = reader.at;
            let key = reader.string()?.as_str().to_owned();
            if !keys.insert(key.clone()) {
                reader.at = line_at;
                return Err(Error::at_line(Problem::DuplicateKey, reader.line()));
            }
            reader.skip_white();
            if !reader.take(":") {
                return Err(reader.syntax("a ':' is missing behind the key"));
            }
            reader.skip_white();
            tree.push(key, reader.node(depth + 1)?);
            Ok(())
        })?;
        Ok(tree)
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Node<Value>>, Error> {
        let mut items = Vec::new();
        self.items(b']', |reader| {
            items.push(reader.node(depth + 1)?);
            Ok(())
        })?;
        Ok(items)
    }

    /// What stands between brackets, with commas in between.
    fn items(
        &mut self,
        close: u8,
        mut item: impl FnMut(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.at += 1;
        self.skip_white();
        if self.peek() == Some(close) {
            self.at += 1;
            return Ok(());
        }
        loop {
            item(self)?;
            self.skip_white();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(byte) if byte == close => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.syntax("a ',' or the closing bracket is missing")),
            }
            self.skip_white();
        }
    }

    fn truth(&self, value: bool) -> Value {
        match self.reading {
            Reading::Meaning => Value::bool(value),
            Reading::Texts | Reading::Typed => Value::str(if value { "true" } else { "false" }),
        }
    }

    /// A number: whole if it is written so and fits, a float otherwise.
    fn number(&mut self) -> Result<Value, Error> {
        let rest = self.rest();
        let is_part = |char: char| matches!(char, '0'..='9' | '+' | '-' | '.' | 'e' | 'E');
        let text = &rest[..rest.find(|char| !is_part(char)).unwrap_or(rest.len())];
        if !is_number(text) {
            return Err(self.syntax("the number is not written as one"));
        }
        self.at += text.len();
        if self.reading != Reading::Meaning {
            return Ok(Value::str(text));
        }
        if let Ok(number) = text.parse() {
            return Ok(Value::int(number));
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::float(number)),
            _ => Err(self.syntax("the number is too large")),
        }
    }

    fn string(&mut self) -> Result<Zeroizing<String>, Error> {
        let mut text = Plaintext::default();
        self.at += 1;
        loop {
            let rest = self.rest();
            let end = rest.find(|char: char| matches!(char, '"' | '\\') || char < ' ');
            let end = end.ok_or_else(|| self.syntax("a quote is not closed"))?;
            text.push_str(&rest[..end]);
            self.at += end;
            if self.take("\"") {
                return Ok(text.finish());
            }
            if !self.take("\\") {
                return Err(self.syntax("a control character stands in quotes"));
            }
            text.push(self.escape()?);
        }
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Result<char, Error> {
        let letter = self.peek().ok_or_else(|| self.syntax("a quote is not closed"))?;
        let char = match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(self.syntax("there is no such escape")),
        };
        self.at += 1;
        Ok(char)
    }

    /// `u00e9`, or two of them for a character outside of the first plane.
    fn unicode(&mut self) -> Result<char, Error> {
        let no_such = "there is no such character";
        let first = self.unit()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first).ok_or_else(|| self.syntax(no_such));
        }
        let second = if self.take("\\") { self.unit()? } else { 0 };
        if !(0xdc00..0xe000).contains(&second) {
            return Err(self.syntax(no_such));
        }
        let char = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        char::from_u32(char).ok_or_else(|| self.syntax(no_such))
    }

    fn unit(&mut self) -> Result<u32, Error> {
        let digits = self.rest().strip_prefix('u').and_then(|rest| rest.get(..4));
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or_else(|| self.syntax("there is no such escape"))?;
        self.at += 5;
        Ok(unit)
    }
}

/// Whether a text is a number of JSON, which begins with no `+` and no needless 0, and has digits around its point.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => (unsigned, "0"),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    are_digits(whole) && are_digits(part) && are_digits(exponent) && (whole == "0" || !whole.starts_with('0'))
}
