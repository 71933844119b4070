//! `only-one-recipient`: secrets that one key alone opens.

use std::collections::BTreeSet;

use diagnostics::{Problem, declare_rule};

use crate::lab::Lab;

declare_rule! { pub ONLY_ONE_RECIPIENT, "only-one-recipient", warning, since "0.1", "secrets that one key alone opens", page "only_one_recipient.md" }

/// Looks whether there are values to lose, and one key to lose them with.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let has_values = lab.known.is_some_and(|known| {
        known.readers.is_some() && known.values.as_ref().is_some_and(|values| !values.is_empty())
    });
    let keys: BTreeSet<_> = lab.recipients.iter().map(|recipient| &recipient.key).collect();
    let (true, 1, Some(first)) = (has_values, keys.len(), lab.recipients.first()) else { return Vec::new() };
    let message =
        format!("only the key of recipient '{}' opens the secrets: if it is lost, so are they", first.name);
    let problem = Problem::new(&ONLY_ONE_RECIPIENT, first.place.clone(), message);
    vec![problem.help(
        "make another with 'age-keygen', keep it where the first is not, such as on a stick in a drawer, declare it as a \
         'recipient', and run 'hlc secrets rekey'",
    )]
}

#[cfg(test)]
mod tests {
    use domain::RecipientKey;
    use model::Entity;

    use super::*;
    use crate::testing::{problems_knowing, recipient, stored_names};

    const OTHER: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA ana@laptop";

    #[test]
    fn one_key_is_one_whatever_it_is_called() {
        let named = |name: &str, key: Option<&str>| {
            let Entity::Recipient(mut one) = recipient(name) else { unreachable!() };
            if let Some(key) = key {
                one.key = RecipientKey::parse(key).unwrap();
            }
            Entity::Recipient(one)
        };
        let found = |lab: &[Entity], names: &[&str], is_sops: bool| {
            let mut known = stored_names(names);
            known.readers = is_sops.then(Vec::new);
            problems_knowing(&ONLY_ONE_RECIPIENT, lab, Some(&known)).len()
        };
        let (laptop, again, other) = (named("laptop", None), named("stick", None), named("ana", Some(OTHER)));
        assert_eq!(found(std::slice::from_ref(&laptop), &["a"], true), 1);
        assert_eq!(found(&[laptop.clone(), again], &["a"], true), 1);
        assert_eq!(found(&[laptop.clone(), other], &["a"], true), 0);
        // Where there is nothing to lose yet, or nobody at all, that is not what is to be said.
        assert_eq!(found(std::slice::from_ref(&laptop), &[], true), 0);
        assert_eq!(found(&[laptop], &["a"], false), 0);
        assert_eq!(found(&[], &["a"], true), 0);
    }
}
