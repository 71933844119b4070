//! `recipients-changed`: secrets that are for others than the lab says.

use diagnostics::{Problem, declare_rule};
use domain::RecipientKey;
use model::Recipient;
use source::Place;

use crate::lab::Lab;

declare_rule! { pub RECIPIENTS_CHANGED, "recipients-changed", warning, since "0.1", "secrets that are for others than the lab says", page "recipients_changed.md" }

/// Compares whom the file of values is for with the lab's recipients. Where the lab has none, that is another problem.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let Some((known, readers)) = lab.known.and_then(|known| Some((known, known.readers.as_ref()?))) else {
        return Vec::new();
    };
    let Some(first) = lab.recipients.first() else { return Vec::new() };
    let keys: Vec<Option<RecipientKey>> = readers.iter().map(|text| RecipientKey::parse(text).ok()).collect();
    let is_missing = |recipient: &&&Recipient| !keys.iter().flatten().any(|key| *key == recipient.key);
    let missing =
        lab.recipients.iter().filter(is_missing).map(|recipient| cannot_read(recipient, &known.file));
    let is_spare = |key: &Option<RecipientKey>| {
        key.as_ref().is_none_or(|key| !lab.recipients.iter().any(|recipient| recipient.key == *key))
    };
    let spare = readers.iter().zip(&keys).filter(|(_, key)| is_spare(key));
    missing.chain(spare.map(|(text, _)| still_reads(text, &first.place, &known.file))).collect()
}

/// A recipient for whom the file is not encrypted.
fn cannot_read(recipient: &Recipient, file: &str) -> Problem {
    let message = format!("recipient '{}' cannot read {file} yet", recipient.name);
    Problem::new(&RECIPIENTS_CHANGED, recipient.place.clone(), message)
        .help("let somebody who can run 'hlc secrets rekey', then 'hlc build'")
}

/// Somebody whom the lab does not name, and for whom the file is encrypted.
fn still_reads(reader: &str, place: &Place, file: &str) -> Problem {
    let reader = reader.escape_debug();
    let message = format!("{file} is still for '{reader}', which is no recipient of the lab");
    Problem::new(&RECIPIENTS_CHANGED, place.clone(), message)
        .label("these are its recipients")
        .help("run 'hlc secrets rekey', then 'hlc build'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{KEY, problems_knowing, recipient, stored_names};
    use model::Entity;

    const OTHER: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA ana@laptop";

    fn found(entities: &[Entity], readers: Option<&[&str]>) -> Vec<String> {
        let mut known = stored_names(&["a"]);
        known.readers = readers.map(|readers| readers.iter().map(|one| (*one).to_owned()).collect());
        let problems = problems_knowing(&RECIPIENTS_CHANGED, entities, Some(&known)).into_iter();
        problems.map(|problem| problem.message).collect()
    }

    #[test]
    fn the_file_is_for_the_recipients_of_the_lab() {
        let Entity::Recipient(laptop) = recipient("laptop") else { unreachable!() };
        let key = laptop.key.to_string();
        let mut ana = laptop.clone();
        (ana.name, ana.key) = ("ana".into(), RecipientKey::parse(OTHER).unwrap());
        let lab = [Entity::Recipient(laptop), Entity::Recipient(ana)];
        assert_eq!(found(&lab, Some(&[&key, OTHER])), [""; 0]);
        assert_eq!(found(&lab, Some(&[&key])), ["recipient 'ana' cannot read homelab.secrets.yaml yet"]);
        let spare = "which is no recipient of the lab";
        let one = found(&lab[..1], Some(&[&key, OTHER]));
        assert!(one.len() == 1 && one[0].contains(OTHER) && one[0].ends_with(spare), "{one:?}");
        assert_eq!(found(&lab, None), [""; 0]);
        assert_eq!(found(&[], Some(&[KEY])), [""; 0]);
    }
}
