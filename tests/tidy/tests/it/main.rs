//! The project is as its documents say it is.
#![allow(clippy::disallowed_methods, reason = "tests look at files")]

mod clusters;
mod crates;
mod documents;
mod files;
mod library;
mod modules;
mod rules;
