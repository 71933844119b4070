//! What well-known charts provide, and what they ask for: the one place that knows charts by their names.

mod balancing;
mod classes;
mod hosts;
mod support;

pub use balancing::{ASKING, Balancing, balances, balancing};
pub use classes::{Offered, ingress_classes, made_class, serves_ingresses, storage_classes};
pub use hosts::{ingress_hosts, named};
pub use support::{Driver, Support, needs_of_resource, support_for};

use crate::{Data, Part, Release};
use Fact::{Asks, Balances, Brings, Connects, Needs, Offers, Replaces, ReplacesFlannel};

/// Something that is known of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fact {
    /// It asks for a load balancer unless it is told not to.
    Asks,
    /// It gives addresses to services of type `LoadBalancer`.
    Balances,
    /// It brings the kinds of an API group.
    Brings(&'static str),
    /// It connects pods.
    Connects,
    /// Hosts mount its volumes, and need something for that.
    Needs(Support),
    /// It hands out extended resources with a prefix.
    Offers(&'static str),
    /// It does what a part of k3s does.
    Replaces(Part),
    /// It connects pods in flannel's place, unless it is told to follow it.
    ReplacesFlannel,
}

/// What is known of charts, by their names.
const CHARTS: &[(&str, &[Fact])] = &[
    ("amd-gpu", &[Offers("amd.com")]),
    ("antrea", &[Connects, ReplacesFlannel]),
    ("argo-cd", &[Brings("argoproj.io")]),
    ("argo-events", &[Brings("argoproj.io")]),
    ("argo-rollouts", &[Brings("argoproj.io")]),
    ("argo-workflows", &[Brings("argoproj.io")]),
    ("calico", &[Balances, Connects]),
    ("cert-manager", &[Brings("acme.cert-manager.io"), Brings("cert-manager.io")]),
    ("cilium", &[Balances, Brings("cilium.io"), Connects, ReplacesFlannel]),
    ("cloudnative-pg", &[Brings("postgresql.cnpg.io")]),
    ("coredns", &[Replaces(Part::CoreDns)]),
    ("csi-driver-nfs", &[Needs(Support::Nfs)]),
    ("external-dns", &[Brings("externaldns.k8s.io")]),
    ("external-secrets", &[Brings("external-secrets.io")]),
    ("flannel", &[Connects]),
    ("gpu-operator", &[Offers("nvidia.com")]),
    ("gpu-operator-charts", &[Offers("amd.com")]),
    ("hcloud-cloud-controller-manager", &[Balances]),
    ("ingress-nginx", &[Asks]),
    ("intel-device-plugins-gpu", &[Offers("gpu.intel.com")]),
    ("intel-gpu-resource-driver-chart", &[Offers("gpu.intel.com")]),
    ("klipper-lb", &[Balances]),
    ("kube-loxilb", &[Balances]),
    ("kube-ovn", &[Connects]),
    ("kube-prometheus-stack", &[Brings("monitoring.coreos.com")]),
    ("kube-router", &[Connects]),
    ("kube-vip", &[Balances]),
    ("kube-vip-cloud-provider", &[Balances, Replaces(Part::ServiceLb)]),
    ("kyverno", &[Brings("kyverno.io")]),
    ("local-path-provisioner", &[Replaces(Part::LocalStorage)]),
    (
        "longhorn",
        &[Brings("longhorn.io"), Needs(Support::Iscsi), Needs(Support::Nfs), Needs(Support::UsualPrograms)],
    ),
    ("loxilb", &[Balances]),
    ("mariadb-operator", &[Brings("k8s.mariadb.com")]),
    ("mariadb-operator-crds", &[Brings("k8s.mariadb.com")]),
    ("metallb", &[Balances, Brings("metallb.io"), Replaces(Part::ServiceLb)]),
    ("metrics-server", &[Replaces(Part::MetricsServer)]),
    ("nfs-subdir-external-provisioner", &[Needs(Support::Nfs)]),
    ("nvidia-device-plugin", &[Offers("nvidia.com")]),
    ("openelb", &[Balances]),
    ("opentelemetry-operator", &[Brings("opentelemetry.io")]),
    ("ovn-kubernetes", &[Connects]),
    ("plugin-barman-cloud", &[Brings("barmancloud.cnpg.io")]),
    ("prometheus-operator", &[Brings("monitoring.coreos.com")]),
    ("prometheus-operator-crds", &[Brings("monitoring.coreos.com")]),
    ("purelb", &[Balances]),
    ("system-upgrade-controller", &[Brings("upgrade.cattle.io")]),
    ("tailscale-operator", &[Balances]),
    ("tigera-operator", &[Balances, Connects]),
    ("traefik", &[Asks, Brings("traefik.io"), Replaces(Part::Traefik)]),
    ("traefik-crds", &[Brings("traefik.io")]),
    ("weave-net", &[Connects]),
];

/// Device plugins that people take who have no other reason, by the prefix of what they hand out.
const PLUGINS: &[(&str, &str)] = &[
    ("amd.com", "amd-gpu"),
    ("gpu.intel.com", "intel-device-plugins-gpu"),
    ("nvidia.com", "nvidia-device-plugin"),
];

/// What is known of a chart.
fn known(chart: &str) -> &'static [Fact] {
    CHARTS.binary_search_by_key(&chart, |(name, _)| name).map_or(&[], |at| CHARTS[at].1)
}

