//! Devices of hosts in pods.
//!
//! Whoever uses a device runs on its host. If a plugin hands the device out, it is a resource of which the pod takes
//! one; otherwise the device's file is mounted, which takes a privileged container.

use std::collections::{BTreeMap, BTreeSet};

use domain::UnixPath;
use model::{DevicePlugin, DeviceUse};

use crate::keys::Taken;
use crate::mounts::{Mounts, named};
use crate::names::dns_label;
use crate::workload::Workload;
use yaml::{MapBuilder, Yaml};

/// The resource (`smarter-devices/ttyACM0`) as which some plugin hands out the device.
fn resource(plugins: &[&DevicePlugin], wanted: &DeviceUse) -> Option<String> {
    plugins.iter().find_map(|plugin| {
        let handed = |device: &DeviceUse| device.host == wanted.host && device.device == wanted.device;
        let (_, resource) = plugin.devices.iter().find(|(device, _)| handed(device))?;
        Some(format!("{}/{resource}", plugin.prefix))
    })
}

/// The devices that it uses, each once, however often it is named.
fn used<'a>(workload: &Workload<'a>) -> impl Iterator<Item = &'a DeviceUse> {
    let mut seen = BTreeSet::new();
    let devices = workload.container.devices.iter().map(|device| &device.value);
    devices.filter(move |device| seen.insert((device.host.as_str(), device.device.as_str())))
}

/// The devices whose files are mounted.
fn mounted<'a>(workload: &Workload<'a>) -> impl Iterator<Item = &'a DeviceUse> {
    let plugins = workload.plugins;
    used(workload).filter(move |device| resource(plugins, device).is_none())
}

/// How many of which resource the pod takes.
pub(crate) fn resources(workload: &Workload<'_>) -> BTreeMap<String, i64> {
    let mut taken = BTreeMap::new();
    for device in used(workload) {
        if let Some(resource) = resource(workload.plugins, device) {
            *taken.entry(resource).or_insert(0) += 1;
        }
    }
    taken
}

/// Whether the container has to be privileged to open its devices.
pub(crate) fn need_privilege(workload: &Workload<'_>) -> bool {
    mounted(workload).next().is_some()
}

/// The hosts that the pod must run on; one, unless the lab is wrong.
pub(crate) fn hosts<'a>(workload: &Workload<'a>) -> BTreeSet<&'a str> {
    let container = workload.container;
    let pinned = container.host.iter().map(|host| host.as_str());
    pinned.chain(container.devices.iter().map(|device| device.host.as_str())).collect()
}

/// Mounts the files of devices that no plugin hands out, each at the path that it has on the host.
pub(crate) fn push_mounts(made: &mut Mounts, taken: &mut Taken, workload: &Workload<'_>) {
    for device in mounted(workload) {
        let label = dns_label(&device.device);
        let name =
            taken.free([format!("device-{label}"), format!("device-{}-{label}", dns_label(&device.host))]);
        let path = device.path.to_string();
        let source = MapBuilder::new().set("path", &path).set_some("type", file_type(&device.path));
        made.volumes.push(named(&name, ("hostPath", source.into())));
        let mount: Yaml = MapBuilder::new().set("name", &name).set("mountPath", &path).into();
        made.own.push(mount);
    }
}

/// The groups that the files of its devices belong to on NixOS, for a user who is not root.
pub(crate) fn groups(workload: &Workload<'_>) -> BTreeSet<i64> {
    if workload.container.user.is_none_or(|user| user == 0) {
        return BTreeSet::new();
    }
    let devices = workload.container.devices.iter();
    devices.filter_map(|device| device.kind.group()).collect()
}

/// What the kubelet makes sure is there before it mounts the path: a device or a socket. Whether anything else is a
/// folder or a file, its name does not tell; what is not there becomes a folder.
pub(crate) fn file_type(path: &UnixPath) -> Option<&'static str> {
    const FOLDERS: [&str; 7] = ["dri", "snd", "input", "bus", "bus/usb", "dvb", "serial"];
    const BLOCKS: [&str; 7] = ["disk/", "mapper/", "nvme", "mmcblk", "sd", "sr", "vd"];
    let path = path.to_string();
    if path.rsplit_once('.').is_some_and(|(_, end)| end == "sock") {
        return Some("Socket");
    }
    let device = path.strip_prefix("/dev/")?;
    if FOLDERS.contains(&device) {
        Some("Directory")
    } else if BLOCKS.iter().any(|block| device.starts_with(block)) {
        Some("BlockDevice")
    } else {
        Some("CharDevice")
    }
}
