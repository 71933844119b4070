//! Files that somebody changed who does not have the key.

use std::fs;

use sops::{Document, Format, Rule, Settings, Tree, encrypt};

use crate::plain::{Plain, list, map, text};
use crate::sandbox::{AgeKey, Sandbox, settings};

/// A file of whose values some are plain, because their keys say so.
fn tree() -> Plain {
    map([
        ("a", text("one")),
        ("b", text("two")),
        ("c", map([("d", text("three"))])),
        ("l", list([text("x"), text("y")])),
        ("n", Plain::Int(12)),
        ("empty", text("")),
        ("none", Plain::Null),
        ("p_unencrypted", text("12")),
        ("q_unencrypted", text("3")),
    ])
}

fn with_plain_values(key: &AgeKey) -> Settings<'static> {
    settings([key]).rule(Rule::default())
}

/// All that is found to be wrong with a file that should be as in [`tree`].
fn found(bytes: &[u8], key: &AgeKey, settings: &Settings<'_>, tree: &Tree) -> Vec<String> {
    let document = match Document::parse(bytes, Format::Yaml) {
        Ok(document) => document,
        Err(error) => return vec![error.to_string()],
    };
    let data_key = match key.unwrap(&document) {
        Ok(data_key) => data_key,
        Err(error) => return vec![error.to_string()],
    };
    match document.verify(&data_key, &tree.shape(), settings) {
        Err(deviations) => deviations.iter().map(ToString::to_string).collect(),
        // What stands there for everybody to read may still have been changed between values.
        Ok(read) => read.differences(tree).iter().map(|path| format!("'{path}' is another value")).collect(),
    }
}

/// One line of a file, by how it begins.
fn line<'t>(text: &'t str, start: &str) -> &'t str {
    text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("no {start}\n{text}"))
}

/// The value on a line.
fn value<'t>(text: &'t str, start: &str) -> &'t str {
    &line(text, start)[start.len()..]
}

fn replaced(text: &str, one: &str, other: &str) -> String {
    assert!(text.contains(one), "no {one}\n{text}");
    text.replacen(one, other, 1)
}

/// Both lines, each at the place of the other.
fn swapped(text: &str, one: &str, other: &str) -> String {
    let (one, other) = (line(text, one), line(text, other));
    replaced(&replaced(&replaced(text, one, "\u{1}"), other, one), "\u{1}", other)
}

/// A change, and what it is found by.
struct Attack {
    name: &'static str,
    text: String,
    /// Whether SOPS takes the file for a good one.
    fools_sops: bool,
    found: &'static str,
}

const WRONG_MAC: &str = "values were added, removed, changed or put in another order by hand";

