//! `unstable-device-path`: a device by a number that may be another one's after a restart.

use diagnostics::{Problem, declare_rule};
use domain::UnixPath;
use model::At;

use crate::lab::Lab;

declare_rule! { pub UNSTABLE_DEVICE_PATH, "unstable-device-path", warning, since "0.1", "a device by a number that may change", page "unstable_device_path.md" }

/// Looks for devices and disks whose number depends on the order in which they are found.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for host in &lab.hosts {
        for (name, device) in &host.devices {
            problems.extend(unstable_device_path(&host.name, "device", name, &device.path));
        }
        for (name, disk) in &host.disks {
            problems.extend(unstable_device_path(&host.name, "disk", name, disk));
        }
    }
    problems
}

/// The path may mean another device after a restart.
fn unstable_device_path(host: &str, what: &str, name: &str, path: &At<UnixPath>) -> Option<Problem> {
    let folder = path.stable_folder()?;
    let message = format!(
        "{what} '{name}' of host '{host}' is '{}', which may be another device after a restart",
        path.value
    );
    Some(
        Problem::new(&UNSTABLE_DEVICE_PATH, path.place.clone(), message)
            .label("numbered in the order in which devices are found")
            .help(format!("use its name in {folder}, which stays: 'ls -l {folder}' on '{host}' shows it")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{device, machine, messages};
    use model::{DeviceKind, Entity};

    fn found(stick: &str, disk: &str) -> Vec<String> {
        let mut host = machine("a", "192.168.1.10");
        host.devices.insert("stick".into(), device(stick, DeviceKind::Serial));
        host.disks.insert("system".into(), crate::testing::disk(disk));
        messages(&UNSTABLE_DEVICE_PATH, &[Entity::Host(Box::new(host))])
    }

    #[test]
    fn numbers_change() {
        assert_eq!(
            found("/dev/ttyUSB0", "/dev/sda"),
            [
                "device 'stick' of host 'a' is '/dev/ttyUSB0', which may be another device after a restart",
                "disk 'system' of host 'a' is '/dev/sda', which may be another device after a restart",
            ]
        );
        assert_eq!(found("/dev/serial/by-id/stick", "/dev/nvme0n1"), [""; 0]);
    }
}
