//! Writes what was built: the edge between a tree of files in memory and a folder on a disk.
//!
//! [`build`] is all the command line needs: it locks, plans every folder, and only when nothing stands in the way of
//! any of them writes. [`check`] plans without writing. The parts ([`lock`], [`plan`], [`apply`]) are public for those
//! who want to ask before they write.
//!
//! A folder holds a small committed record, `.hlc.json`, of what hlc wrote there. With it three kinds of files are told
//! apart: *ours* (recorded, and unchanged since), *edited* (recorded, changed since) and *foreign* (not recorded).
//! Ours are overwritten and removed, edited ones only overwritten when asked for, foreign ones never touched.
//!
//! The order of writing makes every moment a good one to lose power in:
//!
//! 1. Everything that will be written is staged under temporary names and synced. A full disk shows here, when nothing
//!    has changed yet. Where a whole directory is not there yet, it is the topmost such directory that has a temporary
//!    name, and all below it is called as it will be.
//! 2. A *pending* record replaces the old one: each file that changes is listed with its old and its new hash, so that
//!    it is known as ours in either state.
//! 3. The staged files and directories are renamed to their names, what is no longer made is removed, directories are
//!    synced. A directory is renamed only where nothing stands, or an empty one that appeared at the last moment.
//! 4. The *exact* record replaces the pending one, unless they are the same, as where files are only added.
//!
//! A build that finds nothing to do may leave a [`note`], which saves the next of its kind from making and reading
//! anything ([`Note`]).
//!
//! This crate knows no model and no language. Checks and writes are not one step for the operating system, so somebody
//! who replaces a directory by a link in the microseconds between them is not defended against.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the edge that writes files")]

mod apply;
mod build;
mod disk;
mod error;
mod hash;
mod inodes;
mod look;
mod memory;
mod note;
mod paths;
mod plan;
mod planner;
mod publish;
mod real;
mod record;
mod replace;
mod shares;
mod stage;
mod written;

pub use apply::apply;
pub use build::{Lock, Options, Target, build, check, lock};
pub use disk::{Disk, Kind, Stamp};
pub use error::{Obstacle, OutputError, Refusal};
pub use memory::{Fault, MemoryDisk};
pub use note::{Inputs, Note, SETTLED, note};
pub use plan::{Plan, Report};
pub use planner::plan;
pub use real::RealDisk;
pub use record::RECORD;
pub use replace::replace;
pub use shares::cores;
pub use written::{Written, written};
