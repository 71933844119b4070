//! Whose cluster it is: a lab is not to be applied to another one by a kubeconfig that happens to be there.
//!
//! ```text
//! the lab's set is in it ─▶ it is the lab's
//! else: the lab declares its address, or all of its nodes ─▶ it is
//! else: a person has to say so
//! ```

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde::Serialize;

/// What a lab says of its cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Home {
    /// The domain that the lab is in: names of labs are used again.
    pub domain: String,
    /// Addresses and names that the API is reached at.
    pub endpoints: BTreeSet<String>,
    /// The names of its hosts.
    pub hosts: BTreeSet<String>,
}

/// What a cluster says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The URL that it is asked at.
    pub server: String,
    /// The domain that the lab's set in it is written down with, which may be none; `None` if it has no such set.
    pub set: Option<String>,
    /// The names of its nodes; `None` if they cannot be listed.
    pub nodes: Option<BTreeSet<String>>,
    /// Other labs that are in it.
    pub others: BTreeSet<String>,
}

/// Whose a cluster is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "whose", rename_all = "kebab-case")]
pub enum Whose {
    /// The lab's.
    Ours,
    /// That of another lab of the same name.
    Another {
        /// The domain of that one.
        domain: String,
    },
    /// Nothing says that it is the lab's.
    Unknown {
        /// What it has instead: sentences.
        why: Vec<String>,
    },
}

impl Home {
    /// Whose a cluster is.
    pub fn whose(&self, found: &Found) -> Whose {
        match &found.set {
            Some(domain) if !domain.is_empty() && *domain != self.domain => {
                return Whose::Another { domain: domain.clone() };
            }
            Some(_) => return Whose::Ours,
            None => {}
        }
        if self.has_endpoint(host(&found.server)) || self.has_all(found.nodes.as_ref()) {
            return Whose::Ours;
        }
        Whose::Unknown { why: self.doubts(found) }
    }

    fn has_endpoint(&self, host: &str) -> bool {
        let host = canonical(host);
        self.endpoints.iter().any(|known| canonical(known) == host)
    }

    fn has_all(&self, nodes: Option<&BTreeSet<String>>) -> bool {
        let mut hosts = self.hosts.iter();
        let nodes = nodes.filter(|nodes| !nodes.is_empty());
        nodes.is_some_and(|nodes| {
            nodes.iter().all(|node| hosts.clone().any(|host| host.eq_ignore_ascii_case(node)))
        }) && hosts.next().is_some()
    }

    fn doubts(&self, found: &Found) -> Vec<String> {
        let mut why = vec!["this lab was never applied to it".to_owned()];
        why.push(match host(&found.server) {
            _ if self.endpoints.is_empty() => {
                "the lab declares no hosts that it could be known by".to_owned()
            }
            host => format!("the lab declares no API server at '{host}'"),
        });
        why.push(match &found.nodes {
            None => "its nodes cannot be listed".to_owned(),
            Some(nodes) if nodes.is_empty() => "it has no nodes".to_owned(),
            Some(nodes) => format!("its nodes are {}", list(nodes)),
        });
        if !found.others.is_empty() {
            why.push(format!("it has what was applied of {}", list(&found.others)));
        }
        why
    }
}

/// The host of a URL: what stands before its port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match authority.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((address, _)) => address,
        None => authority.rsplit_once(':').map_or(authority, |(host, _)| host),
    }
}

/// An address or a name as it is compared.
fn canonical(host: &str) -> String {
    match host.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().to_string(),
        Err(_) => host.trim_end_matches('.').to_ascii_lowercase(),
    }
}

/// Names in a sentence: the first of them, where there are many.
fn list(names: &BTreeSet<String>) -> String {
    const MOST: usize = 6;
    let shown: Vec<String> = names.iter().take(MOST).map(|name| format!("'{name}'")).collect();
    let more = if names.len() > MOST { format!(" and {} more", names.len() - MOST) } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn home() -> Home {
        Home {
            domain: "home.example.net".into(),
            endpoints: names(&["192.168.1.5", "fd00::5", "k8s.home.example.net"]),
            hosts: names(&["attic", "cellar"]),
        }
    }

    fn found(server: &str, nodes: &[&str]) -> Found {
        Found { server: server.into(), nodes: Some(names(nodes)), ..Found::default() }
    }

    #[test]
    fn a_cluster_is_known_by_its_address_its_nodes_or_what_is_in_it() {
        let ours = [
            found("https://192.168.1.5:6443/", &["worker"]),
            found("https://[FD00:0::5]:6443", &[]),
            found("https://K8S.home.example.net./", &[]),
            found("https://127.0.0.1:6443", &["Attic"]),
            Found { set: Some(String::new()), ..found("https://10.0.0.1", &["worker"]) },
            Found { set: Some("home.example.net".into()), ..found("https://10.0.0.1", &[]) },
        ];
        for found in ours {
            assert_eq!(home().whose(&found), Whose::Ours, "{found:?}");
        }
        let unknown = [
            found("https://192.168.1.50:6443", &["attic", "somebodys"]),
            found("https://127.0.0.1:6443", &[]),
            Found { nodes: None, ..found("https://user:192.168.1.5@10.0.0.1", &[]) },
        ];
        for found in unknown {
            assert!(matches!(home().whose(&found), Whose::Unknown { .. }), "{found:?}");
        }
        let none = Home::default().whose(&found("https://192.168.1.5:6443", &[]));
        assert!(matches!(none, Whose::Unknown { .. }), "a lab without hosts knows no cluster");
    }

    #[test]
    fn a_lab_of_the_same_name_is_another_one() {
        let found = Found { set: Some("work.example".into()), ..found("https://192.168.1.5", &["attic"]) };
        assert_eq!(home().whose(&found), Whose::Another { domain: "work.example".into() });
    }

    #[test]
    fn it_is_said_what_a_cluster_has_instead() {
        let found = Found { others: names(&["work"]), ..found("https://10.0.0.1:6443", &["a", "b"]) };
        let Whose::Unknown { why } = home().whose(&found) else { panic!("it is unknown") };
        assert_eq!(
            why,
            [
                "this lab was never applied to it",
                "the lab declares no API server at '10.0.0.1'",
                "its nodes are 'a', 'b'",
                "it has what was applied of 'work'"
            ]
        );
    }
}
