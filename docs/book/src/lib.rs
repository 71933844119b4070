//! Makes a book of the documentation, for mdBook to lay out.
//!
//! ```text
//! docs/README.md ─ contents ─▶ parts and chapters ─┐
//! docs/*.md, README.md, … ─ page ─▶ links, colours ─┼─▶ Markdown ─ mdbook ─▶ HTML ─ dead_links ─▶ what leads nowhere
//! RULES ─ rules ─▶ a chapter each ──────────────────┤
//! stdlib ─ library ─▶ kinds, types, functions ──────┘
//! ```
#![allow(clippy::disallowed_methods, reason = "reads pages and writes a book")]

pub mod colours;
pub mod contents;
pub mod dead_links;
mod library;
pub mod manuscript;
pub mod page;
mod rules;

use std::path::{Path, PathBuf};

/// The folder that the whole project is in.
pub fn project() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}
