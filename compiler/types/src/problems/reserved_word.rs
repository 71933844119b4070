//! `reserved-word`: a word of the language that is declared.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub RESERVED_WORD, "reserved-word", error, since "0.1", "a word of the language that is declared", page "reserved_word.md" }

/// `word`, which means something wherever a value can stand, is declared.
pub fn reserved_word(place: Place, word: &str) -> Problem {
    Problem::new(
        &RESERVED_WORD,
        place,
        format!("'{word}' is a word of the language, and nothing can be called so"),
    )
    .help("choose another name: nobody could refer to this one")
}
