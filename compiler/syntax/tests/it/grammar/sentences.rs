//! Sentences that are made of the page's rules by chance.

use std::collections::{BTreeMap, BTreeSet};

use syntax::TokenKind as K;

use super::page::{Class, Part, Rules};
use super::written;

/// How many steps of a sentence are taken freely; then it comes to its end.
const FUEL: usize = 1_000;

/// Makes sentences.
pub(crate) struct Maker<'p> {
    page: &'p Rules,
    chance: u64,
    /// How many rules have to be gone through at least until a rule is tokens.
    heights: BTreeMap<&'p str, usize>,
    /// How many steps may still be taken freely.
    fuel: usize,
    out: Vec<Made>,
    /// The clauses of the head that is being made.
    clauses: BTreeSet<&'static str>,
    /// Whether `in` cannot stand, in each bracket.
    no_in: Vec<bool>,
    /// Which form each text that is open has: of one line or of several.
    texts: Vec<usize>,
}

/// A token that has been made; nothing where a statement ends.
#[derive(Clone, Debug)]
struct Made {
    text: Option<String>,
    /// How many brackets are open, and texts.
    depth: usize,
    texts: usize,
}

/// A sentence.
pub(crate) struct Sentence(Vec<Made>);

/// Words by which statements begin, which are not made by chance.
const WORDS: [&str; 9] = ["kind", "template", "fn", "type", "import", "check", "make", "derived", "nix"];

impl<'p> Maker<'p> {
    pub(crate) fn new(page: &'p Rules) -> Self {
        Self {
            page,
            chance: 1,
            heights: heights(page),
            fuel: 0,
            out: Vec::new(),
            clauses: BTreeSet::new(),
            no_in: vec![false],
            texts: Vec::new(),
        }
    }

    /// From here on, all is by this chance.
    pub(crate) fn by(&mut self, seed: u64) -> &mut Self {
        self.chance = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        self
    }

    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        usize::try_from(self.chance >> 33).unwrap_or(0) % end
    }

    /// A sentence by the rule called `name`.
    pub(crate) fn sentence(&mut self, name: &'p str) -> Sentence {
        self.fuel = FUEL;
        self.rule(name);
        Sentence(std::mem::take(&mut self.out))
    }

    /// A token of the class called `name`.
    pub(crate) fn token(&mut self, name: &str) -> String {
        loop {
            let mut text = String::new();
            self.chars(&self.page[name], &mut text);
            // Which characters have a number is no question of syntax.
            if !text.contains("\\u") {
                return text;
            }
        }
    }

    fn rule(&mut self, name: &'p str) {
        if name.starts_with(char::is_uppercase) {
            return self.class(name);
        }
        let part = &self.page[name];
        match name {
            "declaration" | "named" | "unnamed" => {
                let around = std::mem::take(&mut self.clauses);
                self.part(part);
                self.clauses = around;
            }
            "clause" => self.clause(part, &["in", ":", "if"]),
            "placed" => self.clause(part, &["in", "if"]),
            "repeat" if !self.clauses.insert("for") => {}
            "condition" | "over" => {
                self.no_in.push(true);
                self.part(part);
                self.no_in.pop();
            }
            _ => self.part(part),
        }
    }

    /// A clause that the head does not have yet, of those that begin with these signs.
    fn clause(&mut self, part: &'p Part, signs: &[&'static str]) {
        let Part::Choice(clauses) = part else { panic!("no choice: {part:?}") };
        let left: Vec<usize> = (0..signs.len()).filter(|nth| !self.clauses.contains(signs[*nth])).collect();
        if !left.is_empty() {
            let nth = left[self.below(left.len())];
            self.clauses.insert(signs[nth]);
            self.part(&clauses[nth]);
        }
    }

    fn part(&mut self, part: &'p Part) {
        self.fuel = self.fuel.saturating_sub(1);
        match part {
            Part::Literal(text) => {
                let (opens, closes) = (["(", "[", "{"], [")", "]", "}"]);
                self.push(text.clone(), opens.contains(&text.as_str()), closes.contains(&text.as_str()));
            }
            Part::Rule(name) => self.rule(name),
            Part::Class(class) => panic!("a character among tokens: {class:?}"),
            Part::Sequence(parts) => {
                for part in parts {
                    // Something is left for what stands behind it.
                    let rest = self.fuel / 4;
                    self.fuel -= rest;
                    self.part(part);
                    self.fuel += rest;
                }
            }
            Part::Choice(parts) => {
                let can = |part: &&&Part| {
                    !(self.no_in.last() == Some(&true) && **part == &Part::Literal("in".into()))
                };
                let parts: Vec<&Part> = parts.iter().collect();
                let mut parts: Vec<&Part> = parts.iter().filter(can).copied().collect();
                if self.fuel == 0 {
                    let least = parts.iter().map(|part| self.height(part)).min();
                    parts.retain(|part| Some(self.height(part)) == least);
                }
                let nth = self.below(parts.len());
                self.part(parts[nth]);
            }
            Part::Repeat(part, least, is_many) => {
                let most = if self.fuel == 0 {
                    0
                } else if *is_many {
                    3
                } else {
                    1
                };
                let count = least + self.below(most + 1);
                (0..count).for_each(|_| self.part(part));
            }
        }
    }

    fn class(&mut self, name: &str) {
        let form = match name {
            "TextStart" => {
                let form = self.below(2);
                self.texts.push(form);
                Some(form)
            }
            "TextMiddle" => self.texts.last().copied(),
            "TextEnd" => self.texts.pop(),
            _ => None,
        };
        let text = match (name, form) {
            ("End", _) => {
                let (depth, texts) = (self.no_in.len() - 1, self.texts.len());
                self.out.push(Made { text: None, depth, texts });
                return;
            }
            ("Name" | "Word", _) => self.word(),
            (name, None) => self.token(name),
            (name, Some(form)) => {
                let Part::Choice(forms) = &self.page[name] else { panic!("{name} is no choice") };
                loop {
                    let mut text = String::new();
                    self.chars(&forms[form], &mut text);
                    if !text.contains("\\u") {
                        break text;
                    }
                }
            }
        };
        self.push(text, name == "TextStart", name == "TextEnd");
    }

    /// A word that means nothing.
    fn word(&mut self) -> String {
        loop {
            let word = self.token("Word");
            let is_keyword = |part: &Part| *part == Part::Literal(word.clone());
            let Part::Choice(keywords) = &self.page["Keyword"] else { panic!("no keywords") };
            if !WORDS.contains(&word.as_str()) && !keywords.iter().any(is_keyword) {
                return word;
            }
        }
    }

    /// Adds a token, which opens a bracket or a text, or closes one.
    fn push(&mut self, text: String, opens: bool, closes: bool) {
        if closes {
            self.no_in.pop();
        }
        let (depth, texts) = (self.no_in.len() - 1, self.texts.len());
        self.out.push(Made { text: Some(text), depth, texts });
        if opens {
            self.no_in.push(false);
        }
    }

    /// Characters by a rule of tokens.
    fn chars(&mut self, part: &'p Part, out: &mut String) {
        match part {
            Part::Literal(text) => out.push_str(text),
            Part::Class(class) => out.push(self.character(class)),
            Part::Rule(name) => self.chars(&self.page[name.as_str()], out),
            Part::Sequence(parts) => parts.iter().for_each(|part| self.chars(part, out)),
            Part::Choice(parts) => {
                let nth = self.below(parts.len());
                self.chars(&parts[nth], out);
            }
            Part::Repeat(part, least, is_many) => {
                // Lines of texts are indented.
                let least = if matches!(&**part, Part::Class(class) if class.has('\t')) && *is_many {
                    1
                } else {
                    *least
                };
                let count = least + self.below(if *is_many { 4 } else { 2 });
                (0..count).for_each(|_| self.chars(part, out));
            }
        }
    }

    fn character(&mut self, class: &Class) -> char {
        let all: Vec<char> =
            (' '..='~').chain(['ä', '→', '\n', '\t']).filter(|c| class.has(*c) && *c != '\r').collect();
        all.get(self.below(all.len().max(1))).copied().unwrap_or('\r')
    }

    fn height(&self, part: &Part) -> usize {
        height(part, &self.heights)
    }
}

