//! Whatever somebody changes in an encrypted file who has no key, it is noticed, and said.

use std::fs;

use harness::sops_placeholder::AgeKey;

use crate::vault::{DELIVERED, SOURCE, Vault};
use crate::world::Run;

/// A change of a file, what it is, and what is to be said about it.
type Change = (&'static str, fn(&str) -> String, &'static str);

/// Exchanges two texts.
fn swap(text: &str, one: &str, other: &str) -> String {
    text.replace(one, "\0").replace(other, one).replace('\0', other)
}

/// The line of a key.
fn line<'a>(text: &'a str, key: &str) -> &'a str {
    let is_it = |line: &&str| line.trim_start().starts_with(&format!("{key}: "));
    text.lines().find(is_it).unwrap_or_else(|| panic!("no line has the key {key}"))
}

/// What stands behind a key.
fn value<'a>(text: &'a str, key: &str) -> &'a str {
    line(text, key).split_once(": ").expect("a value").1
}

/// A recipient whom nobody declared.
fn stranger() -> String {
    AgeKey::generate().recipient().to_owned()
}

/// Changes that both SOPS and hlc notice, and those that only hlc does (T1 to T11 of the threats).
const OF_THE_SOURCE: [Change; 30] = [
    ("two values exchanged", |text| swap(text, value(text, "token"), value(text, "pin")), "'pin'"),
    ("a value renamed", |text| text.replace("\ntoken: ", "\ntoken2: "), "'token2'"),
    ("a value removed", |text| text.replace(&format!("{}\n", line(text, "token")), ""), "removed"),
    ("a value emptied", |text| text.replace(value(text, "token"), "\"\""), "removed"),
    (
        "two values in another order",
        |text| swap(text, line(text, "token"), line(text, "pin")),
        "another order",
    ),
    ("a value in the clear", |text| text.replace(value(text, "token"), "hunter2"), "'token'"),
    ("a date changed", |text| text.replacen("token: \"2027-", "token: \"2028-", 1), "changed"),
    ("the time changed", |text| text.replace("lastmodified: \"2027-", "lastmodified: \"2026-"), "changed"),
    ("the MAC removed", |text| text.replace(&format!("{}\n", line(text, "mac")), ""), "no MAC"),
    ("the MAC emptied", |text| text.replace(value(text, "mac"), "\"\""), "no MAC"),
    (
        "another rule",
        |text| text.replace("unencrypted_suffix: _unencrypted", "unencrypted_suffix: _x"),
        "'hlc_",
    ),
    (
        "two rules",
        |text| text.replace("    version", "    encrypted_suffix: x\n    version"),
        "more than one rule",
    ),
    (
        "a rule that makes the MAC look away",
        |text| text.replace("    unenc", "    mac_only_encrypted: true\n    unenc"),
        "changed",
    ),
    (
        "a value twice",
        |text| text.replacen(line(text, "token"), &format!("{0}\n{0}", line(text, "token")), 1),
        "twice",
    ),
    ("the end cut off", |text| text[..text.len() - 60].to_owned(), ""),
    (
        "T1: a plain name changed",
        |text| text.replacen("        token: \"", "        tokem: \"", 1),
        "hlc_unencrypted",
    ),
    (
        "T1: a plain name of a key exchanged for another",
        |text| swap(text, "        deploy: ssh", "        machin: ssh"),
        "hlc_unencrypted",
    ),
    (
        "T2: bytes moved between plain values",
        |text| text.replacen("\"2027-01-15\"\n        blob: \"", "\"2027-01-1\"\n        blob: \"5", 1),
        "hlc_unencrypted",
    ),
    (
        "T3: a type relabelled",
        |text| text.replace(value(text, "pin"), &value(text, "pin").replace("str]", "int]")),
        "'pin'",
    ),
    (
        "T3: a type relabelled as a comment",
        |text| text.replace(value(text, "pin"), &value(text, "pin").replace("str]", "comment]")),
        "",
    ),
    (
        "T3: a plain text made another type",
        |text| text.replacen("token: \"2027-01-15\"", "token: 2027-01-15", 1),
        "",
    ),
    ("T4: an empty value added", |text| format!("x: \"\"\n{text}"), "'x' should not be there"),
    (
        "T4: a value that is none added",
        |text| format!("token2: null\n{text}"),
        "'token2' should not be there",
    ),
    ("T4: an empty map added", |text| format!("token2: {{}}\n{text}"), "'token2' should not be there"),
    ("T4: a document without values added", |text| format!("{text}---\nx: null\n"), "document"),
    ("T5: a comment", |text| text.replacen("\ntoken:", "\n# approved by ana\ntoken:", 1), "has a comment"),
    (
        "T6: a value put into a list",
        |text| text.replace(line(text, "token"), &format!("token: ['{}']", value(text, "token"))),
        "'token' should be a text",
    ),
    (
        "T7: a key of a secret made a secret",
        |text| {
            let key = line(text, "password");
            text.replace(
                &format!("db:\n{key}\n"),
                &format!("\"db:{}\ndb:\n", key.trim().replacen(':', "\":", 1)),
            )
        },
        "'db:password'",
    ),
    (
        "T8, T10: a recipient nobody declared",
        |text| text.replace("    lastmod", &format!("{}    lastmod", entry(text, &stranger()))),
        "should not be for",
    ),
    (
        "T11: something behind a value",
        |text| text.replace(value(text, "token"), &format!("{}x", value(text, "token"))),
        "'token'",
    ),
];

