//! A page of the project as a page of the book: links lead within the book, labs are coloured.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::colours::{Painter, escaped};
use crate::contents::resolved;

/// Where pages and pictures of the project are in the book.
pub type Places = BTreeMap<String, String>;

/// The page that is at `source` in the project and at `place` in the book.
pub fn page(text: &str, source: &str, place: &str, places: &Places, painter: &mut Painter) -> String {
    let mut out = String::new();
    let mut prose = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let inside = line.trim_start();
        let Some(about) = inside.strip_prefix("```") else {
            prose.push_str(line);
            prose.push('\n');
            continue;
        };
        out.push_str(&linked(&std::mem::take(&mut prose), source, place, places));
        let indent = &line[..line.len() - inside.len()];
        let code: Vec<&str> = lines.by_ref().take_while(|line| line.trim_start() != "```").collect();
        let plain = |line: &&str| line.strip_prefix(indent).unwrap_or(line).to_owned() + "\n";
        out.push_str(&indented(&block(about, &code.iter().map(plain).collect::<String>(), painter), indent));
    }
    out.push_str(&linked(&prose, source, place, places));
    out
}

/// A block of code, with the name of the file that it is from.
fn block(about: &str, code: &str, painter: &mut Painter) -> String {
    let words: Vec<&str> = about.split_whitespace().collect();
    let language = words.first().copied().unwrap_or_default();
    let path = words[words.len().min(1)..].iter().find_map(|word| match word.strip_prefix("file=") {
        Some(file) => Some(file),
        None => word.contains('/').then_some(*word),
    });
    let name = path.map(|path| format!("<p class=\"file\">{}</p>\n\n", escaped(path))).unwrap_or_default();
    match language {
        "hl" => format!("{name}{}\n", painter.painted(code, &words)),
        language => format!("{name}```{language}\n{code}```\n"),
    }
}

fn indented(text: &str, indent: &str) -> String {
    text.lines()
        .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{indent}{line}\n") })
        .collect()
}

/// Prose with links that lead within the book. What is not in the book is named, and no link.
fn linked(prose: &str, source: &str, place: &str, places: &Places) -> String {
    let code = code_spans(prose);
    let is_code = |at: usize| code.iter().any(|(start, end)| (*start..*end).contains(&at));
    let folder = source.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut out = String::new();
    let mut end = 0;
    for (at, _) in prose.match_indices("](").filter(|(at, _)| !is_code(*at)) {
        let Some(length) = prose[at..].find(')') else { continue };
        let target = &prose[at + 2..at + length];
        if target.contains("://") || target.starts_with('#') || target.starts_with("mailto:") {
            continue;
        }
        let (path, anchor) = target
            .split_once('#')
            .map_or((target, String::new()), |(path, anchor)| (path, format!("#{anchor}")));
        match (places.get(&resolved(folder, path)), opening(prose, at, &code)) {
            (Some(found), _) => {
                out.push_str(&prose[end..at]);
                let _ = write!(out, "]({}{anchor})", relative(place, found));
            }
            (None, Some(open)) if open >= end => {
                out.push_str(&prose[end..open]);
                out.push_str(&prose[open + 1..at]);
            }
            (None, _) => continue,
        }
        end = at + length + 1;
    }
    out.push_str(&prose[end..]);
    out
}

/// The `[` that belongs to the `]` at `close`.
fn opening(prose: &str, close: usize, code: &[(usize, usize)]) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, char) in prose[..close].char_indices().rev() {
        if code.iter().any(|(start, end)| (*start..*end).contains(&at)) {
            continue;
        }
        match char {
            ']' => depth += 1,
            '[' if depth == 0 => return Some(at),
            '[' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Where `code` stands, with its backticks.
fn code_spans(prose: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = prose[at..].find('`').map(|start| at + start) {
        let ticks = prose[start..].bytes().take_while(|byte| *byte == b'`').count();
        let fence = &prose[start..start + ticks];
        let behind = start + ticks;
        // A paragraph ends what has no end.
        let limit = prose[behind..].find("\n\n").map_or(prose.len(), |limit| behind + limit);
        at = prose[behind..limit].find(fence).map_or(behind, |end| behind + end + ticks);
        if at > behind {
            found.push((start, at));
        }
    }
    found
}

/// The way from one page of the book to another.
fn relative(from: &str, to: &str) -> String {
    let up = from.matches('/').count();
    format!("{}{to}", "../".repeat(up))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str) -> String {
        let places =
            [("docs/a.md", "a.md"), ("README.md", "index.md"), ("docs/pictures/x.png", "pictures/x.png")];
        let places = places.map(|(from, to)| (from.to_owned(), to.to_owned()));
        page(text, "docs/deep/b.md", "deep/b.md", &Places::from(places), &mut Painter::default())
    }

    #[test]
    fn links_lead_within_the_book() {
        assert_eq!(
            made("See [a `]( x`](../a.md#b-c) and\n[b](../../README.md).\n"),
            "See [a `]( x`](../a.md#b-c) and\n[b](../index.md).\n"
        );
        assert_eq!(
            made("![x](../pictures/x.png) [s](#here) [w](https://a.b/c)\n"),
            "![x](../pictures/x.png) [s](#here) [w](https://a.b/c)\n"
        );
    }

    #[test]
    fn what_is_not_in_the_book_is_no_link() {
        assert_eq!(
            made("A [`lab` [x]](../../homelab.hl) is\n[here\ntoo](../../LICENSE).\n"),
            "A `lab` [x] is\nhere\ntoo.\n"
        );
        assert_eq!(made("Code: `[a](b.md)`.\n"), "Code: `[a](b.md)`.\n");
    }

    #[test]
    fn labs_are_coloured_and_files_named() {
        let made = made(
            "1. A\n\n   ```hl good file=media.hl\n   stage a = 1\n   ```\n\n```yaml k8s/a/b.yaml\na: [b](c)\n```\n",
        );
        let lines: Vec<&str> = made.lines().collect();
        assert_eq!(lines[2], "   <p class=\"file\">media.hl</p>");
        assert!(lines[4].starts_with("   <pre class=\"hl good\">"), "{made}");
        assert_eq!(lines[5], "   </code></pre>");
        assert!(
            made.ends_with("\n<p class=\"file\">k8s/a/b.yaml</p>\n\n```yaml\na: [b](c)\n```\n"),
            "{made}"
        );
    }
}
