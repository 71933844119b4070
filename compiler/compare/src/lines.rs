//! Which lines of a text differ, and what each is in.

use similar::{ChangeTag, TextDiff};

/// A line that is in one of two texts only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is in: `services.k3s`. Empty at the top, and where that is not known.
    pub within: String,
    /// Whether it is the new text that has it.
    pub is_new: bool,
    /// What stands there, without blanks around it.
    pub text: String,
}

/// The lines that are in one of two texts only, in the order in which they stand; empty ones only where there are no
/// others.
pub(crate) fn lines(before: &str, after: &str) -> Vec<Line> {
    let (old, new) = (places(before), places(after));
    let diff = TextDiff::from_lines(before, after);
    let line = |change: similar::Change<&str>| {
        let (is_new, within) = match change.tag() {
            ChangeTag::Equal => return None,
            ChangeTag::Delete => (false, change.old_index().and_then(|nth| old.get(nth))),
            ChangeTag::Insert => (true, change.new_index().and_then(|nth| new.get(nth))),
        };
        let text = change.value().trim().to_owned();
        Some(Line { within: within.cloned().unwrap_or_default(), is_new, text })
    };
    let mut all: Vec<Line> = diff.iter_all_changes().filter_map(line).collect();
    if all.iter().any(|line| !line.text.is_empty()) {
        all.retain(|line| !line.text.is_empty());
    }
    all
}

/// What each line is in, by what stands further left above it and opens something.
fn places(text: &str) -> Vec<String> {
    let mut open: Vec<(usize, &str)> = Vec::new();
    let place = |line| {
        let inner: &str = str::trim_start(line);
        let indent = line.len() - inner.len();
        if !inner.is_empty() {
            open.retain(|(other, _)| *other < indent);
        }
        let names: Vec<&str> = open.iter().map(|(_, name)| *name).collect();
        if let Some((name, rest)) = inner.split_once(" = ")
            && rest.trim_end().ends_with(['{', '[', '(', '\''])
        {
            open.push((indent, name));
        }
        names.join(".")
    };
    text.lines().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_what_they_are_in() {
        let text = |port: u16| {
            format!(
                "{{\n  networking.firewall = {{\n    interfaces.lan = {{\n      ports = [\n        {port}\n      ];\n    }};\n  }};\n}}\n"
            )
        };
        let found = lines(&text(80), &text(81));
        let shown: Vec<String> =
            found.iter().map(|line| format!("{} {} {}", line.within, line.is_new, line.text)).collect();
        let within = "networking.firewall.interfaces.lan.ports";
        assert_eq!(shown, [format!("{within} false 80"), format!("{within} true 81")]);
        assert_eq!(lines("a\n", "a\n"), []);
        assert_eq!((lines("a\n", "a\n\nb\n").len(), lines("a\n", "a\n\n").len()), (1, 1));
    }
}
