//! Which items a lab has, and what each name can mean.
//!
//! ```text
//! SourceFile.text ─ cut ─▶ Item (head, text, offset) ─▶ Index: heads only, the firewall between items
//!                                └─ parse ─▶ tree of one item          └─▶ meanings of one word
//! ```
//!
//! The index is made of heads (`app n8n`), never of bodies, so a keystroke inside a declaration leaves it as it
//! was. Others ask for the meanings of one word and depend on nothing else of it.
//!
//! This crate knows no types and no values.

mod heads;
mod queries;

pub use heads::{Declared, Definitions, Index};
pub use queries::{
    Db, Item, Key, SourceFile, Word, Workspace, declared, defined, file_items, index, item, items, parsed,
};
