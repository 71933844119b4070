//! The grammar in `docs/grammar.md` and the parser say the same.
#![allow(clippy::disallowed_methods, reason = "tests look at files")]

mod earley;
mod page;
mod sentences;
mod tokens;
mod tree_sitter;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use syntax::{ItemForm, TokenKind};

use crate::show::{items, tree};
use earley::{Grammar, Terminal};
use page::rules;
use sentences::Maker;
use tokens::{Layout, Token};

/// The tokens that the page has a rule for, by its name.
const CLASSES: [(&str, TokenKind); 16] = [
    ("Comment", TokenKind::Comment),
    ("Word", TokenKind::Word),
    ("Int", TokenKind::Int),
    ("Float", TokenKind::Float),
    ("Quantity", TokenKind::Quantity),
    ("Version", TokenKind::Version),
    ("Address", TokenKind::Address),
    ("Cidr", TokenKind::Cidr),
    ("Mac", TokenKind::Mac),
    ("Path", TokenKind::Path),
    ("Text", TokenKind::Text),
    ("TextStart", TokenKind::TextStart),
    ("TextMiddle", TokenKind::TextMiddle),
    ("TextEnd", TokenKind::TextEnd),
    ("Nix", TokenKind::Nix),
    ("Comment", TokenKind::DocComment),
];

/// What a tree is made of.
#[rustfmt::skip]
const FORMS: [&str; 66] = [
    "Set", "Record", "Declare", "Field", "Derived", "Kind", "Make", "Template", "Function", "Alias", "Import", "File",
    "Module", "Check", "Primary", "Body", "Repeat", "ForClause", "TemplateUse", "Argument", "Parameter", "Attribute",
    "None", "Bool", "Int", "Float", "Literal", "Text", "Value", "Nix", "Name", "Itself", "Member", "Index", "Call", "List",
    "ListFor", "MapFor", "If", "Match", "Arm", "Unary", "Not", "Minus", "Binary", "Range", "Otherwise", "Or", "And",
    "Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual", "In", "Contains", "Add", "Subtract", "Multiply",
    "Divide", "Remainder", "Generic", "Limited", "Optional", "Union",
];

/// The text of the project's file at `path`.
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page() -> page::Rules {
    rules(&read(&project().join("docs/grammar.md")))
}

/// Texts that people wrote: the lab at the root, the library, and each lab without problems in a Markdown page.
fn texts() -> Vec<String> {
    let mut folders = vec![project()];
    let mut texts = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            match path.extension().and_then(|extension| extension.to_str()) {
                _ if name.starts_with('.') || name == "target" || name == "found" => {}
                _ if path.is_dir() => folders.push(path),
                Some("hl") => texts.push(read(&path)),
                Some("md") => texts.extend(blocks(&read(&path))),
                _ => {}
            }
        }
    }
    texts.push(include_str!("../sample.hl").to_owned());
    texts
}

/// The labs without problems in a page.
fn blocks(page: &str) -> Vec<String> {
    let blocks = page.split("```hl").skip(1).filter_map(|block| {
        let (head, rest) = block.split_once('\n')?;
        let is_good = head.is_empty() || head.starts_with(" good") || head.starts_with(" file=");
        is_good.then(|| rest.split("\n```").next().unwrap_or_default().to_owned() + "\n")
    });
    blocks.collect()
}

/// The tokens of a text as they are written.
fn written(text: &str) -> Vec<(TokenKind, &str)> {
    let mut at = 0;
    let tokens = syntax::tokens(text).map(|token| {
        let start = at;
        at += token.len as usize;
        (token.kind, &text[start..at])
    });
    tokens.collect()
}

#[test]
fn each_token_that_is_written_is_one_by_the_page() {
    let page = page();
    let classes: Vec<_> = CLASSES.iter().map(|(name, kind)| (*kind, Grammar::lexical(&page, name))).collect();
    let mut seen = BTreeSet::new();
    for text in texts() {
        for (kind, word) in written(&text) {
            let Some((_, grammar)) = classes.iter().find(|(other, _)| *other == kind) else { continue };
            if seen.insert(word.to_owned()) {
                let chars: Vec<char> = word.chars().collect();
                let matches = |terminal: &Terminal, c: &char| terminal.is_char(*c);
                assert!(grammar.reads(&chars, matches).is_ok(), "{kind:?} is none: {word}");
            }
        }
    }
    assert!(seen.len() > 2_000, "{}", seen.len());
}

