//! The pipeline as one: files in, problems and outputs out.
//!
//! ```text
//! text ─ parse ─ resolve ─ infer ─ evaluate ─ lower ─▶ entities of each item
//!                                                        ├─ facts ─ check ─▶ problems
//!                                                        └─ emit ─▶ files of each host and component
//! ```
//!
//! Everything that a build or a keystroke needs is a query of [`Database`], asked through [`Session`]. No IO here:
//! whoever owns files hands their text in.

mod backstop;
mod database;
mod delivered;
mod directories;
mod expressions;
mod folders;
mod imports;
mod library;
mod locate;
mod mend;
mod order;
mod outputs;
mod queries;
mod raise;
mod session;
mod stored;

pub use database::{Database, Log};
pub use imports::{Import, imports};
pub use library::library;
pub use mend::Applied;
pub use outputs::Outputs;
pub use session::{Line, Session};
pub use stored::{PLAIN, stored_secrets};

use diagnostics::Rule;

/// The rules of all phases.
pub const RULES: &[&[&Rule]] = &[syntax::RULES, types::RULES, values::RULES, checks::RULES];
