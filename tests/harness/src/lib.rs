//! The real tools that the tests of the compiler run: Nix, SOPS, Helm, helmfile, kubeconform, tree-sitter
//! and a whole Kubernetes control plane.
//!
//! A test that uses this crate says what must hold, not how a tool is started. Three rules:
//!
//! * A tool that is missing fails the test with what to do about it. Nothing is skipped in silence: what
//!   cannot be tested here, because reference data is absent, is [written down](tools::leave_out).
//! * What a test starts ends with the test, also when it panics or is killed.
//! * Nothing of the machine leaks in: no settings, caches or clusters of whoever runs the tests.
//!
//! Nothing here knows a crate of the compiler.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "running tools and reading files is what this crate is for"
)]

pub mod charts;
pub mod control_plane;
pub mod kubeconform;
pub mod machines;
pub mod nix;
pub mod nixpkgs;
pub mod outcome;
pub mod passage;
pub mod postgresql;
pub mod sops_placeholder;
pub mod ssh_key;
pub mod tools;
pub mod tree_sitter;
pub mod webhook;
pub mod yaml_readers;

mod file_server;
mod http;
mod scratch;
mod watched;

pub use outcome::Outcome;
