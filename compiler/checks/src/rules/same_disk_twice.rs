//! `same-disk-twice`: one block device as two disks.

use diagnostics::{Problem, declare_rule};
use domain::UnixPath;
use model::At;

use super::{collision, repeated};
use crate::lab::Lab;

declare_rule! { pub SAME_DISK_TWICE, "same-disk-twice", error, since "0.1", "one block device as two disks of a host", page "same_disk_twice.md" }

/// Looks for disks of a host with the same device.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let twice = lab.hosts.iter().flat_map(|host| {
        let disks = host.disks.iter().map(|(name, device)| (&device.value, (name, device)));
        repeated(disks).into_iter().map(|(first, later)| same_disk_twice(&host.name, first, later))
    });
    twice.collect()
}

/// Both disks are the same device.
fn same_disk_twice(host: &str, first: (&String, &At<UnixPath>), later: (&String, &At<UnixPath>)) -> Problem {
    let message = format!(
        "disks '{}' and '{}' of host '{host}' are the same device, {}",
        first.0, later.0, later.1.value
    );
    collision(
        &SAME_DISK_TWICE,
        message,
        (&first.1.place, format!("disk '{}'", first.0)),
        (&later.1.place, format!("disk '{}'", later.0)),
    )
    .help("what is put on the one would be erased for the other: name another device, or leave one out")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{disk, machine, messages};
    use model::Entity;

    fn found(second: &str) -> Vec<String> {
        let mut host = machine("a", "192.168.1.10");
        for (name, device) in [("data", "/dev/nvme0n1"), ("system", second)] {
            host.disks.insert(name.into(), disk(device));
        }
        messages(&SAME_DISK_TWICE, &[Entity::Host(Box::new(host))])
    }

    #[test]
    fn disks_are_different_devices() {
        assert_eq!(
            found("/dev/nvme0n1"),
            ["disks 'data' and 'system' of host 'a' are the same device, /dev/nvme0n1"]
        );
        assert_eq!(found("/dev/nvme1n1"), [""; 0]);
    }
}
