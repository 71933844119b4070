//! Text and places in it.
//!
//! The unit of everything in the compiler is the top-level item, so a place is an item and a span *relative to
//! that item's first byte*: text that only moves keeps its places, and nothing that was computed from it is
//! computed again. Absolute positions exist only at the edge, where a [`LineIndex`] and the item's offset make
//! lines and columns of them.
//!
//! This crate knows no tokens, no trees and no salsa.

mod item;
mod line_index;
mod path;
mod span;

pub use item::{ItemKey, Place};
pub use line_index::{LineColumn, LineIndex};
pub use path::relative_to;
pub use span::Span;
