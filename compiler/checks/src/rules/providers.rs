//! Charts that are known to provide something, or to need it.

use crate::facts::{PROXIES, Trait};

/// Charts that do what a part of k3s does.
const PARTS: &[(&str, &str)] = &[
    ("coredns", "coredns"),
    ("local-path-provisioner", "local-storage"),
    ("kube-vip-cloud-provider", "servicelb"),
    ("metallb", "servicelb"),
    ("metrics-server", "metrics-server"),
    ("traefik", "traefik"),
];

/// Charts whose volumes hosts mount, by what, and the option that gives it to them.
const SUPPORT: &[(&str, Trait, &str)] = &[
    ("csi-driver-nfs", Trait::Nfs, NFS),
    ("longhorn", Trait::Iscsi, ISCSI),
    ("longhorn", Trait::UsualPrograms, USUAL_PROGRAMS),
    ("nfs-subdir-external-provisioner", Trait::Nfs, NFS),
];

/// What lets a host mount by NFS.
pub(super) const NFS: &str = "boot.supportedFilesystems = [\"nfs\"]";
/// Each host has a name of its own, also where a template says it.
const ISCSI: &str =
    "services.openiscsi { enable = true, name = \"iqn.2026-01.net.example.home:${self.name}\" }";
/// Longhorn enters the host and looks for `iscsiadm` where other systems have it.
const USUAL_PROGRAMS: &str =
    "systemd.tmpfiles.rules = [\"L+ /usr/local/bin - - - - /run/current-system/sw/bin/\"]";

/// Prefixes of extended resources, and charts that hand them out.
const OFFERERS: &[(&str, &[&str])] = &[
    ("amd.com", &["amd-gpu", "gpu-operator-charts"]),
    ("gpu.intel.com", &["intel-device-plugins-gpu", "intel-gpu-resource-driver-chart"]),
    ("nvidia.com", &["nvidia-device-plugin", "gpu-operator"]),
];

/// Whether a chart may serve ingresses.
pub(super) fn serves_ingresses(chart: &str) -> bool {
    PROXIES.iter().any(|proxy| chart.contains(proxy))
}

/// The part of k3s that does what a chart does.
pub(super) fn part_of_k3s(chart: &str) -> Option<&'static str> {
    PARTS.iter().find(|(name, _)| *name == chart).map(|(_, part)| *part)
}

/// What a chart needs of hosts, and how they get it.
pub(super) fn needs_of_hosts(chart: &str) -> impl Iterator<Item = (Trait, &'static str)> {
    SUPPORT.iter().filter(move |(name, ..)| *name == chart).map(|(_, need, option)| (*need, *option))
}

/// The charts that hand out resources with a prefix, if they are known.
pub(super) fn offerers(prefix: &str) -> Option<&'static [&'static str]> {
    OFFERERS.iter().find(|(name, _)| *name == prefix).map(|(_, charts)| *charts)
}
