//! Random whole labs: what `check` accepts is built whole, and the real tools take it.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests write what the real tools read, and say which lab they try"
)]

mod backup;
mod beside;
mod charts;
mod compare;
mod containers;
mod cookbook;
mod extensions;
mod helm;
mod kubernetes;
mod pods;
mod real;
mod said;
mod tools;
mod tree_sitter;
mod whole;
mod words;
