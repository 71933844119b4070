//! Readers of YAML 1.1 and 1.2 understand the same, and what was meant.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use yaml::Yaml;

/// Texts that have been something else to some reader, or that lose something when written carelessly.
#[rustfmt::skip]
const HOSTILE: &[&str] = &[
    "", " ", "  ", "\n", "\n\n", "\t", "~", "null", "Null", "NULL", "none", "true", "True", "TRUE", "false",
    "yes", "Yes", "no", "NO", "on", "On", "off", "y", "Y", "n", "N", "1", "0", "-0", "+1", "-1", "01",
    "012", "08", "0o17", "0x1f", "0X1F", "-0x1", "0b101", "1_000", "0x_1", "1,000", "1.5", "1.", ".5", ".",
    "..", "...", "1e3", "1E3", "1e+3", "1.5e3", "12e03", "1e", "e3", "1:30", "190:20:30", "190:20:30.15",
    "1:30:", "10.0.0.1:80", "02:42:ac:11:00:02", "12:34:56:12:34:56", ".inf", "-.inf", "+.INF", ".nan",
    "inf", "nan", "2026-11-23", "2026-1-2", "2026-11-23T10:20:30Z", "2026-11-23 10:20:30", "2026-11-23t",
    "=", "<<", "<", "==", "- a", "-", "--", "---", "--- a", "-a", "-1a", "? a", "?", "?a", ": a", ":", ":a",
    "a:", "a: b", "a:b", "a :b", "# a", "#a", "a #b", "a# b", "a#b", "&a", "*a", "!a", "!!str a", "%a",
    "%YAML 1.2", "@a", "`a`", "|", "|-", "| a", ">", "> a", "[", "[a]", "]", "{", "{a}", "{a: b}", "}", ",",
    ",a", "a, b", "'", "''", "'a'", "\"", "\"a\"", "it's", "a\"b", "a\\b", "\\n", "it's \"b\" \\", " a",
    "a ", "\ta", "a\t", "a\tb", "a\nb", "a\nb\n", "a\nb\n\n", "a\n\n\nb", "\na", "\n\na\n", " a\nb",
    "  a\n b\nc\n", "\ta\nb", "\t\na", " \na", " \n \na\n", "a\n b\n  c\n", "a \nb", "a\t\nb", "a\n \nb",
    "a\nb ", "a\n\tb\n", "a\n", "a\n\n", " a\n", "a: b\nc: d\n", "# a\n# b\n", "---\na\n---\n",
    "...\n...\n", "- a\n- b\n", "a\r\nb\r\n", "a\rb", "\r", "a\u{85}b", "a\u{2028}b\u{2029}c", "\u{feff}",
    "\u{feff}a", "a\nb\u{feff}\n", "a\u{0}b", "\u{1}", "\u{7}\u{8}\u{b}\u{c}\u{1b}\u{7f}", "\u{80}\u{9f}",
    "\u{a0}", "a\u{a0}", "\u{ad}", "\u{200b}", "a\u{202e}b", "\u{fffd}", "\u{fffe}", "\u{ffff}", "\u{e000}",
    "\u{1f600}", "\u{1fffe}", "\u{10ffff}", "tüv", "漢字", "漢字\n漢字\n", "{{ .Values.a }}", "$(A)", "${A}",
    "a\n---\nb", "a\n# b", "\\", "\"\n\"", "a\\\n  b \n", "x\n  \n", "x\n  \ny",
];

fn text() -> impl Strategy<Value = String> {
    let char = prop_oneof![
        8 => proptest::char::range(' ', '~'),
        4 => proptest::sample::select(vec!['\n', ' ', ':', '#', '-', '\t', '\'', '"', '\\', '0', '1', '.', 'e', '_']),
        1 => any::<char>(),
    ];
    prop_oneof![
        2 => proptest::sample::select(HOSTILE).prop_map(str::to_owned),
        3 => proptest::collection::vec(char, 0..12).prop_map(|chars| chars.into_iter().collect()),
        1 => "[0-9]{1,4}[-._:xeobTZ][0-9a-f._:-]{0,6}",
    ]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![9 => text().boxed(), 1 => (text(), 100_usize..1500).prop_map(|(text, length)| text.repeat(length / text.len().max(1))).boxed()]
}

/// Numbers that the test's own JSON reader has exactly.
fn float() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<i32>().prop_map(|eighths| f64::from(eighths) / 8.0),
        proptest::sample::select(vec![1e16, -2e17, 1.5e300, 1e-7, 2.5e-9, -0.0, 3.0]),
    ]
}

