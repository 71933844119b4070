//! Pages, read.

use crate::expect::{is_expectation, said};

/// A page: the sections that have labs.
#[derive(Clone, Debug)]
pub struct Page {
    /// What it is called.
    pub name: String,
    /// Its lines.
    pub lines: Vec<String>,
    /// A section for each heading with blocks.
    pub sections: Vec<Section>,
    /// A lab that is around each of the others, unless they are `alone`: a block `around`, or a file beside the page.
    pub around: Option<Block>,
}

/// What stands below a heading: one test.
#[derive(Clone, Debug)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// Its fenced blocks, in order.
    pub blocks: Vec<Block>,
}

/// A fenced block.
#[derive(Clone, Debug)]
pub struct Block {
    /// The words behind the opening fence.
    pub info: Vec<String>,
    /// What is between the fences.
    pub lines: Vec<String>,
    /// How many lines of the page stand before them.
    pub start: usize,
}

impl Page {
    /// Reads a page.
    pub fn parse(name: &str, text: &str) -> Self {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut sections = vec![Section { heading: String::new(), blocks: Vec::new() }];
        let mut at = 0;
        while at < lines.len() {
            let line = &lines[at];
            at += 1;
            if let Some(info) = line.strip_prefix("```") {
                let end = lines[at..].iter().position(|line| line.starts_with("```"));
                let end = end.map_or(lines.len(), |end| at + end);
                let block = Block {
                    info: info.split_whitespace().map(str::to_owned).collect(),
                    lines: lines[at..end].to_vec(),
                    start: at,
                };
                if let Some(section) = sections.last_mut() {
                    section.blocks.push(block);
                }
                at = end + 1;
            } else if line.starts_with('#') {
                let heading = line.trim_start_matches('#').trim().to_owned();
                sections.push(Section { heading, blocks: Vec::new() });
            }
        }
        sections.retain(|section| section.blocks.iter().any(Block::is_lab));
        let around = sections.iter().flat_map(|section| &section.blocks).find(|block| block.has("around"));
        let around = around.map(|block| Block { info: Vec::new(), ..block.clone() });
        Self { name: name.to_owned(), lines, sections, around }
    }

    /// With a file of this text around each lab.
    #[must_use]
    pub fn around(self, text: &str) -> Self {
        let lines = text.lines().map(str::to_owned).collect();
        Self { around: Some(Block { info: Vec::new(), lines, start: 0 }), ..self }
    }
}

impl Block {
    /// Whether it is a lab, or a file of one.
    pub fn is_lab(&self) -> bool {
        self.info.first().is_some_and(|word| word == "hl")
    }

    /// Whether `word` stands behind the fence.
    pub fn has(&self, word: &str) -> bool {
        self.info.iter().skip(1).any(|other| other == word)
    }

    /// The file that a block of a lab is: what `file=` says.
    pub fn file(&self) -> Option<&str> {
        self.word("file=")
    }

    /// What stands behind `start` in a word behind the fence.
    pub fn word(&self, start: &str) -> Option<&str> {
        self.info.iter().find_map(|word| word.strip_prefix(start))
    }

    /// What its comments expect to be read, problem by problem: the message, then all else.
    pub fn said(&self) -> Vec<Vec<String>> {
        said(&self.lines)
    }

    /// All of it, without the comments that say what is expected.
    pub fn text(&self) -> String {
        let lines: Vec<&String> = self.lines.iter().filter(|line| !is_expectation(line)).collect();
        crate::joined(&lines)
    }
}
