//! Texts, names and data come out of Nix as they went in.

use std::collections::BTreeMap;
use std::fs;

use emit_nix::nix::{Expr, Module, Set, path, text};
use model::{Data, Float};
use proptest::prelude::*;

use crate::evaluation::nix_eval;

/// The value of a file whose only attribute, `it`, is `value`.
fn through_nix(value: Expr) -> serde_json::Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("it.nix");
    let body = Set::new().bind("it", value);
    let printed = Module { source: "x", what: "x", about: "", bindings: vec![], body }.print();
    fs::write(&file, &printed).unwrap();
    let outcome = nix_eval(&file);
    let value: serde_json::Value = outcome.unwrap_or_else(|message| panic!("{message}\n{printed}"));
    value["it"].clone()
}

/// Texts made of what Nix gives a meaning to, among others.
fn hostile() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "${", "}", "$", "$$", "''", "'", "\"", "\\", "\\n", "\n", "\r", "\r\n", "\t", " ", "  ", "#", "/*",
        "*/", ";", "a", "x${y}", "''${", "'''", "''\\", "\u{1b}", "\u{7f}", "\u{feff}", "ö", "🦀",
        "\u{2028}", ".", "-", "or",
    ]);
    let part = prop_oneof![8 => odd.prop_map(str::to_owned), 1 => "[^\\x00]"];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

fn data() -> impl Strategy<Value = Data> {
    let leaf = prop_oneof![
        Just(Data::Null),
        any::<bool>().prop_map(Data::Bool),
        any::<i64>().prop_map(Data::Int),
        Just(Data::Int(i64::MIN)),
        hostile().prop_map(Data::Text),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Data::List),
            prop::collection::btree_map(hostile(), inner, 0..4).prop_map(Data::Map),
        ]
    })
}

fn as_json(data: &Data) -> serde_json::Value {
    match data {
        Data::Null => serde_json::Value::Null,
        Data::Bool(value) => (*value).into(),
        Data::Int(value) => (*value).into(),
        Data::Float(value) => value.0.into(),
        Data::Text(value) => value.clone().into(),
        Data::List(items) => items.iter().map(as_json).collect(),
        Data::Map(entries) => entries.iter().map(|(key, value)| (key.clone(), as_json(value))).collect(),
        Data::Secret(_) | Data::Nix(_) => unreachable!("not made here"),
    }
}

/// Many at once: starting Nix takes most of the time.
fn many<T: std::fmt::Debug>(one: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    prop::collection::vec(one, 100)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn data_survives(many in many(data())) {
        let data = Data::List(many);
        prop_assert_eq!(through_nix(Expr::from(&data)), as_json(&data));
    }

    #[test]
    fn names_survive(names in many(hostile())) {
        let names: BTreeMap<String, usize> = names.into_iter().enumerate().map(|(n, name)| (name, n)).collect();
        let set = names.iter().fold(Set::new(), |set, (name, n)| {
            set.bind(path("a").key(name).key("b"), Expr::Int(i64::try_from(*n).unwrap()))
        });
        let expected = names.iter().map(|(name, n)| (name.clone(), serde_json::json!({ "b": n }))).collect();
        prop_assert_eq!(&through_nix(set.into())["a"], &serde_json::Value::Object(expected));
    }

    #[test]
    fn comments_end_with_their_line(texts in many(hostile())) {
        let set = texts.iter().fold(Set::new(), |set, text| set.comment(text));
        let notes = texts.iter().map(|note| text("x").noted(note)).collect();
        let set = set.bind("a", Expr::List(notes));
        prop_assert_eq!(through_nix(set.bind("b", true).into())["a"].as_array().map(Vec::len), Some(texts.len()));
    }
}

#[test]
fn numbers_with_a_fraction_survive() {
    let numbers =
        [0.0, -0.0, 0.5, -1.5, 1.0, 1e16, 1e21, 1.5e300, 1e-7, 5e-324, f64::MAX, f64::MIN, f64::MIN_POSITIVE];
    let values = through_nix(Expr::from(&Data::List(numbers.map(|n| Data::Float(Float(n))).to_vec())));
    for (number, value) in numbers.iter().zip(values.as_array().unwrap()) {
        let value = value.as_f64().unwrap();
        // Nix prints five digits of a fraction in JSON.
        assert!((value - number).abs() <= number.abs() * 1e-4, "{number:e} became {value:e}");
    }
}
