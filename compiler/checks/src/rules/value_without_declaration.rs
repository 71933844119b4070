//! `value-without-declaration`: a value that no secret is declared for.

use std::collections::BTreeMap;

use diagnostics::{Problem, declare_rule};
use model::{SecretRef, StoredValue};
use source::Place;

use crate::lab::Lab;

declare_rule! { pub VALUE_WITHOUT_DECLARATION, "value-without-declaration", warning, since "0.1", "a value that no secret is declared for", page "value_without_declaration.md" }

/// So many are told one by one.
const TOLD: usize = 20;

/// Looks for values in the file that nothing in the lab declares. They are shown at the lab, since they stand nowhere
/// in its text.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let Some((known, stored)) = lab.known.and_then(|known| Some((known, known.values.as_ref()?))) else {
        return Vec::new();
    };
    let lab_place = lab.labs.iter().map(|lab| &lab.place);
    let Some(place) = lab_place.chain(lab.secrets.iter().map(|secret| &secret.place)).next() else {
        return Vec::new();
    };
    let spare = undeclared(lab, stored);
    let told = if spare.len() > TOLD + 1 { TOLD } else { spare.len() };
    let more =
        (spare.len() > told).then(|| values_without_declaration(spare.len() - told, &known.file, place));
    let each = spare.keys().take(told).map(|secret| value_without_declaration(secret, &known.file, place));
    each.chain(more).collect()
}

/// The values that nothing declares.
pub(super) fn undeclared<'a>(
    lab: &Lab<'_>,
    stored: &'a BTreeMap<SecretRef, StoredValue>,
) -> BTreeMap<SecretRef, &'a StoredValue> {
    let mut spare: BTreeMap<SecretRef, &StoredValue> =
        stored.iter().map(|(secret, value)| (secret.clone(), value)).collect();
    for (secret, _) in lab.values() {
        spare.remove(&secret);
    }
    spare
}

/// The file has a value that nobody asks for.
fn value_without_declaration(secret: &SecretRef, file: &str, place: &Place) -> Problem {
    let message = format!("{file} has a value '{secret}', which no secret is declared for");
    let declaration = match &secret.key {
        Some(key) => format!("'secret {} {{ key {key} {{ }} }}'", secret.name),
        None => format!("'secret {} {{ }}'", secret.name),
    };
    Problem::new(&VALUE_WITHOUT_DECLARATION, place.clone(), message)
        .help(format!("declare {declaration}, or remove the value with 'hlc secrets remove {secret}'"))
}

/// So many more that nobody would read about each.
fn values_without_declaration(count: usize, file: &str, place: &Place) -> Problem {
    let message = format!("{file} has {count} more values, which no secrets are declared for");
    Problem::new(&VALUE_WITHOUT_DECLARATION, place.clone(), message)
        .help("'hlc secrets list' shows all of them, 'not declared'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{keyed, lab, plain_secret, problems_knowing, stored};

    #[test]
    fn many_are_told_as_one() {
        let found = |count: usize| {
            let names =
                (0..count).map(|name| (SecretRef::whole(format!("n{name:03}")), StoredValue::default()));
            let known = stored(&names.collect::<Vec<_>>());
            problems_knowing(&VALUE_WITHOUT_DECLARATION, &[lab("home")], Some(&known))
        };
        assert_eq!([20, 21, 22, 500].map(|count| found(count).len()), [20, 21, 21, 21]);
        let last = found(500).pop().unwrap().message;
        assert_eq!(last, "homelab.secrets.yaml has 480 more values, which no secrets are declared for");
    }

    #[test]
    fn values_belong_to_secrets() {
        let values = [
            SecretRef::whole("admin"),
            SecretRef::whole("old"),
            SecretRef::whole("db"),
            SecretRef::key("db", "user"),
            SecretRef::key("admin", "x"),
        ];
        let known = stored(&values.map(|name| (name, StoredValue::default())));
        let entities = [plain_secret("admin"), keyed("db", &["user"]), lab("home")];
        let found = problems_knowing(&VALUE_WITHOUT_DECLARATION, &entities, Some(&known));
        let names: Vec<&str> =
            found.iter().map(|problem| problem.message.split('\'').nth(1).unwrap()).collect();
        assert_eq!(names, ["admin.x", "db", "old"]);
        assert!(found.iter().all(|problem| problem.place == crate::testing::place("lab home")));
    }
}
