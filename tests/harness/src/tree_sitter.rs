//! The tree-sitter grammar of HL, as editors use it: `editors/tree-sitter`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::outcome::Outcome;
use crate::scratch::Scratch;
use crate::tools;

/// The version of tree-sitter's tables that all editors read.
const ABI: &str = "14";

/// The grammar, generated and compiled.
pub struct Grammar {
    folder: Scratch,
}

/// What a query calls a piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// The name: `keyword.function`.
    pub name: String,
    /// Where it begins: line and byte in it, from zero.
    pub start: (usize, usize),
    /// Where it ends.
    pub end: (usize, usize),
}

/// The folder of the grammar in the project.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../editors/tree-sitter")
}

impl Grammar {
    /// Generates the parser as `editors/tree-sitter/generate` does, and compiles it.
    #[track_caller]
    pub fn new() -> Self {
        let grammar = Self { folder: Scratch::new("hlc-tree-sitter-") };
        let here = grammar.path("");
        fs::create_dir_all(here.join("src")).expect("a folder");
        for name in ["grammar.js", "tree-sitter.json", "src/scanner.c"] {
            fs::copy(folder().join(name), here.join(name)).expect("a copy");
        }
        grammar.run(&["generate", "--abi", ABI]);
        grammar.run(&["build", "-o", "hl.so"]);
        grammar
    }

    /// What is generated: `src/parser.c`.
    pub fn generated(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a generated file")
    }

    /// The texts that cannot be read without an error, each with its tree.
    #[track_caller]
    pub fn unread<'t>(&self, texts: &'t [String]) -> Vec<(&'t str, String)> {
        let paths = self.written(texts);
        let list = self.path("all");
        let lines: Vec<&str> = paths.iter().filter_map(|path| path.to_str()).collect();
        fs::write(&list, lines.join("\n")).expect("a list");
        // Names those that it cannot read, and no others.
        let said = self.ran(&["parse", "--quiet", "--paths", &list.to_string_lossy()]).stdout;
        let is_named =
            |path: &&PathBuf| said.lines().any(|line| line.split_whitespace().next() == path.to_str());
        let named = paths.iter().zip(texts).filter(|(path, _)| is_named(path));
        named
            .map(|(path, text)| (text.as_str(), self.ran(&["parse", &path.to_string_lossy()]).stdout))
            .collect()
    }

    /// What a query of the grammar's captures in a text.
    #[track_caller]
    pub fn captures(&self, query: &str, text: &str) -> Vec<Capture> {
        let path = self.written(&[text.to_owned()]).remove(0);
        let query = folder().join("queries").join(query);
        let said = self.ran(&["query", "--captures", &query.to_string_lossy(), &path.to_string_lossy()]);
        said.succeeded().stdout.lines().filter_map(capture).collect()
    }

    fn written(&self, texts: &[String]) -> Vec<PathBuf> {
        let write = |(at, text): (usize, &String)| {
            let path = self.path(&format!("{at}.hl"));
            fs::write(&path, text).expect("a file");
            path
        };
        texts.iter().enumerate().map(write).collect()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) {
        self.outcome(arguments).succeeded();
    }

    /// As [`Self::run`], with the compiled grammar; an error in a text is none of the tool's.
    #[track_caller]
    fn ran(&self, arguments: &[&str]) -> Outcome {
        let library = self.path("hl.so");
        let (command, rest) = arguments.split_first().expect("a command");
        let with = [command, "--lib-path", &library.to_string_lossy(), "--lang-name", "hl"];
        self.outcome(&[&with, rest].concat())
    }

    #[track_caller]
    fn outcome(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(tools::command("tree-sitter").args(arguments).current_dir(self.folder.path()))
    }
}

impl Default for Grammar {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

/// `    pattern: 0, capture: 1 - keyword, start: (0, 4), end: (0, 8), text: …`
fn capture(line: &str) -> Option<Capture> {
    let (name, rest) = line.split_once("capture: ")?.1.split_once(" - ")?.1.split_once(", start: (")?;
    let (start, rest) = rest.split_once("), end: (")?;
    let (end, _) = rest.split_once(')')?;
    let place = |text: &str| {
        let (line, byte) = text.split_once(", ")?;
        Some((line.parse().ok()?, byte.parse().ok()?))
    };
    Some(Capture { name: name.to_owned(), start: place(start)?, end: place(end)? })
}
