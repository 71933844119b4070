//! `no-lab`: hosts or a cluster without a lab.

use diagnostics::{Problem, declare_rule};

use crate::lab::Lab;

declare_rule! { pub NO_LAB, "no-lab", error, since "0.1", "hosts or a cluster without a lab", page "no_lab.md" }

/// Looks for a lab, where there is a host or a cluster. Everything else means the same without.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let host = lab.hosts.first().map(|host| (format!("host '{}'", host.name), &host.place));
    let cluster =
        || lab.clusters.first().map(|cluster| (format!("cluster '{}'", cluster.name), &cluster.place));
    let needing = host.or_else(cluster).filter(|_| lab.labs.is_empty());
    let problems = needing.map(|(shown, place)| {
        Problem::new(&NO_LAB, place.clone(), format!("{shown} is in no lab: there is none"))
            .help("add 'lab home { domain = \"…\", timezone = \"…\" }': hosts take names, time and releases from it")
    });
    problems.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, host, lab, messages};

    #[test]
    fn hosts_need_a_lab() {
        let hosts = [host("a", "192.168.1.10"), host("b", "192.168.1.11")];
        assert_eq!(messages(&NO_LAB, &hosts), ["host 'a' is in no lab: there is none"]);
        assert_eq!(messages(&NO_LAB, &[lab("home"), hosts[0].clone()]), [""; 0]);
        assert_eq!(messages(&NO_LAB, &[app("n8n", "automation").into_entity()]), [""; 0]);
    }
}
