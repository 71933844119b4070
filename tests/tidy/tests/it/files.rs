//! What every file has, and what none has.

use tidy::{TextFile, none, packages, text, text_files};

const LONGEST: usize = 600;

/// Names of drawers: what is in such a file has a better name.
const DRAWERS: [&str; 8] = ["common", "helper", "helpers", "misc", "shared", "stuff", "util", "utils"];

/// What the core must not call. Each is banned in `clippy.toml`, with a reason.
const BANNED: [&str; 15] = [
    "std::env::args",
    "std::env::current_dir",
    "std::env::var",
    "std::eprintln",
    "std::fs::File::open",
    "std::fs::read",
    "std::fs::read_to_string",
    "std::fs::write",
    "std::hash::RandomState::new",
    "std::println",
    "std::process::Command::new",
    "std::process::exit",
    "std::thread::spawn",
    "std::time::Instant::now",
    "std::time::SystemTime::now",
];

/// Who may call it all the same: those at the edge, tests and examples.
const EDGE: [&str; 8] = [
    "compiler/apply/",
    "compiler/hosts/",
    "compiler/hlc/",
    "compiler/output/",
    "compiler/workspace/",
    "docs/book/",
    "lsp/server/",
    "tests/",
];

fn rust() -> impl Iterator<Item = TextFile> {
    let own = |file: &TextFile| !file.path.starts_with("nixos/") && !file.path.starts_with("k8s/");
    text_files().into_iter().filter(own).filter(|file| file.is("rs"))
}

#[test]
fn every_file_says_first_what_it_is() {
    let roots: Vec<String> = packages().into_iter().flat_map(|package| package.roots).collect();
    let asked = |file: &TextFile| file.path.contains("/src/") || roots.contains(&file.path);
    let wrong = rust().filter(asked).filter(|file| !file.text.starts_with("//! ")).map(|file| file.path);
    none(&wrong.collect::<Vec<_>>(), "files that do not begin with '//!'");
    let short = roots.into_iter().filter(|root| text(root).lines().next().is_none_or(|line| line.len() < 15));
    none(&short.collect::<Vec<_>>(), "roots of crates that say next to nothing");
}

#[test]
fn files_are_not_too_long() {
    let lines = |file: &TextFile| file.text.lines().count();
    let long = rust().filter(|file| lines(file) > LONGEST);
    let long = long.map(|file| format!("{}: {} lines", file.path, lines(&file)));
    none(&long.collect::<Vec<_>>(), "files of more than 600 lines");
}

#[test]
fn no_file_is_a_drawer() {
    let stem = |file: &TextFile| {
        file.path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or("").to_owned()
    };
    // NixOS modules that all hosts have in common are called so by everybody.
    let drawer = |file: &TextFile| {
        DRAWERS.contains(&stem(file).as_str()) && file.path != "compiler/emit_nix/src/common.rs"
    };
    none(
        &rust().filter(drawer).map(|file| file.path).collect::<Vec<_>>(),
        "files that are named after nothing",
    );
}

#[test]
fn nothing_is_left_over() {
    // Put together, so that this file is not found.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("X", "XX"),
        concat!("T", "BD"),
        concat!("/", "work/"),
    ];
    let mut wrong = Vec::new();
    for file in text_files() {
        if file.is("pending-snap") || file.path.ends_with(".snap.new") {
            wrong.push(format!("{}: a snapshot that nobody has looked at", file.path));
        }
        if file.path.ends_with("go.sum") || file.is("lock") || file.is("pending-snap") {
            continue;
        }
        for (at, line) in file.text.lines().enumerate() {
            let found = marks.iter().filter(|mark| has_word(line, mark));
            wrong.extend(found.map(|mark| format!("{}:{}: {mark}", file.path, at + 1)));
        }
    }
    none(&wrong, "left over");
}

/// Whether `mark` stands in `line`, not as a part of a longer word.
fn has_word(line: &str, mark: &str) -> bool {
    line.match_indices(mark).any(|(at, _)| {
        let joins = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphanumeric() || char == '_');
        let before = line[..at].chars().next_back();
        let after = line[at + mark.len()..].chars().next();
        !joins(before) && (mark.ends_with('/') || !joins(after))
    })
}

#[test]
fn the_core_is_kept_from_the_world() {
    let clippy = text("clippy.toml");
    let missing = BANNED.iter().filter(|name| !clippy.contains(&format!("{{ path = \"{name}\", reason = ")));
    none(&missing.map(|name| (*name).to_owned()).collect::<Vec<_>>(), "not banned in clippy.toml");

    let inside = |file: &TextFile| !EDGE.iter().any(|edge| file.path.starts_with(edge));
    let core =
        |file: &TextFile| inside(file) && !file.path.contains("/tests/") && !file.path.contains("/examples/");
    let allows =
        |file: &TextFile| file.text.contains(concat!("clippy::", "disallowed_")) && !in_its_tests(&file.text);
    none(
        &rust().filter(core).filter(allows).map(|file| file.path).collect::<Vec<_>>(),
        "the core allows what clippy.toml bans",
    );
}

/// Whether bans are lifted only below `#[cfg(test)]`.
fn in_its_tests(text: &str) -> bool {
    let tests = text.find("#[cfg(test)]").unwrap_or(text.len());
    text.find(concat!("clippy::", "disallowed_")).is_none_or(|at| at >= tests)
}
