//! `no-ssh`: a host that cannot be reached to change it.

use diagnostics::{Problem, declare_rule};

use crate::facts::{Door, HostFact};
use crate::lab::Lab;

declare_rule! { pub NO_SSH, "no-ssh", warning, since "0.1", "a host that cannot be reached by SSH", page "no_ssh.md" }

/// Looks for hosts whose SSH server is switched off, or behind the firewall.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let closed = lab.hosts.iter().filter_map(|host| Some((host, host.ssh.as_ref()?)));
    closed.map(|(host, door)| no_ssh(host, door.value, &door.place)).collect()
}

/// Nobody can log in over the network.
fn no_ssh(host: &HostFact, door: Door, place: &source::Place) -> Problem {
    let (why, help) = match door {
        Door::Off => {
            ("its SSH server is switched off", "leave it on: only keys are let in, and nobody as root")
        }
        Door::Closed => (
            "its firewall is closed for SSH",
            "open the port for those who may: 'firewall { tcp = [22] }', or 'networking.firewall.interfaces.NAME'",
        ),
    };
    let message = format!("host '{}' cannot be changed from elsewhere: {why}", host.name);
    Problem::new(&NO_SSH, place.clone(), message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{machine, messages, options};
    use model::{Data, Entity};

    fn found(set: &[(&str, bool)], open: &[u16]) -> usize {
        let mut host = machine("a", "192.168.1.10");
        let set: Vec<(&str, Data)> =
            set.iter().map(|(option, value)| (*option, Data::Bool(*value))).collect();
        host.nixos = options(&set);
        host.firewall.tcp.extend(open);
        messages(&NO_SSH, &[Entity::Host(Box::new(host))]).len()
    }

    #[test]
    fn hosts_are_reached() {
        let (enable, firewall) = ("services.openssh.enable", "services.openssh.openFirewall");
        assert_eq!(found(&[], &[]), 0);
        assert_eq!(found(&[(enable, true)], &[]), 0);
        assert_eq!(found(&[(enable, false)], &[]), 1);
        assert_eq!(found(&[(enable, false), ("services.tailscale.enable", true)], &[]), 0);
        assert_eq!(found(&[(firewall, false)], &[]), 1);
        assert_eq!(found(&[(firewall, false)], &[22]), 0);
        assert_eq!(found(&[(firewall, false), ("networking.firewall.enable", false)], &[]), 0);
    }
}
