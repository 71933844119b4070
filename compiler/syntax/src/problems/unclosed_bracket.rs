//! `unclosed-bracket`: a bracket without its partner.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! {
    pub(crate) UNCLOSED_BRACKET, "unclosed-bracket", error, since "0.1",
    "a bracket without its partner", page "unclosed_bracket.md"
}

/// What a bracket is for, as messages call it: `list`, `app 'player'`.
pub(crate) enum Bracket {
    /// `[`.
    List,
    /// `(`.
    Parenthesis,
    /// `{` behind words, which stand here as people call what they declare; nothing if there are none.
    Block(Option<String>),
}

impl Bracket {
    /// As the subject of a message.
    fn subject(&self) -> &str {
        match self {
            Self::List => "the list",
            Self::Parenthesis => "the parenthesis",
            Self::Block(Some(owner)) => owner,
            Self::Block(None) => "the block",
        }
    }

    const fn open(&self) -> char {
        match self {
            Self::List => '[',
            Self::Parenthesis => '(',
            Self::Block(_) => '{',
        }
    }

    const fn close(&self) -> char {
        match self {
            Self::List => ']',
            Self::Parenthesis => ')',
            Self::Block(_) => '}',
        }
    }
}

/// The bracket at `opened` is not closed; its partner is missing at `place`, which is empty. `text` is the partner with
/// the line end that it needs, if any.
pub(crate) fn unclosed_bracket(place: Place, bracket: &Bracket, opened: Place, text: String) -> Problem {
    let (subject, open, close) = (bracket.subject(), bracket.open(), bracket.close());
    let message = format!("{subject} is not closed: a '{close}' is missing");
    Problem::new(&UNCLOSED_BRACKET, place.clone(), message)
        .label(format!("'{close}' expected"))
        .also(opened, format!("'{open}' opens it here"))
        .fix(format!("add '{close}'"), place, text)
}

/// The bracket `close` closes nothing.
pub(crate) fn unopened_bracket(place: Place, close: &str) -> Problem {
    Problem::new(&UNCLOSED_BRACKET, place.clone(), format!("this '{close}' closes nothing"))
        .label("nothing is open here")
        .fix(format!("remove the '{close}'"), place, "")
}

/// The `)` at `place` closes nothing, and its `(` may be missing behind the word before it.
pub(crate) fn unopened_call(place: Place) -> Problem {
    Problem::new(&UNCLOSED_BRACKET, place, "this ')' closes nothing: a '(' may be missing before it")
        .label("nothing is open here")
        .help("add the '(' that it closes, or remove it")
}

/// The bracket at `opened` is closed by another one at `place`.
pub(crate) fn wrong_bracket(place: Place, written: &str, bracket: &Bracket, opened: Place) -> Problem {
    let (subject, open, close) = (bracket.subject(), bracket.open(), bracket.close());
    let message = format!("{subject} is closed by '{written}', and not by '{close}'");
    Problem::new(&UNCLOSED_BRACKET, place.clone(), message)
        .label(format!("'{close}' expected"))
        .also(opened, format!("'{open}' opens it here"))
        .fix(format!("change to '{close}'"), place, close.to_string())
}

/// The `}` at `place` ends lines, from `first` on, that nothing begins.
pub(crate) fn headless_block(place: Place, first: Place) -> Problem {
    Problem::new(&UNCLOSED_BRACKET, place, "this '}' closes nothing: the line with its '{' is missing")
        .label("nothing is open here")
        .also(first, "what should be in it begins here")
        .help("write the line above these, such as 'name {', or remove them and the '}'")
}

/// The bracket `open` is missing at `place`, which is empty, behind `before`; the one that closes it may stand at
/// `close`.
pub(crate) fn missing_bracket(place: Place, open: char, before: &str, close: Option<Place>) -> Problem {
    let text = if open == '(' { open.to_string() } else { format!(" {open}") };
    let message = format!("a '{open}' is missing after '{before}'");
    let problem = Problem::new(&UNCLOSED_BRACKET, place.clone(), message)
        .label(format!("'{open}' expected"))
        .fix(format!("add '{open}'"), place, text);
    match close {
        Some(close) => problem.also(close, "closed here"),
        None => problem,
    }
}
