//! The rules on a page in the notation of the XML specification.

use std::collections::BTreeMap;

/// The rules by their names.
pub(crate) type Rules = BTreeMap<String, Part>;

/// What a rule, or a part of one, says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// `'…'`.
    Literal(String),
    /// `[…]`.
    Class(Class),
    /// The name of a rule.
    Rule(String),
    /// One after the other.
    Sequence(Vec<Part>),
    /// One of them.
    Choice(Vec<Part>),
    /// So often at least, and once at most or without a limit.
    Repeat(Box<Part>, usize, bool),
}

/// Some characters, or all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Class {
    is_negated: bool,
    ranges: Vec<(char, char)>,
}

impl Class {
    pub(crate) fn has(&self, c: char) -> bool {
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&c)) != self.is_negated
    }
}

/// The rules in the `ebnf` blocks of `page`.
pub(crate) fn rules(page: &str) -> Rules {
    let blocks = page.split("```ebnf\n").skip(1).map(|block| block.split("\n```").next().unwrap_or_default());
    let text: String = blocks.flat_map(|block| [block, "\n"]).collect();
    let words = words(&text);
    let starts: Vec<usize> =
        (1..words.len()).filter(|at| words[*at] == Word::Sign("::=".to_owned())).map(|at| at - 1).collect();
    let ends = starts.iter().skip(1).copied().chain([words.len()]);
    let mut rules = Rules::new();
    for (start, end) in starts.iter().zip(ends) {
        let Word::Rule(name) = &words[*start] else { panic!("no name: {:?}", words[*start]) };
        let mut reader = Reader { words: &words[start + 2..end], at: 0 };
        let part = reader.choice();
        assert_eq!(reader.at, reader.words.len(), "{name} cannot be read");
        assert!(rules.insert(name.clone(), part).is_none(), "{name} is there twice");
    }
    rules
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Rule(String),
    Literal(String),
    Class(Class),
    Sign(String),
}

fn words(text: &str) -> Vec<Word> {
    let mut chars = text.chars().peekable();
    let mut words = Vec::new();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => {}
            '\'' => words.push(Word::Literal(until(&mut chars, '\''))),
            '[' => {
                let written = until(&mut chars, ']');
                let is_negated = written.starts_with('^');
                let written: Vec<char> = written.chars().skip(usize::from(is_negated)).collect();
                words.push(Word::Class(Class { is_negated, ranges: ranges(&written) }));
            }
            ':' => {
                let rest: String = chars.by_ref().take(2).collect();
                words.push(Word::Sign(format!(":{rest}")));
            }
            c if c.is_alphabetic() => {
                let mut name = c.to_string();
                while let Some(c) = chars.next_if(|c| c.is_alphanumeric()) {
                    name.push(c);
                }
                words.push(Word::Rule(name));
            }
            c => words.push(Word::Sign(c.to_string())),
        }
    }
    words
}

/// The characters up to `end`, escapes resolved.
fn until(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, end: char) -> String {
    let mut text = String::new();
    while let Some(c) = chars.next().filter(|c| *c != end) {
        text.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                other => other.unwrap_or('\\'),
            },
            c => c,
        });
    }
    text
}

fn ranges(written: &[char]) -> Vec<(char, char)> {
    match written {
        [first, '-', last, rest @ ..] => [vec![(*first, *last)], ranges(rest)].concat(),
        [one, rest @ ..] => [vec![(*one, *one)], ranges(rest)].concat(),
        [] => Vec::new(),
    }
}

struct Reader<'w> {
    words: &'w [Word],
    at: usize,
}

impl Reader<'_> {
    fn is(&self, sign: &str) -> bool {
        matches!(self.words.get(self.at), Some(Word::Sign(other)) if other == sign)
    }

    fn choice(&mut self) -> Part {
        let mut choices = vec![self.sequence()];
        while self.is("|") {
            self.at += 1;
            choices.push(self.sequence());
        }
        if choices.len() == 1 { choices.remove(0) } else { Part::Choice(choices) }
    }

    fn sequence(&mut self) -> Part {
        let mut parts = Vec::new();
        while self.at < self.words.len() && !self.is("|") && !self.is(")") {
            parts.push(self.repeated());
        }
        if parts.len() == 1 { parts.remove(0) } else { Part::Sequence(parts) }
    }

    fn repeated(&mut self) -> Part {
        let part = self.part();
        let (least, is_many) = match self.words.get(self.at) {
            Some(Word::Sign(sign)) if sign == "?" => (0, false),
            Some(Word::Sign(sign)) if sign == "*" => (0, true),
            Some(Word::Sign(sign)) if sign == "+" => (1, true),
            _ => return part,
        };
        self.at += 1;
        Part::Repeat(Box::new(part), least, is_many)
    }

    fn part(&mut self) -> Part {
        let word = self.words[self.at].clone();
        self.at += 1;
        match word {
            Word::Rule(name) => Part::Rule(name),
            Word::Literal(text) => Part::Literal(text),
            Word::Class(class) => Part::Class(class),
            Word::Sign(sign) => {
                assert_eq!(sign, "(", "not expected here");
                let inner = self.choice();
                assert!(self.is(")"), "a ')' is missing");
                self.at += 1;
                inner
            }
        }
    }
}