/// What SOPS does not notice.
fn unnoticed(text: &str, key: &AgeKey, other: &AgeKey) -> Vec<Attack> {
    let fools = |name, text, found| Attack { name, text, fools_sops: true, found };
    let wrapped =
        |start: &str| replaced(text, line(text, start), &format!("a:\n    - {}", value(text, start)));
    let label = format!("recipient: {}", key.recipient);
    let block = &text[text.find("        - enc: |").unwrap()..text.find("    lastmodified").unwrap()];
    let more = |recipient: &str| {
        replaced(text, block, &format!("{block}{}", replaced(block, &key.recipient.to_string(), recipient)))
    };
    let stranger = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg";
    let d = value(text, "    d: ");
    vec![
        fools("T1", replaced(text, "p_unencrypted", "z_unencrypted"), "'p_unencrypted' is missing"),
        fools(
            "T2",
            replaced(
                text,
                "p_unencrypted: \"12\"\nq_unencrypted: \"3\"",
                "p_unencrypted: \"1\"\nq_unencrypted: \"23\"",
            ),
            "'p_unencrypted' is another value",
        ),
        fools(
            "T3 plain",
            replaced(text, "p_unencrypted: \"12\"", "p_unencrypted: 12"),
            "'p_unencrypted' should be of type str, and is int",
        ),
        fools(
            "T3 int as str",
            replaced(text, ",type:int]", ",type:str]"),
            "'n' should be of type int, and is str",
        ),
        fools(
            "T3 int as float",
            replaced(text, ",type:int]", ",type:float]"),
            "'n' should be of type int, and is float",
        ),
        fools(
            "T4 null",
            replaced(text, "none: null", "none: null\nmore: null"),
            "'more' should not be there",
        ),
        fools(
            "T4 empty",
            replaced(text, "none: null", "none: null\nmore: \"\""),
            "'more' should not be there",
        ),
        fools("T4 removed", replaced(text, "none: null\n", ""), "'none' is missing"),
        fools("T4 document", format!("{text}---\nmore: null\n"), "the file has 2 documents instead of one"),
        fools(
            "T5",
            format!("# do not use\n{text}"),
            "line 1 has a comment, which anybody could have put there",
        ),
        fools("T6", wrapped("a: "), "'a' should be something else: a value, a list or a map"),
        fools("T7", replaced(text, &format!("c:\n    d: {d}"), &format!("\"c:d\": {d}")), "'c' is missing"),
        fools(
            "T10 label",
            replaced(text, &label, &format!("recipient: {stranger}")),
            "the file should be for",
        ),
        fools(
            "T10 more",
            more(stranger),
            "the file should not be for 'age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg'",
        ),
        fools("T10 twice", more(&key.recipient.to_string()), "the file should not be for"),
        fools(
            "T10 other",
            replaced(text, &label, &format!("recipient: {}", other.recipient)),
            "the file should be for",
        ),
        fools(
            "T11",
            replaced(text, "type:str]\n", "type:str] and more\n"),
            "'a': the encrypted value is damaged",
        ),
    ]
}

/// What SOPS notices, too.
fn noticed(text: &str) -> Vec<Attack> {
    let fails = |name, text, found| Attack { name, text, fools_sops: false, found };
    let with = |start: &str, value: &str| replaced(text, line(text, start), &format!("{start}{value}"));
    let without = |start: &str| replaced(text, &format!("{}\n", line(text, start)), "");
    let a_and_b = {
        let (a, b) = (value(text, "a: "), value(text, "b: "));
        replaced(&replaced(&replaced(text, a, "\u{1}"), b, a), "\u{1}", b)
    };
    let items: Vec<&str> = text.lines().filter(|line| line.starts_with("    - ")).collect();
    let list = format!("{}\n{}", items[0], items[1]);
    let altered = "the value was changed, or was encrypted for another place or file";
    vec![
        fails("values swapped", a_and_b, altered),
        fails(
            "list in another order",
            replaced(text, &list, &format!("{}\n{}", items[1], items[0])),
            WRONG_MAC,
        ),
        fails("keys in another order", swapped(text, "a: ", "b: "), WRONG_MAC),
        fails("value removed", without("a: "), WRONG_MAC),
        fails("value emptied", with("a: ", "\"\""), WRONG_MAC),
        fails("plain value changed", with("p_unencrypted: ", "\"13\""), WRONG_MAC),
        fails("key renamed", replaced(text, "\nb: ", "\nbb: "), altered),
        fails("another time", with("    lastmodified: ", "\"2020-01-01T00:00:00Z\""), WRONG_MAC),
        fails("no time", without("    lastmodified: "), "'lastmodified' is missing in the 'sops' block"),
        fails("no MAC", without("    mac: "), "the file has no MAC, so nothing says that it is complete"),
        fails(
            "empty MAC",
            with("    mac: ", "\"\""),
            "the file has no MAC, so nothing says that it is complete",
        ),
        fails("another value as MAC", with("    mac: ", value(text, "a: ")), WRONG_MAC),
        fails(
            "another rule",
            with("    unencrypted_suffix: ", "_secret"),
            "'p_unencrypted': the value should be encrypted and is not",
        ),
        fails(
            "MAC over less",
            replaced(text, "    version", "    mac_only_encrypted: true\n    version"),
            WRONG_MAC,
        ),
        fails(
            "two rules",
            replaced(text, "    version", "    encrypted_suffix: x\n    version"),
            "the 'sops' block has more than one rule of what is encrypted",
        ),
        fails("plain text for a value", with("b: ", "two"), "'b': the value should be encrypted and is not"),
        fails("number for a value", with("b: ", "2"), "'b': the value should be encrypted and is not"),
        fails("key twice", replaced(text, "b: ", "a: x\nb: "), "the key stands there twice"),
        fails(
            "str as comment",
            replaced(text, "type:str]\nb:", "type:comment]\nb:"),
            "'a': a comment stands where a value should be",
        ),
        fails(
            "type of bytes",
            replaced(text, ",type:int]", ",type:bytes]"),
            "'n': the encrypted value is of a type",
        ),
        fails(
            "unknown type",
            replaced(text, ",type:int]", ",type:bigint]"),
            "'n': the encrypted value is of a type",
        ),
        fails("no recipients", replaced(text, "    age:", "    nobody:"), "the file is encrypted for nobody"),
        fails("no such version", with("    version: ", "latest"), "'version' in the 'sops' block is none"),
        fails("no version", without("    version: "), "'version' in the 'sops' block is none"),
    ]
}

