//! The crate against vectors, against the real SOPS and age, and against attackers.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read vectors and run tools")]

mod interop;
mod plain;
mod sandbox;
mod vectors;
