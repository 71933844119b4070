//! Decides what happens to hosts: what each is switched to, in which order, and what has become of it.
//!
//! ```text
//! what a host says of itself ─ facts ─┐
//! what it would run ─ system ─────────┼─▶ decide ─▶ HostStep ─ turns ─▶ (hosts does it) ─ phase ─▶ what became of it
//! ```
//!
//! A host says everything in lines, `WORD=TEXT`, which `hosts/src/on_host.sh` writes.

mod decide;
mod facts;
pub mod install;
mod phase;
mod system;
mod turns;

pub use decide::{Cause, HostAction, HostStep, Seen, decide};
pub use facts::{Disk, Facts};
pub use phase::{Activation, Phase};
pub use system::{PackageChange, System, SystemChange, UnitChange};
pub use turns::{Role, Turn, turns};

/// The lines that a host said, as words and what stands behind them. Others, such as a greeting, are passed over.
fn lines(said: &str) -> impl Iterator<Item = (&str, &str)> {
    said.lines().filter_map(|line| line.strip_prefix(MARK)?.split_once('='))
}

/// What each line begins with that the script on a host writes, so that what else is said there is not taken for it.
pub const MARK: &str = "hlc:";
