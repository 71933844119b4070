//! `hlc secrets generate [NAME…]`: makes the values that are missing and that the lab says how to make.

use std::collections::BTreeSet;

use model::{Generator, SecretRef};
use secrets::{Source, generate};

use super::{Vault, failed};
use crate::exit::{Exit, Failure};

/// Makes the named values, or all that are missing. What is there stays: `rotate` makes new ones.
pub(super) fn run(vault: &Vault<'_>, names: &[String]) -> Result<Exit, Failure> {
    let asked = named(vault, names)?;
    let (_, (made, waiting)) = vault.change(|_, source| {
        let is_missing = |source: &Source, secret: &SecretRef| source.value(secret).is_none();
        let missing = |secrets: BTreeSet<SecretRef>| -> BTreeSet<SecretRef> {
            secrets.into_iter().filter(|secret| is_missing(source, secret)).collect()
        };
        if !asked.is_empty() {
            let missing = missing(asked);
            return Ok((make(vault, source, missing)?, Vec::new()));
        }
        let mut missing = missing(generators(vault).map(|(secret, _)| secret.clone()).collect());
        let waiting = take_waiting(vault, source, &mut missing);
        Ok((make(vault, source, missing)?, waiting))
    })?;
    for secret in &made {
        vault.terminal.note(&format!("made '{secret}'"));
    }
    for (secret, of) in &waiting {
        vault.terminal.error(&format!("'{secret}' is made of '{of}', which 'hlc secrets set {of}' sets"));
    }
    if !waiting.is_empty() {
        return Ok(Exit::Problems);
    }
    if made.is_empty() {
        vault.terminal.note("nothing was made: all values are there that the lab says how to make");
    } else {
        vault.deliver_hint();
    }
    Ok(Exit::Success)
}

/// Takes those out of `wanted` that are made of a value which nobody has set. Returns them, each with that.
fn take_waiting(
    vault: &Vault<'_>,
    source: &Source,
    wanted: &mut BTreeSet<SecretRef>,
) -> Vec<(SecretRef, SecretRef)> {
    let mut waiting = Vec::new();
    loop {
        let lacks = |(secret, made): (&SecretRef, &Generator)| {
            let of = made.source().filter(|of| source.value(of).is_none() && !wanted.contains(of))?;
            wanted.contains(secret).then(|| (secret.clone(), of.clone()))
        };
        let Some(found) = generators(vault).find_map(lacks) else { return waiting };
        wanted.remove(&found.0);
        waiting.push(found);
    }
}

/// The named secrets, which must be such that the lab says how to make them.
pub(super) fn named(vault: &Vault<'_>, names: &[String]) -> Result<BTreeSet<SecretRef>, Failure> {
    let find = |name: &String| {
        let (secret, declared) = vault.find(name)?;
        match declared.generate {
            Some(_) => Ok(secret),
            None => Err(Failure::cannot(format!(
                "the lab does not say how to make '{name}': give it a 'generate', such as 'generate = random(32)', \
                 or set it with 'hlc secrets set {name}'"
            ))),
        }
    };
    names.iter().map(find).collect()
}

/// All values that the lab says how to make.
pub(super) fn generators<'v>(vault: &'v Vault<'_>) -> impl Iterator<Item = (&'v SecretRef, &'v Generator)> {
    vault.declared.iter().filter_map(|(secret, value)| Some((secret, value.generate.as_ref()?)))
}

/// With the values that are made of them: a hash of an old password lets nobody in.
pub(super) fn with_dependents(vault: &Vault<'_>, mut wanted: BTreeSet<SecretRef>) -> BTreeSet<SecretRef> {
    loop {
        let of = generators(vault).filter(|(_, made)| made.source().is_some_and(|of| wanted.contains(of)));
        let more: Vec<SecretRef> = of.map(|(secret, _)| secret.clone()).collect();
        let before = wanted.len();
        wanted.extend(more);
        if wanted.len() == before {
            return wanted;
        }
    }
}

/// Makes those anew that are there and made of values that somebody `set`, unless they were set as well.
pub(super) fn follow(
    vault: &Vault<'_>,
    source: &mut Source,
    set: &BTreeSet<SecretRef>,
) -> Result<(), Failure> {
    let is_old = |secret: &SecretRef| !set.contains(secret) && source.value(secret).is_some();
    let old = with_dependents(vault, set.clone()).into_iter().filter(is_old).collect();
    for secret in make(vault, source, old)? {
        vault.terminal.note(&format!("'{secret}' is made anew of what it is made of"));
    }
    Ok(())
}

/// Makes values, those first that others are made of. Returns them in that order.
pub(super) fn make(
    vault: &Vault<'_>,
    source: &mut Source,
    mut wanted: BTreeSet<SecretRef>,
) -> Result<Vec<SecretRef>, Failure> {
    let mut made = Vec::new();
    loop {
        let generator =
            |secret: &SecretRef| vault.declared.get(secret).and_then(|value| value.generate.as_ref());
        let waits = |secret: &SecretRef| generator(secret).and_then(Generator::source);
        let is_ready = |secret: &&SecretRef| waits(secret).is_none_or(|of| !wanted.contains(of));
        // Circles are refused by the checks; one of them would then be the first.
        let Some(secret) = wanted.iter().find(is_ready).or_else(|| wanted.first()).cloned() else {
            return Ok(made);
        };
        wanted.remove(&secret);
        let Some(generator) = generator(&secret) else { continue };
        let value = generate(&secret, generator, source).map_err(|error| failed(&error))?;
        source.set(&secret, value.value, value.public, vault.today).map_err(|error| failed(&error))?;
        made.push(secret);
    }
}
