//! The flake that `hlc` itself is installed by, evaluated by the real Nix as far as it goes without nixpkgs: with a
//! package set that builds nothing and gives back what it was asked for.

use harness::outcome::Outcome;
use harness::tools;
use serde_json::{Value, json};

use crate::lab::root;

/// Evaluates an expression of Nix in which `outputs` are the flake's, for such a package set.
#[track_caller]
fn evaluated(expression: &str) -> Value {
    let text = format!(
        "let
          packages = {{
            rustPlatform.buildRustPackage = asked: asked // {{ outPath = \"/package\"; }};
            mkShell = asked: asked;
            installShellFiles = \"installShellFiles\";
            lib.licenses.asl20 = \"asl20\";
            wrapHelm = helm: asked: {{ outPath = helm; pluginsDir = builtins.concatStringsSep \" \" asked.plugins; }};
            kubernetes-helmPlugins = {{ helm-diff = \"helm-diff\"; helm-secrets = \"helm-secrets\"; }};
            helmfile-wrapped.override = asked: \"helmfile with ${{asked.pluginsDir}}\";
          }} // builtins.listToAttrs (map (name: {{ inherit name; value = name; }})
            [ \"age\" \"kubectl\" \"kubernetes-helm\" \"kustomize\" \"sops\" ]);
          systems = [ \"aarch64-darwin\" \"aarch64-linux\" \"x86_64-darwin\" \"x86_64-linux\" ];
          legacyPackages = builtins.listToAttrs (map (name: {{ inherit name; value = packages; }}) systems);
          outputs = (import {root}/flake.nix).outputs {{ self = \"source\"; nixpkgs = {{ inherit legacyPackages; }}; }};
        in {expression}",
        root = root().display()
    );
    let mut nix = tools::command("nix-instantiate");
    let outcome = Outcome::of(nix.args(["--eval", "--strict", "--json", "--expr", &text]));
    serde_json::from_str(&outcome.succeeded().stdout).expect("Nix prints JSON")
}

#[test]
fn a_package_is_built_of_this_source() {
    let package =
        evaluated("removeAttrs outputs.packages.x86_64-linux.default [ \"outPath\" \"cargoLock\" ]");
    assert_eq!(package["pname"], "hlc");
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(package["src"], "source");
    assert_eq!(package["cargoBuildFlags"], json!(["--package", "hlc"]));
    assert_eq!(package["meta"]["mainProgram"], "hlc");
    let lock = evaluated("builtins.readFile outputs.packages.x86_64-linux.default.cargoLock.lockFile");
    assert_eq!(lock, std::fs::read_to_string(root().join("Cargo.lock")).unwrap());
}

/// Nix fetches each crate by the checksum in the lock, and has none for what comes from elsewhere.
#[test]
fn the_lock_has_a_checksum_for_all_that_is_fetched() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    for package in lock.split("[[package]]").filter(|package| package.contains("source = ")) {
        assert!(package.contains("checksum = ") && !package.contains("git+"), "{package}");
    }
}

#[test]
fn it_runs_everywhere() {
    for system in ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"] {
        let program = evaluated(&format!("outputs.apps.{system}.default"));
        assert_eq!(program, json!({ "type": "app", "program": "/package/bin/hlc" }), "{system}");
    }
}

#[test]
fn its_shell_has_all_that_deploys_a_lab() {
    let tools = evaluated("map toString outputs.devShells.x86_64-linux.default.packages");
    let tools: Vec<&str> = tools.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for tool in [
        "age",
        "helmfile with helm-diff helm-secrets",
        "kubernetes-helm",
        "kubectl",
        "kustomize",
        "sops",
        "/package",
    ] {
        assert!(tools.contains(&tool), "{tool} is not in {tools:?}");
    }
}
