//! `wrong-arguments`: a call with arguments that do not fit.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::suggested;

declare_rule! { pub WRONG_ARGUMENTS, "wrong-arguments", error, since "0.1", "a call with arguments that do not fit", page "wrong_arguments.md" }

/// The call of `function` is wrong as `message` says; `signature` is how it is called.
pub fn wrong_arguments(place: Place, message: impl Into<String>, signature: &str) -> Problem {
    Problem::new(&WRONG_ARGUMENTS, place, message).help(format!("it is called as '{signature}'"))
}

/// The path of a file is computed.
pub fn computed_path(place: Place, signature: &str) -> Problem {
    let problem = wrong_arguments(place, "the path of a file is written as it is, in quotes", signature);
    problem.help("which files a lab reads is known before anything is worked out; 'files(\"./folder\")' reads all of a folder")
}

/// The library reads a file.
pub fn no_files_here(place: Place, signature: &str) -> Problem {
    wrong_arguments(place, "the library cannot read files of a lab", signature)
}

/// `name` is called, and is something else than a function.
pub fn no_function(place: Place, name: &str) -> Problem {
    Problem::new(&WRONG_ARGUMENTS, place, format!("'{name}' is not a function"))
        .help("only functions are called; a field is taken with '.', an element with '[…]'")
}

/// There is no function `name`.
pub fn unknown_function(place: Place, name: &str, near: &[&str]) -> Problem {
    let problem = Problem::new(&WRONG_ARGUMENTS, place.clone(), format!("there is no function '{name}'"));
    match ELSEWHERE.iter().find(|(foreign, _)| *foreign == name) {
        Some((_, ours)) => problem.help(*ours),
        None => suggested(problem, &place, name, near),
    }
}

/// What other languages have a function for, and how it is written here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("abs", "write 'if x < 0 then -x else x'"),
    ("concat", "lists are joined by '+', lists in a list by 'flatten(lists)'"),
    ("count", "write 'list.length'; those for which something holds are '[for x in list if … => x].length'"),
    ("enumerate", "write 'for index, element in list'"),
    ("filter", "write '[for x in list if … => x]'"),
    ("find", "write 'first([for x in list if … => x])', which is none where there is no such element"),
    ("format", "put values into a text: \"…${value}…\""),
    ("groupby", "write 'group(list, [for x in list => key])'"),
    ("has", "write '\"key\" in map'"),
    ("last", "write 'list.last'"),
    ("len", "write 'length(x)' or 'x.length'"),
    ("map", "write '[for x in list => …]'"),
    ("merge", "maps are joined by '+'"),
    ("range", "numbers from 1 to 3 are 'numbers(1, 3)', addresses 'first .. last'"),
    (
        "reduce",
        "write 'sum(list)', 'min(list)', 'max(list)', 'any(list)', 'all(list)' or 'join(texts, separator)'",
    ),
    ("size", "write 'length(x)' or 'x.length'"),
    ("sorted", "write 'sort(list)'"),
    ("str", "write 'string(x)', or put it into a text: \"${x}\""),
    ("substr", "write 'slice(text, from, to)'"),
    ("substring", "write 'slice(text, from, to)'"),
];
