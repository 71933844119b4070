//! Those who can read a file: recipients, to whom its data key is encrypted, and identities, which decrypt it.

mod agreement;
mod armor;
mod hybrid;
mod identity;
mod locked;
mod recipient;
mod shamir;
mod ssh;
mod unwrap;
mod x_wing;

pub mod plugins;

pub use age::secrecy::SecretString;
pub use agreement::can_agree;
pub use identity::{Identities, Skipped};
pub use recipient::Recipient;
pub use ssh::{identity_from_ssh, recipient_from_ssh};
pub use unwrap::Access;

pub(crate) use agreement::Half;
pub(crate) use armor::wrap;
pub(crate) use recipient::key_of;
pub(crate) use unwrap::{unwrap, unwrap_entries};
