//! `no-load-balancer`: services that wait for an address forever.

use diagnostics::{Problem, declare_rule};
use model::Cluster;

use super::providers::balances;
use crate::facts::WorkloadFact;
use crate::lab::Lab;

declare_rule! { pub NO_LOAD_BALANCER, "no-load-balancer", warning, since "0.1", "services that wait for an address that nobody gives", page "no_load_balancer.md" }

/// Looks for services of type load balancer where k3s' own is left out and nothing took its place.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let has_other = || {
        lab.releases.iter().any(|release| balances(&release.chart))
            || lab
                .manifests
                .iter()
                .any(|one| matches!(one.kind.as_str(), "DaemonSet" | "HelmChart" | "Application"))
    };
    let Some(cluster) = lab.without("servicelb").filter(|_| lab.is_whole && !has_other()) else {
        return Vec::new();
    };
    lab.workloads
        .iter()
        .filter(|work| work.balancer.is_some())
        .map(|work| no_load_balancer(cluster, work))
        .collect()
}

/// Nobody gives the service of the app an address.
fn no_load_balancer(cluster: &Cluster, work: &WorkloadFact) -> Problem {
    let message =
        format!("the service of {} waits for an address: the cluster has no load balancer", work.shown());
    let address = work.balancer.as_ref().and_then(|balancer| balancer.address.as_ref());
    let place = address.map_or(&work.placement.place, |address| &address.place);
    let problem = Problem::new(&NO_LOAD_BALANCER, place.clone(), message).help(
        "install one, such as 'kube-vip' with 'kube-vip-cloud-provider', or take 'servicelb' out of 'disable' of the \
         cluster",
    );
    problem.also(cluster.place.clone(), "this cluster leaves out k3s' own")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, cluster, messages, release};
    use model::{Entity, ServiceKind};

    fn lab(disable: &[&str]) -> Vec<Entity> {
        let mut k3s = cluster(&["a"], &[]);
        k3s.disable = disable.iter().map(|&part| part.to_owned()).collect();
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
}