/// How many rules have to be gone through at least for each rule.
fn heights(page: &Rules) -> BTreeMap<&str, usize> {
    let mut heights = BTreeMap::new();
    for _ in 0..page.len() {
        for (name, part) in page {
            let found = height(part, &heights).saturating_add(1);
            let known = heights.entry(name.as_str()).or_insert(usize::MAX);
            *known = found.min(*known);
        }
    }
    heights
}

fn height(part: &Part, heights: &BTreeMap<&str, usize>) -> usize {
    match part {
        Part::Literal(_) | Part::Class(_) => 0,
        Part::Rule(name) if name.starts_with(char::is_uppercase) => 0,
        Part::Rule(name) => heights.get(name.as_str()).copied().unwrap_or(usize::MAX),
        Part::Sequence(parts) => parts.iter().map(|part| height(part, heights)).max().unwrap_or(0),
        Part::Choice(parts) => parts.iter().map(|part| height(part, heights)).min().unwrap_or(0),
        Part::Repeat(_, 0, _) => 0,
        Part::Repeat(part, ..) => height(part, heights),
    }
}

impl Sentence {
    /// With a space between any two tokens, and a line for each statement.
    pub(crate) fn spaced(&self) -> String {
        self.joined(|_, _| true)
    }

    /// With a space only where the page says that one is needed.
    pub(crate) fn touching(&self) -> String {
        self.joined(needs_space)
    }

    fn joined(&self, is_spaced: impl Fn(&str, &str) -> bool) -> String {
        let mut out = String::new();
        let mut before: Option<&str> = None;
        for made in &self.0 {
            match &made.text {
                None if made.texts > 0 => out.push_str("; "),
                None => {
                    out.push('\n');
                    out.extend(std::iter::repeat_n("  ", made.depth));
                }
                Some(text) => {
                    let in_text =
                        |before: &str| before.ends_with("${") || text.starts_with('}') && text.len() > 1;
                    if before.is_some_and(|before| in_text(before) || is_spaced(before, text)) {
                        out.push(' ');
                    }
                    out.push_str(text);
                }
            }
            before = made.text.as_deref();
        }
        out.push('\n');
        out
    }
}

/// Whether two tokens would be read as one, or otherwise, without a space between them.
fn needs_space(a: &str, b: &str) -> bool {
    let first = b.chars().next();
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '"'));
    let is_path = |c: char| c.is_ascii_alphanumeric() || "_./@%+~-:*".contains(c);
    match (written(a).first().map(|token| token.0), first) {
        (Some(K::Path), Some(c)) if is_path(c) => true,
        (Some(K::Address | K::Cidr | K::Mac), Some(':' | '/')) => true,
        // `6c::` before `and`
        (Some(K::Address), Some(c)) if c.is_ascii_alphanumeric() => true,
        (Some(K::Word | K::Version), Some('-')) | (Some(K::Version), Some('+' | '.')) => true,
        (Some(K::Colon), Some(':')) => true,
        _ => is_word(a.chars().last()) && is_word(first),
    }
}
