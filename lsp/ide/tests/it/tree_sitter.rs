//! The tree-sitter grammar, which knows nothing, colours nothing in another way than the server, which knows all.

use std::collections::BTreeMap;

use driver::Session;
use harness::tree_sitter::{Capture, Grammar, folder};
use ide::TokenSort;

use crate::{MAIN, root_lab};

/// What a piece of a token of the server may be to the grammar: each piece of it begins with one of these.
fn alike(sort: TokenSort) -> Option<&'static [&'static str]> {
    Some(match sort {
        TokenSort::Comment => &["comment"],
        TokenSort::Text => &["string", "punctuation.special"],
        TokenSort::Number => &["number"],
        TokenSort::Address => &["number.address"],
        TokenSort::Keyword => &["keyword", "constant.builtin", "variable.builtin"],
        TokenSort::Function => &["function"],
        _ => return None,
    })
}

/// What a name, of whatever sort, is never taken for.
const NEVER: [&str; 4] = ["comment", "string", "number", "keyword"];

/// What the grammar says of each byte of a text; nothing of most spaces and plain names.
fn names<'c>(text: &str, captures: &'c [Capture]) -> BTreeMap<usize, &'c str> {
    let lines: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let byte = |(line, byte): (usize, usize)| lines.get(line).map_or(text.len(), |start| start + byte);
    let mut names = BTreeMap::new();
    for Capture { name, start, end } in captures {
        names.extend((byte(*start)..byte(*end)).map(|at| (at, name.as_str())));
    }
    names
}

#[test]
fn what_the_grammar_says_of_a_word_the_server_does_not_contradict() {
    let grammar = Grammar::new();
    let lab = root_lab();
    let session = Session::open(vec![(MAIN.to_owned(), lab.clone())]);
    let library = stdlib::FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for (file, text) in library.chain([(MAIN.to_owned(), lab)]) {
        let captures = grammar.captures("highlights.scm", &text);
        let names = names(&text, &captures);
        for token in ide::semantic_tokens(&session, &file) {
            compared += 1;
            let (start, end) = (token.start as usize, (token.start + token.len) as usize);
            let word = &text[start..end];
            let said = |at: usize| names.get(&at).copied().unwrap_or_default();
            let begins = |at: usize, with: &[&str]| with.iter().any(|one| said(at).starts_with(one));
            let mut bytes = (start..end).filter(|at| !text.as_bytes()[*at].is_ascii_whitespace());
            // A name may stand in quotes.
            let alike = if word.starts_with('"') { alike(TokenSort::Text) } else { alike(token.sort) };
            let is_fine = match alike {
                Some(alike) => bytes.all(|at| begins(at, alike)),
                None => bytes.all(|at| !begins(at, &NEVER)),
            };
            if !is_fine {
                let line = text[..start].matches('\n').count() + 1;
                wrong.push(format!("{file}:{line}: {word:?} is {:?}, not {:?}", token.sort, said(start)));
            }
        }
    }
    assert!(compared > 5_000, "{compared} tokens");
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn every_query_is_one_of_the_grammar_and_finds_something() {
    let grammar = Grammar::new();
    let text = format!(
        "{}\nx = nix\"1\"\ny = [for a in [1] => let b = a => b]\nfn f(n: int) -> int = n\n",
        root_lab()
    );
    let queries = std::fs::read_dir(folder().join("queries")).expect("a folder").flatten();
    let queries: Vec<String> =
        queries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(queries.len() > 5, "{queries:?}");
    for query in queries {
        assert!(!grammar.captures(&query, &text).is_empty(), "{query}");
    }
}
