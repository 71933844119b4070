//! `unknown-kind`: a declaration of a kind that does not exist.

use diagnostics::{Problem, declare_rule};
use source::Place;

use super::suggested;

declare_rule! { pub UNKNOWN_KIND, "unknown-kind", error, since "0.1", "a declaration of a kind that does not exist", page "unknown_kind.md" }

/// There is no kind `name`.
pub fn unknown_kind(place: Place, name: &str, near: &[&str]) -> Problem {
    let problem = Problem::new(&UNKNOWN_KIND, place.clone(), format!("there is no kind '{name}'"));
    suggested(problem, &place, name, near)
}

/// Nothing stands before `in`.
pub fn missing_kind(place: Place) -> Problem {
    Problem::new(&UNKNOWN_KIND, place, "a kind is missing before 'in'")
        .help("a declaration begins with its kind: 'app NAME in …', 'pihole in …'")
}

/// `if` or `for` begins what other languages call a block.
pub fn no_block(place: Place, word: &str) -> Problem {
    let help = match word {
        "if" => "a condition stands behind the name: 'KIND NAME if condition { … }'",
        _ => "several are declared at once: 'KIND NAME[x] for x in … { … }'",
    };
    Problem::new(&UNKNOWN_KIND, place, format!("'{word}' cannot have declarations in it")).help(help)
}

/// What `owner` (`an app`) is in stands in its braces.
pub fn place_in_braces(place: Place, owner: &str) -> Problem {
    Problem::new(&UNKNOWN_KIND, place, format!("what {owner} is in stands before its braces"))
        .label("not in braces")
        .help("write it behind the name: 'KIND NAME in … { … }'")
}

/// A `word` of the language (`template`) begins what it should not begin so.
pub fn untyped_item(place: Place, word: &str, name: &str) -> Problem {
    let (message, help) = match word {
        "template" => (
            format!("template '{name}' does not say what it is for"),
            format!("write 'template {name} : KIND {{ … }}'"),
        ),
        "type" => (format!("type '{name}' has no '='"), format!("write 'type {name} = …'")),
        "fn" => (
            format!("function '{name}' has no parameters and no result"),
            format!("write 'fn {name}(…) -> TYPE = …'"),
        ),
        _ => (format!("kind '{name}' has no braces"), format!("write 'kind {name} {{ … }}'")),
    };
    Problem::new(&UNKNOWN_KIND, place, message).help(help)
}

/// Kind `name` says `: base`, as templates do.
pub fn kind_with_base(place: Place, name: &str, base: &str) -> Problem {
    let message = format!("kind '{name}' cannot extend '{base}': a kind is one by itself");
    Problem::new(&UNKNOWN_KIND, place, message).help(format!(
        "write 'kind {name} {{ … }}'; what sets fields of '{base}' is 'template {name} : {base} {{ … }}'"
    ))
}

/// Field `name` of `owner` (`an app`), declared at `declared`, is written without `=`, which belongs at `end`.
pub fn field_without_sign(place: Place, name: &str, owner: &str, end: Place, declared: Place) -> Problem {
    Problem::new(&UNKNOWN_KIND, place, format!("'{name}' is a field of {owner}, and is set with '='"))
        .label("'=' is missing behind it")
        .also(declared, "the field is declared here")
        .fix("add '='", end, " =")
}

/// `owner` (`a postgres`) makes no `kind` called `name`; `near` are those that may be meant, `all` those that it makes.
pub fn not_made(place: Place, owner: &str, kind: &str, name: &str, near: &[&str], all: &[&str]) -> Problem {
    let list: Vec<String> = all.iter().map(|name| format!("'{kind} {name}'")).collect();
    let problem =
        Problem::new(&UNKNOWN_KIND, place.clone(), format!("{owner} makes no {kind} called '{name}'"))
            .help(format!("it makes {}", crate::ty::joined_by_and(&list)));
    suggested(problem, &place, name, near)
}

/// Kind `name` exists, but nothing of it can be declared in `owner` (`an app`).
pub fn kind_not_here(place: Place, name: &str, owner: &str) -> Problem {
    Problem::new(&UNKNOWN_KIND, place, format!("{owner} cannot have {} in it", crate::ty::with_article(name)))
}
