//! `iscsi-name-twice`: two hosts that are one to a storage server.

use diagnostics::{Problem, declare_rule};

use super::{collision, repeated};
use crate::facts::HostFact;
use crate::lab::Lab;

declare_rule! { pub ISCSI_NAME_TWICE, "iscsi-name-twice", error, since "0.1", "two hosts with one iSCSI name", page "iscsi_name_twice.md" }

/// Looks for hosts that call themselves the same in iSCSI.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let names = lab.hosts.iter().filter_map(|host| Some((&host.iscsi_name.as_ref()?.value, *host)));
    repeated(names).into_iter().filter_map(|(first, later)| iscsi_name_twice(first, later)).collect()
}

/// Both hosts have the name.
fn iscsi_name_twice(first: &HostFact, later: &HostFact) -> Option<Problem> {
    let name = later.iscsi_name.as_ref()?;
    let message =
        format!("hosts '{}' and '{}' have the same iSCSI name, {}", first.name, later.name, name.value);
    // In a template both names stand at one place; the hosts do not.
    let (first, later) = match &first.iscsi_name {
        Some(other) if other.place != name.place => (
            (&other.place, format!("host '{}'", first.name)),
            (&name.place, format!("host '{}'", later.name)),
        ),
        _ => ((&first.place, "has it too".to_owned()), (&name.place, format!("host '{}'", later.name))),
    };
    let problem = collision(&ISCSI_NAME_TWICE, message, first, later);
    Some(
        problem.help(
            "let the name end in the host's own: 'name = \"iqn.2026-01.net.example.home:${self.name}\"'",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{machine, messages, options};
    use model::{Data, Entity};

    #[test]
    fn names_are_the_hosts_own() {
        let host = |name: &str, iqn: &str| {
            let mut host = machine(name, "192.168.1.10");
            host.nixos = options(&[("services.openiscsi.name", Data::Text(iqn.to_owned()))]);
            Entity::Host(Box::new(host))
        };
        let found = |other: &str| messages(&ISCSI_NAME_TWICE, &[host("a", "iqn.x:a"), host("b", other)]);
        assert_eq!(found("iqn.x:a"), ["hosts 'a' and 'b' have the same iSCSI name, iqn.x:a"]);
        assert_eq!(found("iqn.x:b"), [""; 0]);
    }
}