#[test]
fn every_change_is_found_and_said() {
    let sandbox = Sandbox::new("a.yaml");
    let other = AgeKey::generate();
    let settings = with_plain_values(&sandbox.key);
    let text = encrypt(&tree().tree(), Format::Yaml, &settings).unwrap();
    assert_eq!(found(text.as_bytes(), &sandbox.key, &settings, &tree().tree()), Vec::<String>::new());
    for attack in unnoticed(&text, &sandbox.key, &other).into_iter().chain(noticed(&text)) {
        let Attack { name, text, fools_sops, .. } = attack;
        sandbox.write(&text);
        let outcome = sandbox.sops(&["decrypt"]);
        assert_eq!(outcome.ok, fools_sops, "{name}: {outcome}\n{text}");
        let found = found(text.as_bytes(), &sandbox.key, &settings, &tree().tree());
        assert!(found.iter().any(|message| message.contains(attack.found)), "{name}: {found:#?}\n{text}");
    }
}

/// A file of which everything should be encrypted has no plain values to move things between.
#[test]
fn nothing_plain_is_accepted_where_all_should_be_encrypted() {
    let sandbox = Sandbox::new("a.yaml");
    let text = encrypt(&tree().tree(), Format::Yaml, &with_plain_values(&sandbox.key)).unwrap();
    let found = found(text.as_bytes(), &sandbox.key, &settings([&sandbox.key]), &tree().tree());
    let expected = ["p_unencrypted", "q_unencrypted"]
        .map(|key| format!("'{key}' should be encrypted, and can be read by everybody"));
    assert_eq!(found, expected);
}

/// T8: where the MAC goes over encrypted values only, the others can be changed.
#[test]
fn a_mac_over_less_than_everything_is_refused() {
    let sandbox = Sandbox::new("a.yaml");
    sandbox.write("a: one\np_unencrypted: old\n");
    let recipient = sandbox.key.recipient.to_string();
    let rule = format!("creation_rules: [{{age: {recipient}, mac_only_encrypted: true}}]\n");
    fs::write(sandbox.path(".sops.yaml"), rule).unwrap();
    sandbox.sops(&["encrypt", "--in-place"]).succeeded();
    let text = replaced(std::str::from_utf8(&sandbox.read()).unwrap(), "old", "new");
    sandbox.write(&text);
    sandbox.sops(&["decrypt"]).succeeded();
    let tree = map([("a", text_of("one")), ("p_unencrypted", text_of("old"))]).tree();
    let found = found(text.as_bytes(), &sandbox.key, &with_plain_values(&sandbox.key), &tree);
    assert_eq!(found, ["the MAC does not go over plain values"]);
}

fn text_of(value: &str) -> Plain {
    text(value)
}

