//! `provided-twice`: a chart that does what k3s does already.

use diagnostics::{Problem, declare_rule};
use model::providers::{Balancing, part_of_k3s};
use model::{Cluster, Part};

use super::collision;
use crate::facts::ReleaseFact;
use crate::lab::Lab;

declare_rule! { pub PROVIDED_TWICE, "provided-twice", warning, since "0.1", "a chart that does what k3s does already", page "provided_twice.md" }

/// Looks for charts that take the place of a part of k3s which is still there. Kinds of the library that have a check
/// of their own for that are left to it.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let is_checked =
        |chart: &str| lab.releases.iter().any(|release| release.is_std && release.chart == chart);
    let [cluster] = lab.clusters.as_slice() else { return Vec::new() };
    let mut reported: Vec<Part> = Vec::new();
    let mut problems = Vec::new();
    for release in &lab.releases {
        let Some(part) = part_of_k3s(&release.chart) else { continue };
        let is_known = match part {
            Part::ServiceLb => is_checked("kube-vip"),
            Part::Traefik => is_checked("traefik"),
            _ => false,
        };
        if is_known || reported.contains(&part) || cluster.leaves_out(part) {
            continue;
        }
        reported.push(part);
        problems.push(provided_twice(release, cluster, part));
    }
    problems.extend(web_ports_twice(lab, cluster));
    problems.extend(answered_twice(lab));
    problems
}

/// k3s' own load balancer gives the ports of the web to whoever comes first, and k3s' own Traefik is there already.
fn web_ports_twice(lab: &Lab<'_>, cluster: &Cluster) -> Option<Problem> {
    if cluster.leaves_out(Part::ServiceLb) || cluster.leaves_out(Part::Traefik) {
        return None;
    }
    let nginx =
        |release: &&&ReleaseFact| release.chart == "ingress-nginx" && release.balancing == Balancing::Asks;
    lab.releases.iter().find(nginx).map(|release| provided_twice(release, cluster, Part::Traefik))
}

/// Two charts that answer at the addresses of services.
fn answered_twice(lab: &Lab<'_>) -> Option<Problem> {
    let answers = |release: &&&ReleaseFact| {
        (release.chart == "kube-vip" && release.balancing == Balancing::Answers) || release.chart == "metallb"
    };
    let mut answering = lab.releases.iter().filter(answers);
    let (first, second) = (answering.next()?, answering.next()?);
    if first.chart == second.chart {
        return None;
    }
    let message = format!(
        "{} and {} both answer at the addresses of services, and get in each other's way",
        first.shown(),
        second.shown()
    );
    let problem = collision(
        &PROVIDED_TWICE,
        message,
        (&first.placement.place, format!("chart '{}'", first.chart)),
        (&second.placement.place, format!("chart '{}'", second.chart)),
    );
    Some(problem.help(
        "leave one of them out, or say 'services = false' to kube-vip, which then only holds the API's",
    ))
}

/// The chart does what `part` of the cluster does.
fn provided_twice(release: &ReleaseFact, cluster: &Cluster, part: Part) -> Problem {
    let part = part.name();
    let message = format!(
        "{} and '{part}' of cluster '{}' do the same, and get in each other's way",
        release.shown(),
        cluster.name
    );
    collision(
        &PROVIDED_TWICE,
        message,
        (&cluster.place, format!("k3s brings '{part}' unless it is left out here")),
        (&release.placement.place, format!("chart '{}'", release.chart)),
    )
    .help(format!("add '{part}' to 'disable' of cluster '{}'", cluster.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, cluster_without, messages, release};

    fn found(chart: &str, disable: &[&str]) -> Vec<String> {
        let k3s = cluster_without(disable);
        messages(&PROVIDED_TWICE, &[k3s.into_entity(), release("chosen", "kube-system", chart).into_entity()])
    }

    #[test]
    fn one_does_it() {
        assert_eq!(
            found("metallb", &["traefik"]),
            ["release 'chosen' and 'servicelb' of cluster 'k3s' do the same, and get in each other's way"]
        );
        assert_eq!(found("metallb", &["servicelb"]), [""; 0]);
        assert_eq!(found("traefik", &[]).len(), 1);
        assert_eq!(
            found("ingress-nginx", &["servicelb"]),
            [""; 0],
            "both can be there, for different classes"
        );
        assert_eq!(found("ingress-nginx", &[]).len(), 1, "but not at one port");
        assert_eq!(found("local-path-provisioner", &[]).len(), 1);
        assert_eq!(found("local-path-provisioner", &["local-storage"]), [""; 0]);
    }

    #[test]
    fn one_answers() {
        let both = |services: &str| {
            let mut vip = release("vip", "kube-system", "kube-vip");
            vip.values = crate::testing::text(&["env", "svc_enable"], services);
            let k3s = cluster_without(&["servicelb"]);
            messages(
                &PROVIDED_TWICE,
                &[k3s.into_entity(), vip.into_entity(), release("lb", "metallb", "metallb").into_entity()],
            )
        };
        assert_eq!(
            both("true"),
            [
                "release 'vip' and release 'lb' both answer at the addresses of services, and get in each other's way"
            ]
        );
        assert_eq!(both("false"), [""; 0]);
    }
}
