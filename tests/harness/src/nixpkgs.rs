//! NixOS systems that can be built where nixpkgs is not: by the real Nix, `lib` and modules of sops-nix and disko, with
//! packages that are made of nothing.
//!
//! What a flake has as inputs stays as it is. Its `flake.lock` says where they are: in folders of this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::machines::Machine;
use crate::outcome::Outcome;
use crate::tools;

const STAND_IN: &str = include_str!("nixpkgs/stand_in.py");

/// What replaces files of nixos-check, or comes to them.
const OVERLAY: [(&str, &str); 8] = [
    ("build.nix", include_str!("nixpkgs/overlay/build.nix")),
    ("disko-script.nix", include_str!("nixpkgs/overlay/disko-script.nix")),
    ("flake.nix", include_str!("nixpkgs/overlay/flake.nix")),
    ("names.nix", include_str!("nixpkgs/overlay/names.nix")),
    ("nixos-system.nix", include_str!("nixpkgs/overlay/nixos-system.nix")),
    ("stub.nix", include_str!("nixpkgs/overlay/stub.nix")),
    ("switch-to-configuration", include_str!("nixpkgs/overlay/switch-to-configuration")),
    ("system.nix", include_str!("nixpkgs/overlay/system.nix")),
];

/// Flakes that stand in for nixpkgs, sops-nix and disko.
#[derive(Clone)]
pub struct Nixpkgs {
    folder: PathBuf,
    hashes: Value,
}

impl Nixpkgs {
    /// Makes them, unless they are there; or a word that they cannot be made here.
    #[track_caller]
    pub fn stand_in() -> Option<Self> {
        static MADE: OnceLock<Nixpkgs> = OnceLock::new();
        let data = tools::test_data("building NixOS systems")?;
        Some(MADE.get_or_init(|| Self::make(&data)).clone())
    }

    fn make(data: &Path) -> Self {
        let work = tempfile::tempdir().expect("a temporary folder");
        let overlay = work.path().join("overlay");
        fs::create_dir(&overlay).expect("a temporary folder can be written");
        for (name, text) in OVERLAY {
            fs::write(overlay.join(name), text).expect("a temporary folder can be written");
        }
        let script = work.path().join("stand_in.py");
        fs::write(&script, STAND_IN).expect("a temporary folder can be written");
        let cache = tools::folder().join("cache");
        let mut python = Command::new("python3");
        python.arg(script).arg(data.join("tools/nixos-check")).arg(overlay).arg(&cache);
        python.env("PATH", tools::search_path()).env("XDG_CACHE_HOME", &cache);
        let folder = PathBuf::from(Outcome::of(&mut python).succeeded().stdout.trim());
        let hashes = fs::read_to_string(folder.join("hashes.json")).expect("it was just made");
        Self { folder, hashes: serde_json::from_str(&hashes).expect("it is JSON") }
    }

    /// Writes the `flake.lock` of a flake as hlc makes it, with `inputs` from GitHub.
    #[track_caller]
    pub fn lock(&self, flake: &Path) {
        let text = fs::read_to_string(flake.join("flake.nix")).expect("a flake has a flake.nix");
        let mut nodes = json!({ "root": { "inputs": {} } });
        for url in text.split('"').filter_map(|text| text.strip_prefix("github:")) {
            let mut steps = url.splitn(3, '/');
            let (Some(owner), Some(name)) = (steps.next(), steps.next()) else { continue };
            nodes["root"]["inputs"][name] = json!(name);
            nodes[name] = self.node(owner, name, steps.next());
        }
        let lock = json!({ "nodes": nodes, "root": "root", "version": 7 });
        let lock = serde_json::to_string_pretty(&lock).expect("it is JSON") + "\n";
        fs::write(flake.join("flake.lock"), lock).expect("the flake's folder can be written");
    }

    /// Lets everybody on a machine read them, so that it can build systems itself: they are in somebody's home.
    #[track_caller]
    pub fn show_to(&self, machine: &Machine) {
        machine.bring(&self.folder);
    }

    #[track_caller]
    fn node(&self, owner: &str, name: &str, reference: Option<&str>) -> Value {
        let hash = self.hashes[name].as_str().unwrap_or_else(|| panic!("nothing stands in for {name}"));
        let path = self.folder.join(name);
        let mut node = json!({
            "locked": { "type": "path", "path": path, "narHash": hash },
            "original": { "type": "github", "owner": owner, "repo": name },
        });
        if let Some(reference) = reference {
            node["original"]["ref"] = json!(reference);
        }
        if name != "nixpkgs" {
            node["inputs"] = json!({ "nixpkgs": ["nixpkgs"] });
        }
        node
    }
}
