//! `secret-not-encrypted`: a value that everybody can read.

use diagnostics::{Problem, declare_rule};
use model::{SecretFacts, SecretRef};
use source::Place;

use crate::lab::Lab;

declare_rule! { pub SECRET_NOT_ENCRYPTED, "secret-not-encrypted", error, since "0.1", "a value that everybody can read", page "secret_not_encrypted.md" }

/// Looks for values in plain in the file that is to hold them encrypted.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let Some((known, stored)) = lab.known.and_then(|known| Some((known, known.values.as_ref()?))) else {
        return Vec::new();
    };
    let is_plain = |secret: &SecretRef| stored.get(secret).is_some_and(|value| value.is_plain);
    let remedy = remedy(lab, known, stored.values().all(|value| value.is_plain || value.is_empty));
    let plain = lab.values().filter(|(secret, _)| is_plain(secret));
    plain.map(|(secret, value)| secret_not_encrypted(&secret, &value.place, known, &remedy)).collect()
}

/// How values become encrypted: all of them, or one that somebody wrote between encrypted ones, which SOPS takes for
/// an attack.
fn remedy(lab: &Lab<'_>, known: &SecretFacts, is_all: bool) -> String {
    let file = &known.file;
    if !is_all {
        return format!("take {file} back from Git");
    }
    match lab.recipients.first() {
        Some(recipient) => format!("run 'sops encrypt --in-place --age {} {file}'", recipient.key),
        None => format!("declare a 'recipient', and encrypt {file} for it with 'sops encrypt'"),
    }
}

/// The value stands in the file as it is.
fn secret_not_encrypted(secret: &SecretRef, place: &Place, known: &SecretFacts, remedy: &str) -> Problem {
    let message = format!("the value of secret '{secret}' stands in {} for everybody to read", known.file);
    Problem::new(&SECRET_NOT_ENCRYPTED, place.clone(), message).help(format!(
        "{remedy}, then give it a new value with 'hlc secrets set {secret}': this one may be in Git, in backups and \
         in caches"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{plain_secret, problems_knowing, recipient, stored};
    use model::StoredValue;

    #[test]
    fn values_are_encrypted() {
        let plain = StoredValue { is_plain: true, ..StoredValue::default() };
        let known = stored(&[
            (SecretRef::whole("a"), plain.clone()),
            (SecretRef::whole("b"), StoredValue::default()),
            (SecretRef::whole("undeclared"), plain),
        ]);
        let lab = [plain_secret("a"), plain_secret("b")];
        let found = problems_knowing(&SECRET_NOT_ENCRYPTED, &lab, Some(&known));
        let messages: Vec<&str> = found.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(
            messages,
            ["the value of secret 'a' stands in homelab.secrets.yaml for everybody to read"]
        );
        let help = |problem: &Problem| problem.help.clone().unwrap_or_default();
        assert!(help(&found[0]).starts_with("take homelab.secrets.yaml back from Git, then"));
        let all =
            stored(&[(SecretRef::whole("a"), StoredValue { is_plain: true, ..StoredValue::default() })]);
        let found =
            problems_knowing(&SECRET_NOT_ENCRYPTED, &[plain_secret("a"), recipient("laptop")], Some(&all));
        let command = "run 'sops encrypt --in-place --age age1";
        assert!(help(&found[0]).starts_with(command), "{}", help(&found[0]));
    }
}
