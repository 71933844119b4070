//! The fuzzer: puts what libFuzzer comes up with to the promise that `HLC_PROMISE` names.
#![no_main]

use std::env;
use std::sync::OnceLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use robustness::{PROMISES, Random, VERSION, mutate, text};

fuzz_target!(|bytes: &[u8]| {
    // Where the stack ends nobody is left to say for which input, so it is said before.
    if let Some(path) = last() {
        std::fs::write(path, bytes).expect("HLC_LAST names a file");
    }
    promise().1(&text(bytes));
});

/// Where the input is put that is being tried.
fn last() -> Option<&'static str> {
    static PATH: OnceLock<Option<String>> = OnceLock::new();
    PATH.get_or_init(|| env::var("HLC_LAST").ok()).as_deref()
}

// Half of the time as libFuzzer does, which knows bytes; else as somebody who knows what a lab is made of.
fuzz_mutator!(|bytes: &mut [u8], size: usize, most: usize, seed: u32| {
    let mut random = Random::new(seed.into());
    if random.below(2) == 0 {
        return fuzzer_mutate(bytes, size, most);
    }
    let mutated = mutated(&text(&bytes[..size]), &mut random);
    let len = mutated.len().min(most).min(bytes.len());
    bytes[..len].copy_from_slice(&mutated.as_bytes()[..len]);
    len
});

fn mutated(text: &str, random: &mut Random) -> String {
    let times = 1 + random.below(3);
    let mutate =
        |text: &str, random: &mut Random| (0..times).fold(text.to_owned(), |text, _| mutate(&text, random));
    if matches!(promise().0, "edits" | "merge") && random.below(3) == 0 {
        let last = text.rsplit(VERSION).next().unwrap_or_default();
        return format!("{text}{VERSION}{}", mutate(last, random));
    }
    mutate(text, random)
}

/// What is looked at in this run.
fn promise() -> &'static (&'static str, fn(&str)) {
    static NAME: OnceLock<String> = OnceLock::new();
    let name = NAME.get_or_init(|| env::var("HLC_PROMISE").expect("HLC_PROMISE names a promise"));
    PROMISES.iter().find(|(known, _)| known == name).expect("HLC_PROMISE names a promise")
}
