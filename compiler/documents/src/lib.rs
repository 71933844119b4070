//! YAML and JSON files as trees, each node with where it stands.
//!
//! Somebody else's files are read as Kubernetes' tools read them, so that what is taken over means the same: `0644` is
//! 420 and `yes` is true. What is wrong with one is said once, with the bytes that it concerns.
//!
//! This crate knows no language of ours, no files and no salsa.

mod json;
mod secrets;
mod tree;
mod words;
mod yaml;

pub use json::json;
pub use secrets::{Leak, leak};
pub use tree::{Entry, MOST_NESTED, MOST_NODES, Malformed, Node, Tree};
pub use yaml::yaml;