/// A copy of the first entry of the recipients, for somebody else.
fn entry(text: &str, recipient: &str) -> String {
    let from = text.find("        - enc: |").expect("an entry");
    let to = text.find("    lastmodified").expect("an end");
    let entry = &text[from..to];
    entry.replace(value(entry, "recipient"), recipient)
}

/// What is done with a changed file of values, and how it ends.
const USES: [(&[&str], i32); 5] = [
    (&["secrets", "check"], 1),
    (&["secrets", "show", "token"], 1),
    (&["build"], 1),
    (&["secrets", "rotate", "pin"], 1),
    (&["check"], 1),
];

#[test]
fn changes_of_the_file_of_values_are_noticed_by_all_who_use_it() {
    let vault = Vault::built();
    let good = vault.text(SOURCE);
    // It is out of date, so that a build would use it.
    vault.edit_lab("URL = \"redis://", "URL = \"rediss://");
    let mut wrong = Vec::new();
    for (what, change, says) in OF_THE_SOURCE {
        let changed = change(&good);
        assert_ne!(changed, good, "{what} changes nothing");
        for (command, code) in USES {
            // Whoever is not declared is locked out by what writes the file anew.
            if what.contains("nobody declared") && command.contains(&"rotate") {
                continue;
            }
            vault.world.write(SOURCE, &changed);
            let run = vault.run(command);
            let said = run.all();
            // Where the lab has errors by it (a value that can be read, a public key that is gone), these are said.
            let is_error = said.contains("error[") && run.code == 1;
            // A file that nobody can read keeps `check` from running at all.
            let cannot_run = command == ["check"] && run.code == 2;
            let is_refused = is_error || cannot_run || run.code == code;
            let is_said = is_error || said.contains(says) && said.contains(SOURCE);
            if !is_refused || !is_said || said.contains("panicked") || vault.text(SOURCE) != changed {
                wrong.push(format!("{what}, {command:?}: {said}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    vault.world.write(SOURCE, &good);
    vault.build();
    assert_eq!(vault.wrong(), "");
}

/// Changes of a copy for the admins, which charts read.
const OF_A_COPY: [Change; 17] = [
    ("two values exchanged", |text| swap(text, value(text, "TOKEN"), value(text, "PIN")), "PIN"),
    ("a value renamed", |text| text.replace("TOKEN: ", "TOKEM: "), "TOKEM"),
    ("a value removed", |text| text.replace(&format!("{}\n", line(text, "TOKEN")), ""), "TOKEN"),
    ("the time changed", |text| text.replace("lastmodified: \"2027-", "lastmodified: \"2026-"), "changed"),
    ("the MAC removed", |text| text.replace(&format!("{}\n", line(text, "mac")), ""), "no MAC"),
    ("another rule", |text| text.replace("unencrypted_suffix: _unencrypted", "encrypted_suffix: s"), "rule"),
    ("the end cut off", |text| text[..text.len() - 60].to_owned(), ""),
    (
        "T3: a type relabelled",
        |text| text.replace(value(text, "PIN"), &value(text, "PIN").replace("str]", "int]")),
        "PIN",
    ),
    (
        "T3: a type relabelled as a comment",
        |text| text.replace(value(text, "PIN"), &value(text, "PIN").replace("str]", "comment]")),
        "PIN",
    ),
    (
        "T4: an empty value added",
        |text| text.replace("        TOKEN", "        TOKE: \"\"\n        TOKEN"),
        "TOKE'",
    ),
    ("T4: a value that is none added", |text| format!("x: null\n{text}"), "'x' should not be there"),
    ("T4: a document without values added", |text| format!("{text}---\nx: null\n"), "documents"),
    ("T5: a comment", |text| format!("# fine\n{text}"), "has a comment"),
    (
        "T6: a value put into a list",
        |text| text.replace(value(text, "TOKEN"), &format!("['{}']", value(text, "TOKEN"))),
        "TOKEN",
    ),
    (
        "T7: names joined",
        |text| text.replace("secrets:\n    web-secrets:", "\"secrets:web-secrets\":"),
        "secrets",
    ),
    (
        "T10: a recipient nobody declared",
        |text| text.replace("    lastmod", &format!("{}    lastmod", entry(text, &stranger()))),
        "should not be for",
    ),
    (
        "T11: something behind a value",
        |text| text.replace(value(text, "TOKEN"), &format!("{}x", value(text, "TOKEN"))),
        "TOKEN",
    ),
];

/// Both what `secrets check` and what a build say.
fn check_copy(vault: &Vault, path: &str, what: &str, says: &str) {
    let wrong = vault.wrong();
    assert!(wrong.contains(path) && wrong.contains(says), "{what}: {wrong}");
    let before = vault.text(path);
    let run = vault.run(&["build"]);
    assert_eq!(run.code, 1, "{what}: {}", run.all());
    assert!(run.err.contains(path) && run.err.contains("by hand"), "{what}: {}", run.err);
    assert_eq!(before, vault.text(path));
    assert!(!wrong.contains("panicked") && !run.err.contains("panicked"));
}

#[test]
fn changes_of_copies_are_noticed() {
    let vault = Vault::built();
    let path = DELIVERED[4];
    let good = vault.text(path);
    for (what, change, says) in OF_A_COPY {
        let changed = change(&good);
        assert_ne!(changed, good, "{what} changes nothing");
        vault.world.write(path, &changed);
        check_copy(&vault, path, what, says);
    }
    // Whoever wants it so gets a good one.
    assert_eq!(vault.run(&["build", "--force"]).code, 0);
    assert_eq!(vault.wrong(), "");
}

#[test]
fn copies_for_hosts_are_checked_without_the_keys_of_hosts() {
    let vault = Vault::built();
    let yaml: [Change; 5] = [
        (
            "two values exchanged",
            |text| swap(text, value(text, "login"), value(text, "k3s-token")),
            "'k3s-token'",
        ),
        ("T4: an empty value added", |text| format!("a: \"\"\n{text}"), "'a' should not be there"),
        ("T5: a comment", |text| format!("# fine\n{text}"), "has a comment"),
        (
            "T10: another recipient",
            |text| text.replace(value(text, "recipient"), &stranger()),
            "should not be for",
        ),
        ("T11: something behind a value", |text| text.replace("str]\nlogin", "str]x\nlogin"), "k3s-token"),
    ];
    for path in [DELIVERED[0], DELIVERED[2]] {
        let good = vault.text(path);
        for (what, change, says) in yaml {
            let changed = change(&good);
            assert_ne!(changed, good, "{what} changes nothing");
            vault.world.write(path, changed);
            check_copy(&vault, path, what, says);
        }
        vault.world.write(path, good);
    }
    let good = vault.text(DELIVERED[1]);
    for (what, change) in [
        ("a byte", good.replacen("data:", "data:A", 1)),
        ("a value beside", good.replacen('{', "{ \"x\": \"\",", 1)),
        ("the end", good[..good.len() - 9].to_owned()),
    ] {
        vault.world.write(DELIVERED[1], change);
        check_copy(&vault, DELIVERED[1], what, "");
    }
}

#[test]
fn a_value_of_another_file_is_noticed() {
    let vault = Vault::built();
    // T9: both hosts have the token under the same name; their files have keys of their own.
    let (one, two) = (vault.text(DELIVERED[0]), vault.text(DELIVERED[2]));
    let pasted = two.replace(value(&two, "k3s-token"), value(&one, "k3s-token"));
    vault.world.write(DELIVERED[2], pasted);
    check_copy(&vault, DELIVERED[2], "T9: pasted", "'k3s-token'");
    vault.world.write(DELIVERED[2], &one);
    check_copy(&vault, DELIVERED[2], "T9: the file of the other host", "");
    vault.world.write(DELIVERED[2], &two);

    // An old file is a good one, but not the one that there should be.
    vault.set("token", "something else that is long enough");
    let old = vault.text(DELIVERED[4]);
    vault.build();
    vault.world.write(DELIVERED[4], old);
    check_copy(&vault, DELIVERED[4], "an old file", "does not hold the values that the lab has now");
}

/// Whether what was said is an error without any value in it.
#[track_caller]
fn assert_refused(run: &Run, what: &str, values: &[String]) {
    let said = run.all();
    assert_eq!(run.code, 1, "{what}: {said}");
    assert!(!said.contains("panicked") && !values.iter().any(|value| said.contains(value)), "{what}: {said}");
}

#[test]
fn flipped_bits_and_cut_ends_are_errors() {
    let vault = Vault::built();
    let values = ["token", "pin", "password"].map(|name| vault.show(name));
    let good = fs::read(vault.world.path(SOURCE)).expect("a file");
    let last_line = good.iter().rev().skip(1).position(|byte| *byte == b'\n').expect("lines") + 1;
    let step = good.len() / 40;
    for at in (7..good.len()).step_by(step) {
        let mut flipped = good.clone();
        flipped[at] ^= 1 << (at % 7);
        vault.world.write(SOURCE, &flipped);
        let run = vault.run(&["secrets", "show", "hexed"]);
        // Not every byte means something: a bit of the version, or of the last letters of Base64.
        if run.code != 0 {
            assert_refused(&run, &format!("bit at {at}"), &values);
            assert_eq!(run.out, "", "partial output");
        }
        // The last line is SOPS' own version, of which a part is one, too.
        if good.len() - at <= last_line {
            continue;
        }
        vault.world.write(SOURCE, &good[..at]);
        let run = vault.run(&["secrets", "show", "hexed"]);
        assert_refused(&run, &format!("cut at {at}"), &values);
        assert_eq!(run.out, "", "partial output");
    }
}

#[test]
fn every_bit_of_what_is_encrypted_counts() {
    let vault = Vault::built();
    let good = vault.text(SOURCE);
    let sealed = value(&good, "token");
    for part in ["data:", "iv:", "tag:"] {
        let at = sealed.find(part).expect("a part") + part.len();
        let other = if sealed[at..].starts_with('A') { "B" } else { "A" };
        let changed = format!("{}{other}{}", &sealed[..at], &sealed[at + 1..]);
        vault.world.write(SOURCE, good.replace(sealed, &changed));
        let run = vault.run(&["secrets", "check"]);
        assert!(run.code == 1 && run.err.contains("'token': the value was changed"), "{part}: {}", run.all());
    }
}
