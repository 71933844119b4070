//! A lab as an editor, a disk and other threads find it.
#![allow(clippy::disallowed_methods, reason = "tests start threads and write files")]

mod disk;
mod edits;
mod looked_at;
#[cfg(unix)]
mod revision;
mod snapshots;
mod world;
