//! Opens a lab: reads its files, follows what they import, and knows what is known of its secrets without a key.
//!
//! ```text
//! Disk ─┐
//!       ├─▶ Buffers ─ follow ─▶ files, faults of imports ─▶ driver::Session ─ snapshot ─▶ questions on any thread
//! open buffers ─┘   └─ Stored ─▶ SecretFacts ───────────────────┘
//! ```
//!
//! Where texts come from is said by [`Texts`]: the disk, an editor's open buffers, a revision of git, or a map in a
//! test. A command opens a lab once, with [`open`]; who stays opens a [`Lab`], which changes.

#![allow(clippy::disallowed_methods, reason = "the edge: it reads files and shares work between threads")]

mod buffers;
pub mod clock;
pub mod crew;
mod data;
mod disk;
mod find;
mod follow;
mod git;
pub mod index;
mod lab;
mod open;
pub mod read;
mod revision;
mod stored;
mod texts;

pub use buffers::Buffers;
pub use data::read_data;
pub use disk::Disk;
pub use find::{LAB, down_from, lab_file, relative};
pub use lab::Lab;
pub use open::{Opened, open};
pub use revision::Revision;
pub use stored::Stored;
pub use texts::{Texts, Unread};
