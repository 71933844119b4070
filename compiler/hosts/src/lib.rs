//! Does to hosts what a plan says: builds their systems, copies them over SSH and has them activated, and asks hosts how
//! they are. It decides nothing: that is `plan::hosts`.
//!
//! ```text
//! nixos/ ─ Nix ─▶ system ─ copy ─▶ the host ─ begin ─▶ its own process activates, and watches
//!                                      ▲                       │
//!                                      └─ confirm, over a new connection: else it becomes what it was
//! ```
//!
//! Everything is done by the user's own `ssh` and `nix`, which know the user's keys, agents, hosts and settings. What
//! runs on a host is one script, `on_host.sh`; on an installer it is `on_installer.sh`. The only secret that comes by here
//! is the key of a host that is installed, as text on the standard input of `ssh`.

#![allow(clippy::disallowed_methods, reason = "the edge: it starts ssh and nix, and waits")]

mod activate;
mod build;
mod error;
mod execute;
pub mod install;
mod keys;
mod observe;
mod program;
mod ssh;

pub use activate::{Limits, Stage};
pub use build::Flake;
pub use error::Error;
pub use execute::{Around, Options, Outcome, apply};
pub use observe::{BuildAt, Observed, Wanted, plan};
pub use ssh::Address;
