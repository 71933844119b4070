//! Whatever is typed so far, every feature answers, and answers the same of a lab that changed as of a new one.

use driver::Session;
use ide::{FilePosition, FileRange};

use crate::{MAIN, open, root_lab};

/// All features at a place, as text.
fn everything(session: &Session, offset: u32) -> String {
    let at = FilePosition { file: MAIN.to_owned(), offset };
    let range = FileRange { file: MAIN.to_owned(), start: offset, end: offset };
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
        ide::inlay_hints(&session, &FileRange { file: MAIN.to_owned(), start: 0, end });
        ide::document_symbols(&session, MAIN);
        everything(&session, end / 2);
        everything(&session, end + 10);
        if nth % 7 == 0 {
            assert_eq!(changed, everything(&open(text), end), "{text}");
        }
    }
}
