//! Decides what happens to a cluster: what is made, changed, left and taken away, in which order, and when it is done.
//!
//! ```text
//! what the lab says ─┐
//!                    ├─▶ what to ask ─▶ (apply asks) ─▶ decide ─▶ Plan ─▶ (apply does it)
//! what is live ──────┘
//! ```
//!
//! Objects are JSON, as the API server has them. Everything is a plain function of values: this crate knows no network,
//! no clock, no files and no language. It never sees a secret: what asks the cluster puts digests in their place.

mod applyset;
mod changes;
mod conflict;
mod decide;
mod glance;
pub mod hosts;
mod key;
pub mod lease;
mod node;
mod order;
mod ownership;
mod prune;
mod refusal;
mod release;
mod settled;
mod status;
mod step;
mod stranger;
mod time;
mod wait;
mod wanted;
mod whose;

pub use applyset::{ApplySet, Foreign, PART_OF, Parent};
pub use changes::{Change, SECRET, fields, is_secret};
pub use conflict::Conflict;
pub use decide::{Ask, Inquiry, Next};
pub use glance::{Beside, RUNNING, glance, image_name, images};
pub use key::{Key, Kind};
pub use node::{CORDONED, NodeStep, WantedNode};
pub use order::{Phase, layer, rank};
pub use ownership::MANAGER;
pub use prune::Pruning;
pub use refusal::Refusal;
pub use release::{
    ChartAt, Deployed, Level, ReleaseAction, ReleaseId, ReleaseObject, ReleaseStep, WantedRelease, levels,
    lost, release_object,
};
pub use status::{Context, Status, status};
pub use step::{Action, Plan, Step};
pub use stranger::{LOOKED_THROUGH, is_stranger};
pub use time::seconds;
pub use wait::{Awaited, Patience, Reason, Wait, wait};
pub use wanted::{Origin, Part, Wanted, WantedObject};
pub use whose::{Found, Home, Whose};
