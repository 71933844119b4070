//! Whole labs, written out and evaluated by the real Nix.
#![allow(clippy::disallowed_methods, reason = "tests write files for Nix to read")]

mod blocks;
mod evaluation;
mod labs;
mod snapshots;
mod texts;
