//! A lab as an editor, a disk and other threads find it.
#![allow(clippy::disallowed_methods, reason = "tests start threads and write files")]

mod disk;
mod edits;
#[cfg(unix)]
mod revision;
mod snapshots;
mod world;
