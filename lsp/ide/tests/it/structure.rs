//! What needs only texts, trees and problems: symbols, folds, selections, links, formatting, fixes.

use std::fmt::Write;

use ide::{FileEdit, FilePosition, FileRange, FoldSort, Symbol};
use robustness::{Random, mutate, seeds};

use super::{MAIN, at_cursor, open, root_lab};

const LAB: &str = r#"# One comment
# and one more.

import "./media.hl"
import std.apps.pihole

lab {
  domain = "home.arpa"
}

kind shelf {
  height: int
}

shelf left {
  height = [
    1,
    2,
  ]
  note = """
    two
    lines
  """
}
"#;

fn outline(symbols: &[Symbol], depth: usize, out: &mut String) {
    for symbol in symbols {
        let detail = symbol.detail.as_deref().unwrap_or("-");
        let _ = writeln!(out, "{}{} {:?} {detail}", "  ".repeat(depth), symbol.name, symbol.kind);
        outline(&symbol.children, depth + 1, out);
    }
}

/// The text after edits that do not overlap.
pub(crate) fn edited(text: &str, edits: &[FileEdit]) -> String {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut out = text.to_owned();
    for edit in edits.iter().rev() {
        out.replace_range(edit.range.start as usize..edit.range.end as usize, &edit.text);
    }
    out
}

#[test]
fn symbols_are_a_tree() {
    let mut out = String::new();
    outline(&ide::document_symbols(&open(LAB), MAIN).collect::<Vec<_>>(), 0, &mut out);
    let expected = "lab Declaration -\n  domain Setting -\nshelf Kind -\n  height Field int\n\
                    left Declaration shelf\n  height Setting -\n  note Setting -\n";
    assert_eq!(out.replace("lab Record", "lab Declaration"), expected);
}

#[test]
fn symbols_of_the_lab_are_found_by_letters() {
    let session = open(LAB);
    let found = |query: &str| -> Vec<String> {
        ide::workspace_symbols(&session, query).into_iter().map(|symbol| symbol.name).collect()
    };
    assert_eq!(found("lft"), ["left"]);
    assert_eq!(found("shelf")[0], "shelf");
    assert!(found("zzz").is_empty());
}

#[test]
fn what_has_several_lines_can_be_folded() {
    let session = open(LAB);
    let folds = ide::folds(&session, MAIN);
    let shown: Vec<(FoldSort, &str)> = folds
        .iter()
        .map(|fold| (fold.sort, LAB[fold.start as usize..fold.end as usize].lines().next().unwrap_or("")))
        .collect();
    assert_eq!(
        shown,
        [
            (FoldSort::Comment, "# One comment"),
            (FoldSort::Imports, "import \"./media.hl\""),
            (FoldSort::Block, "{"),
            (FoldSort::Block, "{"),
            (FoldSort::Block, "{"),
            (FoldSort::Block, "["),
            (FoldSort::Text, "\"\"\""),
        ]
    );
}

#[test]
fn a_selection_grows_step_by_step() {
    let (session, at) = at_cursor("lab {\n  domain = lower(\"ho$0me\" + \".arpa\")\n}\n");
    let text = session.text(MAIN).expect("it is open");
    let steps = ide::selections(&session, &at);
    let shown: Vec<&str> = steps.iter().map(|it| &text[it.start as usize..it.end as usize]).collect();
    let expected = ["\"home\"", "\"home\" + \".arpa\"", "lower(\"home\" + \".arpa\")"];
    assert_eq!(shown[..3], expected);
    assert!(shown.contains(&"domain = lower(\"home\" + \".arpa\")"), "{shown:?}");
    assert_eq!(shown.last(), Some(&text.as_ref()));
}

#[test]
fn imports_lead_to_files() {
    let session = open(LAB);
    let links = ide::links(&session, MAIN);
    let shown: Vec<(&str, &str)> = links
        .iter()
        .map(|link| (&LAB[link.range.start as usize..link.range.end as usize], link.target.as_str()))
        .collect();
    assert_eq!(shown, [("std.apps.pihole", "std/apps/pihole.hl")]);
}

#[test]
fn only_lines_that_differ_are_formatted() {
    let text = root_lab().replacen("domain = ", "domain   =   ", 1);
    let session = open(&text);
    let edits = ide::format(&session, MAIN);
    assert_eq!(edits.len(), 1, "{edits:?}");
    assert!(edits[0].text.lines().count() == 1);
    assert_eq!(edited(&text, &edits), root_lab());
    let before = FileRange::new(MAIN, 0, 1);
    assert!(ide::format_range(&session, &before).is_empty(), "another item is left alone");
}

#[test]
fn a_line_is_formatted_when_it_ends_and_an_item_when_it_closes() {
    let (session, at) = at_cursor("lab {\n  domain   = \"a.b\"\n  $0\n}\n");
    let edits = ide::format_on_type(&session, &at, '\n');
    assert!(edits.iter().all(|edit| edit.range.end < at.offset), "{edits:?}");
    let (session, at) = at_cursor("lab {\n  domain   = \"a.b\"\n}$0\n");
    let text = session.text(MAIN).expect("it is open");
    let edits = ide::format_on_type(&session, &at, '}');
    assert_eq!(edited(text, &edits), "lab {\n  domain = \"a.b\"\n}\n");
}