fn tree() -> impl Strategy<Value = Yaml> {
    let leaf = prop_oneof![
        6 => text().prop_map(Yaml::Text),
        1 => any::<i64>().prop_map(Yaml::Int),
        1 => float().prop_map(Yaml::Float),
        1 => any::<bool>().prop_map(Yaml::Bool),
        1 => Just(Yaml::Null),
    ];
    leaf.prop_recursive(4, 30, 5, |inner| {
        let led = (inner.clone(), text(), any::<bool>()).prop_map(|(inner, comment, blank)| {
            let inner = if blank { inner.after_blank() } else { inner };
            inner.under(comment)
        });
        prop_oneof![
            3 => proptest::collection::vec(inner.clone(), 0..5).prop_map(Yaml::List),
            4 => proptest::collection::btree_map(key(), inner, 0..5).prop_map(|map| Yaml::Map(map.into_iter().collect())),
            1 => led,
        ]
    })
}

/// What readers have to understand.
fn meaning(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => json!(value),
        Yaml::Int(value) => json!(value),
        Yaml::Float(value) => json!(value),
        Yaml::Text(text) => json!(text),
        Yaml::List(items) => items.iter().map(meaning).collect(),
        Yaml::Map(entries) => entries.iter().map(|(key, value)| (key.clone(), meaning(value))).collect(),
        Yaml::Under(_, inner) => meaning(inner),
    }
}

/// Prints every tree as a document of one file, and has both readers read it.
fn assert_read_back(trees: &[Yaml]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trees.yaml");
    let documents: String = trees.iter().flat_map(|tree| ["---\n".to_owned(), tree.print()]).collect();
    std::fs::write(&path, documents).unwrap();
    let read = harness::yaml_readers::read(&path).agreed().unwrap_or_else(|why| panic!("{why}"));
    for (tree, read) in trees.iter().zip(&read) {
        assert_eq!(&meaning(tree), read, "printed as:\n{}", tree.print());
    }
    assert_eq!(trees.len(), read.len());
}

#[test]
fn hostile_texts_are_read_back() {
    let texts = || HOSTILE.iter().map(|text| Yaml::text(*text));
    let pair = |text: &&str| Yaml::Map(vec![((*text).to_owned(), Yaml::List(vec![Yaml::text(*text)]))]);
    let mut trees: Vec<Yaml> = texts().collect();
    trees.push(Yaml::List(texts().collect()));
    trees.push(Yaml::Map(HOSTILE.iter().map(|text| ((*text).to_owned(), Yaml::text(*text))).collect()));
    trees.push(Yaml::Map(vec![("nested".into(), Yaml::List(HOSTILE.iter().map(pair).collect()))]));
    assert_read_back(&trees);
}

/// All trees go through the readers at once, which take longer to start than to read.
#[test]
fn any_tree_is_read_back() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, b"the same trees on every test run");
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let trees: Vec<Yaml> = (0..500).map(|_| tree().new_tree(&mut runner).unwrap().current()).collect();
    assert_read_back(&trees);
}

/// helm, helmfile and kubectl read YAML with Go, which has ideas of its own.
#[test]
fn go_reads_them_back() {
    let texts = HOSTILE.iter().map(|text| ((*text).to_owned(), Yaml::text(*text)));
    let numbers = [2.5e16, -1e-7, 0.5].map(Yaml::Float);
    let object = Yaml::Map(vec![
        ("apiVersion".into(), "v1".into()),
        ("kind".into(), "ConfigMap".into()),
        ("metadata".into(), Yaml::text_map([("name", "hostile")])),
        ("numbers".into(), Yaml::List(numbers.to_vec())),
        ("texts".into(), Yaml::Map(texts.collect())),
        ("list".into(), Yaml::texts(HOSTILE.iter().copied())),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("object.yaml");
    std::fs::write(&path, object.print()).unwrap();
    let mut kubectl = harness::tools::command("kubectl");
    kubectl.args(["annotate", "--local", "--overwrite", "a=b", "--output", "json", "--filename"]).arg(&path);
    let read: Value = serde_json::from_str(&harness::Outcome::of(&mut kubectl).succeeded().stdout).unwrap();
    for part in ["texts", "list"] {
        assert_eq!(meaning(&object)[part], read[part]);
    }
    let floats = |value: &Value| value.as_array().unwrap().iter().map(Value::as_f64).collect::<Vec<_>>();
    assert_eq!(floats(&meaning(&object)["numbers"]), floats(&read["numbers"]));
}
