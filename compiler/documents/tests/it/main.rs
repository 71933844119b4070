//! Documents: what texts come to, where each value stands, and what is wrong with others.

use documents::{Malformed, Node, Tree, json, yaml};
use proptest::prelude::*;
use serde_json::Value;

/// A tree as JSON.
fn shown(node: &Node) -> Value {
    match &node.tree {
        Tree::Null => Value::Null,
        Tree::Bool(value) => (*value).into(),
        Tree::Int(value) => (*value).into(),
        Tree::Float(value) => (*value).into(),
        Tree::Text(text) => text.as_str().into(),
        Tree::List(items) => items.iter().map(shown).collect(),
        Tree::Map(entries) => entries.iter().map(|it| (it.key.clone(), shown(&it.value))).collect(),
    }
}

fn all(text: &str) -> String {
    let documents = yaml(text).unwrap_or_else(|problem| panic!("{problem:?} in\n{text}"));
    documents.iter().map(|node| shown(node).to_string()).collect::<Vec<_>>().join(" ")
}

/// What is wrong, and the text that it concerns.
fn wrong<T>(text: &str, read: Result<T, Malformed>) -> String {
    let Err(problem) = read else { panic!("nothing is wrong with\n{text}") };
    format!("{} at {:?}", problem.message, problem.span.slice(text))
}

#[test]
fn yaml_is_what_it_says() {
    for (text, is) in [
        ("a: 1\nb:\n- x\n- 'y'\n", r#"{"a":1,"b":["x","y"]}"#),
        ("a: {b: [1, {c: d}]}", r#"{"a":{"b":[1,{"c":"d"}]}}"#),
        ("# nothing\n", ""),
        ("---\na: 1\n---\n# empty\n---\nb: 2\n...\n", r#"{"a":1} null {"b":2}"#),
        ("a: |\n  x\n   y\n\nb: >-\n  x\n  y\n", r#"{"a":"x\n y\n","b":"x y"}"#),
        ("1: a\ntrue: b\n\"\": c\n", r#"{"1":"a","true":"b","":"c"}"#),
        ("mode: 0644\non: yes\ntime: 12:30\n", r#"{"mode":420,"on":true,"time":"12:30"}"#),
        (
            "a: &x {k: 1, l: 2}\nb: *x\nc: {<<: *x, l: 3}\n",
            r#"{"a":{"k":1,"l":2},"b":{"k":1,"l":2},"c":{"l":3,"k":1}}"#,
        ),
        ("a: !!str 1\nb: !!int \"2\"\nc: \"3\"\n", r#"{"a":"1","b":2,"c":"3"}"#),
        ("\u{feff}ü: \"é\"\nb: ü\n", r#"{"ü":"é","b":"ü"}"#),
        ("a:\nb: ~\n", r#"{"a":null,"b":null}"#),
    ] {
        assert_eq!(all(text), is, "{text}");
    }
}

#[test]
fn each_value_knows_its_bytes() {
    let text = "# ü\nkey:\n- first: 'é' # no\n  other: [1, 2]\n- |\n  x\n";
    let documents = yaml(text).expect("it is YAML");
    let Tree::List(items) = &documents[0].get("key").expect("it is there").value.tree else {
        panic!("no list")
    };
    let of = |nth: usize, key: &str| {
        items[nth].get(key).map(|entry| (entry.at.slice(text), entry.value.span.slice(text)))
    };
    assert_eq!(of(0, "first"), Some(("first", "'é'")));
    assert_eq!(of(0, "other"), Some(("other", "[1, 2]")));
    assert_eq!(items[0].span.slice(text), "first: 'é' # no\n  other: [1, 2]");
    let text = "{\"a\": [1, {\"ü\": \"x\"}]}";
    let node = json(text).expect("it is JSON");
    assert_eq!(node.get("a").map(|entry| entry.value.span.slice(text)), Some("[1, {\"ü\": \"x\"}]"));
}

#[test]
fn what_is_wrong_is_said_where_it_is() {
    for (text, is) in [
        ("a: 1\nb: 2\na: 3\n", "the key 'a' is there twice at \"a\""),
        ("a: [1\n", "this is no YAML"),
        ("a: b: c\n", "this is no YAML"),
        ("a: *x\n", "this is no YAML"),
        ("a: .inf\n", "this number is none that a cluster can take at \".inf\""),
        ("a: !Ref x\n", "the tag '!Ref' means nothing here at"),
        ("? [a]\n: b\n", "a key is a text at"),
        ("<<: 1\n", "'<<' takes in a map, or a list of maps at \"1\""),
        ("a: &x [*x]\n", "this "),
    ] {
        let said = wrong(text, yaml(text));
        assert!(said.starts_with(is), "{said}\n{text}");
    }
    for (text, is) in [
        ("{\"a\": 1, \"a\": 2}", "the key 'a' is there twice at \"\\\"a\\\"\""),
        ("{\"a\": 1,}", "nothing follows behind this comma at \",\""),
        ("[1 2]", "a comma or ']' is expected here, and this is '2' at \"2\""),
        ("{a: 1}", "a key in double quotes is expected here, and this is 'a' at \"a\""),
        ("[1] x", "the document ends before this at \"x\""),
        ("{\"a\":", "the file ends where a value is expected here at \":\""),
        ("", "the file ends where a value is expected here at \"\""),
        ("[01]", "'01' is no number at \"01\""),
        ("\"a\nb\"", "this text is not closed in its line at \"\\\"\""),
        ("\"\\ud800\"", "this is half of a character at \"\\\\ud800\""),
        ("// no", "a value is expected here, and this is '/' at \"/\""),
    ] {
        assert_eq!(wrong(text, json(text)), is, "{text}");
    }
}

#[test]
fn what_explodes_is_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..10 {
        let inner = [format!("*a{}", n - 1).as_str(); 10].join(", ");
        bomb = [bomb, format!("a{n}: &a{n} [{inner}]\n")].concat();
    }
    assert!(wrong(&bomb, yaml(&bomb)).starts_with("there are more than 131072 values in this file"));
    for deep in ["[".repeat(100_000), "{\"a\":".repeat(100_000)] {
        assert!(wrong(&deep, json(&deep)).starts_with("this is nested in more than 60 levels"));
        assert!(yaml(&deep).is_err());
    }
}

/// Any JSON value that both readers and serde's take.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1.0e6..1.0e6f64).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[ -~ü]{0,6}", inner, 0..6)
                .prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

/// Numbers as floats, for `1` and `1.0` are one.
fn normal(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().into(),
        Value::Array(items) => items.iter().map(normal).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), normal(value))).collect(),
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn json_comes_back(value in value(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let text = text.expect("it can be written");
        let node = json(&text).unwrap_or_else(|problem| panic!("{problem:?} in {text}"));
        prop_assert_eq!(normal(&shown(&node)), normal(&value));
    }

    #[test]
    fn any_text_is_read_or_refused_with_a_place(text in "[\\PC\n\t ]{0,80}") {
        for problem in [json(&text).err(), yaml(&text).err()].into_iter().flatten() {
            prop_assert!(text.get(problem.span.start as usize..problem.span.end as usize).is_some());
        }
    }

    #[test]
    fn what_looks_like_yaml_is_read_or_refused_with_a_place(text in "([ a:&*!|>'\"#{}\\[\\]\n,?%@`<-]|- |: |ü){0,60}") {
        if let Err(problem) = yaml(&text) {
            prop_assert!(text.get(problem.span.start as usize..problem.span.end as usize).is_some());
        }
    }
}
