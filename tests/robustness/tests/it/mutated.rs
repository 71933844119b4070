//! Texts that are nearly as somebody wrote them.

use proptest::prelude::*;
use robustness::{Random, mutate, seeds};

fn nearly(times: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    (prop::sample::select(seeds()), any::<u64>(), times).prop_map(|(text, seed, times)| {
        let mut random = Random::new(seed);
        (0..times).fold(text, |text, _| mutate(&text, &mut random))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn is_read(text in nearly(1..8)) {
        robustness::syntax(&text);
    }

    #[test]
    fn is_formatted(text in nearly(1..8)) {
        robustness::format(&text);
    }

    #[test]
    fn is_checked_and_built(text in nearly(1..5)) {
        robustness::lab(&text);
    }
}
