//! Files that SOPS 3.13.2 wrote, with their plaintexts.

use std::fs;
use std::path::PathBuf;

use sops::keys::{Access, Identities};
use sops::{DataKey, Document, Format};
use zeroize::Zeroizing;

/// The folder of the vectors, or `None` after having written down what is left out.
pub(crate) fn folder() -> Option<PathBuf> {
    Some(harness::tools::test_data("SOPS files of other hands")?.join("data/sops-vectors"))
}

fn manifest(folder: &std::path::Path) -> Vec<(String, DataKey)> {
    let text = fs::read_to_string(folder.join("MANIFEST.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            (words[0].to_owned(), data_key(words[2]))
        })
        .collect()
}

fn data_key(hex: &str) -> DataKey {
    let mut bytes = Zeroizing::new([0; 32]);
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
    }
    DataKey::from_bytes(bytes)
}

fn format(name: &str) -> Format {
    if name.starts_with("blob") { Format::Binary } else { Format::of(name) }
}

#[test]
fn every_vector_decrypts_with_its_data_key() {
    let Some(folder) = folder() else { return };
    let vectors = manifest(&folder);
    assert_eq!(vectors.len(), 19);
    for (name, key) in vectors {
        let document = Document::parse(&fs::read(folder.join(&name)).unwrap(), format(&name)).unwrap();
        let trees = document.decrypt_documents(&key);
        println!("{name}: {trees:?}");
        assert!(trees.is_ok());
    }
}

#[test]
fn every_vector_opens() {
    let Some(folder) = folder() else { return };
    for (name, key) in manifest(&folder) {
        let document = Document::parse(&fs::read(folder.join(&name)).unwrap(), format(&name)).unwrap();
        let mut identities = Identities::new();
        for file in ["key1.txt", "key2.txt", "key-pq.txt", "key-ssh"] {
            identities.add(&fs::read(folder.join(file)).unwrap(), file).unwrap();
        }
        let opened =
            document.unwrap_key(&Access::new(&identities)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(opened.is_same(&key), "{name}");
        assert_eq!(opened.mislabelled(), None, "{name}");
    }
}
