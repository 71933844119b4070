//! A path as it is written: `exporter[homelab-0].env."a b"`.

use smol_str::SmolStr;

/// A path and where its parts end.
#[derive(Debug)]
pub struct Path<'t> {
    text: &'t str,
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    /// Where it ends in the text.
    end: usize,
    /// The name, or what stands between the brackets.
    name: SmolStr,
}

impl<'t> Path<'t> {
    /// Cuts `text` at dots and brackets outside of quotes.
    pub fn read(text: &'t str) -> Self {
        let text = text.trim();
        let mut parts = Vec::new();
        let mut start = 0;
        let mut depth = 0_usize;
        let mut in_quotes = false;
        for (at, c) in text.char_indices() {
            match c {
                '"' => in_quotes = !in_quotes,
                _ if in_quotes => {}
                '.' | '[' if depth == 0 => {
                    push(&mut parts, text, start, at);
                    start = at;
                    depth += usize::from(c == '[');
                }
                '[' | '(' | '{' => depth += 1,
                ']' | ')' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        push(&mut parts, text, start, text.len());
        Self { text, parts }
    }

    /// How many parts there are.
    pub fn count(&self) -> usize {
        self.parts.len()
    }

    /// All of it.
    pub fn whole(&self) -> &'t str {
        self.text
    }

    /// The first `count` parts, as they are written.
    pub fn upto(&self, count: usize) -> &'t str {
        match count.checked_sub(1).and_then(|last| self.parts.get(last)) {
            Some(part) => &self.text[..part.end],
            None => "",
        }
    }

    /// What is written behind the first `count` parts.
    pub fn behind(&self, count: usize) -> &'t str {
        &self.text[self.upto(count).len()..]
    }

    /// The first name.
    pub fn first(&self) -> &str {
        self.parts.first().map_or("", |part| &part.name)
    }

    /// The names of the parts after the first `count`.
    pub fn names_after(&self, count: usize) -> Vec<SmolStr> {
        self.parts.iter().skip(count).map(|part| part.name.clone()).collect()
    }

    /// Whether there are only names and dots in it.
    pub fn is_plain(&self) -> bool {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '[' | ']');
        self.text.starts_with(char::is_alphabetic) && self.text.chars().all(plain)
    }
}

fn push(parts: &mut Vec<Part>, text: &str, start: usize, end: usize) {
    if start == end {
        return;
    }
    let part = &text[start..end];
    let part = part.strip_prefix('.').or_else(|| part.strip_prefix('[')?.strip_suffix(']')).unwrap_or(part);
    parts.push(Part { end, name: part.trim_matches('"').into() });
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn paths_are_cut_outside_of_quotes() {
        let path = Path::read("a-b[c.d].e.\"f.g\"");
        assert_eq!(path.names_after(0), ["a-b", "c.d", "e", "f.g"]);
        assert_eq!(path.upto(2), "a-b[c.d]");
        assert_eq!(path.upto(3), "a-b[c.d].e");
        assert_eq!(Path::read("").count(), 0);
    }
}
