//! The real SOPS reads and edits what the crate writes, and the other way around.

use std::fs;

use harness::Outcome;
use proptest::prelude::*;
use sops::{Document, Format, Outcome as Updated, Tree, encrypt};

use crate::plain::{Plain, any_tree, list, map, text};
use crate::sandbox::{AgeKey, Sandbox, settings};

/// Each case starts SOPS a few times.
fn some_cases() -> ProptestConfig {
    ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() }
}

impl Sandbox {
    /// What the crate reads in the file, with the MAC compared.
    fn plain(&self) -> Plain {
        let document = self.document();
        let key = self.key.unwrap(&document).unwrap();
        (&document.decrypt(&key).unwrap()).into()
    }

    /// Makes the file one for this tree, by the crate.
    fn update(&self, tree: &Plain) {
        let document = self.document();
        let key = self.key.unwrap(&document).unwrap();
        match document.update(&key, &tree.tree(), &settings([&self.key])).unwrap() {
            Updated::Untouched => {}
            Updated::New(file) => self.write(&file.text),
        }
    }
}

/// From the crate to SOPS, which decrypts, compares the MAC, encrypts with another data key, and makes a MAC of its
/// own; back to the crate, which adds something; and to SOPS again.
fn goes_around(sandbox: &Sandbox, format: Format, tree: &Plain) {
    sandbox.write(encrypt(&tree.tree(), format, &settings([&sandbox.key])).unwrap());
    sandbox.sops(&["rotate", "--in-place"]).succeeded();
    assert_eq!(sandbox.plain(), *tree);

    let Plain::Map(mut entries) = tree.clone() else { panic!("{tree:?}") };
    entries.push(("added by the crate".to_owned(), text("new")));
    let tree = Plain::Map(entries);
    sandbox.update(&tree);
    sandbox.sops(&["rotate", "--in-place"]).succeeded();
    assert_eq!(sandbox.plain(), tree);
}

