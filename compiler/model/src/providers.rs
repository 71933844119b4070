//! What well-known charts provide, and what they ask for: kinds of objects, and addresses for services.

use crate::{Data, Release};

/// What a chart has to do with services of type `LoadBalancer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Balancing {
    /// Nothing.
    Nothing,
    /// It has one.
    Asks,
    /// It chooses addresses for them, which somebody else must answer at.
    Gives,
    /// It answers at the addresses that they say or are given.
    Answers,
    /// It does both.
    GivesAndAnswers,
}

/// Charts that give addresses to services of type `LoadBalancer`.
const BALANCERS: &[&str] = &[
    "calico",
    "cilium",
    "hcloud-cloud-controller-manager",
    "klipper-lb",
    "kube-loxilb",
    "kube-vip",
    "kube-vip-cloud-provider",
    "loxilb",
    "metallb",
    "openelb",
    "purelb",
    "tailscale-operator",
    "tigera-operator",
];

/// Charts that ask for a load balancer unless they are told not to.
const PROXIED: &[&str] = &["ingress-nginx", "traefik"];

/// Annotations and fields that ask a load balancer for addresses.
pub const ASKING: &[&str] = &[
    "kube-vip.io/loadbalancerIPs",
    "metallb.io/loadBalancerIPs",
    "metallb.universe.tf/loadBalancerIPs",
    "loadBalancerIP",
];

/// API groups, and charts that bring the kinds of each.
const GROUPS: &[(&str, &[&str])] = &[
    ("acme.cert-manager.io", &["cert-manager"]),
    ("argoproj.io", &["argo-cd", "argo-events", "argo-rollouts", "argo-workflows"]),
    ("cert-manager.io", &["cert-manager"]),
    ("cilium.io", &["cilium"]),
    ("external-secrets.io", &["external-secrets"]),
    ("k8s.mariadb.com", &["mariadb-operator", "mariadb-operator-crds"]),
    ("kyverno.io", &["kyverno"]),
    ("longhorn.io", &["longhorn"]),
    ("metallb.io", &["metallb"]),
    ("monitoring.coreos.com", &["kube-prometheus-stack", "prometheus-operator", "prometheus-operator-crds"]),
    ("opentelemetry.io", &["opentelemetry-operator"]),
    ("postgresql.cnpg.io", &["cloudnative-pg"]),
    ("traefik.io", &["traefik", "traefik-crds"]),
    ("upgrade.cattle.io", &["system-upgrade-controller"]),
];

/// Whether a chart gives addresses to services of type `LoadBalancer`.
pub fn balances(chart: &str) -> bool {
    BALANCERS.contains(&chart)
}

/// Whether a chart brings kinds of an API group.
pub fn brings(chart: &str, group: &str) -> bool {
    GROUPS.iter().any(|(name, charts)| *name == group && charts.contains(&chart))
}

/// What a chart has to do with services of type `LoadBalancer`, by its name and its values.
pub fn balancing(release: &Release) -> Balancing {
    let chart = release.chart.name.as_str();
    let says = |wanted: &[&str], text: &str| {
        any_entry(&release.values, &|key, value| {
            wanted.contains(&key) && matches!(value, Data::Text(value) if value == text)
        })
    };
    let is_off = |key: &str| {
        says(&[key], "false")
            || any_entry(&release.values, &|other, value| other == key && *value == Data::Bool(false))
    };
    match chart {
        "kube-vip-cloud-provider" => Balancing::Gives,
        "kube-vip" if is_off("svc_enable") => Balancing::Nothing,
        "kube-vip" => Balancing::Answers,
        _ if balances(chart) => Balancing::GivesAndAnswers,
        _ => {
            let is_other = ["ClusterIP", "NodePort"].iter().any(|kind| says(&["type"], kind));
            let asks = says(&["type"], "LoadBalancer")
                || any_entry(&release.values, &|key, _| ASKING.contains(&key))
                || (PROXIED.contains(&chart) && !is_other);
            if asks { Balancing::Asks } else { Balancing::Nothing }
        }
    }
}

/// Whether some entry of values, however deep, is so.
pub fn any_entry(values: &Data, is_so: &impl Fn(&str, &Data) -> bool) -> bool {
    match values {
        Data::List(all) => all.iter().any(|value| any_entry(value, is_so)),
        Data::Map(all) => all.iter().any(|(key, value)| is_so(key, value) || any_entry(value, is_so)),
        _ => false,
    }
}
