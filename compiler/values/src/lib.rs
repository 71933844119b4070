//! What everything in a lab comes to.
//!
//! ```text
//! Core ─ eval ─▶ Value (each with the place that set it) ─ lower ─▶ model::Entity
//! ```
//!
//! A declaration is a pile of layers: its kind's defaults, its templates, what made it, its own body. A field is
//! evaluated when somebody asks for it, so `lan` may refer to `pihole` and `pihole` to `lan`. Within an item that
//! is a plain call; between items it is a query, and a circle of queries is a problem, not a hang.
//!
//! This crate knows no trees and no output.

pub mod data;
mod data_files;
mod eval;
mod lower;
pub mod problems;
mod queries;
mod why;

pub use data_files::Format;
pub use eval::{Children, Evaluator, Fault, kind_of, lone::Expression, name_of};
pub use problems::RULES;
pub use queries::{
    DeclKey, Evaluated, FieldKey, KnownSecrets, all_of, children, constant_value, evaluated, field_value,
    head_place, item_members, secret_mark,
};
pub use why::{Reason, What, Why, fields, why};
