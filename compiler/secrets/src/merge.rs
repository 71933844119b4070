//! Puts together what two sides made of the same values.

use std::collections::BTreeSet;

use model::SecretRef;
use zeroize::Zeroizing;

use crate::{Error, Source};

/// What came of putting two sides together.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// What was taken over from the other side.
    pub taken: BTreeSet<SecretRef>,
    /// What both sides changed, each to something else. What was there stays; where nothing was, it is taken.
    pub conflicts: BTreeSet<SecretRef>,
    /// Whether the other side encrypted everything anew, so that this one must, too: under its old key it could be read
    /// by whoever was locked out there.
    pub needs_new_key: bool,
}

impl Source {
    /// Takes over what `theirs` changed since `base`: values, with their dates and public halves. Never keys: who could
    /// not read `base` may have made `theirs`, and knows those.
    pub fn merge(&mut self, base: &Self, theirs: &Self) -> Result<Merged, Error> {
        let mut merged = Merged { needs_new_key: theirs.delivery() != base.delivery(), ..Merged::default() };
        // What comes of two is later than both.
        if let Some(seal) = &mut self.seal {
            seal.generation = seal.generation.max(theirs.generation());
        }
        let sides = [&*self, base, theirs];
        let names: BTreeSet<String> =
            sides.iter().flat_map(|side| side.names()).map(|secret| secret.name.clone()).collect();
        for name in names {
            let all: BTreeSet<SecretRef> =
                [&*self, base, theirs].iter().flat_map(|side| side.names_of(&name)).cloned().collect();
            // One value on one side, and keys on another, belong together.
            let is_one_shape =
                all.iter().map(|secret| secret.key.is_some()).collect::<BTreeSet<_>>().len() < 2;
            if is_one_shape {
                for secret in all {
                    self.merge_part(base, theirs, BTreeSet::from([secret]), &mut merged)?;
                }
            } else {
                self.merge_part(base, theirs, all, &mut merged)?;
            }
        }
        Ok(merged)
    }

    /// Merges values that belong together: one, or all of a secret that has keys on one side only.
    fn merge_part(
        &mut self,
        base: &Self,
        theirs: &Self,
        part: BTreeSet<SecretRef>,
        merged: &mut Merged,
    ) -> Result<(), Error> {
        let are_equal =
            |one: &Self, other: &Self| part.iter().all(|name| one.value(name) == other.value(name));
        if are_equal(self, theirs) {
            // Two who made the same of a value did so when the later one did.
            for secret in &part {
                self.take_later_date(secret, theirs);
                // One of them may have mended the public half of what both have.
                if self.public(secret) == base.public(secret) {
                    self.keep_public(secret, theirs.public(secret).map(str::to_owned));
                }
            }
            return Ok(());
        }
        if are_equal(theirs, base) {
            return Ok(());
        }
        let is_conflict = !are_equal(self, base);
        if is_conflict && part.iter().any(|secret| self.value(secret).is_some()) {
            merged.conflicts.extend(part);
            return Ok(());
        }
        for secret in &part {
            self.take(secret, theirs)?;
        }
        if is_conflict { &mut merged.conflicts } else { &mut merged.taken }.extend(part);
        Ok(())
    }

    /// Makes a value what it is to another side, with all that is known of it.
    fn take(&mut self, secret: &SecretRef, from: &Self) -> Result<(), Error> {
        let Some(value) = from.value(secret) else {
            self.remove(secret);
            return Ok(());
        };
        let public = from.public(secret).map(str::to_owned);
        self.keep(secret, Zeroizing::new(value.to_owned()), public, from.changed(secret))
    }
}
