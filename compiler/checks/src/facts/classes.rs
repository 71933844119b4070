//! Classes of storage and of ingresses that charts offer.

use std::collections::BTreeSet;

use model::Release;

use super::PROXIES;

/// What a chart offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Classes {
    pub(crate) storage: Offered,
    pub(crate) ingress: Offered,
}

/// Classes of one sort.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Offered {
    pub(crate) names: BTreeSet<String>,
    /// Whether there may be others, whose names nobody knows here.
    pub(crate) is_open: bool,
}

/// What is in the names of charts that bring storage.
const STORAGE: &[&str] = &[
    "ceph",
    "csi",
    "hostpath",
    "juicefs",
    "linstor",
    "longhorn",
    "lvm",
    "mayastor",
    "nfs",
    "openebs",
    "piraeus",
    "portworx",
    "provisioner",
    "rook",
    "seaweed",
    "storage",
    "topolvm",
    "zfs",
];

impl Offered {
    fn known<const N: usize>(names: [&str; N]) -> Self {
        Self { names: names.into_iter().map(str::to_owned).collect(), is_open: false }
    }

    /// Whether it is anything.
    pub(crate) fn is_some(&self) -> bool {
        self.is_open || !self.names.is_empty()
    }

    /// With what others offer.
    pub(crate) fn join(&mut self, other: &Self) {
        self.names.extend(other.names.iter().cloned());
        self.is_open |= other.is_open;
    }
}

impl Classes {
    pub(super) fn of(release: &Release) -> Self {
        Self { storage: storage(release), ingress: ingress(release) }
    }
}

fn storage(release: &Release) -> Offered {
    let said =
        |path: &[&str], usual: &'static str| Offered::known([release.values.text_at(path).unwrap_or(usual)]);
    match release.chart.name.as_str() {
        "longhorn" => Offered::known(["longhorn", "longhorn-static"]),
        "nfs-subdir-external-provisioner" => said(&["storageClass", "name"], "nfs-client"),
        "local-path-provisioner" => said(&["storageClass", "name"], "local-path"),
        chart => Offered { is_open: STORAGE.iter().any(|word| chart.contains(word)), ..Offered::default() },
    }
}

fn ingress(release: &Release) -> Offered {
    let (values, name) = (&release.values, release.placement.name.as_str());
    match release.chart.name.as_str() {
        "traefik" => match values.text_at(&["ingressClass", "name"]) {
            Some(said) => Offered::known([said]),
            None => Offered::known([values.text_at(&["fullnameOverride"]).unwrap_or(name), name, "traefik"]),
        },
        "ingress-nginx" => {
            let said = values.text_at(&["controller", "ingressClassResource", "name"]);
            Offered::known([said.unwrap_or("nginx")])
        }
        "tailscale-operator" => Offered::known(["tailscale"]),
        chart => Offered { is_open: PROXIES.iter().any(|word| chart.contains(word)), ..Offered::default() },
    }
}
