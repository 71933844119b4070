//! Files that SOPS 3.13.2 wrote, with their plaintexts.

use std::fs;
use std::path::{Path, PathBuf};

use sops::keys::{Access, Identities};
use sops::{DataKey, Document, Format, Map, Settings, Tree, encrypt};
use zeroize::Zeroizing;

use crate::plain::{Plain, list, map, text};
use crate::sandbox::{Sandbox, time};

/// The folder of the vectors, or `None` after having written down what is left out.
fn folder() -> Option<PathBuf> {
    Some(harness::tools::test_data("SOPS files of other hands")?.join("data/sops-vectors"))
}

/// The vectors, each with its data key.
fn vectors(folder: &Path) -> Vec<(String, Document, DataKey)> {
    let manifest = fs::read_to_string(folder.join("MANIFEST.txt")).unwrap();
    let lines = manifest.lines().filter(|line| !line.starts_with('#'));
    let vectors = lines.map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        (words[0].to_owned(), read(folder, words[0]), data_key(words[2]))
    });
    vectors.collect()
}

fn read(folder: &Path, name: &str) -> Document {
    Document::parse(&fs::read(folder.join(name)).unwrap(), format(name))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn data_key(hexadecimal: &str) -> DataKey {
    let mut bytes = Zeroizing::new([0; 32]);
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hexadecimal[2 * at..2 * at + 2], 16).unwrap();
    }
    DataKey::from_bytes(bytes)
}

fn format(name: &str) -> Format {
    if name.starts_with("blob") { Format::Binary } else { Format::of(name) }
}

fn identities(folder: &Path, names: &[&str]) -> Identities {
    let mut identities = Identities::new();
    for name in names {
        identities.add(&fs::read(folder.join(name)).unwrap(), name).unwrap();
    }
    assert_eq!(identities.skipped(), []);
    identities
}

/// What is in a vector, where its plaintext is not read by the crate itself: with types as SOPS keeps them.
fn expected(folder: &Path, name: &str) -> Vec<Plain> {
    let plain = |name: &str| {
        let tree = Tree::from_text(&fs::read(folder.join(name)).unwrap(), Format::of(name));
        vec![Plain::from(&tree.unwrap())]
    };
    match name {
        "blob.enc.json" => {
            vec![map([("data", Plain::Other(fs::read(folder.join("blob.plain.bin")).unwrap()))])]
        }
        "multidoc.enc.yaml" => vec![map([("a", Plain::Int(1))]), map([("b", text("two"))])],
        "seqcomment.enc.yaml" => vec![map([("items", list([text("real")]))])],
        "comments.enc.yaml" => {
            vec![map([("a", Plain::Int(1)), ("b", map([("c", Plain::Int(2))]))])]
        }
        "time.enc.yaml" => vec![map([
            ("t", Plain::Other(b"2024-01-02T00:00:00Z".to_vec())),
            ("t2", Plain::Other(b"2024-01-02T03:04:05.678Z".to_vec())),
        ])],
        "types.enc.yaml" => vec![types()],
        "types.enc.json" => vec![types_of_json()],
        "types.enc.env" => plain("types.plain.env"),
        "types.enc.ini" => plain("types.plain.ini"),
        name if name.starts_with("rules.") => plain("rules.plain.yaml"),
        _ => plain("one.plain.yaml"),
    }
}

fn types() -> Plain {
    let items = list([text("x"), text("x"), map([("y", text("z"))]), list([Plain::Int(1), Plain::Int(2)])]);
    map([
        ("a", text("hello")),
        ("b", Plain::Int(5)),
        ("c", Plain::Float(1.5)),
        ("d", Plain::Bool(true)),
        ("neg", Plain::Int(-7)),
        ("big", Plain::Int(i64::MAX)),
        ("f0", Plain::Float(1.0)),
        ("ftiny", Plain::Float(1e-7)),
        ("fhuge", Plain::Float(1e21)),
        ("e", Plain::Null),
        ("f", text("")),
        ("sp", text(" ")),
        ("g", items),
        ("m", map([])),
        ("l", list([])),
        ("h_unencrypted", text("q")),
        ("sub_unencrypted", map([("deep", text("visible")), ("n", Plain::Int(3))])),
        ("ml", text("line1\nline2\n")),
        ("uni", text("hé 🎉")),
        ("key with space", text("v")),
        ("a:b", text("colon")),
    ])
}

