//! Data flows one way: between the files of these crates there is no circle.

use std::collections::{BTreeMap, BTreeSet};

use tidy::{circle, modules};

/// The crates whose files stand in an order. A file that another uses knows nothing of that one.
const ORDERED: [&str; 2] = ["compiler/driver", "compiler/workspace"];

#[test]
fn no_file_uses_one_that_uses_it() {
    for folder in ORDERED {
        let uses = modules(folder);
        assert!(uses.values().map(BTreeSet::len).sum::<usize>() > 5, "{folder}: {uses:?}");
        assert_eq!(circle(&uses), None, "{folder}: each of these uses the next");
    }
}

#[test]
fn what_a_file_uses_is_found() {
    let driver = modules("compiler/driver");
    let uses = |file: &str| driver[file].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(uses("mend"), ["rules", "session"], "by the names that the crate has for things");
    assert_eq!(
        uses("session::files"),
        ["file_uses", "imports", "locate", "queries", "session"],
        "by way of what it stands in"
    );
    assert!(uses("emitted").contains(&"ports"), "in braces: {:?}", uses("emitted"));
}

#[test]
fn a_circle_is_found() {
    let uses = |all: &[(&str, &[&str])]| -> BTreeMap<String, BTreeSet<String>> {
        let set = |used: &[&str]| used.iter().map(|one| (*one).to_owned()).collect();
        all.iter().map(|(file, used)| ((*file).to_owned(), set(used))).collect()
    };
    assert_eq!(circle(&uses(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])])), None);
    let round = uses(&[("a", &["b"]), ("b", &["c", "d"]), ("c", &[]), ("d", &["b"])]);
    assert_eq!(circle(&round), Some(vec!["b".to_owned(), "d".to_owned()]));
}
