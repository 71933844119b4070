//! The table of contents, as `docs/README.md` has it.

/// The page that says which pages there are, and in which order.
pub const CONTENTS: &str = "docs/README.md";

/// Pages for the same readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// For whom.
    pub title: String,
    /// The pages.
    pub chapters: Vec<Chapter>,
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// What it is called in the table of contents.
    pub title: String,
    /// Its path in the project.
    pub source: String,
}

impl Chapter {
    /// Its path in the book. The first page of a book is its index; a README is about the folder that it is in.
    pub fn path(&self) -> String {
        let path = self.source.strip_prefix("docs/").unwrap_or(&self.source).to_lowercase();
        match path.strip_suffix("/readme.md") {
            Some(folder) => format!("{folder}.md"),
            None if path == "readme.md" => "index.md".to_owned(),
            None => path,
        }
    }
}

/// Reads a table of contents: `##` begins a part, `- [title](path)` is a chapter.
pub fn parts(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            parts.push(Part { title: title.to_owned(), chapters: Vec::new() });
        } else if let Some(part) = parts.last_mut() {
            part.chapters.extend(chapter(line));
        }
    }
    parts
}

fn chapter(line: &str) -> Option<Chapter> {
    let (title, path) = line.strip_prefix("- [")?.strip_suffix(')')?.split_once("](")?;
    Some(Chapter { title: title.to_owned(), source: resolved("docs", path) })
}

/// `path` as written in `folder`, from the project's folder.
pub fn resolved(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_chapters() {
        let text =
            "# All\n\nWords.\n\n## One\n\n- [A](a.md)\n- [B](../B.md)\n\n## Two\n\n- [C](../x/README.md)\n";
        let found = parts(text);
        let show = |part: &Part| {
            let chapters =
                part.chapters.iter().map(|one| format!("{} {} {}", one.title, one.source, one.path()));
            (part.title.clone(), chapters.collect::<Vec<_>>())
        };
        let one = vec!["A docs/a.md a.md".to_owned(), "B B.md b.md".to_owned()];
        let two = vec!["C x/README.md x.md".to_owned()];
        let shown: Vec<_> = found.iter().map(show).collect();
        assert_eq!(shown, [("One".to_owned(), one), ("Two".to_owned(), two)]);
    }
}
