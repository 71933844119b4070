//! What was found once stays mended, and what is tried at random holds.
#![allow(clippy::disallowed_macros, reason = "a test says which text it tries")]

mod deep;
mod edits;
mod encrypted;
mod expressions;
mod fields;
mod formatted;
mod found;
mod half_typed;
mod mended;
mod merge;
mod mutated;
mod values;
mod vanishing;
