//! What holds for any text, however broken.
//!
//! Each function here takes a text, puts a part of the compiler to it, and panics where that part breaks a promise.
//! The fuzzers (`tests/fuzz`) call them with what they come up with, the tests of this crate with generated and
//! mutated texts, and with all that was ever found ([`found`]).
//!
//! ```text
//! bytes ─ text ─┬─▶ syntax   every byte in one token and one item, problems inside of the text
//!               ├─▶ format   the same again, all comments, the same meaning
//!               ├─▶ lab      problems can be shown; what has no error is built, the same every time
//!               ├─▶ eval     an expression has a value or a problem
//!               ├─▶ edits    after each version of a file: as if it had just been opened
//!               ├─▶ encrypted  as a file of SOPS, or as keys of age: read or refused
//!               └─▶ merge    as three files of values: two are put together, or the conflict is named
//! ```
#![allow(clippy::disallowed_methods, reason = "what to begin with stands in files")]
#![allow(clippy::disallowed_macros, reason = "what breaks a promise is said")]

mod edits;
mod encrypted;
mod eval;
pub mod expressions;
mod format;
mod half_typed;
mod lab;
mod merge;
mod mutate;
mod seeds;
mod shown;
mod syntax;

pub use edits::{VERSION, edits, versions};
pub use encrypted::{encrypted, encrypted_seeds};
pub use eval::eval;
pub use format::{format, format_good};
pub use half_typed::{HABITS, tell, typed, up_to_characters, up_to_tokens, written_items, written_labs};
pub use lab::{lab, labs};
pub use merge::{is_merged, merge, merge_seeds};
pub use mutate::{Random, mutate};
pub use seeds::{Found, expressions, found, seeds};
pub use syntax::syntax;

/// What holds for any text: it panics where it does not.
pub type Promise = fn(&str);

/// The promises by name: what a fuzzer, and a folder of what it found, are called.
pub const PROMISES: [(&str, Promise); 7] = [
    ("syntax", syntax),
    ("format", format),
    ("lab", lab),
    ("eval", eval),
    ("edits", edits),
    ("encrypted", encrypted),
    ("merge", merge),
];

/// Bytes as the text that they are, or nearly are.
pub fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
