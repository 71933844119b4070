//! `flake.nix`: the hosts and what they are built from.

use emit::Files;
use model::Lab;

use crate::common;
use crate::nix::{header, key, string};

/// The flake of all `hosts`, by name, and the module that they have in common.
pub fn emit_flake(lab: &Lab, hosts: &[&str], source: &str) -> Files {
    let mut hosts = hosts.to_vec();
    hosts.sort_unstable();
    hosts.dedup();
    Files::from([
        ("flake.nix".to_owned(), flake(lab, &hosts, source)),
        ("modules/common.nix".to_owned(), common::module(lab, source)),
    ])
}

fn flake(lab: &Lab, hosts: &[&str], source: &str) -> String {
    let header = header(source, &format!("lab {}", lab.name));
    let description = string(&format!("The hosts of {}", lab.name));
    let nixpkgs = string(&format!("github:NixOS/nixpkgs/{}", lab.nixpkgs));
    let hosts: Vec<String> =
        hosts.iter().map(|name| format!("        {} = host {};\n", key(name), string(name))).collect();
    let hosts = if hosts.is_empty() { "{ }".to_owned() } else { format!("{{\n{}      }}", hosts.concat()) };
    format!(
        r#"{header}#
# Switch a host to it with: nixos-rebuild switch --flake .#HOST
{{
  description = {description};

  inputs = {{
    nixpkgs.url = {nixpkgs};
    sops-nix = {{
      url = "github:Mic92/sops-nix";
      inputs.nixpkgs.follows = "nixpkgs";
    }};
    disko = {{
      url = "github:nix-community/disko";
      inputs.nixpkgs.follows = "nixpkgs";
    }};
  }};

  outputs =
    inputs@{{
      nixpkgs,
      sops-nix,
      disko,
      ...
    }}:
    let
      host =
        name:
        nixpkgs.lib.nixosSystem {{
          specialArgs = {{ inherit inputs; }};
          modules = [
            sops-nix.nixosModules.sops
            disko.nixosModules.disko
            ./hosts/${{name}}
          ];
        }};
    in
    {{
      nixosConfigurations = {hosts};
    }};
}}
"#
    )
}