/// T9: what is encrypted with one key can be moved from file to file. So no two files of the crate have one, and where
/// others made such, it can be seen.
#[test]
fn two_files_with_one_key_are_noticed() {
    let key = AgeKey::generate();
    let parse = |text: &str| Document::parse(text.as_bytes(), Format::Yaml).unwrap();
    let one = encrypt(&map([("a", text("one"))]).tree(), Format::Yaml, &settings([&key])).unwrap();
    let document = parse(&one);
    let data_key = key.unwrap(&document).unwrap();
    let tree = map([("a", text("two"))]).tree();
    let Ok(sops::Outcome::New(two)) = document.update(&data_key, &tree, &settings([&key])) else {
        panic!("untouched")
    };
    assert!(key.unwrap(&parse(&two.text)).unwrap().is_same(&data_key));

    let other = encrypt(&tree, Format::Yaml, &settings([&key])).unwrap();
    assert!(!key.unwrap(&parse(&other)).unwrap().is_same(&data_key));
    // Into such a file nothing can be moved.
    let moved = replaced(&other, line(&other, "a: "), line(&one, "a: "));
    let document = parse(&moved);
    assert!(document.decrypt(&key.unwrap(&document).unwrap()).is_err());
}

/// An entry that says that it is for somebody else than it is: the next rotation would leave the one out, or encrypt
/// for the other.
#[test]
fn labels_that_were_swapped_are_noticed() {
    let (key, other) = (AgeKey::generate(), AgeKey::generate());
    let both = settings([&key, &other]);
    let tree = map([("a", text("one"))]).tree();
    let file = encrypt(&tree, Format::Yaml, &both).unwrap();
    let [one, two] = [&key, &other].map(|key| format!("          recipient: {}", key.recipient));
    let file = swapped(&file, &one, &two);
    let expected = format!("what says that it is for '{}' is for '{}'", other.recipient, key.recipient);
    assert_eq!(found(file.as_bytes(), &key, &both, &tree), [expected]);
    let document = Document::parse(file.as_bytes(), Format::Yaml).unwrap();
    let Ok(sops::Outcome::New(file)) = document.rekey(&key.unwrap(&document).unwrap(), &both) else {
        panic!("untouched")
    };
    assert!(file.has_new_key);
    assert_eq!(found(file.text.as_bytes(), &key, &both, &tree), Vec::<String>::new());
}

/// A small file, with a key of its own.
fn small() -> (AgeKey, Tree, String) {
    let key = AgeKey::generate();
    let tree = map([("a", text("one")), ("n", Plain::Int(7))]).tree();
    let text = encrypt(&tree, Format::Yaml, &settings([&key])).unwrap();
    (key, tree, text)
}

#[test]
fn a_file_that_ends_too_early_is_an_error_wherever_it_ends() {
    let (key, tree, text) = small();
    for end in 0..text.len() {
        let found = found(&text.as_bytes()[..end], &key, &settings([&key]), &tree);
        assert!(!found.is_empty() || &text[end..] == "\n", "{}", &text[..end]);
    }
}

#[test]
fn every_flipped_bit_is_noticed() {
    let (key, tree, text) = small();
    let (identities, settings) = (key.identities(), settings([&key]));
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let document = Document::parse(&bytes, Format::Yaml);
            let verified = document.map_err(|error| error.to_string()).and_then(|document| {
                let key = document.unwrap_key(&sops::keys::Access::new(&identities));
                let key = key.map_err(|error| error.to_string())?;
                let tree = document.verify(&key, &tree.shape(), &settings);
                tree.map_err(|deviations| format!("{deviations:?}"))
            });
            if let Ok(read) = verified {
                // Of the version nobody needs to know.
                let line = text[..at].lines().count();
                let is_version = text.lines().nth(line - 1).is_some_and(|line| line.contains("version: "));
                assert!(is_version && read == tree, "{}", String::from_utf8_lossy(&bytes));
            }
        }
    }
}

#[test]
fn what_cannot_be_decrypted_says_whom_to_ask() {
    let (key, _, text) = small();
    let document = Document::parse(text.as_bytes(), Format::Yaml).unwrap();
    let error = AgeKey::generate().unwrap(&document).unwrap_err();
    let expected = format!("none of the identities can decrypt it; it is for {}", key.recipient);
    assert_eq!(error.to_string(), expected);
    assert!(error.help().unwrap().starts_with("ask one of them"));
}
