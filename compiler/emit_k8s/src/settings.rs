//! How pods look up names, pull images and end.

use std::collections::BTreeMap;

use model::{Dns, DnsPolicy, plain};

use crate::workload::Workload;
use yaml::{MapBuilder, Yaml};

/// Adds to a pod what it is beside what runs in it.
pub(crate) fn set_settings(pod: MapBuilder, workload: &Workload<'_>) -> MapBuilder {
    let settings = &workload.container.settings;
    let grace = settings.grace.map(|grace| i64::try_from(grace.seconds()).unwrap_or(i64::MAX));
    let secret = |name: &String| MapBuilder::new().set("name", name).into();
    let pull_secrets: Vec<Yaml> = settings.pull_secrets.iter().map(secret).collect();
    pod.set_some("terminationGracePeriodSeconds", grace)
        .set_filled("imagePullSecrets", pull_secrets)
        .set_some("dnsPolicy", policy(workload))
        .set_filled("dnsConfig", dns_config(&settings.dns))
        .set_filled("hostAliases", host_aliases(workload))
}

fn policy(workload: &Workload<'_>) -> Option<&'static str> {
    match workload.container.settings.dns.policy {
        DnsPolicy::Cluster => {
            workload.container.shares_network().is_some().then_some("ClusterFirstWithHostNet")
        }
        DnsPolicy::Host => Some("Default"),
        DnsPolicy::Nobody => Some("None"),
    }
}

fn dns_config(dns: &Dns) -> MapBuilder {
    let option = |(name, value): (String, String)| {
        let option = MapBuilder::new().set("name", name);
        if value.is_empty() { option } else { option.set("value", value) }.into()
    };
    let options: Vec<Yaml> = plain(&dns.options).map(option).collect();
    MapBuilder::new()
        .set_filled("nameservers", Yaml::texts(dns.servers.iter().map(ToString::to_string)))
        .set_filled("searches", Yaml::texts(&dns.search))
        .set_filled("options", options)
}

/// The names by the address that each has.
fn host_aliases(workload: &Workload<'_>) -> Vec<Yaml> {
    let mut aliases: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, address) in &workload.container.settings.host_names {
        aliases.entry(address.to_string()).or_default().push(name);
    }
    let alias = |(ip, names): (String, Vec<&str>)| {
        MapBuilder::new().set("ip", ip).set("hostnames", Yaml::texts(names)).into()
    };
    aliases.into_iter().map(alias).collect()
}
