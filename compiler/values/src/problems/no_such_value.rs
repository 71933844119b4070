//! `no-such-value`: a value or declaration that is not there.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub NO_SUCH_VALUE, "no-such-value", error, since "0.1", "a value or declaration that is not there", page "no_such_value.md" }

/// The declaration is not there: its condition does not hold, or there is none for this element.
pub fn absent_declaration(place: Place, name: &str) -> Problem {
    Problem::new(&NO_SUCH_VALUE, place, format!("'{name}' is not there"))
        .label("its condition does not hold, or there is none for this element")
}

/// A list has no element at `at`.
pub fn no_such_element(place: Place, at: i64, length: usize) -> Problem {
    Problem::new(&NO_SUCH_VALUE, place, format!("there is no element {at} in a list of {length}"))
        .help("elements are counted from 0")
}

/// The first, last, least or greatest of nothing.
pub fn empty_collection(place: Place) -> Problem {
    Problem::new(&NO_SUCH_VALUE, place, "this list is empty")
        .help("ask first whether there is anything in it: 'if list.length > 0 then … else …'")
}

/// Two lists that go together are not of the same length.
pub fn lists_of_other_lengths(place: Place, one: usize, other: usize) -> Problem {
    Problem::new(&NO_SUCH_VALUE, place, format!("one list has {one} elements, and the other has {other}"))
        .help("each element needs one in the other list: shorten the longer one with 'slice(list, from, to)'")
}

/// One key of a map for two elements.
pub fn same_key(place: Place, key: &str) -> Problem {
    Problem::new(&NO_SUCH_VALUE, place, format!("the key '{key}' comes up twice"))
        .help("choose a key that tells all elements apart, or go through each key once, by 'unique(…)'")
}

/// Two of the declarations that an item repeats have one key.
pub fn same_declaration(place: Place, key: &str) -> Problem {
    Problem::new(&NO_SUCH_VALUE, place, format!("two of these declarations have the key '{key}'"))
        .help("choose a key that tells all elements apart")
}

/// Of the declarations called `name` there is none with this key; there are those with `keys`. A key that is written as a
/// text can be changed where it stands.
pub fn no_such_key(place: Place, name: &str, key: &str, keys: &[&str], is_text: bool) -> Problem {
    let problem =
        Problem::new(&NO_SUCH_VALUE, place.clone(), format!("there is no '{name}' with the key '{key}'"));
    let help = match (diagnostics::closest(key, keys.iter().copied(), 3).first(), keys) {
        (Some(near), _) if is_text => {
            let title = format!("change to '{near}'");
            return problem.help(format!("did you mean '{near}'?")).fix(title, place, format!("\"{near}\""));
        }
        (Some(near), _) => format!("did you mean '{near}'?"),
        (None, []) => format!("there is no '{name}' at all"),
        (None, [key]) => format!("its only key is '{key}'"),
        (None, keys) if keys.len() <= MOST_KEYS => format!("its keys are {}", keys.join(", ")),
        (None, keys) => format!("its keys are {}, …", keys[..MOST_KEYS].join(", ")),
    };
    problem.help(help)
}

/// So many keys are listed at most.
const MOST_KEYS: usize = 6;

/// Part `name` is taken of data that has no parts.
pub fn no_part(place: Place, name: &str) -> Problem {
    Problem::new(&NO_SUCH_VALUE, place, format!("this is no map, and has no '{name}'"))
        .help("only a map has parts; what it is here depends on the data")
}
