//! `mount-taken`: two disks of a host that are mounted at one place.

use diagnostics::{Problem, declare_rule};

use super::{collision, repeated};
use crate::facts::{HostFact, MountFact};
use crate::lab::Lab;

declare_rule! { pub MOUNT_TAKEN, "mount-taken", error, since "0.1", "two disks of a host that are mounted at one place", page "mount_taken.md" }

/// Looks for file systems of a host's disks that are mounted where another one is.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let twice = lab.hosts.iter().flat_map(|host| {
        let mounts = host.mounts.iter().map(|mount| (mount.at.as_str(), mount));
        let twice = repeated(mounts).into_iter();
        // Two systems have several places in common, and one problem.
        let mut told: Vec<(&str, &str)> = Vec::new();
        twice.filter_map(move |(first, later)| {
            let pair = (first.disk.as_str(), later.disk.as_str());
            let is_new = !told.contains(&pair);
            told.push(pair);
            is_new.then(|| mount_taken(host, first, later))
        })
    });
    twice.collect()
}

/// Both disks would be mounted there.
fn mount_taken(host: &HostFact, first: &MountFact, later: &MountFact) -> Problem {
    let message = format!(
        "disks '{}' and '{}' of host '{}' are both mounted at {}",
        first.disk, later.disk, host.name, later.at
    );
    let said = |mount: &MountFact| {
        if mount.is_left_out {
            format!("disk '{}', which does not say 'mount'", mount.disk)
        } else {
            format!("disk '{}'", mount.disk)
        }
    };
    let help = if later.is_left_out || first.is_left_out {
        "a disk without 'mount' holds the system: say where the other one is mounted, such as 'mount = /srv/data'"
    } else {
        "mount one of them elsewhere, or leave one out"
    };
    collision(&MOUNT_TAKEN, message, (&first.place, said(first)), (&later.place, said(later))).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, machine, messages, path, std_place};
    use model::{At, Disk, Entity, Layout};

    /// A system's disk and another one.
    fn found(layout: Layout, mount: At<domain::UnixPath>) -> Vec<String> {
        let mut host = machine("a", "192.168.1.10");
        let system = At::new(path("/"), std_place());
        for (name, layout, mount) in [("data", Layout::Ext4, mount), ("main", layout, system)] {
            let device = at(path(&format!("/dev/{name}")));
            host.disks.insert(name.into(), Disk { device, layout, mount, swap: None });
        }
        messages(&MOUNT_TAKEN, &[Entity::Host(Box::new(host))])
    }

    #[test]
    fn each_place_has_one_disk() {
        let both = |at: &str| vec![format!("disks 'data' and 'main' of host 'a' are both mounted at {at}")];
        let at = |mount: &str| at(path(mount));
        assert_eq!(found(Layout::Ext4, At::new(path("/"), std_place())), both("/"));
        assert_eq!(found(Layout::Btrfs, at("/")), both("/"));
        assert_eq!(found(Layout::Ext4, at("/boot")), both("/boot"));
        assert_eq!(found(Layout::Btrfs, at("/home")), both("/home"));
        assert_eq!(found(Layout::Ext4, at("/home")), [""; 0]);
        assert_eq!(found(Layout::Btrfs, at("/srv/data")), [""; 0]);
    }
}
