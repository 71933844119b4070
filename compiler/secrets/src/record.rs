//! What is noted of a delivered file beside it, and what proves that hlc noted it.
//!
//! A delivered file has no place in which it could be noted what belongs to it. So its hash is noted beside it, and a
//! number with that which only who can read all values can make. By that it is known, with a key, that a file is as it
//! was written to the last byte: the copies of its data key, too, which nobody but a host can open.

use model::SecretRef;

use crate::derive::derived;
use crate::fingerprint::Hash;
use crate::source::DELIVERY;
use crate::{Error, Fingerprint, Source};

/// What is noted of a delivered file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it is made of.
    pub made_of: Fingerprint,
    /// What it holds.
    pub content: Fingerprint,
    /// What shows that hlc noted both.
    pub proof: Fingerprint,
}

/// What shows that hlc noted something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proven {
    /// It did, under the keys that there are now.
    Now,
    /// It did, before keys changed: nothing is wrong, but it is out of date.
    Before,
    /// Nothing does: anybody may have noted it.
    Not,
}

impl Source {
    /// Notes that the file at `path` is made of this and holds that.
    pub fn record(&self, path: &str, made_of: Fingerprint, content: Fingerprint) -> Result<Record, Error> {
        let proof = Fingerprint::noted(&proof(&self.proving()?, path, &made_of, &content));
        Ok(Record { made_of, content, proof })
    }

    /// Whether hlc noted this of the file at `path`.
    pub fn proven(&self, path: &str, record: &Record) -> Proven {
        let is_by = |key: &str| proof(key, path, &record.made_of, &record.content) == record.proof.as_str();
        match self.proving() {
            Ok(key) if is_by(&key) => Proven::Now,
            _ if self.sealed().is_some_and(|seal| seal.before.iter().any(|key| is_by(key))) => Proven::Before,
            _ => Proven::Not,
        }
    }

    /// The key of what shows that.
    pub(crate) fn proving(&self) -> Result<String, Error> {
        let delivery = self.delivery().ok_or_else(|| Error::NoValue(SecretRef::whole(DELIVERY)))?;
        Ok(derived(delivery.as_bytes(), &Hash::new("hlc records 1")))
    }
}

fn proof(key: &str, path: &str, made_of: &Fingerprint, content: &Fingerprint) -> String {
    let mut about = Hash::new("hlc record 1");
    for text in [path, made_of.as_str(), content.as_str()] {
        about.text(text);
    }
    derived(key.as_bytes(), &about)
}
