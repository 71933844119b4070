//! `secret-without-value`: a secret that has no value yet.

use diagnostics::{Problem, closest, declare_rule};
use model::{SecretFacts, SecretRef, SecretValue};

use super::value_without_declaration::undeclared;
use crate::lab::Lab;

declare_rule! { pub SECRET_WITHOUT_VALUE, "secret-without-value", warning, since "0.1", "a secret that has no value yet", page "secret_without_value.md" }

/// How many names stand in one line.
const LISTED: usize = 5;
/// With so many names of values that nothing declares each is compared, to find one that is misspelt.
const COMPARED: usize = 200;

/// Looks for declared secrets without a value. Where there is no file of values at all, that is one problem.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let Some(known) = lab.known else { return Vec::new() };
    let Some(stored) = &known.values else { return no_file(lab, known).into_iter().collect() };
    let spare: Vec<String> = undeclared(lab, stored).keys().take(COMPARED).map(ToString::to_string).collect();
    let has_value = |secret: &SecretRef| stored.get(secret).is_some_and(|value| !value.is_empty);
    let without = lab.values().filter(|(secret, _)| !has_value(secret));
    without.map(|(secret, value)| secret_without_value(&secret, value, known, &spare)).collect()
}

/// The secret has no value, unless it is one of those that nothing declares.
fn secret_without_value(
    secret: &SecretRef,
    value: &SecretValue,
    known: &SecretFacts,
    spare: &[String],
) -> Problem {
    let message = format!("secret '{secret}' has no value");
    let problem = Problem::new(&SECRET_WITHOUT_VALUE, value.place.clone(), message);
    match closest(&secret.to_string(), spare.iter().map(String::as_str), 1).first() {
        Some(near) => problem.help(format!(
            "{} has a value '{near}', which nothing declares: if that is it, give both the same name",
            known.file
        )),
        None => problem.help(command(secret, value)),
    }
}

/// How it gets one.
fn command(secret: &SecretRef, value: &SecretValue) -> String {
    let verb = if value.generate.is_some() { "generate" } else { "set" };
    format!("run 'hlc secrets {verb} {secret}'")
}

/// There are no values at all.
fn no_file(lab: &Lab<'_>, known: &SecretFacts) -> Option<Problem> {
    let values: Vec<_> = lab.values().collect();
    let (first, value) = values.first()?;
    let message = match values.len() {
        1 => format!("secret '{first}' has no value: there is no {} yet", known.file),
        many => format!("the {many} secrets of the lab have no values: there is no {} yet", known.file),
    };
    let problem = Problem::new(&SECRET_WITHOUT_VALUE, value.place.clone(), message)
        .label(format!("'{first}' is the first of them"));
    if lab.recipients.is_empty() {
        return Some(problem.help(
            "declare who may read them, 'recipient NAME = \"age1…\"' with a key of 'age-keygen', and run 'hlc secrets \
             generate'",
        ));
    }
    let by_hand: Vec<String> = values
        .iter()
        .filter(|(_, value)| value.generate.is_none())
        .map(|(name, _)| name.to_string())
        .collect();
    Some(match by_hand.as_slice() {
        [] => problem.help("run 'hlc secrets generate'"),
        names if names.len() == values.len() => {
            problem.help(format!("run 'hlc secrets set NAME' for {}", listed(names)))
        }
        names => problem
            .help(format!("run 'hlc secrets generate', and 'hlc secrets set NAME' for {}", listed(names))),
    })
}

fn listed(names: &[String]) -> String {
    let more = names.len().saturating_sub(LISTED);
    let shown = names[..names.len() - more].join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{generated, keyed, plain_secret, problems_knowing, recipient, stored, stored_names};
    use model::{Entity, Generator, StoredValue};

    fn found(entities: &[Entity], known: Option<&SecretFacts>) -> Vec<(String, String)> {
        let problems = problems_knowing(&SECRET_WITHOUT_VALUE, entities, known).into_iter();
        problems.map(|problem| (problem.message, problem.help.unwrap_or_default())).collect()
    }

    fn lab() -> Vec<Entity> {
        vec![generated("key", Generator::Uuid), plain_secret("admin"), keyed("db", &["user", "password"])]
    }

    #[test]
    fn nothing_is_said_where_nobody_has_looked() {
        assert_eq!(found(&lab(), None), []);
    }

    #[test]
    fn without_a_file_there_is_one_problem() {
        let none = SecretFacts { file: "homelab.secrets.yaml".into(), ..SecretFacts::default() };
        let mut lab = lab();
        let [(message, help)] = found(&lab, Some(&none)).try_into().unwrap();
        assert_eq!(message, "the 4 secrets of the lab have no values: there is no homelab.secrets.yaml yet");
        assert!(help.starts_with("declare who may read them"), "{help}");
        lab.push(recipient("laptop"));
        let [(_, help)] = found(&lab, Some(&none)).try_into().unwrap();
        let by_hand = "'hlc secrets set NAME' for admin, db.user, db.password";
        assert_eq!(help, format!("run 'hlc secrets generate', and {by_hand}"));
        assert_eq!(found(&[recipient("laptop")], Some(&none)), []);
    }

    #[test]
    fn values_are_missed_one_by_one() {
        let known = stored(&[
            (SecretRef::whole("key"), StoredValue::default()),
            (SecretRef::whole("admin"), StoredValue { is_empty: true, ..StoredValue::default() }),
            (SecretRef::key("db", "user"), StoredValue::default()),
        ]);
        let expected = [
            ("secret 'admin' has no value", "run 'hlc secrets set admin'"),
            ("secret 'db.password' has no value", "run 'hlc secrets set db.password'"),
        ];
        let expected = expected.map(|(message, help)| (message.to_owned(), help.to_owned()));
        assert_eq!(found(&lab(), Some(&known)), expected);
    }

    #[test]
    fn a_value_of_another_name_may_be_meant() {
        let [(_, help)] =
            found(&[plain_secret("pihole-admin")], Some(&stored_names(&["pihole-admn"]))).try_into().unwrap();
        assert!(help.contains("has a value 'pihole-admn', which nothing declares"), "{help}");
    }
}
