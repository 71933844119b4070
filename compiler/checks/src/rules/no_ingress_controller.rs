//! `no-ingress-controller`: names that nothing serves.

use diagnostics::{Problem, declare_rule};
use model::providers::may_replace;
use model::{Cluster, Part};

use crate::facts::{IngressFact, WorkloadFact};
use crate::lab::Lab;

declare_rule! { pub NO_INGRESS_CONTROLLER, "no-ingress-controller", warning, since "0.1", "ingresses in a cluster without anything that serves them", page "no_ingress_controller.md" }

/// Looks for ingresses where k3s' Traefik is left out, and nothing in the lab looks as if it took its place.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let Some(cluster) = lab.without(Part::Traefik).filter(|_| lab.is_whole && !has_controller(lab)) else {
        return Vec::new();
    };
    let mut ingresses =
        lab.workloads.iter().flat_map(|&work| work.ingresses.iter().map(move |one| (work, one)));
    ingresses
        .next()
        .map(|(work, ingress)| no_ingress_controller(cluster, work, ingress))
        .into_iter()
        .collect()
}

fn has_controller(lab: &Lab<'_>) -> bool {
    lab.releases.iter().any(|release| may_replace(&release.chart, Part::Traefik))
        || lab.workloads.iter().any(|work| work.is_proxy)
        || lab.has_manifest(&["IngressClass"])
        || lab.is_partly_unknown()
}

/// Nothing serves the first of the lab's ingresses, nor the others.
fn no_ingress_controller(cluster: &Cluster, work: &WorkloadFact, ingress: &IngressFact) -> Problem {
    let message = format!(
        "nothing serves '{}' of {}: the cluster has no ingress controller",
        ingress.host.value,
        work.shown()
    );
    let problem = Problem::new(&NO_INGRESS_CONTROLLER, ingress.host.place.clone(), message).help(
        "install one, such as 'traefik in ingress { … }', or take 'traefik' out of 'disable' of the cluster",
    );
    problem.also(cluster.place.clone(), "this cluster leaves out k3s' own")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, cluster_without, ingress, messages, release};
    use model::Entity;

    fn lab(disable: &[&str]) -> Vec<Entity> {
        let k3s = cluster_without(disable);
        let mut web = app("web", "media");
        web.ingresses.insert("web".into(), ingress("web.home.example.net", "/"));
        vec![k3s.into_entity(), web.into_entity()]
    }

    #[test]
    fn somebody_serves_ingresses() {
        let mut left_out = lab(&["traefik"]);
        assert_eq!(
            messages(&NO_INGRESS_CONTROLLER, &left_out),
            ["nothing serves 'web.home.example.net' of app 'web': the cluster has no ingress controller"]
        );
        assert_eq!(messages(&NO_INGRESS_CONTROLLER, &lab(&[])), [""; 0]);
        left_out.push(release("ingress", "ingress", "ingress-nginx").into_entity());
        assert_eq!(messages(&NO_INGRESS_CONTROLLER, &left_out), [""; 0]);
        assert_eq!(messages(&NO_INGRESS_CONTROLLER, &lab(&["traefik"])[1..]), [""; 0], "without a cluster");
    }
}
