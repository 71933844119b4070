//! What an editor asks of a lab: one feature a file, each a plain function over a [`driver::Session`].
//!
//! ```text
//! file, byte ─▶ feature ─▶ plain data: files, bytes, texts
//! ```
//!
//! Nothing here knows LSP, waits, or reads a file: whoever speaks to an editor converts.

mod range;
mod symbols;

pub use range::{FileEdit, FilePosition, FileRange};
pub use symbols::{Symbol, SymbolKind, document_symbols};
