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
            self.public(secret).is_some() && !self.half(secret, generator).1
        };
        made.iter().filter(is_other).map(|(secret, _)| secret.clone()).collect()
    }

    /// Gives those of `made` that are pairs of keys the public half of the private one, and those that are no keys none.
    /// Returns the ones that had another.
    pub fn renew_halves(&mut self, made: &BTreeMap<SecretRef, &Generator>) -> Vec<SecretRef> {
        let mut renewed = Vec::new();
        for (secret, generator) in made {
            if let (half, false) = self.half(secret, generator) {
                self.keep_public(secret, half);
                renewed.push(secret.clone());
            }
        }
        renewed
    }

    /// The public half of a value, and whether it is the one that is kept. What is not there, or is no pair of keys, is
    /// not asked for one.
    fn half(&self, secret: &SecretRef, generator: &Generator) -> (Option<String>, bool) {
        let Some(value) = self.value(secret).filter(|_| generator.has_public_half()) else {
            return (None, true);
        };
        let half = public_half(generator, value);
        let is_kept = match (&half, self.public(secret)) {
            (Some(half), Some(kept)) => is_same(half, kept),
            (half, kept) => half.is_none() && kept.is_none(),
        };
        (half, is_kept)
    }
}
