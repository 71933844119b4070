//! What delivered files are made of, as numbers.

use std::collections::{BTreeMap, BTreeSet};

use emit_secrets::{Delivered, Format};
use model::{Data, SecretPart, SecretRef, SecretText};
use proptest::prelude::*;
use secrets::{Fingerprint, fingerprint};

use crate::keys::{Key, secret};

/// What every value is encrypted to: something of its name.
#[expect(clippy::unnecessary_wraps, reason = "a fingerprint asks for what may be missing")]
fn sealed(secret: &SecretRef) -> Option<String> {
    Some(format!("ENC[{secret}]"))
}

fn of(file: &Delivered) -> Fingerprint {
    fingerprint(file, &sealed).unwrap()
}

fn file(tree: Data) -> Delivered {
    Delivered { path: "k8s/x.yaml".to_owned(), format: Format::Yaml, readers: Vec::new(), tree }
}

fn any_tree() -> impl Strategy<Value = Data> {
    let text = "[ab]{0,2}";
    let part = prop_oneof![
        text.prop_map(SecretPart::Plain),
        text.prop_map(|name| SecretPart::Secret(SecretRef::whole(name)))
    ];
    let leaf = prop_oneof![
        Just(Data::Null),
        any::<bool>().prop_map(Data::Bool),
        (0i64..3).prop_map(Data::Int),
        text.prop_map(Data::Text),
        proptest::collection::vec(part, 1..3).prop_map(|parts| Data::Secret(SecretText { parts })),
    ];
    leaf.prop_recursive(3, 12, 3, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Data::List),
            proptest::collection::btree_map(text, inner, 0..3).prop_map(Data::Map),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equal_trees_have_equal_ones_and_others_have_others(one in any_tree(), other in any_tree()) {
        prop_assert_eq!(of(&file(one.clone())), of(&file(one.clone())));
        prop_assert_eq!(of(&file(one.clone())) == of(&file(other.clone())), one == other);
    }
}

#[test]
fn everything_that_a_file_is_made_of_counts() {
    let tree = Data::Map(BTreeMap::from([("a".to_owned(), Data::Secret(SecretText::of(secret("a"))))]));
    let base = file(tree);
    let (ana, rui) = (Key::new().recipient(), Key::new().recipient());
    let variants = [
        base.clone(),
        Delivered { path: "k8s/y.yaml".to_owned(), ..base.clone() },
        Delivered { format: Format::Binary, ..base.clone() },
        Delivered { readers: vec![ana.clone()], ..base.clone() },
        Delivered { readers: vec![rui.clone()], ..base.clone() },
        Delivered { readers: vec![ana, rui], ..base.clone() },
        Delivered { tree: Data::Secret(SecretText::of(secret("a"))), ..base.clone() },
    ];
    let mut numbers: BTreeSet<String> = variants.iter().map(|file| of(file).to_string()).collect();
    // A value that changed is encrypted to something else, and so is what keys are derived from.
    for changed in ["a", "hlc_delivery"] {
        let other =
            |one: &SecretRef| if one.name == changed { Some("ENC[other]".to_owned()) } else { sealed(one) };
        numbers.insert(fingerprint(&base, &other).unwrap().to_string());
    }
    assert_eq!(numbers.len(), variants.len() + 2);
    assert_eq!(fingerprint(&base, &|_| None), None);
    assert!(numbers.iter().all(|number| number.len() == 64));
}
