//! Files of strangers: whatever is in them, an error and nothing worse comes of it.

use proptest::prelude::*;
use sops::keys::{Access, Identities};
use sops::{Document, Format, LARGEST, Tree, encrypt};

use crate::plain::{Plain, list, map, text};
use crate::sandbox::{AgeKey, settings};

const FORMATS: [Format; 5] = [Format::Yaml, Format::Json, Format::Dotenv, Format::Ini, Format::Binary];

/// An identity that was published, and is nobody's.
const SOMEBODY: &str = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

/// A small file in each format that is written, with its key.
struct Files {
    identities: Identities,
    texts: Vec<(Format, String)>,
}

impl Files {
    fn new() -> Self {
        let key = AgeKey::generate();
        let flat = map([("A", text("one")), ("B", text("")), ("C", text("two"))]);
        let deep = map([("a", list([text("x"), map([("k", Plain::Int(1))])])), ("n", Plain::Null)]);
        let text = |tree: Tree, format| (format, encrypt(&tree, format, &settings([&key])).unwrap());
        let texts = vec![
            text(deep.tree(), Format::Yaml),
            text(deep.tree(), Format::Json),
            text(flat.tree(), Format::Dotenv),
            text(Tree::binary(b"one".to_vec()), Format::Binary),
        ];
        Self { identities: key.identities(), texts }
    }
}

/// Everything that can be done with a file. Whether it can be decrypted.
fn everything(bytes: &[u8], format: Format, identities: &Identities) -> bool {
    let _ = Tree::from_text(bytes, format).map(|tree| tree.to_text(format).map(drop));
    let Ok(document) = Document::parse(bytes, format) else { return false };
    let Ok(key) = document.unwrap_key(&Access::new(identities)) else { return false };
    document.decrypt_documents(&key).is_ok()
}

fn message(text: &str) -> String {
    Document::parse(text.as_bytes(), Format::Yaml).unwrap_err().to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut identities = Identities::new();
        let _ = identities.add(&bytes, "keys");
        for format in FORMATS {
            everything(&bytes, format, &identities);
        }
    }

    #[test]
    fn any_text_of_the_formats_is_read_or_refused(text in "([ \n\t:#'\"\\[\\]{},&*!|>%@`?~=;-]|[a-c0-9]|sops|\\.\\.\\.|---|\r\n|\\\\[nuxU]|é|🎉){0,60}") {
        for format in FORMATS {
            everything(text.as_bytes(), format, &Identities::new());
        }
    }

    #[test]
    fn any_age_file_is_opened_or_refused(text in "(-----BEGIN AGE ENCRYPTED FILE-----|-----END AGE ENCRYPTED FILE-----|YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0\\+IFgyNTUxOSB|age-encryption.org/v1|-> X25519 |-> mlkem768x25519 |-> ssh-rsa |-> scrypt |--- |[A-Za-z0-9+/]{0,64}|=|\n| ){0,12}") {
        let block = serde_json::json!({"sops": {
            "age": [{"enc": text, "recipient": "somebody"}],
            "lastmodified": "2023-11-14T22:13:20Z",
            "mac": "",
            "version": "3.13.3",
        }});
        let mut identities = Identities::new();
        identities.add(SOMEBODY.as_bytes(), "keys").unwrap();
        prop_assert!(!everything(block.to_string().as_bytes(), Format::Json, &identities));
    }

    #[test]
    fn any_identities_are_read_or_refused(text in "(AGE-SECRET-KEY-1|AGE-SECRET-KEY-PQ-1|AGE-PLUGIN-|age-encryption.org/v1\n|-----BEGIN AGE ENCRYPTED FILE-----\n|-----BEGIN OPENSSH PRIVATE KEY-----\n|-----END OPENSSH PRIVATE KEY-----|b3BlbnNzaC1rZXktdjEA|[A-Z0-9]{1,20}|-> scrypt|#| |\n){0,12}") {
        let _ = Identities::new().add(text.as_bytes(), "keys");
        let _ = sops::keys::identity_from_ssh(&text);
        let _ = text.parse::<sops::keys::Recipient>();
        let _ = sops::keys::recipient_from_ssh(&text);
    }
}

#[test]
fn files_that_were_cut_and_pasted_are_read_or_refused() {
    let Files { identities, texts } = Files::new();
    let pieces: Vec<&str> =
        texts.iter().flat_map(|(_, text)| text.split_inclusive([',', ':', '\n', '='])).collect();
    let change = (
        0..4_usize,
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
    );
    let changes = proptest::collection::vec(change, 1..4);
    proptest!(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() }, |(changes in changes)| {
        for (format, text) in &texts {
            let mut bytes = text.clone().into_bytes();
            for (kind, one, other, piece) in &changes {
                if bytes.is_empty() {
                    break;
                }
                let (one, other) = (one.index(bytes.len()), other.index(bytes.len()));
                let (from, to) = (one.min(other), one.max(other));
                match kind {
                    0 => drop(bytes.drain(from..to)),
                    1 => drop(bytes.splice(from..from, pieces[piece.index(pieces.len())].bytes())),
                    2 => bytes.rotate_left(one),
                    _ => bytes.swap(one, other),
                }
            }
            everything(&bytes, *format, &identities);
        }
    });
}

