//! `device-used-twice`: a device that serves one app, and two use it.

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Problem, declare_rule};
use domain::UnixPath;
use model::{At, DeviceKind, DeviceUse};

use super::collision;
use crate::facts::WorkloadFact;
use crate::lab::Lab;

declare_rule! { pub DEVICE_USED_TWICE, "device-used-twice", error, since "0.1", "a device that serves one app only, used by two", page "device_used_twice.md" }

/// A device by its host's and its own name.
type Key<'a> = (&'a str, &'a str);

/// Devices that any number of programs can open at a time, by how their path begins.
const SHAREABLE: &[&str] = &[
    "/dev/accel",
    "/dev/bus",
    "/dev/dma_heap",
    "/dev/dri",
    "/dev/fuse",
    "/dev/input",
    "/dev/kfd",
    "/dev/kvm",
    "/dev/net",
    "/dev/nvidia",
    "/dev/snd",
    "/dev/vhost",
];

/// Looks for serial ports and cameras that several apps open. What a device plugin hands out, it shares as it is told.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let plugins = lab.plugins.iter().flat_map(|plugin| &plugin.devices);
    let handed: BTreeSet<Key<'_>> = plugins.map(|(host, device)| (host.as_str(), device.as_str())).collect();
    let exclusive = exclusive(lab);
    let mut users: BTreeMap<Key<'_>, (&WorkloadFact, &At<DeviceUse>)> = BTreeMap::new();
    let mut problems = Vec::new();
    for (work, used) in
        lab.workloads.iter().flat_map(|&work| work.devices.iter().map(move |used| (work, used)))
    {
        let key = (used.host.as_str(), used.device.as_str());
        if handed.contains(&key) || !exclusive.contains(&key) {
            continue;
        }
        match users.get(&key) {
            Some(first) if first.0.placement == work.placement && first.0.role == work.role => {}
            Some(first) => problems.push(device_used_twice(*first, (work, used))),
            None => {
                problems.extend((work.replicas > 1).then(|| device_of_pods(work, used)));
                users.insert(key, (work, used));
            }
        }
    }
    problems
}

fn exclusive<'a>(lab: &Lab<'a>) -> BTreeSet<Key<'a>> {
    let devices = lab.hosts.iter().flat_map(|host| host.devices.iter().map(move |device| (host, device)));
    let exclusive = devices.filter(|(_, (_, device))| {
        matches!(device.kind, DeviceKind::Serial | DeviceKind::Video) && !is_shareable(&device.path)
    });
    exclusive.map(|(host, (name, _))| (host.name.as_str(), name.as_str())).collect()
}

fn is_shareable(path: &UnixPath) -> bool {
    SHAREABLE.iter().any(|start| path.as_str().starts_with(start))
}

/// Both use the same device.
fn device_used_twice(
    first: (&WorkloadFact, &At<DeviceUse>),
    later: (&WorkloadFact, &At<DeviceUse>),
) -> Problem {
    let (one, other) = (first.0.shown(), later.0.shown());
    let used = later.1;
    let message = format!(
        "{other} uses the device '{}' of host '{}', which {one} uses already",
        used.device, used.host
    );
    collision(
        &DEVICE_USED_TWICE,
        message,
        (&first.1.place, format!("used by {one}")),
        (&used.place, format!("used by {other} too")),
    )
    .help("a serial port or a camera serves one program at a time: let the others ask that one")
}

/// Each of the app's pods would open the device.
fn device_of_pods(work: &WorkloadFact, used: &At<DeviceUse>) -> Problem {
    let message = format!(
        "{} has {} pods, and each would open the device '{}' of host '{}'",
        work.shown(),
        work.replicas,
        used.device,
        used.host
    );
    Problem::new(&DEVICE_USED_TWICE, used.place.clone(), message).help("write 'replicas = 1'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, device, job, machine, messages, place, uses};
    use model::{DevicePlugin, Entity};

    fn lab(kind: DeviceKind, path: &str) -> Vec<Entity> {
        let mut host = machine("a", "192.168.1.10");
        host.devices.insert("stick".into(), device(path, kind));
        let (mut one, mut two) = (app("one", "media"), job("two", "media"));
        one.container.devices = vec![uses("a", "stick")];
        two.container.devices = vec![uses("a", "stick")];
        vec![Entity::Host(Box::new(host)), one.into_entity(), two.into_entity()]
    }

    #[test]
    fn serial_ports_serve_one_app() {
        let mut lab = lab(DeviceKind::Serial, "/dev/serial/by-id/stick");
        let message = "job 'two' uses the device 'stick' of host 'a', which app 'one' uses already";
        assert_eq!(messages(&DEVICE_USED_TWICE, &lab), [message]);
        lab.push(Entity::DevicePlugin(DevicePlugin {
            name: "plugin".into(),
            prefix: "smarter-devices".into(),
            devices: vec![(at(uses("a", "stick").value), "stick".into())],
            place: place("device-plugin plugin"),
        }));
        assert_eq!(messages(&DEVICE_USED_TWICE, &lab), [""; 0], "a plugin shares as it is told");
    }

    #[test]
    fn each_pod_counts() {
        let mut one = app("one", "media");
        one.replicas.value = 2;
        one.container.devices = vec![uses("a", "stick")];
        let lab = [lab(DeviceKind::Serial, "/dev/ttyS0").swap_remove(0), one.into_entity()];
        assert_eq!(
            messages(&DEVICE_USED_TWICE, &lab),
            ["app 'one' has 2 pods, and each would open the device 'stick' of host 'a'"]
        );
    }

    #[test]
    fn gpus_serve_all() {
        assert_eq!(messages(&DEVICE_USED_TWICE, &lab(DeviceKind::Gpu, "/dev/dri/renderD128")), [""; 0]);
        assert_eq!(messages(&DEVICE_USED_TWICE, &lab(DeviceKind::Serial, "/dev/dri/renderD128")), [""; 0]);
    }
}
