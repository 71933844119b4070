//! `duplicate-mac`: a hardware address that two hosts have.

use diagnostics::{Problem, declare_rule};
use domain::Mac;
use model::At;

use super::{collision, repeated};
use crate::lab::Lab;

declare_rule! { pub DUPLICATE_MAC, "duplicate-mac", error, since "0.1", "a hardware address that two hosts have", page "duplicate_mac.md" }

/// Looks for hosts with the same hardware address.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let macs = lab.hosts.iter().filter_map(|host| Some((&host.name, host.mac.as_ref()?)));
    let twice = repeated(macs.map(|(name, mac)| (mac.bytes(), (name, mac))));
    twice.into_iter().map(|(first, later)| duplicate_mac(first, later)).collect()
}

/// Both hosts have the same hardware address.
fn duplicate_mac(first: (&String, &At<Mac>), later: (&String, &At<Mac>)) -> Problem {
    let message =
        format!("hosts '{}' and '{}' have the same hardware address, {}", first.0, later.0, later.1.value);
    collision(
        &DUPLICATE_MAC,
        message,
        (&first.1.place, format!("host '{}' has it", first.0)),
        (&later.1.place, format!("host '{}' has it too", later.0)),
    )
    .help("'ip link' on a host shows the one of each of its interfaces")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, machine, messages};
    use model::Entity;

    fn host(name: &str, mac: &str) -> Entity {
        let mut host = machine(name, "192.168.1.10");
        host.mac = Some(at(Mac::parse(mac).unwrap()));
        Entity::Host(Box::new(host))
    }

    #[test]
    fn interfaces_have_their_own() {
        let first = host("a", "52:54:00:00:00:01");
        let found = |other| messages(&DUPLICATE_MAC, &[first.clone(), host("b", other)]);
        assert_eq!(
            found("52:54:00:00:00:01"),
            ["hosts 'a' and 'b' have the same hardware address, 52:54:00:00:00:01"]
        );
        assert_eq!(found("52:54:00:00:00:02"), [""; 0]);
    }
}
