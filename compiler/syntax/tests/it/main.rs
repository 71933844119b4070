//! Tests of the crate through its public functions.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test measures time, and says how long"
)]

mod cutting;
mod formatting;
mod formatting_properties;
mod lexing;
mod mistakes;
mod parsing;
mod robustness;
mod show;
