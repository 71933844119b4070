//! The project as a reader finds it: its text files and its crates.
#![allow(clippy::disallowed_methods, reason = "tests look at files and run cargo")]

mod crates;
mod files;
mod modules;

pub use crates::{Package, brought, packages};
pub use files::{TextFile, project, text, text_files};
pub use modules::{circle, modules};

/// Fails with all of `problems`, if there are any.
pub fn none(problems: &[String], what: &str) {
    assert!(problems.is_empty(), "\n\n{what}:\n  {}\n", problems.join("\n  "));
}
