//! What pods are beside what runs in them.

use std::collections::BTreeSet;

use model::{At, Dns, DnsPolicy, PodSettings, Rights};
use types::{DeclRef, Field, Value};

use super::network::as_address;
use super::read::{Read, as_int, as_string, chosen, entries_of, entry, texts_of};
use crate::eval::Evaluator;

const POLICIES: &[(&str, DnsPolicy)] =
    &[("cluster", DnsPolicy::Cluster), ("host", DnsPolicy::Host), ("nobody", DnsPolicy::Nobody)];

impl Evaluator<'_> {
    pub(super) fn settings(&mut self, decl: &DeclRef) -> Read<PodSettings> {
        Ok(PodSettings {
            groups: self.list(decl, "groups", |field| as_int(&field.value))?,
            pull_secrets: once(self.texts(decl, "pull-secrets")?),
            account: self.text_if(decl, "account")?,
            rights: self.record(decl, "rights", rights)?,
            cluster_rights: self.record(decl, "cluster-rights", rights)?,
            dns: self.record(decl, "dns-settings", dns)?,
            host_names: self.record(decl, "host-names", |value| entries_of(value, as_address))?,
            grace: self.duration_if(decl, "grace")?,
            service_links: self.bool(decl, "service-links")?,
        })
    }
}

fn rights(value: &Value) -> Option<Rights> {
    let at = |field: &Field| Some(At::new(as_string(&field.value)?, field.place.clone()));
    let named = |name: &str| list(&entry(value, name)?.value, at);
    let words = |value: &Value| list(value, |field| as_string(&field.value));
    let verbs = entries_of(&entry(value, "verbs")?.value, words)?;
    Some(Rights { read: named("read")?, write: named("write")?, verbs })
}

fn dns(value: &Value) -> Option<Dns> {
    Some(Dns {
        policy: chosen(&entry(value, "policy")?.value, POLICIES)?,
        servers: list(&entry(value, "servers")?.value, |field| as_address(&field.value))?,
        search: list(&entry(value, "search")?.value, |field| as_string(&field.value))?,
        options: texts_of(&entry(value, "options")?.value)?,
    })
}

fn list<T>(value: &Value, read: impl Fn(&Field) -> Option<T>) -> Option<Vec<T>> {
    let Value::List(items) = value else { return None };
    items.iter().map(read).collect()
}

/// The same without what was there already: Kubernetes takes each name once.
fn once(mut names: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}
