//! Whether a built file has lines in it.

/// Whether `file` contains `wanted`: its lines one after the other, indented as a whole by anything. A line `…`
/// leaves out any number of lines.
pub(crate) fn contains(file: &str, wanted: &[String]) -> bool {
    let lines: Vec<&str> = file.lines().collect();
    let mut from = 0;
    for part in wanted.split(|line| line.trim() == "…").filter(|part| !part.is_empty()) {
        let found = (from..lines.len()).find(|at| begins(&lines[*at..], part));
        match found {
            Some(at) => from = at + part.len(),
            None => return false,
        }
    }
    true
}

fn begins(lines: &[&str], part: &[String]) -> bool {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let Some(more) = indent(lines[0]).checked_sub(indent(&part[0])) else { return false };
    let same = |(line, wanted): (&&str, &String)| {
        line.trim() == wanted.trim() && (wanted.trim().is_empty() || indent(line) == indent(wanted) + more)
    };
    lines.len() >= part.len() && lines.iter().zip(part).all(same)
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn lines_are_found_at_any_depth() {
        let wanted = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let file = "a:\n  b:\n    c: 1\n    d: 2\n  e: 3\n";
        assert!(contains(file, &wanted("b:\n  c: 1")));
        assert!(contains(file, &wanted("b:\n…\ne: 3")));
        assert!(!contains(file, &wanted("b:\n  d: 2")));
        assert!(!contains(file, &wanted("b:\nc: 1")));
        assert!(!contains(file, &wanted("e: 3\n…\nb:")));
    }
}
