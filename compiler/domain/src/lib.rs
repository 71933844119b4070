//! The values of the homelab domain.
//!
//! Each type is a plain value with a `parse` that explains what is wrong with a text, a [`Display`] that writes
//! the canonical form (which parses back to the same value), an order, and the arithmetic people expect.
//! All arithmetic is checked: it gives `None` where a result does not fit.
//!
//! This crate knows no syntax, no spans and no problems: a refused text is an [`Invalid`], and whoever knows
//! where the text stands makes a problem of it.
//!
//! [`Display`]: std::fmt::Display

mod address;
mod arithmetic;
mod cidr;
mod cpu;
mod cron;
mod cron_field;
mod date;
mod duration;
mod hostname;
mod image;
mod invalid;
mod mac;
mod number;
mod path;
mod port;
mod quantity;
mod range;
mod recipient;
mod size;
mod ssh_key;
mod time_zone;
mod unit;
mod url;
mod version;

pub use address::Address;
pub use cidr::Cidr;
pub use cpu::Cpu;
pub use cron::Cron;
pub use date::Date;
pub use duration::Duration;
pub use hostname::{DnsLabel, Hostname};
pub use image::ImageReference;
pub use invalid::Invalid;
pub use mac::Mac;
pub use path::UnixPath;
pub use port::Port;
pub use quantity::Quantity;
pub use range::AddressRange;
pub use recipient::{RecipientKey, RecipientKind};
pub use size::Size;
pub use ssh_key::SshKey;
pub use time_zone::TimeZone;
pub use unit::{Measure, Unit};
pub use url::{Host, Url};
pub use version::Version;
