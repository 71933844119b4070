//! What emitters produce: a tree of files in memory.
//!
//! Emitters are pure, ordered and total over the model. This crate knows no model and does no IO.

use std::collections::BTreeMap;

/// Files by path, relative to the output folder, with `/`.
pub type Files = BTreeMap<String, String>;
