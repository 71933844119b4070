//! A lab as a tree of declarations, whose text says of each line what it is part of.

use smol_str::SmolStr;
use syntax::ast::{Content, StatementKind};

use crate::literal;

/// A declaration.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// Its kind's full name.
    pub kind: SmolStr,
    /// All before its body: `app door in main`.
    pub head: String,
    /// Its name as it is written; the kind's where it has none.
    pub name: String,
    /// The same without quotes.
    pub shown: String,
    /// What it is in.
    pub place: Option<String>,
    /// Lines of its body that stay.
    fixed: Vec<String>,
    /// The fields that those lines set.
    pub(crate) given: Vec<SmolStr>,
    /// Whether it stays.
    pub is_base: bool,
    /// What is set.
    pub settings: Vec<Setting>,
    /// What is declared in it.
    pub children: Vec<Declaration>,
}

/// A field, or a part of one, and its value.
#[derive(Clone, Debug)]
pub struct Setting {
    /// What stands before the sign.
    pub path: String,
    /// What stands behind it.
    pub value: String,
    /// All fields that it sets, by their full names.
    pub sets: Vec<String>,
    /// Whether the declaration cannot do without.
    pub required: bool,
    /// Whether it can be written `= value` behind the head.
    pub primary: bool,
}

/// What a line of a lab's text is part of: the way to a declaration, and which of its settings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Owner {
    pub(crate) way: Vec<usize>,
    pub(crate) setting: Option<usize>,
}

impl Declaration {
    /// One that can go again.
    pub(crate) fn new(kind: &SmolStr, shown: String, place: Option<String>) -> Self {
        let name = if literal::is_word(&shown) { shown.clone() } else { literal::text(&shown) };
        let word = types::last_segment(kind);
        let place_written = place.as_ref().map(|place| format!(" in {place}")).unwrap_or_default();
        Self {
            kind: kind.clone(),
            head: format!("{word} {name}{place_written}"),
            name,
            shown,
            place,
            fixed: Vec::new(),
            given: Vec::new(),
            is_base: false,
            settings: Vec::new(),
            children: Vec::new(),
        }
    }

    fn write(&self, way: &[usize], out: &mut Written) {
        let own = |setting| Owner { way: way.to_vec(), setting };
        let depth = way.len() - 1;
        if let [only] = self.settings.as_slice()
            && only.primary
            && self.children.is_empty()
        {
            return out.line(depth, &format!("{} = {}", self.head, only.value), own(Some(0)));
        }
        if self.is_base && self.given.is_empty() && self.fixed.is_empty() && self.head.contains(" = ") {
            return out.line(depth, &self.head, own(None));
        }
        out.line(depth, &format!("{} {{", self.head), own(None));
        for line in &self.fixed {
            out.line(depth + 1, line, own(None));
        }
        for (at, setting) in self.settings.iter().enumerate() {
            out.line(depth + 1, &format!("{} = {}", setting.path, setting.value), own(Some(at)));
        }
        for (at, child) in self.children.iter().enumerate() {
            child.write(&[way, &[at]].concat(), out);
        }
        out.line(depth, "}", own(None));
    }

    /// The fields that are set, by their full names.
    pub fn sets(&self) -> impl Iterator<Item = String> {
        let given = self.given.iter().map(|field| format!("{}.{field}", self.kind));
        given.chain(self.settings.iter().flat_map(|setting| setting.sets.clone()))
    }

    /// Calls `each` with this and all in it.
    pub fn visit<'d>(&'d self, each: &mut impl FnMut(&'d Self)) {
        each(self);
        self.children.iter().for_each(|child| child.visit(each));
    }
}

/// The text of a lab, and what each line of it is part of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written {
    pub(crate) text: String,
    pub(crate) owners: Vec<Owner>,
}

impl Written {
    pub(crate) fn of(lab: &[Declaration]) -> Self {
        let mut out = Self::default();
        for (at, declaration) in lab.iter().enumerate() {
            declaration.write(&[at], &mut out);
        }
        out
    }

    fn line(&mut self, depth: usize, text: &str, owner: Owner) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(text);
        self.text.push('\n');
        self.owners.push(owner);
    }
}

/// The lab that `text` is, to be added to.
pub(crate) fn base(text: &str) -> Vec<Declaration> {
    syntax::cut(text).into_iter().filter_map(|cut| item(text[cut.range].trim())).collect()
}

fn item(text: &str) -> Option<Declaration> {
    let key = source_key(text);
    let StatementKind::Declare(declare) = syntax::parse(&key, text).statement.kind else { return None };
    let kind: Vec<&str> = declare.kind.iter().map(|word| word.text.as_str()).collect();
    let name = declare.name.as_ref().map_or(kind[0], |name| &name.text).to_owned();
    let place = declare.place.as_ref().and_then(|_| {
        let rest = text.split_once(" in ")?.1;
        Some(rest.split_whitespace().next()?.to_owned())
    });
    let mut made = Declaration::new(&kind.join(".").into(), name, place);
    made.is_base = true;
    let Content::Body(body) = &declare.content else {
        text.clone_into(&mut made.head);
        return Some(made);
    };
    text[..body.span.start as usize].trim_end().clone_into(&mut made.head);
    let inside = &text[body.span.start as usize + 1..body.span.end as usize - 1];
    made.fixed = inside.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    made.given = body
        .statements
        .iter()
        .filter_map(|statement| match &statement.kind {
            StatementKind::Set(set) => Some(set.path[0].text.clone()),
            StatementKind::Record(record) => Some(record.path[0].text.clone()),
            _ => None,
        })
        .collect();
    Some(made)
}

fn source_key(text: &str) -> source::ItemKey {
    let head = syntax::cut(text).into_iter().next().map(|cut| cut.head.key).unwrap_or_default();
    source::ItemKey::new(std::sync::Arc::from("homelab.hl"), head.as_str().into(), 0)
}
