//! What differs between two builds of a lab: by object, release, option and file, not by text.
//!
//! ```text
//! files of one build ──▶ things ─┐
//!                                ├─ by what each is known by ─▶ differences, each with its line of the lab
//! files of another ────▶ things ─┘
//! ```
//!
//! Builds are files as they are written, wherever they come from: the disk, or a lab that was compiled in memory. So all
//! are read in one way. What only says how a build is read by others (comments, line numbers, what a chart is wrapped in)
//! is no difference. This crate knows no language, no disk and no git, and never sees a secret: of encrypted files it has
//! names, and a number that changes when something else is to be encrypted.

mod built;
mod difference;
mod lines;
mod nixos;
mod objects;
mod releases;
mod template;
mod things;
mod tree;

pub use built::{Built, Sealed};
pub use difference::{Detail, Difference, What, differences};
pub use lines::Line;
pub use things::Thing;
