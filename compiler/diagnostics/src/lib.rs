//! What a problem is, and how it is shown.
//!
//! A phase declares its [`Rule`]s with [`declare_rule!`], a file each, and returns [`Problem`]s, whose places are
//! relative to items so that they can live in query results. Only at the edge does [`locate`] make absolute places
//! of them, and a renderer of [`render`] text.
//!
//! This crate knows no phases and reads no files: texts come from the caller as [`Sources`].

mod apply;
mod located;
mod lookalike;
mod problem;
mod registry;
pub mod render;
mod reported;
mod rule;
mod suggest;
#[cfg(test)]
mod testing;

pub use apply::{apply, together};
pub use located::{Located, LocatedEdit, LocatedFix, LocatedLabel, Position, Range, Sources, locate};
pub use lookalike::{lookalike, lookalike_name};
pub use problem::{Edit, Fix, Label, Problem};
pub use registry::Registry;
pub use reported::{Elsewhere, Reported};
pub use rule::{Rule, Severity};
pub use suggest::{closest, did_you_mean, is_surely};
