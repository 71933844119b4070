//! Text to items and trees.

use std::sync::Arc;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use source::ItemKey;

fn main() {
    divan::main();
}

fn lines(text: &str) -> ItemsCount {
    ItemsCount::new(text.lines().count())
}

/// What a keystroke costs in any case: the whole file, to items. Items are lines here.
#[divan::bench(args = [800, 8_000])]
fn lex_and_cut(bencher: Bencher<'_, '_>, count: usize) {
    let text = bench::lab_of_lines(count);
    bencher.counter(lines(&text)).bench_local(|| syntax::cut(black_box(&text)));
}

/// Every item to its tree.
#[divan::bench(args = [800, 8_000])]
fn parse(bencher: Bencher<'_, '_>, count: usize) {
    let text = bench::lab_of_lines(count);
    let file: Arc<str> = "homelab.hl".into();
    let items: Vec<(ItemKey, &str)> = syntax::cut(&text)
        .into_iter()
        .map(|cut| (ItemKey::new(file.clone(), cut.head.key.as_str().into(), 0), &text[cut.range]))
        .collect();
    bencher.counter(lines(&text)).bench_local(|| {
        for (key, text) in &items {
            black_box(syntax::parse(key, text));
        }
    });
}
