//! Which encrypted files there are, what is in each, and who reads it.
//!
//! ```text
//! homelab.secrets.yaml     every value          the lab's recipients
//! nixos/secrets/HOST.yaml  what HOST needs      HOST
//! k8s/…/secrets/*.yaml     what charts need     the lab's recipients, and who deploys
//! ```
//!
//! The first file is the source of all values, and is nobody's output. The others are copies of parts of it, each
//! with just what its readers need. Here it is decided what they are; whoever has values and can encrypt writes them.
//!
//! Everything is pure, ordered and total. This crate knows no values, no encryption and no files.

mod config;
mod delivered;
#[cfg(test)]
mod testing;

pub use config::emit_config;
pub use delivered::{Delivered, Format, deliver_to_cluster, deliver_to_host};

use domain::RecipientKey;
use model::Recipient;

/// The file that holds all values of the lab that is written in `lab`.
pub fn secrets_file(lab: &str) -> String {
    format!("{}.secrets.yaml", lab.strip_suffix(".hl").unwrap_or(lab))
}

/// Who reads the file that holds all values: every recipient that the lab declares, each once, in the order of the
/// keys.
pub fn source_readers(recipients: &[&Recipient]) -> Vec<RecipientKey> {
    each_once(recipients.iter().map(|recipient| recipient.key.clone()))
}

/// Each key once, in an order that is not that of the source.
fn each_once(keys: impl Iterator<Item = RecipientKey>) -> Vec<RecipientKey> {
    let mut keys: Vec<RecipientKey> = keys.collect();
    keys.sort();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::{secrets_file, source_readers};
    use crate::testing::{AGE, SSH, key, recipient};

    #[test]
    fn values_are_beside_the_lab() {
        assert_eq!(secrets_file("homelab.hl"), "homelab.secrets.yaml");
        assert_eq!(secrets_file("lab"), "lab.secrets.yaml");
    }

    #[test]
    fn every_recipient_reads_the_source_once() {
        let (a, b, again) = (recipient("a", SSH), recipient("b", AGE), recipient("c", SSH));
        assert_eq!(source_readers(&[&a, &b, &again]), [key(AGE), key(SSH)]);
    }
}
