//! The crate against vectors, against the real SOPS and age, and against attackers.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read vectors and run tools")]

mod foreign;
mod identities;
mod interop;
mod older;
mod plain;
mod plugin;
mod sandbox;
mod shape;
mod stability;
mod tamper;
mod timestamps;
mod typed;
mod vectors;
mod written;
mod yaml;
