//! Tests of the crate through its public functions.

mod cutting;
mod lexing;
mod mistakes;
mod parsing;
mod robustness;
mod show;
