//! How the tree is written.
//!
//! Sets and lists of more than one element always take a line for each; a list of one element stands on one line if
//! it fits; a call breaks only in its last argument; a text is never broken.

use super::escape::{comment, indented_lines, string};
use super::expr::{AttrPath, Entry, Expr, Set};

/// Columns of a line.
const WIDTH: usize = 100;

/// The expression, for a line that starts with `indent` spaces and has `used` more columns taken on either side.
pub(super) fn print(expr: &Expr, indent: usize, used: usize) -> String {
    match flat(expr) {
        Some(line) if indent + used + line.chars().count() <= WIDTH => line,
        _ => broken(expr, indent, used),
    }
}

/// The set's entries, a line or more each.
pub(super) fn entries(set: &Set, indent: usize) -> String {
    let pad = " ".repeat(indent);
    set.0
        .iter()
        .map(|entry| match entry {
            Entry::Gap => "\n".to_owned(),
            Entry::Comment(line) => format!("{pad}# {}\n", comment(line)),
            Entry::Bind(path, value) => format!("{pad}{}\n", binding(path, value, indent)),
        })
        .collect()
}

/// `a.b.c = …;`, with sets of one entry as part of the path.
fn binding(path: &AttrPath, value: &Expr, indent: usize) -> String {
    if let Expr::Set(Set(inner)) = value
        && let [Entry::Bind(more, value)] = inner.as_slice()
    {
        let steps = path.0.iter().chain(&more.0).cloned().collect::<Vec<_>>();
        return binding(&AttrPath::from(steps.as_slice()), value, indent);
    }
    let name = path.to_string();
    let used = name.chars().count() + " = ;".len();
    format!("{name} = {};", print(value, indent, used))
}

/// The expression on one line, if it may stand on one.
fn flat(expr: &Expr) -> Option<String> {
    Some(match expr {
        Expr::Null => "null".to_owned(),
        Expr::Bool(value) => value.to_string(),
        Expr::Int(value) => integer(*value),
        Expr::Float(value) => float(*value),
        Expr::Text(text) => string(text),
        Expr::Lines(text) => match indented_lines(text) {
            Some(_) => return None,
            None => string(text),
        },
        Expr::Raw(nix) => nix.clone(),
        Expr::List(items) => match items.as_slice() {
            [] => "[ ]".to_owned(),
            [item] => format!("[ {} ]", flat_item(item)?),
            _ => return None,
        },
        Expr::With(scope, items) => match items.as_slice() {
            [] => "[ ]".to_owned(),
            [item] => format!("with {scope}; [ {} ]", flat_item(item)?),
            _ => return None,
        },
        Expr::Set(set) if set.is_empty() => "{ }".to_owned(),
        Expr::Set(_) | Expr::Concat(..) | Expr::Noted(..) => return None,
        Expr::Call(function, arguments) => {
            let arguments = arguments.iter().map(flat_item).collect::<Option<Vec<_>>>()?;
            format!("{function} {}", arguments.join(" "))
        }
    })
}

/// As `flat`, where only a simple expression may stand.
fn flat_item(expr: &Expr) -> Option<String> {
    let line = flat(expr)?;
    Some(if is_simple(expr, &line) { line } else { format!("({line})") })
}

/// Whether the expression can be an element or an argument without parentheses.
fn is_simple(expr: &Expr, line: &str) -> bool {
    match expr {
        Expr::Call(..) | Expr::Concat(..) => false,
        Expr::With(_, items) => items.is_empty(),
        Expr::Int(_) | Expr::Float(_) => !line.starts_with('-'),
        Expr::Raw(nix) => is_closed(nix),
        _ => true,
    }
}

/// Whether raw Nix is one word or already in parentheses of its own.
fn is_closed(nix: &str) -> bool {
    let is_word = |char: char| char.is_ascii_alphanumeric() || "._-+/'\"".contains(char);
    let inner = nix.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    (nix.chars().all(is_word) && !nix.starts_with('-'))
        || inner.is_some_and(|inner| !inner.contains(['(', ')']))
}

/// The expression on several lines, where it can be broken.
fn broken(expr: &Expr, indent: usize, used: usize) -> String {
    let pad = " ".repeat(indent);
    match expr {
        Expr::List(items) if !items.is_empty() => format!("[\n{}{pad}]", elements(items, indent + 2)),
        Expr::With(scope, items) if !items.is_empty() => {
            format!("with {scope}; [\n{}{pad}]", elements(items, indent + 2))
        }
        Expr::Set(set) => format!("{{\n{}{pad}}}", entries(set, indent + 2)),
        Expr::Concat(items, rest) => {
            format!("[\n{}{pad}]\n{pad}++ {}", elements(items, indent + 2), print(rest, indent, 3))
        }
        Expr::Lines(text) => match indented_lines(text) {
            Some(lines) => indented(&lines, indent),
            None => string(text),
        },
        Expr::Call(function, arguments) => broken_call(function, arguments, indent, used),
        Expr::Noted(inner, _) => broken(inner, indent, used),
        _ => flat(expr).unwrap_or_default(),
    }
}

