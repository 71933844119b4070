//! `secret-expired`: a value that is older than it may be.

use diagnostics::{Problem, declare_rule};
use domain::{Date, Duration};
use model::SecretRef;
use source::Place;

use crate::lab::Lab;

declare_rule! { pub SECRET_EXPIRED, "secret-expired", warning, since "0.1", "a value that is older than it may be", page "secret_expired.md" }

/// Looks for values that were last changed longer ago than `rotate` says.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let Some(known) = lab.known else { return Vec::new() };
    let (Some(today), Some(stored)) = (known.today, &known.values) else { return Vec::new() };
    let expired = lab.values().filter_map(|(secret, value)| {
        let rotate = value.rotate?;
        let changed = stored.get(&secret)?.changed?;
        let is_over = changed.after(rotate).is_some_and(|end| end <= today);
        is_over.then(|| secret_expired(&secret, &value.place, rotate, (changed, today)))
    });
    expired.collect()
}

/// The value has been used for too long.
fn secret_expired(
    secret: &SecretRef,
    place: &Place,
    rotate: Duration,
    (changed, today): (Date, Date),
) -> Problem {
    let days = today.days_since(changed);
    let message = format!("the value of secret '{secret}' is {days} days old, and may be used for {rotate}");
    Problem::new(&SECRET_EXPIRED, place.clone(), message).help(format!("run 'hlc secrets rotate {secret}'"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{place, problems_knowing, stored, value};
    use model::{Entity, Secret, StoredValue};

    #[test]
    fn values_are_as_young_as_they_shall_be() {
        let found = |changed: Option<&str>, rotate: Option<&str>| {
            let mut value = value(None, None);
            value.rotate = rotate.map(|text| Duration::parse(text).unwrap());
            let secret = Secret { name: "a".into(), values: vec![value], place: place("secret a") };
            let changed = changed.map(|day| Date::parse(day).unwrap());
            let known = stored(&[(SecretRef::whole("a"), StoredValue { changed, ..StoredValue::default() })]);
            let found = problems_knowing(&SECRET_EXPIRED, &[Entity::Secret(secret)], Some(&known));
            found.into_iter().map(|problem| problem.message).collect::<Vec<_>>()
        };
        // It is the 22nd of May 2026.
        assert_eq!(
            found(Some("2026-02-21"), Some("90d")),
            ["the value of secret 'a' is 90 days old, and may be used for 90d"]
        );
        for (changed, rotate) in
            [(Some("2026-02-22"), Some("90d")), (Some("2020-01-01"), None), (None, Some("1d"))]
        {
            assert_eq!(found(changed, rotate), [""; 0]);
        }
    }
}
