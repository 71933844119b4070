//! Files of values that two sides changed, nearly as somebody made them.

use proptest::prelude::*;
use robustness::{Random, VERSION, is_merged, merge, merge_seeds, mutate};

#[test]
fn files_to_begin_with_are_merged() {
    let merged: Vec<bool> = merge_seeds().iter().map(|seed| is_merged(seed)).collect();
    assert_eq!(merged, [true, true, true, true, true, false], "but for the last, whose names cannot be kept");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn are_put_together_or_refused(text in prop::sample::select(merge_seeds()), seed in any::<u64>(), times in 1..6usize) {
        let mut random = Random::new(seed);
        let mutated = (0..times).fold(text, |text, _| mutate(&text, &mut random));
        merge(&mutated);
        // Two sides that begin with the same.
        let base = mutated.split(VERSION).next().unwrap_or_default();
        merge(&[base, &mutate(base, &mut random), &mutate(base, &mut random)].join(VERSION));
    }
}