/// A call whose last argument takes several lines.
fn broken_call(function: &str, arguments: &[Expr], indent: usize, used: usize) -> String {
    let mut line = function.to_owned();
    for argument in arguments {
        let written = match flat_item(argument) {
            Some(flat) if indent + used + line.chars().count() + 1 + flat.chars().count() <= WIDTH => flat,
            _ => item(argument, indent),
        };
        line = format!("{line} {written}");
    }
    line
}

/// An element or argument, on as many lines as it takes.
fn item(expr: &Expr, indent: usize) -> String {
    let written = print(expr, indent, 0);
    if is_simple(expr, &written) { written } else { format!("({written})") }
}

/// The elements of a list, a line or more each.
fn elements(items: &[Expr], indent: usize) -> String {
    let pad = " ".repeat(indent);
    let line = |expr: &Expr| match expr {
        Expr::Noted(inner, note) => format!("{pad}{} # {}\n", item(inner, indent), comment(note)),
        _ => format!("{pad}{}\n", item(expr, indent)),
    };
    items.iter().map(line).collect()
}

/// `''…''`, two columns further in.
fn indented(lines: &[String], indent: usize) -> String {
    let pad = " ".repeat(indent);
    let line = |line: &String| if line.is_empty() { "\n".to_owned() } else { format!("{pad}  {line}\n") };
    format!("''\n{}{pad}''", lines.iter().map(line).collect::<String>())
}

/// The least whole number has no literal.
fn integer(value: i64) -> String {
    if value == i64::MIN { format!("({} - 1)", value + 1) } else { value.to_string() }
}

/// Nix wants a point in every literal, and refuses those that are too small or too large for one; JSON does not.
fn float(value: f64) -> String {
    if !value.is_finite() {
        return "null".to_owned();
    }
    let text = format!("{value:?}");
    let has_literal = value == 0.0 || (1e-300..1e300).contains(&value.abs());
    match (has_literal, text.split_once('e')) {
        (false, _) => format!("(builtins.fromJSON {})", string(&text)),
        (true, Some((digits, exponent))) if !digits.contains('.') => format!("{digits}.0e{exponent}"),
        (true, _) => text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{call, list, path, text, texts};
    use super::*;

    fn written(set: &Set) -> String {
        entries(set, 0)
    }

    #[test]
    fn lists_of_one_element_stand_on_one_line() {
        let set = Set::new().bind("a", texts(["x"])).bind("b", texts(["x", "y"])).bind("c", list([]));
        assert_eq!(written(&set), "a = [ \"x\" ];\nb = [\n  \"x\"\n  \"y\"\n];\nc = [ ];\n");
    }

    #[test]
    fn sets_of_one_entry_become_part_of_the_path() {
        let inner = Set::new().bind(path("b").key("c d"), Expr::Int(1));
        let set = Set::new().bind("a", inner.clone()).bind("x", inner.bind("e", true));
        assert_eq!(written(&set), "a.b.\"c d\" = 1;\nx = {\n  b.\"c d\" = 1;\n  e = true;\n};\n");
    }

    #[test]
    fn calls_break_in_the_last_argument() {
        let set = Set::new().bind("a", texts(["x", "y"]).or_default()).bind("b", text("x").or_default());
        assert_eq!(written(&set), "a = lib.mkDefault [\n  \"x\"\n  \"y\"\n];\nb = lib.mkDefault \"x\";\n");
    }

    #[test]
    fn elements_are_closed() {
        let items = [Expr::Int(-1), call("f", [Expr::Float(-0.5)]), Expr::Int(i64::MIN), Expr::Float(1e30)];
        assert_eq!(
            written(&Set::new().bind("a", list(items))),
            "a = [\n  (-1)\n  (f (-0.5))\n  (-9223372036854775807 - 1)\n  1.0e30\n];\n"
        );
    }

    #[test]
    fn long_elements_take_a_line_of_their_own() {
        let key = format!("ssh-ed25519 {}", "A".repeat(90));
        let written = written(&Set::new().bind("keys", texts([&key])));
        assert_eq!(written, format!("keys = [\n  \"{key}\"\n];\n"));
    }

    #[test]
    fn lines_are_indented() {
        let set = Set::new().bind("a.b", Expr::Lines("x ${y}\n\n  z\n".to_owned())).bind("c", Expr::Null);
        assert_eq!(written(&set), "a.b = ''\n  x ''${y}\n\n    z\n'';\nc = null;\n");
    }
}
