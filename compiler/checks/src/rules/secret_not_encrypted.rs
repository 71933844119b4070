//! `secret-not-encrypted`: a value that everybody can read.

use diagnostics::{Problem, declare_rule};
use model::SecretRef;
use source::Place;

use crate::lab::Lab;

declare_rule! { pub SECRET_NOT_ENCRYPTED, "secret-not-encrypted", error, since "0.1", "a value that everybody can read", page "secret_not_encrypted.md" }

/// Looks for values in plain in the file that is to hold them encrypted.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let Some((known, stored)) = lab.known.and_then(|known| Some((known, known.values.as_ref()?))) else {
        return Vec::new();
    };
    let is_plain = |secret: &SecretRef| stored.get(secret).is_some_and(|value| value.is_plain);
    let plain = lab.values().filter(|(secret, _)| is_plain(secret));
    plain.map(|(secret, value)| secret_not_encrypted(&secret, &value.place, &known.file)).collect()
}

/// The value stands in the file as it is.
fn secret_not_encrypted(secret: &SecretRef, place: &Place, file: &str) -> Problem {
    let message = format!("the value of secret '{secret}' stands in {file} for everybody to read");
    Problem::new(&SECRET_NOT_ENCRYPTED, place.clone(), message).help(format!(
        "take it out of the file, and run 'hlc secrets set {secret}' with a new value: this one may be in Git, in \
         backups and in caches"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{plain_secret, problems_knowing, stored};
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
    }
}
