//! Whether a grammar reads something: Earley's way, which takes any grammar.

use std::collections::{BTreeMap, BTreeSet};

use super::page::{Class, Part, Rules};

/// Productions over terminals.
pub(crate) struct Grammar {
    /// What each rule may be.
    rules: Vec<Vec<Vec<Symbol>>>,
    /// Whether a rule may be nothing.
    nullable: Vec<bool>,
    start: usize,
}

#[derive(Clone, Debug)]
enum Symbol {
    Rule(usize),
    Terminal(Terminal),
}

/// What is read.
#[derive(Clone, Debug)]
pub(crate) enum Terminal {
    /// A character, or a word or sign.
    Literal(String),
    /// One of some characters.
    Class(Class),
    /// A token of a class, or `End`.
    Token(String),
}

impl Terminal {
    pub(crate) fn is_char(&self, c: char) -> bool {
        match self {
            Self::Literal(text) => text.chars().eq([c]),
            Self::Class(class) => class.has(c),
            Self::Token(_) => false,
        }
    }
}

/// How far a rule has been read: the rule, which of its productions, how much of it, and since where.
type Item = (usize, usize, usize, usize);

impl Grammar {
    /// The characters that `start` is made of.
    pub(crate) fn lexical(page: &Rules, start: &str) -> Self {
        Maker { page, is_lexical: true, named: BTreeMap::new(), rules: Vec::new() }.grammar(start)
    }

    /// The tokens that `start` is made of: what is written large is one.
    pub(crate) fn syntactic(page: &Rules, start: &str) -> Self {
        Maker { page, is_lexical: false, named: BTreeMap::new(), rules: Vec::new() }.grammar(start)
    }

    /// Whether `input` is what the grammar says; else, how much of it may be the beginning of such.
    pub(crate) fn reads<I>(&self, input: &[I], is: impl Fn(&Terminal, &I) -> bool) -> Result<(), usize> {
        let mut waiting: Vec<BTreeMap<usize, Vec<Item>>> = Vec::new();
        let mut now: Vec<Item> =
            (0..self.rules[self.start].len()).map(|nth| (self.start, nth, 0, 0)).collect();
        for at in 0..=input.len() {
            let mut next = Vec::new();
            let mut seen: BTreeSet<Item> = now.iter().copied().collect();
            waiting.push(BTreeMap::new());
            let mut done = 0;
            let mut is_whole = false;
            while let Some(&(rule, nth, dot, since)) = now.get(done) {
                done += 1;
                let mut add = |now: &mut Vec<Item>, item: Item| {
                    if seen.insert(item) {
                        now.push(item);
                    }
                };
                match self.rules[rule][nth].get(dot) {
                    Some(Symbol::Terminal(terminal)) => {
                        if input.get(at).is_some_and(|input| is(terminal, input)) {
                            next.push((rule, nth, dot + 1, since));
                        }
                    }
                    Some(Symbol::Rule(inner)) => {
                        waiting[at].entry(*inner).or_default().push((rule, nth, dot, since));
                        for production in 0..self.rules[*inner].len() {
                            add(&mut now, (*inner, production, 0, at));
                        }
                        if self.nullable[*inner] {
                            add(&mut now, (rule, nth, dot + 1, since));
                        }
                    }
                    None => {
                        is_whole |= rule == self.start && since == 0;
                        let outer = waiting[since].get(&rule).cloned().unwrap_or_default();
                        for (rule, nth, dot, since) in outer {
                            add(&mut now, (rule, nth, dot + 1, since));
                        }
                    }
                }
            }
            if at == input.len() {
                return if is_whole { Ok(()) } else { Err(at) };
            }
            if next.is_empty() {
                return Err(at);
            }
            now = next;
        }
        Err(input.len())
    }
}

struct Maker<'p> {
    page: &'p Rules,
    is_lexical: bool,
    named: BTreeMap<String, usize>,
    rules: Vec<Vec<Vec<Symbol>>>,
}

impl Maker<'_> {
    fn grammar(mut self, start: &str) -> Grammar {
        let start = self.named(start);
        let mut nullable = vec![false; self.rules.len()];
        loop {
            let before = nullable.clone();
            for (nth, productions) in self.rules.iter().enumerate() {
                let is_nothing = |symbol: &Symbol| matches!(symbol, Symbol::Rule(rule) if before[*rule]);
                nullable[nth] |= productions.iter().any(|symbols| symbols.iter().all(is_nothing));
            }
            if nullable == before {
                return Grammar { rules: self.rules, nullable, start };
            }
        }
    }

    /// The rule called `name`.
    fn named(&mut self, name: &str) -> usize {
        if let Some(known) = self.named.get(name) {
            return *known;
        }
        let rule = self.rules.len();
        self.rules.push(Vec::new());
        self.named.insert(name.to_owned(), rule);
        let part = self.page.get(name).unwrap_or_else(|| panic!("there is no rule '{name}'"));
        self.rules[rule] = self.productions(part);
        rule
    }

    fn productions(&mut self, part: &Part) -> Vec<Vec<Symbol>> {
        match part {
            Part::Choice(parts) => parts.iter().map(|part| self.symbols(part)).collect(),
            part => vec![self.symbols(part)],
        }
    }

    fn symbols(&mut self, part: &Part) -> Vec<Symbol> {
        match part {
            Part::Literal(text) if self.is_lexical => {
                text.chars().map(|c| Symbol::Terminal(Terminal::Literal(c.to_string()))).collect()
            }
            Part::Literal(text) => vec![Symbol::Terminal(Terminal::Literal(text.clone()))],
            Part::Class(class) => vec![Symbol::Terminal(Terminal::Class(class.clone()))],
            Part::Rule(name) if !self.is_lexical && name.starts_with(char::is_uppercase) => {
                vec![Symbol::Terminal(Terminal::Token(name.clone()))]
            }
            Part::Rule(name) => vec![Symbol::Rule(self.named(name))],
            Part::Sequence(parts) => parts.iter().flat_map(|part| self.symbols(part)).collect(),
            Part::Choice(_) => {
                let productions = self.productions(part);
                vec![self.rule(productions)]
            }
            Part::Repeat(part, least, is_many) => {
                let once = self.symbols(part);
                let Symbol::Rule(rule) = self.rule(vec![Vec::new()]) else { return once };
                let more = if *is_many { vec![Symbol::Rule(rule)] } else { Vec::new() };
                self.rules[rule].push([more, once.clone()].concat());
                let first = if *least > 0 { once } else { Vec::new() };
                [first, vec![Symbol::Rule(rule)]].concat()
            }
        }
    }

    fn rule(&mut self, productions: Vec<Vec<Symbol>>) -> Symbol {
        self.rules.push(productions);
        Symbol::Rule(self.rules.len() - 1)
    }
}