#[test]
fn what_yaml_has_for_bombs_is_refused() {
    let line = |at| format!("a{at}: &a{at} [{}]\n", vec![format!("*a{}", at - 1); 9].join(","));
    let bomb = (1..30).map(line).collect::<Vec<_>>().concat();
    assert_eq!(message(&bomb), "line 1: anchors and aliases have no use here");
    assert_eq!(message("a: *x\n"), "line 1: anchors and aliases have no use here");
    assert_eq!(message("a: {<<: {b: c}}\n"), "line 1: merges of maps ('<<') have no use here");
    assert_eq!(message("a: !!binary aGk=\n"), "line 1: tags have no use here");
    assert_eq!(message("%YAML 1.1\n---\na: b\n"), "line 1: directives of YAML have no use here");
    assert_eq!(message("? a\n: b\n"), "line 1: keys with a '?' have no use here");
    assert_eq!(message("a: \u{85}b\n"), "line 1: there is a character that YAML readers disagree about");
    assert_eq!(
        message("a: 18446744073709551615\n"),
        "line 1: SOPS has no whole numbers larger than 9223372036854775807"
    );
}

#[test]
fn depth_is_limited() {
    let deep = 100_000;
    let too_deep = |text: String, format| {
        let error = Document::parse(text.as_bytes(), format).unwrap_err().to_string();
        assert!(error.ends_with("the values are nested too deep"), "{error}");
    };
    too_deep(format!("a: {}", "[".repeat(deep)), Format::Yaml);
    too_deep(format!("a: {}", "{a: ".repeat(deep)), Format::Yaml);
    too_deep("- ".repeat(deep), Format::Yaml);
    let steps: Vec<String> = (0..1000).map(|at| format!("{}a:\n", " ".repeat(at))).collect();
    too_deep(steps.concat(), Format::Yaml);
    too_deep(format!("{{\"a\":{}", "[".repeat(deep)), Format::Json);
    too_deep("{\"a\":".repeat(deep), Format::Json);
    too_deep(format!("sops_a{}=x\n", "__map_a".repeat(deep)), Format::Dotenv);
    too_deep(format!("[sops]\na{} = x\n", "__list_0".repeat(deep)), Format::Ini);
}

#[test]
fn size_is_limited() {
    let large = vec![b'a'; LARGEST + 1];
    for format in FORMATS {
        let error = Document::parse(&large, format).unwrap_err().to_string();
        assert_eq!(error, "the file is too large for a secrets file");
    }
    assert!(Identities::new().add(&large, "keys").is_err());
}

/// What takes time by its length does so once, not once for each part of it.
#[test]
fn long_files_are_read_to_their_end() {
    let Files { identities, texts } = Files::new();
    let block = &texts[0].1[texts[0].1.find("sops:").unwrap()..];
    let many = 50_000;
    let long = [
        format!("{block}a: \"{}\"\n", "x ".repeat(many)),
        format!("{block}a: ENC[AES256_GCM,data:{},iv:AA==,tag:AA==,type:str]\n", "AAAA".repeat(many)),
        format!("{block}a: [{}]\n", "null,".repeat(many)),
        format!("{block}a:\n{}", "- null\n".repeat(many)),
        (0..many).fold(block.to_owned(), |text, at| text + &format!("k{at}: null\n")),
        format!("{block}{}", "# x\n".repeat(many)),
        format!("{block}a: |\n{}  x\n", "\n".repeat(many)),
        format!("{block}a: x\n{}", "  x\n".repeat(many)),
        block.replace(
            "            -----END",
            &format!("{}            -----END", format!("            {}\n", "A".repeat(64)).repeat(many / 10)),
        ),
    ];
    for text in long {
        everything(text.as_bytes(), Format::Yaml, &identities);
    }
    let entry = &block[block.find("        - enc").unwrap()..block.find("    lastmodified").unwrap()];
    let many = block.replace(entry, &entry.repeat(257));
    assert_eq!(message(&many), "the 'sops' block has more keys than anybody needs");
}

