//! The real SOPS reads and edits what the crate writes, and the other way around.

use proptest::prelude::*;
use sops::{Format, encrypt};

use crate::plain::{Plain, any_tree};
use crate::sandbox::{Sandbox, settings};

/// Each case starts SOPS a few times.
fn some_cases() -> ProptestConfig {
    ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() }
}

fn round_trip(sandbox: &Sandbox, format: Format, tree: &Plain) {
    let written = encrypt(&tree.tree(), format, &settings([&sandbox.key])).unwrap();
    sandbox.write(&written);
    // SOPS decrypts, compares the MAC, encrypts with another data key, and makes a MAC of its own.
    sandbox.sops(&["rotate", "--in-place"]).succeeded();
    let document = sandbox.document();
    let key = sandbox.key.unwrap(&document).unwrap();
    let read = document.decrypt(&key).unwrap();
    assert_eq!(Plain::from(&read), *tree);
}

proptest! {
    #![proptest_config(some_cases())]

    #[test]
    fn trees_go_through_sops_and_back_in_yaml(tree in any_tree()) {
        round_trip(&Sandbox::new("a.yaml"), Format::Yaml, &tree);
    }

    #[test]
    fn trees_go_through_sops_and_back_in_json(tree in any_tree()) {
        round_trip(&Sandbox::new("a.json"), Format::Json, &tree);
    }
}
