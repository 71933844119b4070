//! `weak-secret`: a secret that somebody could find out.

use diagnostics::{Problem, declare_rule};
use model::{Flaw, Generator, SecretRef, SecretValue};

use crate::lab::Lab;

declare_rule! { pub WEAK_SECRET, "weak-secret", warning, since "0.1", "a secret that somebody could find out, or of the wrong form", page "weak_secret.md" }

/// The fewest bits of chance that nobody can try out.
const BITS: u32 = 64;

/// Looks for values with a flaw, as far as somebody could decrypt them, and for generators that leave little to
/// chance.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let stored = lab.known.and_then(|known| known.values.as_ref());
    let flaw = |secret: &SecretRef| stored?.get(secret)?.flaw;
    let problems = lab.values().filter_map(|(secret, value)| match flaw(&secret) {
        Some(flaw) => Some(flawed(&secret, value, flaw)),
        None => by_chance(&secret, value),
    });
    problems.collect()
}

/// The value itself has a flaw.
fn flawed(secret: &SecretRef, value: &SecretValue, flaw: Flaw) -> Problem {
    let message = format!("the value of secret '{secret}' {flaw}");
    let verb = if value.generate.is_some() { "rotate" } else { "set" };
    Problem::new(&WEAK_SECRET, value.place.clone(), message)
        .help(format!("run 'hlc secrets {verb} {secret}'"))
}

/// There are so few values that it could be, that all can be tried out.
fn by_chance(secret: &SecretRef, value: &SecretValue) -> Option<Problem> {
    let generator = value.generate.as_ref()?;
    let bits = generator.bits().filter(|bits| *bits < BITS)?;
    let message = format!(
        "secret '{secret}' is generated from {bits} bits of chance, and fewer than {BITS} can be tried out"
    );
    let problem = Problem::new(&WEAK_SECRET, value.place.clone(), message);
    Some(problem.help_if(longer(generator).map(|length| format!("make it longer: 'random({length})'"))))
}

/// How many characters it would take.
fn longer(generator: &Generator) -> Option<u32> {
    let Generator::Random { length, alphabet } = generator else { return None };
    let enough = |length: &u32| {
        let longer = Generator::Random { length: *length, alphabet: alphabet.clone() };
        longer.bits().is_some_and(|bits| bits >= BITS)
    };
    (*length..=BITS).find(enough)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{generated, plain_secret, problems_knowing, stored};
    use model::{Entity, SecretFacts, StoredValue};

    fn found(entity: Entity, known: Option<&SecretFacts>) -> Vec<(String, String)> {
        let problems = problems_knowing(&WEAK_SECRET, &[entity], known).into_iter();
        problems.map(|problem| (problem.message, problem.help.unwrap_or_default())).collect()
    }

    #[test]
    fn generators_leave_enough_to_chance() {
        let random =
            |length, alphabet: &str| generated("a", Generator::Random { length, alphabet: alphabet.into() });
        let [(message, help)] = found(random(8, "0123456789"), None).try_into().unwrap();
        assert!(message.contains("from 26 bits of chance"), "{message}");
        assert_eq!(help, "make it longer: 'random(20)'");
        assert_eq!(found(random(20, "0123456789"), None), []);
        assert_eq!(found(generated("a", Generator::Hex(8)), None), []);
    }

    #[test]
    fn flaws_are_told_without_the_value() {
        let known = stored(&[(
            SecretRef::whole("admin"),
            StoredValue { flaw: Some(Flaw::Placeholder), ..StoredValue::default() },
        )]);
        assert_eq!(
            found(plain_secret("admin"), Some(&known)),
            [(
                "the value of secret 'admin' is a placeholder".to_owned(),
                "run 'hlc secrets set admin'".to_owned()
            )]
        );
        assert_eq!(found(plain_secret("other"), Some(&known)), []);
    }
}
