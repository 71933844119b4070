//! Nix as a tree, and how it is written.
//!
//! The tree has what generated modules need, no more. It is written as `nixfmt` (RFC 166) leaves it: formatting the
//! output changes nothing. Whatever text goes in comes out of Nix as the same text, with the one exception of the
//! NUL character, which Nix cannot hold.

mod data;
mod escape;
mod expr;
mod module;
mod print;

pub use escape::{key, string};
pub use expr::{AttrPath, Expr, Set, call, file, list, package, path, raw, text, texts};
pub use module::{Module, header};
