//! `quoted-name`: a name in quotes where a name is a word.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub QUOTED_NAME, "quoted-name", error, since "0.1", "a name in quotes where a name is a word", page "quoted_name.md" }

/// The name of a declaration of `owner` (`an app`) stands in quotes; `word` is one that could stand there.
pub fn quoted_name(place: Place, owner: &str, word: Option<&str>) -> Problem {
    let problem =
        Problem::new(&QUOTED_NAME, place.clone(), format!("the name of {owner} is a word, without quotes"));
    let problem = problem.help("names are made of letters, digits, '_' and '-', and begin with a letter");
    match word {
        Some(word) => problem.fix(format!("change to '{word}'"), place, word),
        None => problem,
    }
}

/// A name in quotes has characters in it that are written with a `\`.
pub fn escaped_name(place: Place) -> Problem {
    Problem::new(&QUOTED_NAME, place, "a name has no quotes, line breaks or '\\' in it")
        .help("nothing outside of the lab could be called so")
}
