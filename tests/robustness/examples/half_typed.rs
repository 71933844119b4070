//! Every habit behind every token and every character of all that people wrote, which takes an hour and more in a debug
//! build: `half_typed [PART OF]`. Says for each place that panics the shortest text that leads there.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods, reason = "a program that says what it found")]

use std::collections::BTreeMap;
use std::panic::{catch_unwind, set_hook};
use std::sync::Mutex;

use robustness::{HABITS, up_to_characters, written_items};

static LAST: Mutex<String> = Mutex::new(String::new());

fn main() {
    set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let said = info.payload_as_str().unwrap_or_default().lines().next().unwrap_or_default();
        let said: String = said.chars().take(60).collect();
        *LAST.lock().expect("nobody panics with it") = format!("{place}: {said}");
    }));
    let mut numbers = std::env::args().skip(1).map(|number| number.parse().expect("a number"));
    let (part, of) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(1));
    let mut found: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut tried = 0;
    for item in written_items().iter().skip(part).step_by(of) {
        for half in up_to_characters(item) {
            for habit in std::iter::once(&"").chain(&HABITS) {
                let text = format!("{half}{habit}");
                tried += 1;
                for promise in [robustness::syntax, robustness::format] {
                    if catch_unwind(|| promise(&text)).is_err() {
                        let place = LAST.lock().expect("nobody panics with it").clone();
                        let known = found.entry(place).or_insert_with(|| (0, text.clone()));
                        known.0 += 1;
                        if text.len() < known.1.len() {
                            known.1.clone_from(&text);
                        }
                        break;
                    }
                }
            }
        }
    }
    println!("{tried} texts");
    for (place, (times, text)) in found {
        println!("{times} times {place}\n{text:?}\n");
    }
}