proptest! {
    #![proptest_config(some_cases())]

    #[test]
    fn trees_go_around_in_yaml(tree in any_tree()) {
        goes_around(&Sandbox::new("a.yaml"), Format::Yaml, &tree);
    }

    #[test]
    fn trees_go_around_in_json(tree in any_tree()) {
        goes_around(&Sandbox::new("a.json"), Format::Json, &tree);
    }

    #[test]
    fn files_of_sops_go_around(tree in any_tree()) {
        let sandbox = Sandbox::new("a.json");
        sandbox.write(tree.json().to_string());
        let recipient = sandbox.key.recipient.to_string();
        sandbox.sops(&["encrypt", "--in-place", "--age", &recipient]).succeeded();
        prop_assert_eq!(sandbox.plain(), tree.clone());
        goes_around(&sandbox, Format::Json, &tree);
    }

    #[test]
    fn binary_files_go_around(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let sandbox = Sandbox::new("a.bin");
        let tree = Tree::binary(bytes.clone());
        sandbox.write(encrypt(&tree, Format::Binary, &settings([&sandbox.key])).unwrap());
        sandbox.sops(&["rotate", "--in-place"]).succeeded();
        prop_assert_eq!(sandbox.plain(), map([("data", Plain::Other(bytes))]));
        let document = sandbox.document();
        let outcome = document.update(&sandbox.key.unwrap(&document).unwrap(), &tree, &settings([&sandbox.key]));
        prop_assert!(matches!(outcome, Ok(Updated::Untouched)));
    }

    #[test]
    fn dotenv_files_go_around(values in proptest::collection::btree_map("[A-Z]{1,5}", "([ -\\[\\]-~é🎉]|\n){0,20}", 1..6)) {
        let sandbox = Sandbox::new("a.env");
        let tree = Plain::Map(values.into_iter().map(|(key, value)| (key, Plain::Str(value))).collect());
        sandbox.write(encrypt(&tree.tree(), Format::Dotenv, &settings([&sandbox.key])).unwrap());
        sandbox.sops(&["rotate", "--in-place"]).succeeded();
        prop_assert_eq!(sandbox.plain(), tree);
    }

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

/// Numbers that are easily written in another way than Go does: the MAC goes over how they are written.
#[test]
fn floats_are_what_they_are_to_go() {
    let floats = [
        0.0,
        -0.0,
        1.0,
        0.1,
        1e21,
        1e-7,
        5e-324,
        f64::MAX,
        f64::MIN_POSITIVE,
        // Equally near to …08.2 and …08.3.
        1_086_504_561_514_508.2,
        178_125_578_014_205.12,
        9_007_199_254_740_993.0,
    ];
    let tree = map([("floats", Plain::List(floats.map(Plain::Float).into()))]);
    goes_around(&Sandbox::new("a.yaml"), Format::Yaml, &tree);
    goes_around(&Sandbox::new("a.json"), Format::Json, &tree);
}

fn some_tree() -> Plain {
    map([
        ("admin", map([("password", text("correct horse")), ("port", Plain::Int(8080))])),
        ("users", list([text("ann"), text("ann"), text("bob")])),
        ("empty", text("")),
        ("none", Plain::Null),
    ])
}

#[test]
fn sops_edits_what_the_crate_wrote() {
    let sandbox = Sandbox::new("a.yaml");
    sandbox.write(encrypt(&some_tree().tree(), Format::Yaml, &settings([&sandbox.key])).unwrap());

    let file = sandbox.path("a.yaml");
    let mut set = sandbox.command();
    set.arg("set").arg(&file).args([r#"["admin"]["password"]"#, r#""battery staple""#]);
    Outcome::of(&mut set).succeeded();
    let with = |password, port| {
        map([
            ("admin", map([("password", text(password)), ("port", Plain::Int(port))])),
            ("users", list([text("ann"), text("ann"), text("bob")])),
            ("empty", text("")),
            ("none", Plain::Null),
        ])
    };
    assert_eq!(sandbox.plain(), with("battery staple", 8080));

    let mut edit = sandbox.command();
    Outcome::of(edit.env("EDITOR", "sed -i s/8080/9090/").arg("edit").arg(&file)).succeeded();
    assert_eq!(sandbox.plain(), with("battery staple", 9090));

    let mut unset = sandbox.command();
    Outcome::of(unset.arg("unset").arg(&file).arg(r#"["none"]"#)).succeeded();
    sandbox.update(&some_tree());
    sandbox.sops(&["rotate", "--in-place"]).succeeded();
    assert_eq!(sandbox.plain(), some_tree());
}

/// Which comment stands before what is not read. What looks encrypted is, and the MAC shows whether that is right.
#[test]
fn rules_that_go_by_comments_are_read() {
    for rule in ["encrypted_comment_regex: secret", "unencrypted_comment_regex: public"] {
        let sandbox = Sandbox::new("a.yaml");
        sandbox.write("# secret\na: one\nb:\n    # public\n    c: [two]\n    d: three\n");
        let rules = format!("creation_rules: [{{age: {}, {rule}}}]\n", sandbox.key.recipient);
        fs::write(sandbox.path(".sops.yaml"), rules).unwrap();
        sandbox.sops(&["encrypt", "--in-place"]).succeeded();
        let file = String::from_utf8(sandbox.read()).unwrap();
        assert!(file.contains("a: ENC[") && file.contains("- two\n"), "{file}");
        let inner = map([("c", list([text("two")])), ("d", text("three"))]);
        assert_eq!(sandbox.plain(), map([("a", text("one")), ("b", inner)]));
        // A value that is not as the MAC has it is noticed, encrypted or not.
        let document = Document::parse(file.replace("- two\n", "- 2\n").as_bytes(), Format::Yaml).unwrap();
        assert!(document.decrypt(&sandbox.key.unwrap(&document).unwrap()).is_err());
    }
}

#[test]
fn sops_gives_the_file_to_others() {
    let sandbox = Sandbox::new("a.yaml");
    let other = AgeKey::generate();
    sandbox.write(encrypt(&some_tree().tree(), Format::Yaml, &settings([&sandbox.key])).unwrap());
    let rules = format!("creation_rules: [{{age: \"{},{}\"}}]\n", sandbox.key.recipient, other.recipient);
    fs::write(sandbox.path(".sops.yaml"), rules).unwrap();
    sandbox.sops(&["updatekeys", "--yes"]).succeeded();

    let document = sandbox.document();
    let key = other.unwrap(&document).unwrap();
    assert_eq!(Plain::from(&document.decrypt(&key).unwrap()), some_tree());
    let both = settings([&sandbox.key, &other]);
    assert!(matches!(document.update(&key, &some_tree().tree(), &both), Ok(Updated::Untouched)));
}

#[test]
fn sops_reads_what_the_crate_updated() {
    let sandbox = Sandbox::new("a.yaml");
    let other = AgeKey::generate();
    sandbox.write(encrypt(&some_tree().tree(), Format::Yaml, &settings([&other])).unwrap());
    // The file changes hands: from one who leaves to one who stays.
    let document = sandbox.document();
    let key = other.unwrap(&document).unwrap();
    let Updated::New(file) = document.rekey(&key, &settings([&sandbox.key])).unwrap() else {
        panic!("untouched")
    };
    sandbox.write(&file.text);
    let json = sandbox.sops(&["decrypt", "--output-type", "json"]).succeeded().stdout;
    assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap(), some_tree().json());
}
