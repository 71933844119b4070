//! `address-nobody-gives`: a service that asks k3s' own load balancer for an address.

use diagnostics::{Problem, declare_rule};
use model::providers::balances;
use model::{Cluster, Part};
use source::Place;

use crate::lab::Lab;

declare_rule! { pub ADDRESS_NOBODY_GIVES, "address-nobody-gives", warning, since "0.1", "a service that asks k3s' own load balancer for an address", page "address_nobody_gives.md" }

/// Looks for addresses that services ask for where only k3s' own load balancer serves them, which has none to give.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let [cluster] = lab.clusters.as_slice() else { return Vec::new() };
    let has_other = lab.releases.iter().any(|release| balances(&release.chart));
    if cluster.leaves_out(Part::ServiceLb) || has_other || lab.is_partly_unknown() || !lab.is_whole {
        return Vec::new();
    }
    let of_hosts = |address: &domain::Address| lab.hosts.iter().any(|host| host.address.value == *address);
    let apps = lab.workloads.iter().filter_map(|work| {
        let address = work.balancer.as_ref()?.address.as_ref()?;
        (!of_hosts(address)).then(|| nobody_gives(cluster, &work.shown(), address.value, &address.place))
    });
    let releases = lab.releases.iter().filter_map(|release| {
        let address = release.addresses.iter().find(|address| !of_hosts(address))?;
        Some(nobody_gives(cluster, &release.shown(), *address, &release.placement.place))
    });
    apps.chain(releases).collect()
}

/// Nobody gives the service its address.
fn nobody_gives(cluster: &Cluster, owner: &str, address: domain::Address, place: &Place) -> Problem {
    let message = format!(
        "the service of {owner} is not reached at {address}: k3s' own load balancer has no addresses but those of the \
         hosts"
    );
    Problem::new(&ADDRESS_NOBODY_GIVES, place.clone(), message)
        .also(cluster.place.clone(), "this cluster has k3s' own load balancer")
        .help(
            "install one with a pool, such as 'metallb', or 'kube-vip' with 'kube-vip-cloud-provider', and add 'servicelb' to \
             'disable' of the cluster; or leave the address out",
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, address, app, at, cluster_without, host, messages, port, release};
    use model::{Entity, ServiceKind};

    fn lab(wanted: &str, disable: &[&str]) -> Vec<Entity> {
        let k3s = cluster_without(disable);
        let mut dns = app("dns", "media");
        dns.ports.insert("dns".into(), port(53, None));
        dns.service.kind = ServiceKind::LoadBalancer;
        dns.service.address = Some(at(address(wanted)));
        vec![host("a", "192.168.1.10"), k3s.into_entity(), dns.into_entity()]
    }

    #[test]
    fn somebody_gives_it() {
        let mut wanting = lab("192.168.1.201", &["traefik"]);
        assert_eq!(messages(&ADDRESS_NOBODY_GIVES, &wanting).len(), 1);
        wanting.push(release("metallb", "metallb", "metallb").into_entity());
        assert_eq!(messages(&ADDRESS_NOBODY_GIVES, &wanting), [""; 0]);
        assert_eq!(messages(&ADDRESS_NOBODY_GIVES, &lab("192.168.1.10", &[])), [""; 0], "a host's own");
        assert_eq!(messages(&ADDRESS_NOBODY_GIVES, &lab("192.168.1.201", &["servicelb"])), [""; 0]);
    }
}
