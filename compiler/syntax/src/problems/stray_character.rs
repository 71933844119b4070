//! `stray-character`: a character that means nothing where it stands.

use diagnostics::{Problem, declare_rule, lookalike_name};
use source::Place;

declare_rule! {
    pub(crate) STRAY_CHARACTER, "stray-character", error, since "0.1",
    "a character that means nothing where it stands", page "stray_character.md"
}

/// `written` means nothing.
pub(crate) fn stray_character(place: Place, written: &str) -> Problem {
    let shown = match written.chars().next() {
        Some(c) if is_unseen(c) => format!("the character U+{:04X}", u32::from(c)),
        _ => format!("'{written}'"),
    };
    let problem = Problem::new(&STRAY_CHARACTER, place.clone(), format!("{shown} means nothing here"));
    match written {
        "\u{a0}" => problem.help("it is a space that does not break lines").fix("put a space", place, " "),
        "'" | "“" | "”" | "„" => problem.help("texts stand in double quotes: \"…\""),
        "\\" => problem.help("a line needs no '\\' to go on: end it with an operator, or open a bracket"),
        "$" => problem.help("'${…}' puts a value into a text, and stands in quotes"),
        "&" | "^" | "~" | "`" => {
            problem.help("remove it, or put the text in quotes").fix("remove it", place, "")
        }
        "‐" | "‑" | "‒" | "–" | "—" | "−" => {
            problem.help("it only looks like '-'").fix("put '-'", place, "-")
        }
        _ => problem.fix("remove it", place, ""),
    }
}

/// Whether nobody sees a character, so that it says more to name it.
fn is_unseen(c: char) -> bool {
    // Rust escapes so what cannot be printed by itself: formats, marks, what is not assigned.
    c.is_control() || c.is_whitespace() || c.escape_debug().to_string().starts_with("\\u")
}

/// The name `written` has letters that names cannot have.
pub(crate) fn bad_name(place: Place, written: &str) -> Problem {
    let problem = Problem::new(&STRAY_CHARACTER, place.clone(), format!("'{written}' is not a name"))
        .label("has letters that names cannot have");
    if let Some((name, note)) = lookalike_name(written) {
        return problem.help(note).fix(format!("change to '{name}'"), place, name);
    }
    problem.help("names are made of a-z, A-Z, 0-9, '_' and '-'; texts stand in quotes and may hold anything")
}

/// The name `written` starts with a digit.
pub(crate) fn name_with_digit(place: Place, written: &str) -> Problem {
    Problem::new(&STRAY_CHARACTER, place, format!("'{written}' is not a name: names start with a letter"))
        .label("starts with a digit")
        .help("put a letter before it")
}
