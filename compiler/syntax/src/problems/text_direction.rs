//! `text-direction`: a character that turns the direction of reading.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! {
    pub(crate) TEXT_DIRECTION, "text-direction", error, since "0.1",
    "a character that turns the direction of reading", page "text_direction.md"
}

/// Whether `c` turns the direction in which what follows it is read.
pub(crate) fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The character `c` stands at `place`; in a text with escapes where `escapes` says so.
pub(crate) fn text_direction(place: Place, c: char, escapes: bool) -> Problem {
    let code = u32::from(c);
    let message = format!("the character U+{code:04X} turns the direction of reading");
    let problem = Problem::new(&TEXT_DIRECTION, place.clone(), message)
        .label("what follows is not shown in the order that it has");
    if escapes {
        let escape = format!("\\u{{{code:x}}}");
        problem.help("in a text that needs it, write it as an escape").fix(
            format!("write '{escape}'"),
            place,
            escape,
        )
    } else {
        problem.help("whoever reads this sees something else than hlc does").fix("remove it", place, "")
    }
}