#[test]
fn fixes_are_offered_where_their_problem_is() {
    let text = "lab {\n  domian = \"home.arpa\"\n}\n";
    let session = open(text);
    let at = u32::try_from(text.find("domian").expect("it is there")).expect("small");
    let fixes = ide::fixes(&session, &FileRange::new(MAIN, at, at));
    let best = fixes.iter().find(|fix| fix.is_best).expect("a best fix");
    assert_eq!(edited(text, &best.edits), "lab {\n  domain = \"home.arpa\"\n}\n");
    assert!(ide::fixes(&session, &FileRange::new(MAIN, 0, 0)).iter().all(|it| it.title != best.title));
    assert_eq!(edited(text, &ide::fix_all(&session, MAIN)), "lab {\n  domain = \"home.arpa\"\n}\n");
}

/// Whatever the text is: nothing panics, everything is inside of the text, and formatting by edits is formatting.
#[test]
fn any_text_has_a_structure() {
    let mut random = Random::new(14);
    let texts = seeds();
    for nth in 0..200 {
        let text = mutate(&texts[nth % texts.len()], &mut random);
        let session = open(&text);
        let length = u32::try_from(text.len()).expect("small");
        let inside = |start: u32, end: u32| {
            assert!(start <= end && end <= length && text.get(start as usize..end as usize).is_some());
        };
        for fold in ide::folds(&session, MAIN) {
            inside(fold.start, fold.end);
        }
        let mut symbols: Vec<_> = ide::document_symbols(&session, MAIN).collect();
        while let Some(symbol) = symbols.pop() {
            inside(symbol.range.start, symbol.range.end);
            inside(symbol.name_range.start, symbol.name_range.end);
            assert!(
                symbol.range.start <= symbol.name_range.start && symbol.name_range.end <= symbol.range.end
            );
            symbols.extend(symbol.children);
        }
        let offset = u32::try_from(text.floor_char_boundary(random.below(text.len() + 1))).expect("small");
        let steps = ide::selections(&session, &FilePosition { file: MAIN.into(), offset });
        for step in &steps {
            inside(step.start, step.end);
        }
        assert!(steps.windows(2).all(|two| two[1].start <= two[0].start && two[0].end <= two[1].end));
        assert_eq!(edited(&text, &ide::format(&session, MAIN)), syntax::format(&text).text);
    }
}

#[test]
fn paths_of_data_lead_to_files_and_follow_them() {
    let text = "a = file(\"./texts/a.txt\")\nb = yaml-file(\"./gone.yaml\")\nc = documents(\"./texts\")\nd = file(\"./te$0\")\n                e = files(\"./texts/\")\n";
    let (mut session, at) = at_cursor(text);
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let beside = driver::Unreadable {
        reason: "there is no such file".to_owned(),
        beside: names(&["texts/", "x.yaml"]),
    };
    session.set_data_files(std::collections::BTreeMap::from([
        ("texts/a.txt".to_owned(), driver::Found::Text("one\ntwo\n".into())),
        ("texts".to_owned(), driver::Found::Folder(names(&["a.txt", "b.yaml"]).into())),
        ("te".to_owned(), driver::Found::Nothing(beside)),
    ]));
    let text = session.text(MAIN).expect("it is open").to_string();
    let links = ide::links(&session, MAIN);
    let shown: Vec<(&str, &str)> = links
        .iter()
        .map(|link| (&text[link.range.start as usize..link.range.end as usize], link.target.as_str()))
        .collect();
    assert_eq!(shown, [("./texts/a.txt", "texts/a.txt")]);
    assert_eq!(ide::link_tooltip(&session, &links[0]), "texts/a.txt: 2 lines");
    let inside = |what: &str| {
        let offset = u32::try_from(text.find(what).expect("it is there") + what.len()).expect("it is short");
        ide::FilePosition { file: MAIN.into(), offset }
    };
    assert_eq!(ide::definition(&session, &inside("./texts/a")), [FileRange::new("texts/a.txt", 0, 0)]);
    assert!(ide::definition(&session, &inside("./gone")).is_empty());
    let offered = |at: &ide::FilePosition| {
        let all = ide::completion(&session, at).into_iter();
        all.map(|one| {
            (one.label, text[one.edit.range.start as usize..one.edit.range.end as usize].to_owned())
        })
        .collect::<Vec<_>>()
    };
    let pairs = |all: &[(&str, &str)]| {
        all.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(offered(&at), pairs(&[("texts/", "te"), ("x.yaml", "te")]));
    assert_eq!(offered(&inside("files(\"./texts/")), pairs(&[("a.txt", ""), ("b.yaml", "")]));
    let renames = [("texts".to_owned(), "words".to_owned())];
    let edits = ide::rename_files(&session, &renames);
    assert_eq!(
        edited(&text, &edits),
        text.replace("./texts/a", "./words/a")
            .replace("\"./texts\"", "\"./words\"")
            .replace("\"./texts/\"", "\"./words\"")
    );
}
