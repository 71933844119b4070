//! The exact form of files: what helm-secrets looks for, what sops-nix needs.

use sops::{Format, Rule, encrypt};

use crate::plain::{Plain, list, map, text};
use crate::sandbox::{AgeKey, settings};

/// A file with what differs each time taken out.
fn masked(text: &str) -> String {
    let (mut masked, mut is_armor) = (String::new(), false);
    for line in text.lines() {
        let mut line = line.to_owned();
        if let Some(at) = line.find("data:") {
            line.replace_range(at..line.find(",type:").unwrap(), "…");
        }
        if let Some(at) = line.find("age1") {
            line.replace_range(at.., "age1…");
        }
        is_armor &= !line.contains("-----END");
        if !is_armor {
            masked += &line;
            masked.push('\n');
        }
        is_armor |= line.contains("-----BEGIN");
    }
    masked
}

#[test]
fn yaml_is_as_sops_3_13_writes_it() {
    let tree = map([
        ("db", map([("password", text("a")), ("y", Plain::Int(1)), ("none", Plain::Null)])),
        (
            "list",
            list([text("x"), map([("k", text("v")), ("deep", map([("z", text("v"))]))]), list([text("q")])]),
        ),
        ("empty", text("")),
        ("nothing", map([])),
    ]);
    let written = encrypt(&tree.tree(), Format::Yaml, &settings([&AgeKey::generate()])).unwrap();
    let expected = r#"db:
    password: ENC[AES256_GCM,…,type:str]
    "y": ENC[AES256_GCM,…,type:int]
    none: null
list:
    - ENC[AES256_GCM,…,type:str]
    - k: ENC[AES256_GCM,…,type:str]
      deep:
        z: ENC[AES256_GCM,…,type:str]
    - - ENC[AES256_GCM,…,type:str]
empty: ""
nothing: {}
sops:
    age:
        - enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            -----END AGE ENCRYPTED FILE-----
          recipient: age1…
    lastmodified: "2023-11-14T22:13:20Z"
    mac: ENC[AES256_GCM,…,type:str]
    unencrypted_suffix: _unencrypted
    version: 3.13.3
"#;
    assert_eq!(masked(&written), expected);
}

#[test]
fn json_is_as_sops_3_13_writes_it() {
    let tree = map([("a", list([text("x"), Plain::Null])), ("b", text(""))]);
    let written = encrypt(&tree.tree(), Format::Json, &settings([&AgeKey::generate()])).unwrap();
    let start = "{\n\t\"a\": [\n\t\t\"ENC[AES256_GCM,";
    let middle = ",type:str]\",\n\t\tnull\n\t],\n\t\"b\": \"\",\n\t\"sops\": {\n\t\t\"age\": [\n\t\t\t{\n\t\t\t\t\"enc\": \"-----BEGIN";
    let end =
        ",type:str]\",\n\t\t\"unencrypted_suffix\": \"_unencrypted\",\n\t\t\"version\": \"3.13.3\"\n\t}\n}\n";
    assert!(written.starts_with(start) && written.contains(middle) && written.ends_with(end), "{written}");
}

#[test]
fn binary_files_are_json_with_data() {
    let written =
        encrypt(&sops::Tree::binary(vec![0, 255]), Format::Binary, &settings([&AgeKey::generate()])).unwrap();
    assert!(written.starts_with("{\n\t\"data\": \"ENC[AES256_GCM,"), "{written}");
}

/// helm-secrets takes a file for encrypted if `grep -q 'mac.*,type:str]'` finds a line, and for YAML if one is
/// `sops:` and nothing else. A file that it does not take for encrypted goes to Helm as it is.
#[test]
fn helm_secrets_finds_what_it_looks_for() {
    let tree = map([("a", text("x"))]);
    let written = encrypt(&tree.tree(), Format::Yaml, &settings([&AgeKey::generate()])).unwrap();
    let is_mac = |line: &&str| line.find("mac").is_some_and(|at| line[at..].contains(",type:str]"));
    assert_eq!(written.lines().filter(is_mac).count(), 1, "{written}");
    assert_eq!(written.lines().filter(|line| *line == "sops:").count(), 1, "{written}");
}

#[test]
fn dotenv_has_its_metadata_in_lines() {
    let tree = map([("A", text("x"))]);
    let key = AgeKey::generate();
    let written = encrypt(&tree.tree(), Format::Dotenv, &settings([&key])).unwrap();
    let names: Vec<&str> = written.lines().map(|line| line.split('=').next().unwrap()).collect();
    let expected = [
        "A",
        "sops_age__list_0__map_enc",
        "sops_age__list_0__map_recipient",
        "sops_lastmodified",
        "sops_mac",
        "sops_unencrypted_suffix",
        "sops_version",
    ];
    assert_eq!(names, expected);
}

#[test]
fn names_of_files_say_their_format_at_their_very_end() {
    let formats = [
        ("a.yaml", Format::Yaml),
        ("a/b.yml", Format::Yaml),
        ("a.json", Format::Json),
        (".env", Format::Dotenv),
        ("a.ini", Format::Ini),
        ("a.yaml.enc", Format::Binary),
        ("a", Format::Binary),
    ];
    for (name, format) in formats {
        assert_eq!(Format::of(name), format, "{name}");
    }
}

#[test]
fn rules_other_than_the_default_are_written() {
    let tree = map([("data", map([("k", text("v"))])), ("kind", text("Secret"))]);
    let rule = Rule::EncryptedRegex(sops::Pattern::parse("^data$").unwrap());
    let written = encrypt(&tree.tree(), Format::Yaml, &settings([&AgeKey::generate()]).rule(rule)).unwrap();
    assert!(written.contains("\nkind: Secret\nsops:\n    age:\n"), "{written}");
    assert!(written.contains("\n    encrypted_regex: ^data$\n    lastmodified:"), "{written}");
}
