//! An edit that is said to concern one item leaves all others as they were.

use proptest::prelude::*;
use syntax::{Cuts, Edit, cut, cut_whole, edit};

use crate::robustness::word;

const SAMPLE: &str = include_str!("sample.hl");

fn starts(text: &str) -> Vec<u32> {
    cut(text).into_iter().map(|cut| u32::try_from(cut.range.start).expect("it is short")).collect()
}

/// What is said of the edit; checks it against the text cut again.
fn said(before: &str, after: &str) -> Option<Edit> {
    let Cuts { items: old, is_sound } = cut_whole(before);
    let said = is_sound.then(|| edit(before, &starts(before), after)).flatten()?;
    let Cuts { items: new, is_sound } = cut_whole(after);
    assert!(is_sound, "{before:?} {after:?}");
    assert_eq!(new[said.nth].range, said.range, "{before:?} {after:?}");
    let heads = |cuts: &[syntax::Cut]| cuts.iter().map(|cut| cut.head.clone()).collect::<Vec<_>>();
    assert_eq!(heads(&old), heads(&new), "{before:?} {after:?}");
    for (nth, (old, new)) in old.into_iter().zip(new).enumerate().filter(|(nth, _)| *nth != said.nth) {
        assert_eq!(before[old.range], after[new.range], "item {nth} of {before:?} {after:?}");
    }
    Some(said)
}

/// The text with a few words where others were.
fn edited(text: &str, at: usize, len: usize, words: &[&str]) -> String {
    let at = text.floor_char_boundary(at.checked_rem(text.len() + 1).unwrap_or_default());
    let end = text.floor_char_boundary((at + len).min(text.len()));
    format!("{}{}{}", &text[..at], words.concat(), &text[end..])
}

#[test]
fn values_in_declarations_concern_one_item() {
    let text =
        "a = 1\n\n## Doc.\napp x in y {\n  env { A = \"b\" }\n}\nsecret s { generate = random(32) }\nb = 2\n";
    for (old, new, nth) in [
        ("\"b\"", "\"bc\"", Some(1)),
        ("Doc", "Docs", Some(1)),
        ("  env", "  port http = 80\n  env", Some(1)),
        ("32", "64", Some(2)),
        ("b = 2", "b = 3", Some(3)),
        ("a = 1", "a = 2", Some(0)),
        ("x in", "z in", None),
        ("A = \"b\"", "A = \"b", None),
        ("A = \"b\" }", "A = \"b\"", None),
        ("}\nsecret", "}\n\nsecret", None),
        ("## Doc", "# Doc", None),
        ("b = 2\n", "b = 2\nc = 3\n", None),
        ("a = 1", "a = b +", None),
    ] {
        let after = text.replacen(old, new, 1);
        assert_ne!(text, after, "{old}");
        assert_eq!(said(text, &after).map(|edit| edit.nth), nth, "{old} to {new}");
    }
}

#[test]
fn the_sample_is_sound() {
    assert!(cut_whole(SAMPLE).is_sound);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_a_lab(at in any::<usize>(), len in 0usize..6, words in prop::collection::vec(word(), 0..3)) {
        said(SAMPLE, &edited(SAMPLE, at, len, &words));
    }

    #[test]
    fn of_a_lab_that_was_edited(
        first in (any::<usize>(), 0usize..6, prop::collection::vec(word(), 0..3)),
        second in (any::<usize>(), 0usize..6, prop::collection::vec(word(), 0..3)),
    ) {
        let text = edited(SAMPLE, first.0, first.1, &first.2);
        said(&text, &edited(&text, second.0, second.1, &second.2));
    }

    #[test]
    fn of_any_words(
        words in prop::collection::vec(word(), 0..30),
        gap in prop::sample::select(vec!["", " ", "\n"]),
        edit in (any::<usize>(), 0usize..4, prop::collection::vec(word(), 0..3)),
    ) {
        let text = format!("a = 1\n{}\nb {{ c = 2 }}\n", words.join(gap));
        said(&text, &edited(&text, edit.0, edit.1, &edit.2));
    }
}
