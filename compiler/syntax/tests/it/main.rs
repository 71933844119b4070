//! Tests of the crate through its public functions.

mod cutting;
mod edits;
mod everyday_edits;
mod formatting;
mod formatting_properties;
mod grammar;
mod heads;
mod lexing;
mod mistakes;
mod parsing;
mod robustness;
mod show;
mod steps;
mod touching;