/// Whether a chart brings kinds of an API group.
pub fn brings(chart: &str, group: &str) -> bool {
    known(chart).iter().any(|fact| matches!(fact, Brings(brought) if *brought == group))
}

/// The part of k3s that does what a chart does.
pub fn part_of_k3s(chart: &str) -> Option<Part> {
    known(chart).iter().find_map(|fact| if let Replaces(part) = fact { Some(*part) } else { None })
}

/// Whether a chart may take the place of a part of k3s, as far as its name tells.
pub fn may_replace(chart: &str, part: Part) -> bool {
    let says = |words: &[&str]| words.iter().any(|word| chart.contains(word));
    part_of_k3s(chart) == Some(part)
        || match part {
            Part::CoreDns => says(&["dns"]),
            Part::LocalStorage => classes::may_store(chart),
            Part::MetricsServer => says(&["metrics-server", "prometheus-adapter"]),
            Part::ServiceLb => balances(chart),
            Part::Traefik => serves_ingresses(chart),
        }
}

/// What a chart needs of the hosts that mount its volumes.
pub fn needs_of_hosts(chart: &str) -> impl Iterator<Item = Support> {
    known(chart).iter().filter_map(|fact| if let Needs(support) = fact { Some(*support) } else { None })
}

/// Whether a chart hands out extended resources with a prefix.
pub fn offers(chart: &str, prefix: &str) -> bool {
    known(chart).iter().any(|fact| matches!(fact, Offers(offered) if *offered == prefix))
}

/// The usual chart that hands out extended resources with a prefix, if they are known.
pub fn usual_offerer(prefix: &str) -> Option<&'static str> {
    PLUGINS.iter().find(|(name, _)| *name == prefix).map(|(_, chart)| *chart)
}

/// Whether a chart connects pods.
pub fn connects_pods(chart: &str) -> bool {
    known(chart).contains(&Connects)
}

/// Whether a chart connects pods in flannel's place, and not behind it.
pub fn replaces_flannel(release: &Release) -> bool {
    let is_chained =
        |key: &str, value: &Data| key == "chainingMode" && *value != Data::Text("none".to_owned());
    known(&release.chart.name).contains(&ReplacesFlannel) && !any_entry(&release.values, &is_chained)
}

/// Extended resources that a chart asks for by a switch of its own.
pub fn resource_of_switch(release: &Release) -> Option<String> {
    let gpu = |key| release.values.at(&["ollama", "gpu", key]);
    if release.chart.name != "ollama" || gpu("enabled") != Some(&Data::Bool(true)) {
        return None;
    }
    let kind = release.values.text_at(&["ollama", "gpu", "type"]).unwrap_or("nvidia");
    Some(format!("{kind}.com/gpu"))
}

/// Whether some entry of values, however deep, is so.
pub fn any_entry(values: &Data, is_so: &impl Fn(&str, &Data) -> bool) -> bool {
    match values {
        Data::List(all) => all.iter().any(|value| any_entry(value, is_so)),
        Data::Map(all) => all.iter().any(|(key, value)| is_so(key, value) || any_entry(value, is_so)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_are_known_once_and_found() {
        assert!(CHARTS.is_sorted_by(|one, next| one.0 < next.0));
        assert!(CHARTS.iter().all(|(name, facts)| known(name) == *facts && !facts.is_empty()));
        assert_eq!(known("podinfo"), []);
    }

    #[test]
    fn every_usual_plugin_offers_what_it_is_usual_for() {
        let prefixes = CHARTS.iter().flat_map(|(_, facts)| *facts);
        for fact in prefixes {
            let Offers(prefix) = fact else { continue };
            assert!(usual_offerer(prefix).is_some_and(|chart| offers(chart, prefix)), "{prefix}");
        }
    }

    #[test]
    fn every_part_can_be_replaced() {
        for part in Part::ALL {
            let charts = CHARTS.iter().filter(|(name, _)| part_of_k3s(name) == Some(part));
            assert!(charts.clone().count() > 0, "{part:?}");
            assert!(charts.into_iter().all(|(name, _)| may_replace(name, part)), "{part:?}");
        }
    }
}
