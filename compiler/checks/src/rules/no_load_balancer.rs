//! `no-load-balancer`: services that wait for an address forever.

use diagnostics::{Problem, declare_rule};
use model::providers::Balancing;
use model::{Cluster, Part};
use source::Place;

use crate::lab::Lab;

declare_rule! { pub NO_LOAD_BALANCER, "no-load-balancer", warning, since "0.1", "services that wait for an address that nobody gives", page "no_load_balancer.md" }

/// Who asks for an address: what people call it, which one it wants, and where that is said.
struct Asking<'a> {
    shown: String,
    wants_one: bool,
    place: &'a Place,
}

/// Looks for services of type load balancer where k3s' own is left out and nothing took its place.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let known = lab.is_whole && !lab.is_partly_unknown();
    let Some(cluster) = lab.without(Part::ServiceLb).filter(|_| known) else {
        return Vec::new();
    };
    let has = |part: Balancing| {
        let mut all = lab.releases.iter().map(|release| release.balancing);
        all.any(|other| other == part || other == Balancing::GivesAndAnswers)
    };
    let missing = match (has(Balancing::Gives), has(Balancing::Answers)) {
        (true, true) => return Vec::new(),
        (true, false) => Missing::Answer,
        (false, true) => Missing::Address,
        (false, false) => Missing::All,
    };
    let waiting = asking(lab).into_iter().filter(|one| !(one.wants_one && missing == Missing::Address));
    waiting.map(|one| no_load_balancer(cluster, missing, &one)).collect()
}

/// What a service waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    /// An address, and somebody who answers there.
    All,
    /// Somebody who answers at the address that it is given.
    Answer,
    /// An address, as it does not say one.
    Address,
}

fn asking<'a>(lab: &Lab<'a>) -> Vec<Asking<'a>> {
    let apps = lab.workloads.iter().filter_map(|work| {
        let address = work.balancer.as_ref()?.address.as_ref();
        let place = address.map_or(&work.placement.place, |address| &address.place);
        Some(Asking { shown: work.shown(), wants_one: address.is_some(), place })
    });
    let releases = lab.releases.iter().filter(|release| release.balancing == Balancing::Asks);
    let releases = releases.map(|release| Asking {
        shown: release.shown(),
        wants_one: !release.addresses.is_empty(),
        place: &release.placement.place,
    });
    apps.chain(releases).collect()
}

/// Nobody gives the service an address.
fn no_load_balancer(cluster: &Cluster, missing: Missing, one: &Asking<'_>) -> Problem {
    let (why, help) = match missing {
        Missing::All => (
            "the cluster has no load balancer",
            "install one, such as 'metallb', or 'kube-vip' with 'kube-vip-cloud-provider', or take 'servicelb' out of \
             'disable' of the cluster",
        ),
        Missing::Answer => (
            "'kube-vip-cloud-provider' chooses one, and nobody answers there",
            "install 'kube-vip' too, with 'services' on",
        ),
        Missing::Address => (
            "it says none, and 'kube-vip' only answers at those that services say",
            "install 'kube-vip-cloud-provider', which has a pool, or give the service an address",
        ),
    };
    let message = format!("the service of {} waits for an address: {why}", one.shown);
    let problem = Problem::new(&NO_LOAD_BALANCER, one.place.clone(), message).help(help);
    problem.also(cluster.place.clone(), "this cluster leaves out k3s' own")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, cluster_without, messages, release, text};
    use model::{Entity, ServiceKind};

    fn lab(disable: &[&str]) -> Vec<Entity> {
        let k3s = cluster_without(disable);
        let mut dns = app("dns", "media");
        dns.service.kind = ServiceKind::LoadBalancer;
        vec![k3s.into_entity(), dns.into_entity()]
    }

    #[test]
    fn somebody_gives_addresses() {
        let mut left_out = lab(&["servicelb"]);
        assert_eq!(
            messages(&NO_LOAD_BALANCER, &left_out),
            ["the service of app 'dns' waits for an address: the cluster has no load balancer"]
        );
        assert_eq!(messages(&NO_LOAD_BALANCER, &lab(&[])), [""; 0]);
        left_out.push(release("metallb", "metallb", "metallb").into_entity());
        assert_eq!(messages(&NO_LOAD_BALANCER, &left_out), [""; 0]);
    }

    /// What is found where these charts are installed, and one that asks for an address or for any.
    fn waiting(charts: &[&str], asking: &str) -> Vec<String> {
        let k3s = cluster_without(&["servicelb"]);
        let mut web = release("web", "ingress", "some-proxy");
        web.values = match asking {
            "any" => text(&["service", "type"], "LoadBalancer"),
            address => text(&["service", "loadBalancerIP"], address),
        };
        let mut lab = vec![k3s.into_entity(), web.into_entity()];
        lab.extend(charts.iter().map(|chart| release(chart, "kube-system", chart).into_entity()));
        messages(&NO_LOAD_BALANCER, &lab)
    }

    #[test]
    fn charts_ask_too_and_one_chart_may_not_be_enough() {
        let (pool, vip) = ("kube-vip-cloud-provider", "kube-vip");
        for asking in ["any", "192.168.1.200"] {
            assert_eq!(
                waiting(&[], asking),
                ["the service of release 'web' waits for an address: the cluster has no load balancer"]
            );
            assert_eq!(waiting(&[pool], asking).len(), 1);
            assert_eq!(waiting(&[pool, vip], asking), [""; 0]);
            assert_eq!(waiting(&["metallb"], asking), [""; 0]);
        }
        assert_eq!(waiting(&[vip], "any").len(), 1);
        assert_eq!(waiting(&[vip], "192.168.1.200"), [""; 0]);
    }

    #[test]
    fn ingress_controllers_ask_unless_told_otherwise() {
        let found = |kind: Option<&str>| {
            let k3s = cluster_without(&["servicelb"]);
            let mut traefik = release("traefik", "ingress", "traefik");
            if let Some(kind) = kind {
                traefik.values = text(&["service", "type"], kind);
            }
            messages(&NO_LOAD_BALANCER, &[k3s.into_entity(), traefik.into_entity()]).len()
        };
        assert_eq!((found(None), found(Some("LoadBalancer"))), (1, 1));
        assert_eq!((found(Some("ClusterIP")), found(Some("NodePort"))), (0, 0));
    }
}
