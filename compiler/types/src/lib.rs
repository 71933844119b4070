//! Kinds as schemas, and expressions with every name resolved and every type known.
//!
//! ```text
//! kind, type ─ resolve ─▶ Shape: fields and their types        ┐
//! declaration, template, kind ─ outline ─▶ OutlineNode: what is in it ├─ elaborate ─▶ Core: no names, no types left to ask
//! expression + expected type                                   ┘
//! ```
//!
//! Names are looked up by the expected type, so resolving names and inferring types are one walk. Shapes and
//! outlines depend on no expression, so elaboration of one item never waits for that of another.
//!
//! This crate evaluates nothing.

mod about;
mod builtin;
mod choice;
mod circle;
mod core;
mod edition;
mod elaborate;
mod fit;
mod item;
mod meaning;
mod outline_node;
pub mod problems;
mod queries;
mod relation;
mod resolve;
mod seen;
mod shape;
mod sort;
mod stack;
mod symbol;
mod ty;
mod value;
mod want;

pub use about::{ABOUT_TYPES, about_function};
pub use builtin::{BUILTINS, Builtin, FIRST, Property, SECOND, properties};
pub use choice::{choice, made_by};
pub use circle::{Callee, callee, circle_problem, needs_circle};
pub use core::{
    BinaryOp, BodyCore, Certainty, ClauseCore, Core, CoreKind, DeclCore, How, SetCore, TemplateCall, UnaryOp,
};
pub use edition::{Edition, raised};
pub use elaborate::asked::{Asked, AskedPlace, CURSOR, Candidate, CandidateSort, is_meant};
pub use elaborate::noted::Noted;
pub use elaborate::{Elaborator, SelfScope};
pub use fit::{Pattern, fit_value};
pub use item::{CheckCore, FunctionCore, ItemCore, KindCore, TemplateCore};
pub use outline_node::{OutlineNode, display_name};
pub use problems::RULES;
pub use queries::{
    constant_type, cursor_notes, item_core, item_kinds, item_notes, items_with, lab_edition, made,
    makes_too_much, only_declaration, outline, plurals, shape, shapes, signature, template_outline,
    unknown_edition,
};
pub use relation::{COMPONENT, Fits, HELMFILE, fits, is_deployed};
pub use resolve::TYPES;
pub use seen::Seen;
pub use shape::{FieldShape, Parameter, Shape, Shapes, Signature};
pub use sort::{Ability, Sort};
pub use stack::with_stack;
pub use symbol::Symbol;
pub use ty::{Form, Hatch, INT, STRING, Ty, is_secret_kind, last_segment, plural_word, with_article};
pub use value::{DeclRef, Field, Step, Value, entries, redacted};
pub use want::{Want, Why};
