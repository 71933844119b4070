//! `missing-host-support`: a chart that needs something of the hosts.

use std::collections::BTreeSet;

use diagnostics::{Problem, declare_rule};

use super::providers::needs_of_hosts;
use crate::facts::ReleaseFact;
use crate::lab::Lab;

declare_rule! { pub MISSING_HOST_SUPPORT, "missing-host-support", warning, since "0.1", "a chart that needs something of the hosts", page "missing_host_support.md" }

/// Looks for storage whose volumes the hosts cannot mount. What a host's `local.nix` says is unknown here.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let nodes: BTreeSet<&str> = lab.nodes().collect();
    let hosts: Vec<_> = lab.hosts.iter().filter(|host| nodes.contains(host.name.as_str())).collect();
    let wanting = lab.releases.iter().filter_map(|release| {
        let (need, option) = needs_of_hosts(&release.chart)?;
        let lacking = hosts.iter().filter(|host| !host.traits.contains(&need));
        let lacking: Vec<&str> = lacking.map(|host| host.name.as_str()).collect();
        (!lacking.is_empty()).then(|| missing_host_support(release, &lacking, option))
    });
    wanting.collect()
}

/// The hosts cannot mount the volumes of the chart.
fn missing_host_support(release: &ReleaseFact, lacking: &[&str], option: &str) -> Problem {
    let hosts = match lacking {
        [one] => format!("host '{one}'"),
        [one, other] => format!("hosts '{one}' and '{other}'"),
        [one, others @ ..] => format!("host '{one}' and {} others", others.len()),
        [] => String::new(),
    };
    let message = format!("{hosts} cannot mount the volumes of {}", release.shown());
    Problem::new(&MISSING_HOST_SUPPORT, release.placement.place.clone(), message)
        .help(format!("add 'nixos {{ {option} }}' to the hosts, or to the template that they start from"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, cluster, machine, messages, options, release};
    use model::{Data, Entity};

    fn found(option: &str) -> Vec<String> {
        let mut host = machine("a", "192.168.1.10");
        host.nixos = options(&[(option, Data::Bool(true))]);
        let lab = [
            Entity::Host(Box::new(host)),
            cluster(&["a"], &[]).into_entity(),
            release("longhorn", "storage", "longhorn").into_entity(),
        ];
        messages(&MISSING_HOST_SUPPORT, &lab)
    }

    #[test]
    fn hosts_can_mount_volumes() {
        assert_eq!(
            found("services.fstrim.enable"),
            ["host 'a' cannot mount the volumes of release 'longhorn'"]
        );
        assert_eq!(found("services.openiscsi.enable"), [""; 0]);
    }
}
