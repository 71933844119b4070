//! `unusable-flag`: a flag of k3s that cannot be given here.

use diagnostics::{Problem, declare_rule};
use model::{At, Cluster};

use crate::lab::Lab;

declare_rule! { pub UNUSABLE_FLAG, "unusable-flag", error, since "0.1", "a flag of k3s that cannot be given here", page "unusable_flag.md" }

/// Flags that are made from what the lab says, and what says it.
const DERIVED: &[(&str, &str)] = &[
    ("--cluster-cidr", "'pods' of the cluster says it"),
    ("--cluster-dns", "it follows from 'services' of the cluster"),
    ("--cluster-init", "it follows from the number of 'servers'"),
    ("--disable", "'disable' of the cluster says it"),
    ("--flannel-backend", "'flannel' of the cluster says it"),
    ("--flannel-iface", "'interface' of each host says it"),
    ("--node-ip", "'address' of each host says it"),
    ("--server", "it follows from 'servers' of the cluster"),
    ("--service-cidr", "'services' of the cluster says it"),
    ("--tls-san", "'names' of the cluster says it"),
    ("--token-file", "hlc makes the secret that nodes join with, and gives it to k3s as a file"),
];

/// Flags whose value is a secret, and what to do instead.
const SECRET: &[(&str, &str)] = &[
    (
        "--agent-token",
        "declare a secret, give it to the servers, and write '--agent-token-file=/run/secrets/NAME'",
    ),
    ("--etcd-s3-access-key", IN_FILE),
    ("--etcd-s3-secret-key", IN_FILE),
    ("--etcd-s3-session-token", IN_FILE),
    ("--token", "leave it out: hlc makes the secret that nodes join with, and gives it to k3s as a file"),
    ("--vpn-auth", "declare a secret, give it to the hosts, and write '--vpn-auth-file=/run/secrets/NAME'"),
];

const IN_FILE: &str = "declare a secret with 'kind = dotenv', give it to the servers, and set \
     'services.k3s.environmentFile = NAME.path' in a nixos block";

/// Flags that only servers know: an agent that gets one does not start.
const OF_SERVERS: &[&str] = &[
    "--advertise-address",
    "--advertise-port",
    "--agent-token-file",
    "--cluster-domain",
    "--cluster-reset",
    "--datastore-cafile",
    "--datastore-certfile",
    "--datastore-endpoint",
    "--datastore-keyfile",
    "--default-local-storage-path",
    "--disable-apiserver",
    "--disable-cloud-controller",
    "--disable-controller-manager",
    "--disable-etcd",
    "--disable-helm-controller",
    "--disable-kube-proxy",
    "--disable-network-policy",
    "--disable-scheduler",
    "--egress-selector-mode",
    "--embedded-registry",
    "--etcd-arg",
    "--etcd-disable-snapshots",
    "--etcd-expose-metrics",
    "--etcd-s3",
    "--etcd-s3-bucket",
    "--etcd-s3-endpoint",
    "--etcd-s3-endpoint-ca",
    "--etcd-s3-folder",
    "--etcd-s3-insecure",
    "--etcd-s3-region",
    "--etcd-s3-skip-ssl-verify",
    "--etcd-s3-timeout",
    "--etcd-snapshot-compress",
    "--etcd-snapshot-dir",
    "--etcd-snapshot-name",
    "--etcd-snapshot-retention",
    "--etcd-snapshot-schedule-cron",
    "--flannel-external-ip",
    "--flannel-ipv6-masq",
    "--helm-job-image",
    "--https-listen-port",
    "--kube-apiserver-arg",
    "--kube-cloud-controller-manager-arg",
    "--kube-controller-manager-arg",
    "--kube-scheduler-arg",
    "--secrets-encryption",
    "--service-node-port-range",
    "--servicelb-namespace",
    "--system-default-registry",
    "--tls-san-security",
    "--write-kubeconfig",
    "--write-kubeconfig-group",
    "--write-kubeconfig-mode",
];

/// Looks for flags that say again what the lab says, that show a secret, or that agents do not know.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let all = lab.clusters.iter().flat_map(|cluster| {
        let of_servers = cluster.server_flags.iter().filter_map(anywhere);
        let of_all =
            cluster.flags.iter().filter_map(|flag| anywhere(flag).or_else(|| on_agents(flag, cluster)));
        of_all.chain(of_servers)
    });
    all.collect()
}

