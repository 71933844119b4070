//! Public halves of pairs of keys. They are kept in the open beside what is encrypted, so another program that gives a
//! private key a new value leaves them as they were.

use std::collections::BTreeMap;

use model::{Generator, SecretRef};

use crate::origin::is_same;
use crate::{Source, public_half};

impl Source {
    /// Those of `made`, each with how it is made, whose public half is not that of the private one. That there is none
    /// yet is said where one is used.
    pub fn other_halves(&self, made: &BTreeMap<SecretRef, &Generator>) -> Vec<SecretRef> {
        let is_other = |(secret, generator): &(&SecretRef, &&Generator)| {
            self.public(secret).is_some() && self.true_half(secret, generator).is_some()
        };
        made.iter().filter(is_other).map(|(secret, _)| secret.clone()).collect()
    }

    /// Gives those of `made` that are pairs of keys the public half of the private one, and those that are no keys none.
    /// Returns the ones that had another.
    pub fn renew_halves(&mut self, made: &BTreeMap<SecretRef, &Generator>) -> Vec<SecretRef> {
        let mut renewed = Vec::new();
        for (secret, generator) in made {
            if let Some(half) = self.true_half(secret, generator) {
                self.keep_public(secret, half);
                renewed.push(secret.clone());
            }
        }
        renewed
    }

    /// What the public half of a value should be, where it is something else.
    fn true_half(&self, secret: &SecretRef, generator: &Generator) -> Option<Option<String>> {
        let value = self.value(secret).filter(|_| generator.has_public_half())?;
        let half = public_half(generator, value);
        let is_kept = match (&half, self.public(secret)) {
            (Some(half), Some(kept)) => is_same(half, kept),
            (half, kept) => half.is_none() && kept.is_none(),
        };
        (!is_kept).then_some(half)
    }
}
