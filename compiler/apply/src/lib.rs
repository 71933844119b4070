//! Does to a cluster what a plan says, and asks it what a plan has to know. It decides nothing: that is `plan`'s.
//!
//! ```text
//! Desired ─ observe ─▶ members, live objects ─ inquire ─▶ dry runs ─▶ plan::Plan ─ execute ─▶ the cluster
//!    └ Vault: secrets, by digest         door: whatever the cluster says has digests in place of secrets
//! ```
//!
//! This is the only crate that speaks to a cluster. Everything that leaves it, plans and errors among them, is without
//! secrets: they are put into requests at the last moment, and taken out of answers before anybody else sees those.

#![allow(clippy::disallowed_methods, reason = "the edge: it asks a cluster, and what time it is")]

mod cluster;
mod desired;
mod door;
mod error;
mod execute;
mod glance;
mod health;
mod helm;
mod inquire;
mod lease;
mod nodes;
mod observe;
mod reasons;
mod releases;
mod request;
mod set;
mod vault;
mod wait;
mod whose;

pub use cluster::{Access, Cluster};
pub use desired::Desired;
pub use error::{Error, Stuck};
pub use execute::{Event, Options, Outcome, apply};
pub use glance::{Passing, runs_something};
pub use health::{Health, Live, live};
pub use inquire::{Observed, plan};
pub use lease::{Runner, turn};
pub use nodes::{Before, Nodes, Who};
pub use vault::Vault;
