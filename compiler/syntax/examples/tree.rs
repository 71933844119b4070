//! Shows the items and trees of a file: `cargo run -p syntax --example tree FILE`.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a program for developers")]

use std::sync::Arc;

use source::ItemKey;

fn main() {
    let path = std::env::args().nth(1).expect("a file");
    let text = std::fs::read_to_string(path).expect("a readable file");
    for cut in syntax::cut(&text) {
        let item = &text[cut.range.clone()];
        let key = ItemKey::new(Arc::from("lab.hl"), Arc::from(cut.head.key.as_str()), 0);
        let parsed = syntax::parse(&key, item);
        println!("==== {:?} {:?}\n{:#?}", cut.range, cut.head, parsed.statement);
        for problem in parsed.problems {
            println!("!!!! {problem:#?}");
        }
    }
}
