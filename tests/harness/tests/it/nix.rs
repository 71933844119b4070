use harness::nix::{self, NixosCheck};
use serde_json::json;

use crate::write;

#[test]
fn a_file_that_parses() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("host.nix");
    write(&file, "{ networking.hostName = \"homelab-0\"; }\n");
    assert_eq!(nix::parse(&file), Ok(()));
}

#[test]
fn a_file_that_does_not_parse() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("host.nix");
    write(&file, "{ networking.hostName = ; }\n");
    let message = nix::parse(&file).unwrap_err();
    assert!(message.contains("syntax error, unexpected ';'"), "{message}");
}

#[test]
fn a_host_that_evaluates() {
    let Some(nixos) = NixosCheck::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("flake.nix"), &flake("networking.hostName = \"homelab-0\";"));

    let asked = nixos.host(folder.path(), "homelab-0", &["networking.hostName", "networking.useDHCP"]);
    assert_eq!(asked, Ok(json!({"networking.hostName": "homelab-0", "networking.useDHCP": true})));

    let all = nixos.host(folder.path(), "homelab-0", &[]).unwrap();
    assert_eq!(all["system.stateVersion"], "25.11");
}

#[test]
fn a_host_with_a_misspelt_option() {
    let Some(nixos) = NixosCheck::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("flake.nix"), &flake("networking.hostname = \"homelab-0\";"));

    let message = nixos.host(folder.path(), "homelab-0", &[]).unwrap_err();
    assert!(message.contains("The option `networking.hostname' does not exist"), "{message}");
    assert!(message.contains("Did you mean `networking.hostName'"), "{message}");
}

#[test]
fn cases_of_the_checker_itself() {
    let Some(nixos) = NixosCheck::find() else { return };
    let data = harness::tools::test_data("the cases of nixos-check").unwrap();
    let cases = data.join("tools/nixos-check/cases");

    let good = nixos.module(&cases.join("good-host.nix"), &[]);
    assert!(good.is_ok(), "{good:?}");

    let message = nixos.module(&cases.join("port-out-of-range.nix"), &[]).unwrap_err();
    assert!(message.contains("is not of type"), "{message}");
}

fn flake(option: &str) -> String {
    format!(
        r#"{{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = {{ nixpkgs, ... }}: {{
    nixosConfigurations.homelab-0 = nixpkgs.lib.nixosSystem {{
      system = "x86_64-linux";
      modules = [ {{ {option} system.stateVersion = "25.11"; }} ];
    }};
  }};
}}
"#
    )
}
