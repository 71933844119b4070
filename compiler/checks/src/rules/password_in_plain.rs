//! `password-in-plain`: a variable that holds a secret as a text.

use diagnostics::{Problem, declare_rule};
use model::{Entity, EnvValue};

use crate::facts::{Pod, near};

declare_rule! { pub PASSWORD_IN_PLAIN, "password-in-plain", warning, since "0.1", "a variable that holds a secret as a text", page "password_in_plain.md" }

/// How names of variables end that hold secrets.
const SECRETIVE: &[&str] = &[
    "ACCESS_KEY",
    "ACCOUNT_KEY",
    "API_KEY",
    "APIKEY",
    "DBPASS",
    "ENCRYPTION_KEY",
    "PASSPHRASE",
    "PASSWD",
    "PASSWORD",
    "PRIVATE_KEY",
    "SECRET_KEY",
    "_PASS",
    "_SECRET",
    "_TOKEN",
];

/// Looks for variables that are called as if their values were to be kept, and whose values stand in the lab.
pub(crate) fn check(entity: &Entity) -> Vec<Problem> {
    let Some(of) = Pod::of(entity) else { return Vec::new() };
    let words = of.container.all().flat_map(|container| &container.env);
    let words = words.filter_map(|(name, value)| match &value.value {
        EnvValue::Plain(text) => Some((name.as_str(), text.as_str(), &value.place)),
        _ => None,
    });
    let raw = of.container.raw_containers().flat_map(|container| container.items_at(&["env"]));
    let raw = raw.filter_map(|variable| {
        let value = variable.value.at(&["value"])?;
        Some((variable.value.text_at(&["name"])?, value.value.text()?, &value.place))
    });
    let plain = words.chain(raw).filter(|(name, text, _)| {
        let upper = name.to_ascii_uppercase();
        let is_kept =
            SECRETIVE.iter().any(|end| upper.ends_with(end)) || upper == "TOKEN" || upper == "SECRET";
        is_kept && is_value(text)
    });
    let problems = plain.map(|(name, _, place)| {
        let message = format!("'{name}' of {} stands in the lab for everybody to read", of.shown());
        Problem::new(&PASSWORD_IN_PLAIN, near(place, &of.placement.place), message)
            .help("declare a secret, such as 'secret password { generate = random(32) }', and refer to it by its name")
    });
    problems.collect()
}

/// Whether a text may be a secret itself, and not say where one is, that there is none, or what another variable has.
fn is_value(text: &str) -> bool {
    const NONE: [&str; 7] = ["true", "false", "yes", "no", "none", "null", "disabled"];
    let is_reference = text.starts_with("$(") || text.starts_with('/') || text.contains("://");
    let is_number = text.chars().all(|char| char.is_ascii_digit()) && text.len() < 4;
    !text.is_empty() && !is_number && !is_reference && !NONE.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, messages};
    use model::SecretRef;

    fn found(name: &str, value: EnvValue) -> Vec<String> {
        let mut app = app("web", "media");
        app.container.env.insert(name.to_owned(), at(value));
        messages(&PASSWORD_IN_PLAIN, &[app.into_entity()])
    }

    #[test]
    fn secrets_are_declared() {
        let plain = |name: &str, text: &str| found(name, EnvValue::Plain(text.to_owned())).len();
        assert_eq!(
            found("DB_PASSWORD", EnvValue::Plain("hunter2".to_owned())),
            ["'DB_PASSWORD' of app 'web' stands in the lab for everybody to read"]
        );
        for name in ["API_TOKEN", "admin_password", "AWS_SECRET_ACCESS_KEY", "B2_ACCOUNT_KEY", "DB_PASS"] {
            assert_eq!(plain(name, "abcd"), 1, "{name}");
        }
        for (name, text) in [
            ("DB_PASSWORD_FILE", "/run/pw"),
            ("DB_PASSWORD", ""),
            ("REQUIRE_PASSWORD", "true"),
            ("DB_PASSWORD", "$(OTHER)"),
            ("MAX_TOKEN", "64"),
            ("TOKENS", "many"),
            ("API_SECRET", "/run/secrets/api"),
            ("AWS_ACCESS_KEY_ID", "AKIA1234"),
            ("WG_COMPASS", "north"),
        ] {
            assert_eq!(plain(name, text), 0, "{name}={text}");
        }
        assert_eq!(found("DB_PASSWORD", EnvValue::Secret(SecretRef::whole("db"))), [""; 0]);
    }
}
