//! Whatever is typed so far, every feature answers, and answers the same of a lab that changed as of a new one.

use std::ops::Range;

use driver::Session;
use ide::{FilePosition, FileRange};
use syntax::TokenKind;

use crate::{MAIN, names, open, root_lab};

/// All features at a place, as text.
fn everything(session: &Session, offset: u32) -> String {
    let at = FilePosition { file: MAIN.into(), offset };
    let range = FileRange { file: MAIN.into(), start: offset, end: offset };
    let answers = (
        ide::hover(session, &at),
        ide::definition(session, &at),
        ide::type_definition(session, &at),
        ide::references(session, &at, true),
        ide::prepare_rename(session, &at),
        ide::rename(session, &at, "zz-other"),
        ide::completion(session, &at),
        ide::signature_help(session, &at),
        ide::assists(session, &range),
        ide::lens(session, &at),
    );
    let around = (
        ide::implementation(session, &at),
        ide::call_subject(session, &at),
        ide::incoming_calls(session, &at),
        ide::outgoing_calls(session, &at),
        ide::supertypes(session, &at),
        ide::subtypes(session, &at),
        ide::hint_tooltip(session, &at),
        ide::why(session, &at),
        ide::built_from(session, &at),
        ide::organize_imports(session, MAIN),
    );
    format!("{answers:?}{around:?}")
}

/// Texts as a person passes through them: the beginnings of a lab, with what others are used to type behind.
fn half_typed() -> Vec<String> {
    let text = root_lab();
    let habits = [
        "",
        "x = lab.",
        "host ",
        " in ",
        "\"${",
        " : ",
        "app x in media { uses = [homelab-0.",
        "for a in ",
        "é",
        "\n}",
    ];
    let mut texts = Vec::new();
    for (nth, end) in (0..text.len()).step_by(211).filter(|end| text.is_char_boundary(*end)).enumerate() {
        texts.push(format!("{}{}", &text[..end], habits[nth % habits.len()]));
    }
    texts
}

#[test]
fn every_feature_answers_whatever_is_typed() {
    let mut session = open("");
    for (nth, text) in half_typed().iter().enumerate() {
        session.set_text(MAIN, text);
        let end = u32::try_from(text.len()).expect("small");
        let changed = everything(&session, end);
        ide::semantic_tokens(&session, MAIN);
        ide::inlay_hints(&session, &FileRange { file: MAIN.into(), start: 0, end });
        assert!(ide::document_symbols(&session, MAIN).all(|symbol| symbol.range.end <= end));
        everything(&session, end / 2);
        everything(&session, end + 10);
        if nth % 7 == 0 {
            assert_eq!(changed, everything(&open(text), end), "{text}");
        }
    }
}

/// The closing brackets that an editor has put behind the cursor, for those that are open in `text`.
fn closers(text: &str) -> String {
    let mut open = Vec::new();
    for token in syntax::tokens(text) {
        match token.kind {
            TokenKind::TextUnclosed => open.push("\""),
            TokenKind::LeftParen => open.push(")"),
            TokenKind::LeftBracket => open.push("]"),
            TokenKind::LeftBrace => open.push("}"),
            TokenKind::TextStart => open.push("}\""),
            kind if kind.closes() && token.len > 0 => drop(open.pop()),
            _ => {}
        }
    }
    open.into_iter().rev().collect()
}

/// Where each name of `text` that stands in `part` is declared, as files and lines.
fn declared(session: &Session, text: &str, part: Range<usize>) -> Vec<(usize, Vec<String>)> {
    let names = names(&text[part.clone()]).into_iter();
    let found = names.map(|(start, _)| {
        let start = part.start + start;
        let at = FilePosition { file: MAIN.into(), offset: u32::try_from(start).expect("small") };
        let line = |range: FileRange| {
            let text = session.text(&range.file).expect("a file");
            format!("{}:{}", range.file, text[..range.start as usize].matches('\n').count() + 1)
        };
        (start, ide::definition(session, &at).into_iter().map(line).collect())
    });
    found.collect()
}

/// A line of the lab that is typed up to any of its tokens, with the brackets closed that are open: what stands before the
/// last word means what it means in the end.
#[test]
fn what_is_typed_means_what_it_will_mean() {
    let text = root_lab();
    let mut session = open(&text);
    let whole = declared(&session, &text, 0..text.len());
    let mut lost = Vec::new();
    let (mut start, mut tried) = (0, 0);
    for line in text.split_inclusive('\n') {
        let end = start + line.trim_end().len();
        let mut cut = start;
        for token in syntax::tokens(&text[start..end]) {
            cut += token.len as usize;
            // What goes on in the next line would not be typed yet either.
            if cut == end || token.kind.is_trivia() || text[..end].ends_with("=>") {
                continue;
            }
            for space in ["", " "] {
                let typed = &text[start..cut];
                let rest = if end > start && text[..end].ends_with('{') { " {" } else { "" };
                let now = format!("{}{space}{}{rest}{}", &text[..cut], closers(typed), &text[end..]);
                session.set_text(MAIN, &now);
                let mut is = declared(&session, &now, start..cut);
                is.pop();
                tried += is.len();
                for (at, lines) in is {
                    let will_be = whole.iter().find(|(start, _)| *start == at).map(|(_, lines)| lines);
                    if will_be.is_some_and(|will_be| *will_be != lines) {
                        lost.push(format!("{typed}{space}|  {}", &text[at..cut]));
                    }
                }
            }
        }
        start += line.len();
    }
    assert!(lost.is_empty(), "{} of {tried}:\n{}", lost.len(), lost.join("\n"));
}
