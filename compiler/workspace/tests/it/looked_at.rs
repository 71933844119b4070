//! What nobody has edited is not looked at again after an edit, however large the lab is.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use driver::Database;
use workspace::{Buffers, Lab};

use crate::world::{Memory, ROOT};

/// The queries that are asked once for each item, whoever it is that was edited: they say by themselves that nothing of
/// the item has been.
const OF_EACH: [&str; 5] = ["evaluated", "item", "item_facts", "item_kinds", "piece_uses"];

/// A lab of `count` apps. Each names what all have in common, the lab and a port of its own, and has an ingress.
fn lab(count: usize) -> String {
    let mut text = "lab home { domain = \"home.example.net\" }\nstage apps = 10\n\
                    namespace main { stage = apps }\nregistry = \"ghcr.io\"\n"
        .to_owned();
    for n in 0..count {
        write!(
            text,
            "app app{n} in main {{\n  image = \"${{registry}}/org/app{n}:1.{n}\"\n  port http = {}\n  \
             ingress web {{ host = \"app{n}.${{lab.domain}}\", to = http }}\n}}\n",
            8000 + n
        )
        .expect("writing to a text works");
    }
    text
}

/// What was looked at, and was as before, after the second edit of an app: how often, by query.
fn looked_at(count: usize) -> BTreeMap<String, usize> {
    let text = lab(count);
    let disk = Memory::default();
    disk.write(ROOT, &text);
    let db = Database::counting();
    let log = db.log();
    let mut lab = Lab::in_database(db, ROOT, Buffers::new(Box::new(disk)));
    lab.set_buffer(ROOT, text.as_str());
    lab.session().problems();
    // The first edit of an item tells that it is one that is edited.
    for tag in ["2.1", "3.1"] {
        log.take_verified();
        lab.set_buffer(ROOT, text.replacen("org/app1:1.1", &format!("org/app1:{tag}"), 1));
        lab.session().problems();
    }
    let mut counts = BTreeMap::new();
    for query in log.take_verified() {
        let name = query.split('(').next().unwrap_or_default().to_owned();
        *counts.entry(name).or_insert(0) += 1;
    }
    counts
}

#[test]
fn an_edit_of_an_app_looks_at_nothing_in_others() {
    let [some, many] = [10, 100].map(|count| {
        let mut counts = looked_at(count);
        for query in OF_EACH {
            let times = counts.remove(query).unwrap_or_default();
            assert!(times <= count + 10, "{query}: {times} of {count}");
        }
        counts
    });
    assert!(!some.is_empty(), "nothing is noted");
    assert_eq!(some, many);
}
