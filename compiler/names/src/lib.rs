//! Which items a lab has, and what each name can mean.
//!
//! ```text
//! text ─ cut ─▶ Piece (head, text) ─▶ Index: heads only, the firewall between items ─▶ meanings of one word
//!                 └─▶ Item ─ parse ─▶ tree of one item
//! ```
//!
//! The index is made of heads (`app n8n`), never of bodies, so a keystroke inside a declaration leaves it as it
//! was. Others ask for the meanings of one word and depend on nothing else of it.
//!
//! This crate knows no types and no values.

mod data_files;
mod heads;
mod known;
mod queries;
mod texts;

pub use data_files::{DataFile, DataFiles, Found, Unreadable, data_file};
pub use heads::{Declared, Definitions, Index, Meanings, keyed};
pub use known::{Known, find, key, word};
pub use queries::{
    Db, Item, Key, Piece, SourceFile, Word, Workspace, any_item, defined, file_items, formatted, index,
    items, meanings, parsed,
};
