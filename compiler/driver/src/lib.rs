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

mod addresses;
mod backstop;
mod built;
mod causes;
mod database;
mod deliveries;
mod deployment;
mod directories;
mod emitted;
pub mod explain;
mod expressions;
mod file_uses;
mod folders;
mod imports;
mod library;
mod locate;
mod machines;
mod mend;
mod order;
mod origins;
mod outputs;
mod ports;
mod queries;
mod raise;
mod rules;
mod session;
pub mod show;
mod snapshot;
mod stored;
pub mod why;

pub use addresses::Neighbours;
pub use built::BuiltFile;
pub use causes::Causes;
pub use database::{Database, Log};
pub use deployment::Part;
pub use emit_k8s::{ClusterObject, HelmChart, HelmRelease};
pub use file_uses::{FileUse, files_read};
pub use imports::{Import, ImportFault, imports};
pub use library::library;
pub use mend::Applied;
pub use names::{Found, Unreadable};
pub use origins::Origins;
pub use outputs::Outputs;
pub use rules::RULES;
pub use session::Session;
pub use session::places::{ItemAt, Line};
pub use snapshot::{Canceller, Snapshot, Unanswered};
pub use stored::{PLAIN, stored_secrets};
pub use types::Builtin;
pub use values::Format;