#[test]
fn a_block_of_metadata_that_is_none_is_refused() {
    let not_encrypted = "the file is not encrypted: it has no 'sops' block";
    assert_eq!(message("a: b\n"), not_encrypted);
    assert_eq!(message(""), not_encrypted);
    assert_eq!(message("sops: null\n"), "the 'sops' block is no map");
    assert_eq!(message("sops: []\n"), "the 'sops' block is no map");
    assert_eq!(message("sops: {}\n"), "the file is encrypted for nobody");
    assert_eq!(message("sops: {age: x}\n"), "a part of the 'sops' block is not the list that it must be");
    assert_eq!(message("sops: {age: [x]}\n"), "a key in the 'sops' block is not the map that it must be");
    assert_eq!(
        message("sops: {age: [{enc: 1}]}\n"),
        "a part of the 'sops' block is not the text that it must be"
    );
    let with = |rest: &str| message(&format!("sops: {{age: [{{enc: x, recipient: y}}], {rest}}}\n"));
    assert_eq!(with("mac: x"), "'lastmodified' is missing in the 'sops' block");
    assert_eq!(with("lastmodified: yesterday"), "the time is not written as in '2026-05-22T20:16:23Z'");
    let dated = |rest: &str| with(&format!("lastmodified: \"2023-11-14T22:13:20Z\", {rest}"));
    assert_eq!(dated("mac: [x]"), "a part of the 'sops' block is not the text that it must be");
    assert_eq!(dated("version: 3.10"), "'version' in the 'sops' block must be in quotes");
    assert_eq!(
        dated("encrypted_regex: (, version: 3.13.3"),
        "the pattern is no regular expression that is known here"
    );
    assert_eq!(dated("mac_only_encrypted: 1"), "'mac_only_encrypted' is neither 'true' nor 'false'");
    let error = Document::parse(b"A=b\n", Format::Dotenv).unwrap_err();
    assert_eq!(error.to_string(), not_encrypted);
    assert_eq!(error.help(), Some("encrypt it with 'sops encrypt --in-place'"));
}

#[test]
fn duplicate_keys_are_refused_everywhere() {
    let twice = |text: &str, format| {
        let error = Document::parse(text.as_bytes(), format).unwrap_err().to_string();
        assert!(error.ends_with("the key stands there twice"), "{error}");
    };
    twice("a: b\nc:\n  d: e\n  'd': f\n", Format::Yaml);
    twice("a: {b: c, \"b\": d}\n", Format::Yaml);
    twice("x: y\n---\na: b\na: c\n", Format::Yaml);
    twice("{\"a\": {\"b\": 1, \"b\": 2}}", Format::Json);
    twice("A=b\nA=c\n", Format::Dotenv);
    twice("[a]\nb = c\nb = d\n", Format::Ini);
    twice("[a]\n[a]\n", Format::Ini);
}

#[test]
fn marks_of_other_systems_are_read() {
    let Files { identities, texts } = Files::new();
    for (format, text) in &texts {
        assert!(everything(text.as_bytes(), *format, &identities), "{format:?}");
        assert!(everything(format!("\u{feff}{text}").as_bytes(), *format, &identities), "{format:?}");
        if matches!(format, Format::Yaml | Format::Json | Format::Binary) {
            assert!(everything(text.replace('\n', "\r\n").as_bytes(), *format, &identities), "{format:?}");
        }
    }
    // Of two bytes a character, as Windows writes it: helm-secrets does not find its mark in such a file.
    let wide: Vec<u8> = texts[0].1.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(Document::parse(&wide, Format::Yaml).is_err());
}

/// What is encrypted twice is decrypted to what was encrypted once, as by SOPS.
#[test]
fn a_file_within_a_file_is_text() {
    let key = AgeKey::generate();
    let inner = encrypt(&map([("a", text("one"))]).tree(), Format::Yaml, &settings([&key])).unwrap();
    let value = inner.lines().next().unwrap().strip_prefix("a: ").unwrap();
    let outer = encrypt(&map([("a", text(value))]).tree(), Format::Yaml, &settings([&key])).unwrap();
    let document = Document::parse(outer.as_bytes(), Format::Yaml).unwrap();
    let read = document.decrypt(&key.unwrap(&document).unwrap()).unwrap();
    assert_eq!(Plain::from(&read), map([("a", text(value))]));
}

#[test]
fn what_is_behind_the_armor_is_refused() {
    let key = AgeKey::generate();
    let file = encrypt(&map([("a", text("one"))]).tree(), Format::Yaml, &settings([&key])).unwrap();
    let end = "            -----END AGE ENCRYPTED FILE-----\n";
    let opens = |other: &str| {
        let document = Document::parse(file.replace(end, other).as_bytes(), Format::Yaml).unwrap();
        key.unwrap(&document).is_ok()
    };
    assert!(opens(end));
    assert!(opens(&format!("{end}\n")));
    assert!(!opens(&format!("{end}            more\n")));
    assert!(!opens("            -----END AGE ENCRYPTED FIL-----\n"));
}
