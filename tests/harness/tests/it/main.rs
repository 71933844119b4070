//! Proves that each real tool really works: that it takes what is right and refuses what is wrong.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "files are made for the tools to read"
)]

mod charts;
mod cluster;
mod kubeconform;
mod machines;
mod nix;
mod nixpkgs;
mod sops;
mod yaml;

use std::path::Path;

/// Writes a file, and the folders above it.
fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a file is in a folder")).unwrap();
    std::fs::write(path, text).unwrap();
}
