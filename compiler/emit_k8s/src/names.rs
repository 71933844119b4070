//! What things are called in the cluster and on disk.

use model::Component;

use crate::hash::hash;

/// The folder of a component, relative to `k8s/`.
pub fn folder(component: &Component) -> String {
    format!("{}/{}", component.stage.folder(), component.name)
}

/// What the file of an object may be called, the shortest that is free: kind and name, and where these are not enough,
/// namespace and API.
pub fn object_files(kind: &str, name: &str, namespace: Option<&str>, api_version: &str) -> [String; 3] {
    let short = format!("{}-{name}", kind.to_ascii_lowercase());
    let namespaced = format!("{short}.{}", namespace.unwrap_or("cluster"));
    let full = format!("{namespaced}.{}", api_version.replace('/', "-"));
    [short, namespaced, full].map(|stem| file_stem(&stem))
}

/// A container port's name, which may have 15 characters; a longer one ends in a hash.
pub(crate) fn container_port(name: &str) -> String {
    const LONGEST: usize = 15;
    let label = dns_label(name);
    if label.len() <= LONGEST
        && label.contains(|char: char| char.is_ascii_lowercase())
        && !label.contains("--")
    {
        return label;
    }
    let short: String = label.chars().filter(|char| *char != '-').take(LONGEST - 5).collect();
    format!("{short}-p{}", &hash([name])[..3])
}

/// `name` as a DNS label: in lower case, with `-` for what may not be in one.
pub(crate) fn dns_label(name: &str) -> String {
    let allowed = |char: char| if char.is_ascii_alphanumeric() { char.to_ascii_lowercase() } else { '-' };
    let label: String = name.chars().map(allowed).collect();
    let label = label.trim_matches('-');
    if label.is_empty() { "x".to_owned() } else { label.chars().take(63).collect() }
}

/// `name` as a file's name; if something had to be replaced, a hash tells it from others.
pub(crate) fn file_stem(name: &str) -> String {
    let allowed =
        |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || matches!(char, '-' | '.' | '_');
    if name.chars().all(allowed) && !name.starts_with('.') {
        return name.to_owned();
    }
    let safe: String =
        name.to_ascii_lowercase().chars().map(|char| if allowed(char) { char } else { '-' }).collect();
    format!("{}-{}", safe.trim_start_matches('.'), &hash([name])[..6])
}

/// `text` as a key of a `ConfigMap` or Secret.
pub(crate) fn data_key(text: &str) -> String {
    let allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '.' | '_');
    let key: String = text.chars().map(|char| if allowed(char) { char } else { '_' }).take(253).collect();
    if matches!(key.as_str(), "" | "." | "..") { "_".to_owned() } else { key }
}

/// The name that helmfiles use for the repository at `url`: what tells the URL from others, so that helmfiles of
/// two components never mean different repositories by one name.
pub(crate) fn repository(url: &str) -> String {
    let address = url.split_once("://").map_or(url, |(_, address)| address).trim_end_matches('/');
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let host = host.strip_suffix(".github.io").unwrap_or(host);
    dns_label(&format!("{host}-{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_names_are_short_enough() {
        assert_eq!(container_port("http"), "http");
        assert_eq!(container_port("prometheus-metrics").len(), 15);
        assert_ne!(container_port("prometheus-metrics"), container_port("prometheus-metric"));
    }

    #[test]
    fn repositories_are_told_apart() {
        assert_eq!(repository("https://traefik.github.io/charts"), "traefik-charts");
        assert_eq!(repository("https://helm.influxdata.com/"), "helm-influxdata-com");
        assert_eq!(repository("oci://ghcr.io/open-webui/charts"), "ghcr-io-open-webui-charts");
    }

    #[test]
    fn file_names_are_safe() {
        assert_eq!(file_stem("deployment-n8n"), "deployment-n8n");
        let stem = file_stem("clusterrole-system:foo");
        assert!(stem.starts_with("clusterrole-system-foo-"), "{stem}");
        assert!(!file_stem("../../etc").contains('/'));
    }
}
