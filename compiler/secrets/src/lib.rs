//! The values of the lab's secrets: kept in one encrypted file, made, delivered to who needs them, and checked.
//!
//! ```text
//!                         set, generate, rotate
//!                                 │
//! homelab.secrets.yaml ─ open ─▶ Source ─ deliver ─▶ nixos/secrets/*.yaml, k8s/…/secrets/*.yaml
//!         ▲                       │  └──── verify ─▶ findings
//!         └──────── update ───────┘
//! ```
//!
//! Everything is text in and text out; randomness is the only thing that comes from outside. Plaintext is in zeroized
//! memory that prints as dots, and is in no error. This crate knows no language, no files and no terminal.

mod clear;
mod deliver;
mod derive;
mod error;
mod facts;
mod fingerprint;
mod generate;
mod halves;
mod merge;
mod opening;
mod origin;
mod plain;
mod record;
mod resolve;
mod seal;
mod source;
mod verify;
mod written;

pub use clear::Clear;
pub use deliver::{Found, deliver, format};
pub use error::Error;
pub use facts::facts;
pub use fingerprint::{Fingerprint, fingerprint};
pub use generate::{Made, generate, host_key, is_made_of, public_half, public_of_host};
pub use merge::Merged;
pub use opening::Opening;
pub use origin::Origin;
pub use record::{Proven, Record};
pub use seal::Loose;
pub use source::{DELIVERY, Source};
pub use verify::{Finding, verify};