#[test]
fn each_token_that_the_page_makes_is_read_as_one() {
    let page = page();
    let mut maker = Maker::new(&page);
    for (name, kind) in CLASSES {
        // What goes on with a text is only read behind what begins it.
        if matches!(kind, TokenKind::TextMiddle | TokenKind::TextEnd | TokenKind::DocComment) {
            continue;
        }
        for seed in 0..300 {
            let word = maker.by(seed).token(name);
            let mut found = written(&word);
            // Its end is missing.
            found.retain(|(_, word)| !word.is_empty());
            let is_comment = kind == TokenKind::Comment && word.starts_with("##");
            assert!(is_comment || found == [(kind, word.as_str())], "{name}: {word:?} is {found:?}");
        }
    }
}

#[test]
fn what_people_wrote_is_read_by_the_page() {
    let page = page();
    let (grammar, layout) = (Grammar::syntactic(&page, "file"), Layout::of(&page));
    let mut count = 0;
    for text in texts() {
        for cut in syntax::cut(&text) {
            let item = &text[cut.range];
            if items(item).iter().any(|(_, parsed)| !parsed.problems.is_empty()) {
                continue;
            }
            let tokens = layout.tokens(item);
            if let Err(at) = grammar.reads(&tokens, Terminal::is_token) {
                let before: Vec<_> = tokens[..at].iter().rev().take(8).rev().map(Token::shown).collect();
                let found = tokens.get(at).map(Token::shown);
                panic!("not in the grammar, {found:?} behind {before:?}:\n{item}");
            }
            count += 1;
        }
    }
    assert!(count > 1_500, "{count}");
}

#[test]
fn what_the_page_makes_is_read_by_the_parser() {
    let page = page();
    let (mut maker, mut forms) = (Maker::new(&page), BTreeSet::new());
    for seed in 0..2_000 {
        let sentence = maker.by(seed).sentence("file");
        let (spaced, touching) = (sentence.spaced(), sentence.touching());
        let read = |text: &str| -> Vec<String> {
            let read = items(text).into_iter().map(|(_, parsed)| {
                assert_eq!(parsed.problems, [], "seed {seed}, in:\n{text}");
                tree(&parsed.statement)
            });
            read.filter(|tree| !tree.starts_with("(Error")).collect()
        };
        let trees = read(&spaced);
        assert_eq!(trees, read(&touching), "seed {seed}:\n{spaced}\n---\n{touching}");
        let words = trees.iter().flat_map(|tree| tree.split(|c: char| !c.is_ascii_alphanumeric()));
        forms.extend(words.map(str::to_owned));
    }
    for form in FORMS {
        assert!(forms.contains(form), "no {form} was made");
    }
}

#[test]
fn what_people_wrote_with_a_token_less_is_read_by_both_or_neither() {
    let page = page();
    let (grammar, layout) = (Grammar::syntactic(&page, "file"), Layout::of(&page));
    let mut count = 0;
    for text in texts() {
        // In kinds and types, the parser reads any statement.
        let has_types = |form| {
            matches!(
                form,
                ItemForm::Kind
                    | ItemForm::Alias
                    | ItemForm::Constant
                    | ItemForm::Function
                    | ItemForm::Template
            )
        };
        for cut in syntax::cut(&text).into_iter().filter(|cut| !has_types(cut.head.form)) {
            let tokens = written(&text[cut.range]);
            for nth in (0..tokens.len()).filter(|nth| !tokens[*nth].0.is_trivia()) {
                count += 1;
                if count % 11 != 0 {
                    continue;
                }
                let rest = tokens[..nth].iter().chain(&tokens[nth + 1..]);
                let less: String = rest.map(|(_, token)| *token).collect();
                let is_read = items(&less).iter().all(|(_, parsed)| parsed.problems.is_empty());
                let is_sentence = grammar.reads(&layout.tokens(&less), Terminal::is_token).is_ok();
                assert!(is_sentence || !is_read, "without {:?}, in:\n{less}", tokens[nth].1);
            }
        }
    }
}

#[test]
fn what_the_page_makes_is_formatted() {
    let page = page();
    let mut maker = Maker::new(&page);
    for seed in 0..300 {
        let text = maker.by(seed).sentence("file").spaced();
        let formatted = syntax::format(&text);
        assert_eq!(formatted.unparsed, [], "seed {seed}, in:\n{text}");
        assert_eq!(syntax::format(&formatted.text).text, formatted.text, "seed {seed}");
    }
}

#[test]
fn what_neither_reads() {
    let page = page();
    let (grammar, layout) = (Grammar::syntactic(&page, "file"), Layout::of(&page));
    let refused = |text: &str| grammar.reads(&layout.tokens(text), Terminal::is_token).is_err();
    for text in [
        "a = ",
        "app a in { }",
        "x = [1, , 2]",
        "x = if a then b",
        "fn f() = 1",
        "kind k { a }",
        "a b c",
        "x = a b",
    ] {
        assert!(refused(text), "{text}");
        assert!(items(text).iter().any(|(_, parsed)| !parsed.problems.is_empty()), "{text}");
    }
}
