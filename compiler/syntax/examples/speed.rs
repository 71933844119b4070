//! Measures lexing, cutting and parsing: `cargo run --release -p syntax --example speed FILE`.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a program for developers")]

use std::sync::Arc;
use std::time::Instant;

use source::ItemKey;

#[expect(clippy::cast_precision_loss, reason = "texts are small")]
fn main() {
    let path = std::env::args().nth(1).expect("a file");
    let once = std::fs::read_to_string(path).expect("a readable file");
    let mut text = String::new();
    while text.lines().count() < 8_000 {
        text.push_str(&once);
        text.push('\n');
    }
    let lines = text.lines().count();
    println!("{lines} lines, {} bytes", text.len());
    let mega = |seconds: f64| text.len() as f64 / 1e6 / seconds;
    let lex = best(|| syntax::tokens(&text).map(|token| token.len as usize).sum());
    println!("lex    {:7.3} ms  {:6.0} MB/s", lex * 1e3, mega(lex));
    let cut = best(|| syntax::cut(&text).len());
    println!("cut    {:7.3} ms  {:6.0} MB/s", cut * 1e3, mega(cut));
    let cuts = syntax::cut(&text);
    let key = ItemKey::new(Arc::from("lab.hl"), Arc::from("x"), 0);
    let mut problems = 0;
    let parse = best(|| {
        let parsed = cuts.iter().map(|cut| syntax::parse(&key, &text[cut.range.clone()]));
        problems = parsed.map(|parsed| parsed.problems.len()).sum();
        cuts.len()
    });
    println!(
        "parse  {:7.3} ms  {:6.2} M lines/s, {problems} problems",
        parse * 1e3,
        lines as f64 / 1e6 / parse
    );
}

fn best(mut run: impl FnMut() -> usize) -> f64 {
    let time = |run: &mut dyn FnMut() -> usize| {
        let start = Instant::now();
        std::hint::black_box(run());
        start.elapsed().as_secs_f64()
    };
    (0..20).map(|_| time(&mut run)).fold(f64::MAX, f64::min)
}
