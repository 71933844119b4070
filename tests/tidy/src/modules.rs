//! Which files of a crate use which.

use std::collections::{BTreeMap, BTreeSet};

use crate::{TextFile, text_files};

/// The files of a crate by the paths of their modules (`session::files`), and the files that each uses.
pub fn modules(folder: &str) -> BTreeMap<String, BTreeSet<String>> {
    let root = format!("{folder}/src/");
    let files: Vec<TextFile> = text_files()
        .into_iter()
        .filter(|file| file.is("rs") && file.path.starts_with(&root) && !file.path.ends_with("/main.rs"))
        .collect();
    let module = |file: &TextFile| {
        let inside = file.path[root.len()..].trim_end_matches(".rs").trim_end_matches("/mod");
        if inside == "lib" { String::new() } else { inside.replace('/', "::") }
    };
    let names: BTreeSet<String> = files.iter().map(&module).collect();
    let lib =
        files.iter().find(|file| module(file).is_empty()).map(|file| paths("", &without_tests(&file.text)));
    // What the crate calls by its own name is where it comes from.
    let again: BTreeMap<String, String> = lib
        .unwrap_or_default()
        .into_iter()
        .filter_map(|path| {
            Some((path.rsplit("::").next()?.to_owned(), owner(&path, &names, &BTreeMap::new())?))
        })
        .collect();
    let uses = |file: &TextFile| {
        let own = module(file);
        let used = paths(&own, &without_tests(&file.text));
        let used = used.iter().filter_map(|path| owner(path, &names, &again));
        let used = used.filter(|used| *used != own).collect();
        (own, used)
    };
    files.iter().filter(|file| !module(file).is_empty()).map(uses).collect()
}

/// What a file says before its tests, without comments.
fn without_tests(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// The module that a path of the crate leads into: the longest beginning that is one, or where its name comes from.
fn owner(path: &str, modules: &BTreeSet<String>, again: &BTreeMap<String, String>) -> Option<String> {
    let ends = path.match_indices("::").map(|(at, _)| at).chain([path.len()]);
    let longest = ends.map(|end| &path[..end]).filter(|start| modules.contains(*start)).last();
    let first = path.split("::").next().unwrap_or(path);
    longest.map(str::to_owned).or_else(|| again.get(first).cloned())
}

/// The paths inside of the crate that `code`, the module `own`, has: in `use`, and elsewhere after `crate` and `super`.
fn paths(own: &str, code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find("use ") {
        let starts = rest[..at].chars().next_back().is_none_or(char::is_whitespace);
        rest = &rest[at + "use ".len()..];
        let end = rest.find(';').unwrap_or(rest.len());
        if starts {
            expand("", &rest[..end].split_whitespace().collect::<Vec<_>>().join(" "), &mut found);
        }
    }
    for word in ["crate::", "super::"] {
        for (at, _) in code.match_indices(word) {
            let is_part = |char: char| char.is_alphanumeric() || matches!(char, '_' | ':');
            let before = code[..at].chars().next_back();
            if before.is_none_or(|char| !is_part(char)) {
                let end = code[at..].find(|char| !is_part(char)).map_or(code.len(), |length| at + length);
                found.push(code[at..end].trim_end_matches(':').to_owned());
            }
        }
    }
    found.iter().map(|path| absolute(own, path)).collect()
}

/// Takes a tree of `use` apart: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn expand(before: &str, tree: &str, found: &mut Vec<String>) {
    let Some(open) = tree.find('{') else {
        return found.push(format!("{before}{}", tree.split(" as ").next().unwrap_or(tree)));
    };
    let before = format!("{before}{}", &tree[..open]);
    let inside = tree[open + 1..].trim_end().strip_suffix('}').unwrap_or_default();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, char) in inside.char_indices().chain([(inside.len(), ',')]) {
        match char {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let inner = inside[start..at].trim();
                if !inner.is_empty() {
                    expand(&before, inner, found);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// A path from the root of the crate, as far as it is one of the crate's.
fn absolute(own: &str, path: &str) -> String {
    if let Some(inside) = path.strip_prefix("crate::") {
        return inside.to_owned();
    }
    let (mut from, mut rest) = (own, path.strip_prefix("self::").unwrap_or(path));
    while let Some(inside) = rest.strip_prefix("super::") {
        from = from.rsplit_once("::").map_or("", |(parent, _)| parent);
        rest = inside;
    }
    if from.is_empty() { rest.to_owned() } else { format!("{from}::{rest}") }
}

/// The files of a circle, each of which uses the next, if there is one.
pub fn circle(uses: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    let mut done = BTreeSet::new();
    uses.keys().find_map(|start| follow(start, uses, &mut Vec::new(), &mut done))
}

fn follow(
    at: &str,
    uses: &BTreeMap<String, BTreeSet<String>>,
    way: &mut Vec<String>,
    done: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(start) = way.iter().position(|before| before == at) {
        return Some(way[start..].to_vec());
    }
    if done.contains(at) {
        return None;
    }
    way.push(at.to_owned());
    let found = uses.get(at).into_iter().flatten().find_map(|used| follow(used, uses, way, done));
    way.pop();
    done.insert(at.to_owned());
    found
}
