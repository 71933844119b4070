//! Other names: what is renamed means the same, and there and back is where one was.

use std::collections::BTreeSet;

use diagnostics::Severity;
use driver::Session;
use ide::{FileEdit, FilePosition, prepare_rename, rename};

use crate::{MAIN, names, open, root_lab};

pub(crate) fn applied(text: &str, edits: &[FileEdit]) -> String {
    let mut text = text.to_owned();
    for edit in edits.iter().rev() {
        text.replace_range(edit.range.start as usize..edit.range.end as usize, &edit.text);
    }
    text
}

pub(crate) fn errors(session: &Session) -> Vec<String> {
    let problems = session.problems();
    let errors = problems.iter().filter(|problem| problem.severity() == Severity::Error);
    errors.map(|problem| format!("{}: {}", problem.range.start.line, problem.message)).collect()
}

/// Whatever of a lab may be renamed: the lab is as right as before, and renaming it back gives the same text.
#[test]
fn there_and_back() {
    let text = root_lab();
    let mut session = open(&text);
    assert_eq!(errors(&session), [""; 0]);
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    let mut renamed = 0;
    for (start, word) in names(&text) {
        let at = FilePosition { file: MAIN.into(), offset: u32::try_from(start).expect("small") };
        let Ok((_, name)) = prepare_rename(&session, &at) else { continue };
        let Ok(edits) = rename(&session, &at, "zz-other") else { continue };
        if !seen.insert(edits.clone()) {
            continue;
        }
        renamed += 1;
        let new = applied(&text, &edits);
        session.set_text(MAIN, &new);
        let found = errors(&session);
        let back = FilePosition { file: MAIN.into(), offset: edits[0].range.start + 1 };
        let again = rename(&session, &back, &name).map(|edits| applied(&new, &edits));
        if !found.is_empty() {
            wrong.push(format!("{word}: {}", found.join("; ")));
        } else if again.as_deref() != Ok(text.as_str())
            && !edits.iter().any(|edit| edit.text.starts_with(' '))
        {
            wrong.push(format!("{word}: not back: {:?}", again.err()));
        }
        session.set_text(MAIN, &text);
    }
    assert!(wrong.is_empty(), "{} of {renamed}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(renamed > 60, "{renamed}");
}

#[test]
fn what_cannot_be_renamed_is_said() {
    let text = "lab home { domain = \"home.example.net\" }\nstage apps = 10\nnamespace media { stage = apps }\nnamespace other { stage = apps }\n";
    for (place, new, reason) in [
        ("domain =", "x", "'domain' belongs to the standard library"),
        ("media {", "other", "there is something called 'other' already"),
        ("media {", "a b", "'a b' is no name: letters, digits, '_' and '-', with a letter first"),
        ("media {", "if", "'if' is a word of the language"),
    ] {
        let session = open(text);
        let offset = u32::try_from(text.find(place).expect("it is there")).expect("small");
        let found = rename(&session, &FilePosition { file: MAIN.into(), offset }, new);
        assert_eq!(found, Err(reason.to_owned()), "{place}");
    }
}
