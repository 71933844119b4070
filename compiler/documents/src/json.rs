//! JSON, as its standard has it, with the bytes of each value.

use std::collections::BTreeMap;

use source::Span;

use crate::tree::{Entry, MOST_NESTED, MOST_NODES, Malformed, Node, Tree};

/// The one document of a JSON text.
pub fn json(text: &str) -> Result<Node, Malformed> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader { text, at: start, count: 0 };
    reader.blank();
    let node = reader.value(0)?;
    reader.blank();
    if reader.at < text.len() {
        return Err(reader.wrong("the document ends before this"));
    }
    Ok(node)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    count: usize,
}

fn byte(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while self.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn span(&self, start: usize) -> Span {
        Span::new(byte(start), byte(self.at))
    }

    /// What is wrong with the character here, or with the end.
    fn wrong(&self, message: &str) -> Malformed {
        let Some(char) = self.text[self.at..].chars().next() else {
            let last = self.text.trim_end().chars().next_back().map_or(0, char::len_utf8);
            let end = self.text.trim_end().len();
            return Malformed::new(
                Span::new(byte(end - last), byte(end)),
                format!("the file ends where {message}"),
            );
        };
        let message = match message.strip_suffix("before this") {
            Some(_) => message.to_owned(),
            None => format!("{message}, and this is '{char}'"),
        };
        let problem = Malformed::new(Span::new(byte(self.at), byte(self.at + char.len_utf8())), message);
        match char {
            '/' | '#' => problem.help("JSON has no comments"),
            '\'' => problem.help("JSON has double quotes only"),
            _ => problem,
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Malformed> {
        let start = self.at;
        self.count += 1;
        if depth > MOST_NESTED {
            return Err(Malformed::too_deep(Span::new(byte(start), byte(start + 1))));
        }
        if self.count > MOST_NODES {
            return Err(Malformed::too_many(Span::new(byte(start), byte(start + 1))));
        }
        let tree = match self.peek() {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Tree::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node { span: self.span(start), tree })
    }

    fn word(&mut self) -> Result<Tree, Malformed> {
        for (word, tree) in [("true", Tree::Bool(true)), ("false", Tree::Bool(false)), ("null", Tree::Null)] {
            let rest = &self.text[self.at..];
            if rest.starts_with(word) && !rest[word.len()..].starts_with(|c: char| c.is_alphanumeric()) {
                self.at += word.len();
                return Ok(tree);
            }
        }
        Err(self.wrong("a value is expected here"))
    }

    fn list(&mut self, depth: usize) -> Result<Tree, Malformed> {
        self.at += 1;
        let mut items = Vec::new();
        self.blank();
        while self.peek() != Some(b']') {
            items.push(self.value(depth + 1)?);
            self.blank();
            if !self.comma(b']', "a comma or ']' is expected here")? {
                break;
            }
        }
        self.at += 1;
        Ok(Tree::List(items))
    }

    fn map(&mut self, depth: usize) -> Result<Tree, Malformed> {
        self.at += 1;
        let mut entries: Vec<Entry> = Vec::new();
        let mut known: BTreeMap<String, Span> = BTreeMap::new();
        self.blank();
        while self.peek() != Some(b'}') {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a key in double quotes is expected here"));
            }
            let key = self.string()?;
            let at = self.span(start);
            if let Some(first) = known.insert(key.clone(), at) {
                return Err(Malformed::twice(&key, at, first));
            }
            self.blank();
            if self.peek() != Some(b':') {
                return Err(self.wrong("a colon is expected here"));
            }
            self.at += 1;
            self.blank();
            let value = self.value(depth + 1)?;
            entries.push(Entry { key, at, value });
            self.blank();
            if !self.comma(b'}', "a comma or '}' is expected here")? {
                break;
            }
        }
        self.at += 1;
        Ok(Tree::Map(entries))
    }

    /// Whether a comma stands here, behind which something must follow, and not what closes.
    fn comma(&mut self, close: u8, expected: &str) -> Result<bool, Malformed> {
        if self.peek() == Some(close) {
            return Ok(false);
        }
        if self.peek() != Some(b',') {
            return Err(self.wrong(expected));
        }
        let comma = self.at;
        self.at += 1;
        let span = self.span(comma);
        self.blank();
        if self.peek() == Some(close) {
            let problem = Malformed::new(span, "nothing follows behind this comma");
            return Err(problem.help("JSON takes none behind the last: remove it"));
        }
        Ok(true)
    }

    fn number(&mut self) -> Result<Tree, Malformed> {
        let start = self.at;
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        while self.peek().is_some_and(is_part) {
            self.at += 1;
        }
        let written = &self.text[start..self.at];
        let tree = if is_number(written) {
            let float = || written.parse().ok().filter(|number: &f64| number.is_finite()).map(Tree::Float);
            written.parse().map(Tree::Int).ok().or_else(float)
        } else {
            None
        };
        tree.ok_or_else(|| Malformed::new(self.span(start), format!("'{written}' is no number")))
    }

    /// A text, at its first quote.
    fn string(&mut self) -> Result<String, Malformed> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.find(|c: char| c == '"' || c == '\\' || c < ' ').unwrap_or(rest.len());
            text.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                _ => {
                    let open = Span::new(byte(start), byte(start + 1));
                    let problem = Malformed::new(open, "this text is not closed in its line");
                    return Err(problem.help("a line break in a text is written \\n"));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Malformed> {
        let start = self.at;
        self.at += 1;
        let char = self.text[self.at..].chars().next();
        self.at += char.map_or(0, char::len_utf8);
        Ok(match char {
            Some(char @ ('"' | '\\' | '/')) => char,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let first = self.unit(start)?;
                let code = if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
                    self.at += 2;
                    let second = self.unit(start)?;
                    0x10000 + ((first - 0xd800) << 10) + second.wrapping_sub(0xdc00)
                } else {
                    first
                };
                let lone = || Malformed::new(self.span(start), "this is half of a character");
                char::from_u32(code).ok_or_else(lone)?
            }
            _ => return Err(Malformed::new(self.span(start), "this escapes nothing that JSON knows")),
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self, start: usize) -> Result<u32, Malformed> {
        let digits =
            self.text.get(self.at..self.at + 4).filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(unit) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            return Err(Malformed::new(
                self.span(start),
                "four hexadecimal digits are expected behind '\\u'",
            ));
        };
        self.at += 4;
        Ok(unit)
    }
}

/// Whether a text is a number as JSON writes them.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    is_digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(is_digits)
        && exponent.is_none_or(|exponent| is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}
