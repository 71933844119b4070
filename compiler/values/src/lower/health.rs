//! When a container has started, is ready and alive.

use model::{Health, Probe, Question};
use types::Value;

use super::read::{as_count, as_decl, as_duration, as_string, entry, optional};
use crate::eval::name_of;

pub(super) fn health(value: &Value) -> Option<Health> {
    let Value::Bool(secure) = entry(value, "https")?.value else { return None };
    let probe = |name: &str| optional(&entry(value, name)?.value, |value| probe(value, secure));
    Some(Health {
        question: question(value, secure)?.unwrap_or(Question::Port),
        port: port(value)?,
        start: optional(&entry(value, "start")?.value, as_duration)?,
        started: probe("started")?,
        ready: probe("ready")?,
        alive: probe("alive")?,
    })
}

/// What `path` and `command` say, if one of them does.
#[allow(clippy::option_option, reason = "what is of another sort and what is left out are two things")]
fn question(value: &Value, secure: bool) -> Option<Option<Question>> {
    let command = optional(&entry(value, "command")?.value, |command| {
        let Value::List(words) = command else { return None };
        words.iter().map(|word| as_string(&word.value)).collect::<Option<Vec<_>>>()
    })?;
    let path = optional(&entry(value, "path")?.value, as_string)?;
    let path = path.map(if secure { Question::SecurePath } else { Question::Path });
    Some(command.map(Question::Command).or(path))
}

#[allow(clippy::option_option, reason = "what is of another sort and what is left out are two things")]
fn port(value: &Value) -> Option<Option<String>> {
    optional(&entry(value, "port")?.value, |port| Some(name_of(&as_decl(port)?)))
}

fn probe(value: &Value, secure: bool) -> Option<Probe> {
    let time = |name: &str| optional(&entry(value, name)?.value, as_duration);
    let count = |name: &str| optional(&entry(value, name)?.value, as_count);
    let port = port(value)?;
    // A port alone is to be opened.
    let question = question(value, secure)?.or_else(|| port.is_some().then_some(Question::Port));
    Some(Probe {
        question,
        port,
        every: time("every")?,
        timeout: time("timeout")?,
        failures: count("failures")?,
        successes: count("successes")?,
        delay: time("delay")?,
    })
}
