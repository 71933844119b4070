//! A whole lab: opened, checked, built, and edited.

use divan::Bencher;
use driver::Session;

fn main() {
    divan::main();
}

const SIZES: [usize; 2] = [800, 8_000];

fn open(text: &str) -> Session {
    Session::open(vec![("homelab.hl".to_owned(), text.to_owned())])
}

/// From text to problems, with nothing known before.
#[divan::bench(args = SIZES, sample_size = 1)]
fn check(bencher: Bencher<'_, '_>, lines: usize) {
    let text = bench::lab_of_lines(lines);
    bencher.bench_local(|| open(&text).problems());
}

/// From text to all files.
#[divan::bench(args = SIZES, sample_size = 1)]
fn build(bencher: Bencher<'_, '_>, lines: usize) {
    let text = bench::lab_of_lines(lines);
    bencher.bench_local(|| open(&text).outputs());
}

/// The lab before and after one value in its middle is changed.
fn edited(lines: usize) -> [String; 2] {
    let text = bench::lab_of_lines(lines);
    let middle = text.len() / 2;
    let at = middle + text[middle..].find("B = \"x").map_or(0, |at| at + "B = \"x".len());
    let mut other = text.clone();
    other.insert(at, '7');
    [text, other]
}

/// One value is changed, in a lab that is open: to all problems of the lab.
#[divan::bench(args = SIZES, sample_size = 1)]
fn edit_to_problems(bencher: Bencher<'_, '_>, lines: usize) {
    let texts = edited(lines);
    let mut session = open(&texts[0]);
    session.problems();
    let mut turn = 0;
    bencher.bench_local(|| {
        turn = 1 - turn;
        session.set_text("homelab.hl", &texts[turn]);
        session.problems()
    });
}

/// The first change after a lab was opened, and its problems shown.
#[divan::bench(args = SIZES, sample_count = 20, sample_size = 1)]
fn first_edit_to_problems(bencher: Bencher<'_, '_>, lines: usize) {
    let texts = edited(lines);
    let opened = || {
        let session = open(&texts[0]);
        session.problems();
        session
    };
    bencher.with_inputs(opened).bench_local_values(|mut session| {
        session.set_text("homelab.hl", &texts[1]);
        (session.problems(), session)
    });
}