/// A flag that no node is to be given so.
fn anywhere(flag: &At<String>) -> Option<Problem> {
    let name = name(flag);
    let of =
        |all: &[(&str, &'static str)]| all.iter().find(|(other, _)| *other == name).map(|(_, help)| *help);
    let problem = |why: &str, help: &str| unusable_flag(flag, why).help(help);
    if let Some(help) = of(DERIVED) {
        Some(problem("hlc gives it to k3s already", &format!("leave it out: {help}")))
    } else if let Some(help) = of(SECRET) {
        Some(problem("everybody can read its value in the Nix store and in Git", help))
    } else if name == "--datastore-endpoint" && has_password(flag) {
        Some(problem("everybody can read the password in the Nix store and in Git", IN_FILE))
    } else {
        None
    }
}

/// A flag that agents do not know.
fn on_agents(flag: &At<String>, cluster: &Cluster) -> Option<Problem> {
    let agent = cluster.agents.first().filter(|_| OF_SERVERS.contains(&name(flag)))?;
    let why = format!("agents such as '{}' do not know it, and do not start with it", agent.name);
    Some(unusable_flag(flag, &why).help("move it to 'server-flags'"))
}

fn name(flag: &str) -> &str {
    flag.split(['=', ' ']).next().unwrap_or_default()
}

/// Whether a URL has a password in it, and not a file's place.
fn has_password(flag: &str) -> bool {
    let user = flag.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@'));
    user.is_some_and(|(user, _)| user.split_once(':').is_some_and(|(_, password)| !password.is_empty()))
}

/// The flag cannot stand here.
fn unusable_flag(flag: &At<String>, why: &str) -> Problem {
    Problem::new(&UNUSABLE_FLAG, flag.place.clone(), format!("'{}' cannot be a flag here: {why}", name(flag)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, at, cluster, messages};

    fn found(flags: &str, server_flags: &str, agents: &[&str]) -> usize {
        let list = |flag: &str| (!flag.is_empty()).then(|| at(flag.to_owned())).into_iter().collect();
        let mut k3s = cluster(&["a"], agents);
        (k3s.flags, k3s.server_flags) = (list(flags), list(server_flags));
        messages(&UNUSABLE_FLAG, &[k3s.into_entity()]).len()
    }

    #[test]
    fn flags_are_new_public_and_known() {
        for (flag, on_all, on_servers) in [
            ("--kubelet-arg=max-pods=200", 0, 0),
            ("--node-taint=a=b:NoSchedule", 0, 0),
            ("--cluster-cidr=10.1.0.0/16", 1, 1),
            ("--tls-san k3s.example.net", 1, 1),
            ("--disable=traefik", 1, 1),
            ("--disable-network-policy", 1, 0),
            ("--token=hunter2", 1, 1),
            ("--token-file=/x", 1, 1),
            ("--agent-token-file=/run/secrets/x", 1, 0),
            ("--etcd-s3-secret-key=hunter2", 1, 1),
            ("--etcd-s3-bucket=backups", 1, 0),
            ("--datastore-endpoint=postgres://k3s:hunter2@db/k3s", 1, 1),
            ("--datastore-endpoint=postgres://k3s@db/k3s", 1, 0),
            ("--secrets-encryption", 1, 0),
        ] {
            assert_eq!(found(flag, "", &["b"]), on_all, "flags: {flag}");
            assert_eq!(found("", flag, &["b"]), on_servers, "server-flags: {flag}");
            // Without agents, both are for servers.
            assert_eq!(found(flag, "", &[]), on_servers, "{flag}");
        }
    }

    #[test]
    fn tables_are_in_order_and_apart() {
        let names = |all: &[(&'static str, &str)]| all.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let all = [names(DERIVED), names(SECRET), OF_SERVERS.to_vec()];
        assert!(all.iter().all(|names| names.is_sorted()), "{all:?}");
        let mut joined = all.concat();
        joined.sort_unstable();
        joined.dedup();
        assert_eq!(joined.len(), all.iter().map(Vec::len).sum::<usize>());
    }
}
