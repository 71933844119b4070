//! Files of SOPS that are nearly as somebody made them.

use proptest::prelude::*;
use robustness::{Random, encrypted, encrypted_seeds, mutate};

#[test]
fn files_to_begin_with_hold_what_they_should() {
    let seeds = encrypted_seeds();
    assert_eq!(seeds.len(), 12, "five in the clear, two keys, five encrypted");
    for seed in &seeds {
        encrypted(seed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn is_read_or_refused(text in prop::sample::select(encrypted_seeds()), seed in any::<u64>(), times in 1..6usize) {
        let mut random = Random::new(seed);
        encrypted(&(0..times).fold(text, |text, _| mutate(&text, &mut random)));
    }
}
