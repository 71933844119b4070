//! Shows a file in its usual form, and how long that took: `cargo run --release -p syntax --example format FILE`.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a program for developers")]

use std::time::Instant;

#[expect(clippy::cast_precision_loss, reason = "texts are small")]
fn main() {
    let path = std::env::args().nth(1).expect("a file");
    let text = std::fs::read_to_string(path).expect("a readable file");
    let formatted = syntax::format(&text);
    print!("{}", formatted.text);
    for range in formatted.unparsed {
        eprintln!("left alone: bytes {}..{}", range.start, range.end);
    }
    let start = Instant::now();
    let times = 500_000 / text.len().max(1) + 1;
    for _ in 0..times {
        std::hint::black_box(syntax::format(&text));
    }
    let seconds = start.elapsed().as_secs_f64();
    eprintln!("{:.2} MB/s", (text.len() * times) as f64 / 1e6 / seconds);
}
