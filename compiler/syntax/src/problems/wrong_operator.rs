//! `wrong-operator`: a sign of another language.

use diagnostics::{Edit, Problem, declare_rule};
use source::Place;

declare_rule! {
    pub(crate) WRONG_OPERATOR, "wrong-operator", error, since "0.1",
    "a sign of another language", page "wrong_operator.md"
}

/// Another language's `wrong` is written `right` here, which `text` puts in its place.
pub(crate) fn wrong_operator(place: Place, wrong: &str, right: &str, text: &str) -> Problem {
    Problem::new(&WRONG_OPERATOR, place.clone(), format!("there is no '{wrong}': write '{right}'"))
        .label(format!("write '{right}'"))
        .fix(format!("change to '{right}'"), place, text)
}

/// Another language's `wrong` has no sign of its own here; `help` says what to write.
pub(crate) fn no_operator(place: Place, wrong: &str, help: &str) -> Problem {
    Problem::new(&WRONG_OPERATOR, place, format!("there is no '{wrong}'"))
        .label("has no meaning here")
        .help(help)
}

/// `=` is written here as `wrong`, behind `name`.
pub(crate) fn not_assign(place: Place, wrong: &str, name: &str) -> Problem {
    Problem::new(&WRONG_OPERATOR, place.clone(), format!("'=' expected after '{name}', not '{wrong}'"))
        .label("write '='")
        .fix("change to '='", place, if wrong == ":" { " =" } else { "=" })
}

/// `==` is written here as `=`.
pub(crate) fn not_equal_sign(place: Place) -> Problem {
    Problem::new(&WRONG_OPERATOR, place.clone(), "'=' sets a value: write '==' to compare")
        .label("write '=='")
        .fix("change to '=='", place, "==")
}

/// What else stands in the lines of a comment.
#[derive(Clone, Copy)]
pub(crate) struct Beside {
    /// Whether anything stands before it.
    pub(crate) before: bool,
    /// Whether anything stands behind it, which would be a part of one that starts with `#`.
    pub(crate) behind: bool,
}

/// The comment `written` does not start with `#`.
pub(crate) fn not_comment(place: Place, written: &str, beside: Beside) -> Problem {
    let marks = &written[..2];
    let inner = written[2..].trim_end_matches("*/").trim_end();
    let lines: Vec<String> =
        inner.lines().map(|line| line.trim_start_matches([' ', '*'])).map(commented).collect();
    let comment = lines.join("\n").trim().to_owned();
    let message = format!("a comment starts with '#', not '{marks}'");
    let problem = Problem::new(&WRONG_OPERATOR, place.clone(), message).label("not a comment");
    match beside {
        Beside { behind: false, .. } => problem.fix("change to '#'", place, comment),
        Beside { before: false, .. } => {
            problem.fix("change to '#', on a line of its own", place, format!("{comment}\n"))
        }
        _ => problem.help(
            "it goes to the end of its line: write it behind what stands there, or on a line of its own",
        ),
    }
}

fn commented(line: &str) -> String {
    format!("# {line}").trim_end().to_owned()
}

/// A text in other quotes than `"`, and how it is written rightly.
pub(crate) fn wrong_quotes(place: Place, right: &str) -> Problem {
    Problem::new(&WRONG_OPERATOR, place.clone(), "a text stands in double quotes: \"…\"")
        .label("other quotes")
        .fix("change to double quotes", place, right)
}

/// A line `---`, which begins a document of YAML.
pub(crate) fn other_document(place: Place) -> Problem {
    Problem::new(&WRONG_OPERATOR, place.clone(), "a lab is one document: '---' means nothing here")
        .label("has no meaning here")
        .fix("remove the line", place, "")
}

/// A value is written between `{{` and `}}`.
pub(crate) fn other_template(place: Place, value: &str) -> Problem {
    Problem::new(&WRONG_OPERATOR, place.clone(), "nothing fills in '{{ … }}' here: a value is named as it is")
        .label(format!("write '{value}'"))
        .fix(format!("change to '{value}'"), place, value)
}

/// A value is written as in a text, without one around it; `edits` take the signs away.
pub(crate) fn bare_value(place: Place, value: &str, edits: Vec<Edit>) -> Problem {
    Problem::new(&WRONG_OPERATOR, place, "'${…}' stands in texts only: a value is named as it is")
        .label(format!("write '{value}'"))
        .fix_all(format!("change to '{value}'"), edits)
}

/// A list is written with dashes; `edits` make it one in brackets, where there are any.
pub(crate) fn dashed_list(place: Place, edits: Vec<Edit>) -> Problem {
    let problem = Problem::new(&WRONG_OPERATOR, place, "a list stands in brackets, not behind dashes")
        .label("not a list")
        .help("write '[first, second]'");
    if edits.is_empty() { problem } else { problem.fix_all("put it in brackets", edits) }
}

/// What `name` holds is only indented; `edits` put braces around it.
pub(crate) fn indented_block(place: Place, name: &str, edits: Vec<Edit>) -> Problem {
    Problem::new(&WRONG_OPERATOR, place, format!("what is in '{name}' stands in braces, not behind ':'"))
        .label("'{' expected")
        .fix_all("put it in braces", edits)
}

/// Nix' `with` at `place`; without `gone` it is right.
pub(crate) fn no_with(place: Place, written: &str, gone: Place) -> Problem {
    Problem::new(&WRONG_OPERATOR, place, "there is no 'with': names stand as they are")
        .label("has no meaning here")
        .fix(format!("remove '{written}'"), gone, "")
}

/// `...xs` in a list, a block or a call.
pub(crate) fn no_spread(place: Place) -> Problem {
    Problem::new(
        &WRONG_OPERATOR,
        place,
        "nothing is spread by dots here: '+' puts lists, maps and blocks together",
    )
    .label("has no meaning here")
    .help("write 'xs + [x]', or 'base + { name = value }'")
}
