//! What may be known of secrets without a key: handed in by whoever reads files.

use std::collections::{BTreeMap, BTreeSet};

use domain::Date;

use crate::{Flaw, SecretRef};

/// What the secrets file tells without being decrypted, and what somebody found who could.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretFacts {
    /// What the file is called.
    pub file: String,
    /// The values in it; nothing where there is no such file.
    pub values: Option<BTreeMap<SecretRef, StoredValue>>,
    /// Whom the file says that it is for; nothing where it does not say.
    pub readers: Option<Vec<String>>,
    /// The public halves of pairs of keys, by the name of the private one: `deploy`, `keys.machine`.
    pub public: BTreeMap<String, String>,
    /// The hosts that there are encrypted files for, of an earlier build.
    pub holders: BTreeSet<String>,
    /// The day on which it is asked.
    pub today: Option<Date>,
}

impl SecretFacts {
    /// With these values, each of which was last changed on the day that `changed` says by its name.
    #[must_use]
    pub fn with_values(
        mut self,
        mut values: BTreeMap<SecretRef, StoredValue>,
        changed: &BTreeMap<String, String>,
    ) -> Self {
        for (secret, value) in &mut values {
            value.changed = changed.get(&secret.to_string()).and_then(|day| Date::parse(day).ok());
        }
        self.values = Some(values);
        self
    }
}

/// What is known of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredValue {
    /// Whether it is empty, which is not encrypted.
    pub is_empty: bool,
    /// Whether it is there for everybody to read.
    pub is_plain: bool,
    /// What changes when the value does, and says nothing of it: made of what it is encrypted to.
    pub mark: Option<String>,
    /// When it was last changed.
    pub changed: Option<Date>,
    /// What is wrong with it; only known to who can decrypt it.
    pub flaw: Option<Flaw>,
    /// Whether the public half that is kept is not that of the value, a private key; only known to who can decrypt it.
    pub has_other_half: bool,
}
