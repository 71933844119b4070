//! Who reads what: the real SOPS agrees with the `.sops.yaml` files that are built.

use std::fs;
use std::path::Path;

use emit_secrets::{Delivered, Format};
use harness::outcome::Outcome;
use harness::tools;
use serde_json::Value;
use tempfile::TempDir;

use crate::lab::{build, demonstration_key, edit, outputs, parent_made, text, with_placeholders};

/// A folder with the `.sops.yaml` files of what was built.
fn configured(outputs: &driver::Outputs) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, files) in [("nixos", &outputs.nixos), ("k8s", &outputs.k8s)] {
        fs::write(parent_made(folder.path(), &format!("{name}/.sops.yaml")), &files[".sops.yaml"]).unwrap();
    }
    folder
}

/// Encrypts placeholders as a delivered file, for `readers` or for whom `.sops.yaml` says.
fn encrypt(folder: &Path, file: &Delivered, readers: Option<&str>) {
    let path = parent_made(folder, &file.path);
    let (kind, plain) = match file.format {
        Format::Yaml => ("yaml", serde_yaml::to_string(&with_placeholders(&file.tree)).unwrap()),
        Format::Binary => ("binary", "bytes".to_owned()),
    };
    let plain_file = folder.join("plain");
    fs::write(&plain_file, plain).unwrap();
    let mut sops = tools::command("sops");
    sops.current_dir(path.parent().unwrap()).args(["encrypt", "--input-type", kind, "--output-type", kind]);
    sops.args(readers.map(|readers| format!("--age={readers}")));
    let encrypted =
        Outcome::of(sops.arg("--filename-override").arg(&path).arg(&plain_file)).succeeded().stdout;
    fs::write(&path, encrypted).unwrap();
}

/// Whom a file is encrypted to.
fn readers(folder: &Path, file: &Delivered) -> Vec<String> {
    let text = fs::read_to_string(folder.join(&file.path)).unwrap();
    // JSON is YAML.
    let value: Value = serde_yaml::from_str(&text).unwrap();
    let all = value["sops"]["age"].as_array().unwrap().iter();
    all.map(|entry| entry["recipient"].as_str().unwrap().to_owned()).collect()
}

fn expected(file: &Delivered) -> Vec<String> {
    file.readers.iter().map(ToString::to_string).collect()
}

/// The reference lab with bytes on a host and somebody who deploys.
fn with_bytes_and_deployer() -> driver::Outputs {
    let text = edit(text(), "= [backup-password,", "= [keytab, backup-password,");
    let deployer = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIkNwhcuCJsc6oD3QEFYfC/8qSl56NqEJAJ7Hmru/APR ci";
    let servers = "servers = [homelab-0]";
    let text = edit(&text, servers, &format!("{servers}\n  deployers = [\"{deployer}\"]"));
    build(&format!("{text}\nsecret keytab {{ kind = bytes }}\n"))
}

#[test]
fn hosts_read_their_own_secrets_and_recipients_those_of_the_cluster() {
    let laptop = demonstration_key();
    for file in &outputs().secrets {
        // The laptop, and the key in the drawer; or the host.
        let (readers, is_for_cluster) = (expected(file), file.path.starts_with("k8s/"));
        assert_eq!(readers.len(), if is_for_cluster { 2 } else { 1 }, "{}", file.path);
        assert_eq!(readers.iter().any(|one| one == laptop.recipient()), is_for_cluster, "{}", file.path);
    }
    let of = |path: &str| {
        let file = outputs().secrets.iter().find(|file| file.path == path).unwrap();
        file.secrets().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(of("nixos/secrets/homelab-0.yaml"), ["ana-password", "k3s-token"]);
    assert_eq!(
        of("nixos/secrets/homelab-1.yaml"),
        [
            "ana-password",
            "backup-password",
            "backup-storage.AWS_ACCESS_KEY_ID",
            "backup-storage.AWS_SECRET_ACCESS_KEY",
            "k3s-token"
        ]
    );
    assert_eq!(of("k8s/10_apps/n8n/secrets/n8n.values.secrets.yaml"), ["n8n-key"]);
}

#[test]
fn sops_encrypts_for_the_readers_by_itself() {
    let outputs = with_bytes_and_deployer();
    let folder = configured(&outputs);
    assert!(outputs.secrets.iter().any(|file| file.format == Format::Binary));
    assert!(outputs.secrets.iter().any(|file| file.readers.len() == 3));
    for file in &outputs.secrets {
        encrypt(folder.path(), file, None);
        assert_eq!(readers(folder.path(), file), expected(file), "{}", file.path);
    }
}

#[test]
fn sops_finds_nothing_to_update_in_what_is_delivered() {
    let outputs = with_bytes_and_deployer();
    let folder = configured(&outputs);
    let update = |file: &Delivered| {
        let path = folder.path().join(&file.path);
        let mut sops = tools::command("sops");
        sops.current_dir(path.parent().unwrap()).args(["updatekeys", "--yes"]).arg(&path);
        let outcome = Outcome::of(&mut sops);
        format!("{}{}", outcome.stdout, outcome.stderr)
    };
    for file in &outputs.secrets {
        encrypt(folder.path(), file, Some(&expected(file).join(",")));
        let said = update(file);
        assert!(said.contains("already up to date"), "{}: {said}", file.path);
    }
    // So it would have found something.
    let file = &outputs.secrets[0];
    encrypt(folder.path(), file, Some("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"));
    assert!(!update(file).contains("already up to date"));
}
