//! The real SOPS reads and edits what the crate writes, and the other way around.

use proptest::prelude::*;
use sops::{Format, Tree, encrypt};

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

proptest! {
    #![proptest_config(some_cases())]

    #[test]
    fn plain_yaml_is_what_sops_would_write_and_read(tree in any_tree()) {
        let sandbox = Sandbox::new("a.yaml");
        sandbox.write(encrypt(&tree.tree(), Format::Yaml, &settings([&sandbox.key])).unwrap());
        let theirs = sandbox.sops(&["decrypt"]).succeeded().stdout;
        let ours = tree.tree().to_text(Format::Yaml).unwrap();
        let ours = std::str::from_utf8(ours.expose()).unwrap();

        let read = Tree::from_text(ours.as_bytes(), Format::Yaml).unwrap();
        prop_assert_eq!(&Plain::from(&read), &tree);

        // What go-yaml writes so that it cannot read it itself, or so that not everybody reads the same.
        let is_odd = |text: &str| text.starts_with([' ', '\n']) || text.contains(['\u{85}', '\u{2028}', '\u{2029}']);
        let has_odd = tree.has(&|leaf| matches!(leaf, Plain::Str(text) if is_odd(text)));
        // SOPS turns these into whole numbers.
        let has_whole = tree.has(&|leaf| matches!(leaf, Plain::Float(float) if float.fract() == 0.0));
        if !has_odd && !has_whole {
            let read = Tree::from_text(theirs.as_bytes(), Format::Yaml).unwrap();
            prop_assert_eq!(&Plain::from(&read), &tree);
            if !tree.has(&|leaf| matches!(leaf, Plain::Float(_))) {
                prop_assert_eq!(ours, &theirs);
            }
        }
    }
}
