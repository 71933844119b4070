//! What is delivered, to the real tools that use it: SOPS on hosts, helm-secrets, a real API server.

use std::fs;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use emit_secrets::{Delivered, Format};
use harness::charts::Charts;
use harness::nix::NixosCheck;
use harness::outcome::Outcome;
use harness::tools;
use model::Data;
use serde_json::Value;

use crate::lab::components;
use crate::real::real;
use crate::values::Values;

/// What SOPS makes of a delivered file with an identity.
fn decrypted(file: &Delivered, identity: &str) -> Outcome {
    let mut sops = tools::command("sops");
    sops.current_dir(real().written.folder()).env("SOPS_AGE_KEY", identity).args(["decrypt", &file.path]);
    match file.format {
        Format::Yaml => sops.args(["--output-type", "json"]),
        // In Base64, for bytes are no text.
        Format::Binary => sops.args(["--input-type", "binary", "--output-type", "json"]),
    };
    Outcome::of(&mut sops)
}

#[test]
fn sops_decrypts_each_file_with_the_keys_of_its_readers_alone() {
    let real = real();
    let identities = real.identities();
    assert!(real.outputs.secrets.iter().any(|file| file.format == Format::Binary));
    for file in &real.outputs.secrets {
        for (recipient, identity) in &identities {
            let is_reader = file.readers.iter().any(|reader| reader.to_string() == *recipient);
            let outcome = decrypted(file, identity);
            assert_eq!(outcome.ok, is_reader, "{} by {recipient}: {outcome}", file.path);
            if is_reader && file.format == Format::Yaml {
                let held: Value = serde_json::from_str(&outcome.stdout).unwrap();
                assert_eq!(held, real.values.tree(&file.tree), "{}", file.path);
            }
        }
        assert!(!decrypted(file, "").ok, "{} without a key", file.path);
    }
}

#[test]
fn bytes_arrive_as_bytes() {
    let real = real();
    let file = real.outputs.secrets.iter().find(|file| file.format == Format::Binary).unwrap();
    let Data::Secret(content) = &file.tree else { panic!("{:?}", file.tree) };
    let out = real.written.scratch("keytab");
    let mut sops = tools::command("sops");
    sops.current_dir(real.written.folder()).env("SOPS_AGE_KEY", real.hosts[1].age_identity());
    sops.args(["decrypt", "--input-type", "binary", "--output-type", "binary", "--output"]).arg(&out);
    Outcome::of(sops.arg(&file.path)).succeeded();
    let bytes = fs::read(out).unwrap();
    assert_eq!(bytes.len(), 300);
    assert_eq!(bytes, BASE64_STANDARD.decode(real.values.resolved(content)).unwrap());
}

#[test]
fn hosts_find_their_secrets_in_the_files_that_are_there() {
    let Some(nixos) = NixosCheck::find() else { return };
    let real = real();
    let mut tokens = Vec::new();
    for (nth, host) in ["homelab-0", "homelab-1"].into_iter().enumerate() {
        let asked = ["sops.secrets", "services.k3s.tokenFile"];
        let values =
            nixos.host(&real.written.nixos(), host, &asked).unwrap_or_else(|said| panic!("{host}: {said}"));
        let secrets = values["sops.secrets"].as_object().unwrap();
        assert!(secrets.len() >= 2, "{values}");
        for (name, secret) in secrets {
            // Where sops-nix will look: that file, and that key in it.
            let path = secret["sopsFile"].as_str().unwrap();
            let at = path.rfind("/secrets/").unwrap_or_else(|| panic!("{path}"));
            let path = format!("nixos{}", &path[at..]);
            let file = real.outputs.secrets.iter().find(|file| file.path == path);
            let file = file.unwrap_or_else(|| panic!("{path} is not delivered"));
            let outcome = decrypted(file, &real.hosts[nth].age_identity()).succeeded();
            assert_eq!(secret["format"] == "binary", file.format == Format::Binary, "{secret}");
            if file.format == Format::Yaml {
                let held: Value = serde_json::from_str(&outcome.stdout).unwrap();
                let value = &held[secret["key"].as_str().unwrap_or(name)];
                // sops-nix takes nothing but texts.
                assert!(value.as_str().is_some_and(|value| !value.is_empty()), "{host} {name}: {value}");
                if values["services.k3s.tokenFile"] == secret["path"] {
                    tokens.push(value.clone());
                }
            }
        }
    }
    // Both get the same token, and k3s reads it from the file that sops-nix makes.
    assert_eq!(tokens.len(), 2);
    assert_eq!(tokens[0], tokens[1]);
    let plain = real.outputs.nixos.values().chain(real.outputs.k8s.values());
    assert!(plain.into_iter().all(|text| !text.contains(tokens[0].as_str().unwrap())));
}

#[test]
fn helm_secrets_decrypts_what_every_component_needs() {
    let Some(charts) = Charts::serve() else { return };
    let real = real();
    let folder = real.written.k8s();
    let mut with_secrets = 0;
    for component in components(&real.outputs.k8s) {
        let start = format!("k8s/{component}/secrets/");
        let files: Vec<&Delivered> =
            real.outputs.secrets.iter().filter(|file| file.path.starts_with(&start)).collect();
        if files.is_empty() {
            continue;
        }
        with_secrets += 1;
        let template = || charts.helmfile(&folder.join(component));
        let rendered = template().age_key(&real.written.key.file()).template().succeeded().stdout;
        assert!(!rendered.contains("ENC["), "{component}");
        // Without the key there is nothing.
        template().template().failed();
    }
    assert!(with_secrets >= 5, "{with_secrets}");
    // Nothing decrypted is left beside them.
    let left: Vec<_> = real
        .outputs
        .secrets
        .iter()
        .filter(|file| {
            let folder = real.written.folder().join(&file.path).parent().unwrap().to_owned();
            fs::read_dir(folder)
                .unwrap()
                .flatten()
                .any(|entry| entry.path().extension().is_some_and(|it| it == "dec"))
        })
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Every text with a secret in it that charts get.
fn texts(data: &Data, values: &Values) -> Vec<String> {
    match data {
        Data::Secret(text) => vec![values.resolved(text)],
        Data::List(items) => items.iter().flat_map(|item| texts(item, values)).collect(),
        Data::Map(entries) => entries.values().flat_map(|entry| texts(entry, values)).collect(),
        _ => Vec::new(),
    }
}

/// Whether Secrets of a cluster hold all that is delivered to it, byte for byte. For use by the test that deploys.
pub(crate) fn assert_held(secrets: &Value, delivered: &[Delivered], values: &Values) {
    let is_helms = |secret: &&Value| secret["type"] != "helm.sh/release.v1";
    let secrets = secrets["items"].as_array().unwrap().iter().filter(is_helms);
    let data = secrets.filter_map(|secret| secret["data"].as_object()).flat_map(|data| data.values());
    let held: Vec<Vec<u8>> =
        data.map(|value| BASE64_STANDARD.decode(value.as_str().unwrap()).unwrap()).collect();
    for file in delivered.iter().filter(|file| file.path.starts_with("k8s/")) {
        for text in texts(&file.tree, values) {
            let is_there = |held: &Vec<u8>| held.windows(text.len()).any(|part| part == text.as_bytes());
            assert!(held.iter().any(is_there), "{}: no Secret holds {text:?}", file.path);
        }
    }
}
