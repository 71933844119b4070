//! What is printed: text with places where lines may break.
//!
//! A small document in the manner of Wadler and Prettier, with one thing of its own: brackets are indented from the
//! *line* that they open on, so that `x = [for a in b => {` and the lines below it need no room for each of their
//! brackets.

use std::cell::Cell;

/// A document.
#[derive(Debug)]
pub(super) enum Doc<'a> {
    /// Nothing.
    Nothing,
    /// As it is; may have several lines.
    Text(&'a str),
    /// A space, unless a line ends or begins there.
    Space,
    /// A space, or a line's end in a group that does not fit.
    Line,
    /// A comment on a line of its own.
    Own(Lead<'a>),
    /// A comment that ends the line.
    Trail(&'a str),
    /// One after the other.
    Concat(Vec<Doc<'a>>),
    /// Lines that begin in it are indented by one step more.
    Nest(Box<Doc<'a>>),
    /// All of its lines break, or none.
    Group(Box<Group<'a>>),
    /// What stands between brackets.
    Bracket(Box<Bracket<'a>>),
    /// An item or a statement that could not be read, byte for byte.
    Raw(&'a str),
}

/// What breaks together.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// What is in it.
    pub(super) doc: Doc<'a>,
    /// Whether it breaks whatever room there is, because of a comment.
    pub(super) broken: bool,
}

/// Brackets and what is in them.
#[derive(Debug)]
pub(super) struct Bracket<'a> {
    /// The opening one.
    pub(super) open: &'a str,
    /// A comment behind the opening one.
    pub(super) trail: Option<&'a str>,
    /// What is in it.
    pub(super) list: List<'a>,
    /// The closing one.
    pub(super) close: &'a str,
    /// Whether spaces stand inside of them on one line.
    pub(super) spaced: bool,
    /// Whether it is on several lines whatever room there is: because its author broke the line behind the bracket, or
    /// there was no room once.
    pub(super) broken: Cell<bool>,
}

/// Statements, elements, arms.
#[derive(Debug)]
pub(super) struct List<'a> {
    /// In order.
    pub(super) entries: Vec<Entry<'a>>,
    /// What stands between them.
    pub(super) separator: Separator,
    /// Comments behind the last one.
    pub(super) rest: Vec<Lead<'a>>,
}

/// What stands between entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// `, ` on one line, nothing on several.
    Statements,
    /// `, ` on one line; `,` on several, behind the last one too.
    Elements,
    /// `, ` on one line; `,` on several, not behind the last one.
    Arguments,
}

/// A statement, element or arm.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// Whether an empty line stands before it, behind its leading comments.
    pub(super) blank: bool,
    /// Comments above it.
    pub(super) lead: Vec<Lead<'a>>,
    /// It.
    pub(super) doc: Doc<'a>,
    /// A comment on its last line.
    pub(super) trail: Option<&'a str>,
    /// Whether nothing may be put before it, not even a line's end.
    pub(super) glued: bool,
}

/// A comment above something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lead<'a> {
    /// With its `#`.
    pub(super) text: &'a str,
    /// Whether an empty line stands before it.
    pub(super) blank: bool,
}

impl<'a> Entry<'a> {
    /// An entry that is nothing but `doc`.
    pub(super) fn new(doc: Doc<'a>) -> Self {
        Self { blank: false, lead: Vec::new(), doc, trail: None, glued: false }
    }
}

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}