fn types_of_json() -> Plain {
    map([
        ("a", Plain::Int(1)),
        ("b", Plain::Float(1.5)),
        ("c", Plain::Float(1000.0)),
        ("d", Plain::Bool(true)),
        ("e", Plain::Null),
        ("f", text("")),
        ("g", map([])),
        ("h", list([])),
        ("i", text("<&>")),
        ("j_unencrypted", text("<&>")),
        ("arr", list([text("x"), map([("y", Plain::Int(2))])])),
    ])
}

#[test]
fn every_vector_decrypts_to_its_plaintext() {
    let Some(folder) = folder() else { return };
    let vectors = vectors(&folder);
    assert_eq!(vectors.len(), 19);
    for (name, document, key) in vectors {
        let trees = document.decrypt_documents(&key).unwrap_or_else(|error| panic!("{name}: {error}"));
        let plain: Vec<Plain> = trees.iter().map(Plain::from).collect();
        assert_eq!(plain, expected(&folder, &name), "{name}");
    }
}

#[test]
fn the_data_key_of_every_vector_is_found() {
    let Some(folder) = folder() else { return };
    for (name, document, key) in vectors(&folder) {
        let names: &[&str] = match name.as_str() {
            "shamir2of2.enc.yaml" => &["key1.txt", "key2.txt"],
            "pq.enc.yaml" => &["key-pq.txt"],
            "ssh.enc.yaml" => &["key-ssh"],
            _ => &["key1.txt"],
        };
        let opened = document.unwrap_key(&Access::new(&identities(&folder, names)));
        let opened = opened.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(opened.is_same(&key), "{name}");
        assert_eq!(opened.mislabelled(), None, "{name}");
    }
}

#[test]
fn a_key_that_is_not_enough_is_not_enough() {
    let Some(folder) = folder() else { return };
    let message = |name, keys: &[&str]| {
        read(&folder, name).unwrap_key(&Access::new(&identities(&folder, keys))).unwrap_err().to_string()
    };
    let half = message("shamir2of2.enc.yaml", &["key2.txt"]);
    assert_eq!(half, "the keys of 2 groups are needed, and 1 could be decrypted");
    let other = message("pq.enc.yaml", &["key1.txt", "key-ssh"]);
    assert!(other.starts_with("none of the identities can decrypt it; it is for age1pq1"), "{other}");
}

#[test]
fn every_vector_is_written_so_that_sops_reads_the_same() {
    let Some(folder) = folder() else { return };
    for (name, document, key) in vectors(&folder) {
        // SOPS itself cannot write several documents that are alike, and INI is read only.
        if name == "multidoc.enc.yaml" || document.format() == Format::Ini {
            continue;
        }
        let (file, kind) = match document.format() {
            Format::Yaml => ("a.yaml", "yaml"),
            Format::Json => ("a.json", "json"),
            Format::Dotenv => ("a.env", "dotenv"),
            Format::Binary | Format::Ini => ("a.bin", "binary"),
        };
        let sandbox = Sandbox::new(file);
        let settings = Settings::new([sandbox.key.recipient.clone()], time(0));
        let settings = settings.rule(document.metadata().rule.clone());
        let tree = without_colons(document.decrypt(&key).unwrap());
        sandbox.write(encrypt(&tree, document.format(), &settings).unwrap());
        let read = sandbox.sops(&["decrypt", "--input-type", kind, "--output-type", kind]).succeeded().stdout;
        let read = Tree::from_text(read.as_bytes(), document.format()).unwrap();
        let back = |tree: &Tree| {
            let text = tree.to_text(document.format()).unwrap();
            // SOPS writes whole floats like whole numbers.
            String::from_utf8_lossy(text.expose()).replace(".0\n", "\n").replace(".0,\n", ",\n")
        };
        let (tree, read) = (back(&tree), back(&read));
        // As for 1e21, which SOPS writes as such.
        assert_eq!(tree.replace("1.0e+21", "1e+21"), read.replace("1.0e+21", "1e+21"), "{name}");
    }
}

/// The tree without keys that the crate does not write.
fn without_colons(tree: Tree) -> Tree {
    let mut kept = Map::new();
    for (key, node) in tree {
        if !key.contains(':') {
            kept.insert(key, node).unwrap();
        }
    }
    kept
}
