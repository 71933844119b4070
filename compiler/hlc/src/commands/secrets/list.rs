//! `hlc secrets list`: which secrets there are, how old they are, and who reads them. Needs no key.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use model::{SecretKind, SecretRef, StoredValue};
use serde_json::json;

use super::Vault;
use crate::exit::{Exit, Failure};
use crate::secrets::store::Store;
use crate::show;

/// What there is to say about a secret.
struct Row {
    secret: SecretRef,
    kind: &'static str,
    /// The days since it was changed; nothing where there is no value, or hlc did not set it.
    age: Option<i32>,
    has_value: bool,
    is_declared: bool,
    /// The files that it is delivered in.
    delivered: Vec<String>,
}

/// Lists them.
pub(super) fn run(vault: &Vault<'_>, json: bool) -> Result<Exit, Failure> {
    // What it says in the open is listed, whether or not a key is here to know whether it is true.
    if Store::read(vault.lab)?.look()?.is_none() && !vault.lab.stored_values().is_empty() {
        vault.terminal.note("no key for the file of secrets is here, so nothing shows whether this is true");
    }
    let rows = rows(vault)?;
    let text = if json { as_json(vault, &rows) } else { as_table(vault, &rows) };
    vault.terminal.lines(&text)?;
    Ok(Exit::Success)
}

fn rows(vault: &Vault<'_>) -> Result<Vec<Row>, Failure> {
    let stored = vault.lab.stored_values();
    let outputs = vault.lab.outputs()?;
    let mut delivered: BTreeMap<&SecretRef, BTreeSet<String>> = BTreeMap::new();
    for file in &outputs.secrets {
        for secret in file.secrets() {
            delivered.entry(secret).or_default().insert(file.path.clone());
        }
    }
    let all: BTreeSet<&SecretRef> = vault.declared.keys().chain(stored.keys()).collect();
    let row = |secret: &SecretRef| {
        let declared = vault.declared.get(secret);
        let known = stored.get(secret).filter(|known| !known.is_empty);
        let age = |known: &StoredValue| Some(vault.today.days_since(known.changed?));
        Row {
            secret: secret.clone(),
            kind: declared.map_or("?", |value| kind(value.kind)),
            age: known.and_then(age),
            has_value: known.is_some(),
            is_declared: declared.is_some(),
            delivered: delivered.get(secret).into_iter().flatten().cloned().collect(),
        }
    };
    Ok(all.into_iter().map(row).collect())
}

fn kind(kind: SecretKind) -> &'static str {
    match kind {
        SecretKind::Text => "text",
        SecretKind::File => "file",
        SecretKind::Bytes => "bytes",
        SecretKind::Dotenv => "dotenv",
        SecretKind::Bcrypt => "bcrypt",
        SecretKind::Crypt => "crypt",
        SecretKind::Htpasswd => "htpasswd",
    }
}

fn as_table(vault: &Vault<'_>, rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.secret.to_string().chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for row in rows {
        let age = match (row.has_value, row.age) {
            (false, _) => "no value".to_owned(),
            (true, Some(0)) => "today".to_owned(),
            (true, Some(1)) => "1 day".to_owned(),
            (true, Some(days)) => format!("{days} days"),
            (true, None) => "?".to_owned(),
        };
        let place = if row.is_declared { row.delivered.join(", ") } else { "not declared".to_owned() };
        let line = format!("{:width$}  {:8}  {age:9}  {place}", row.secret.to_string(), row.kind);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let recipients = vault.lab.session.recipients();
    let recipients: Vec<String> =
        recipients.iter().map(|one| format!("{} ({})", one.name, one.key)).collect();
    if !recipients.is_empty() {
        let _ = writeln!(text, "\nall of them are read by {}", recipients.join(", "));
    }
    text
}

fn as_json(vault: &Vault<'_>, rows: &[Row]) -> String {
    let row = |row: &Row| {
        json!({
            "secret": row.secret.to_string(), "kind": row.kind, "declared": row.is_declared,
            "value": row.has_value, "age_days": row.age, "delivered": row.delivered,
        })
    };
    let recipients = vault.lab.session.recipients();
    let recipient = |one: &&model::Recipient| json!({ "name": one.name, "key": one.key.to_string() });
    show::json(&json!({
        "version": 1,
        "secrets": rows.iter().map(row).collect::<Vec<_>>(),
        "recipients": recipients.iter().map(recipient).collect::<Vec<_>>(),
    }))
}
