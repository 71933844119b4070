//! Classes of storage and of ingresses that charts and objects offer.

use std::collections::BTreeSet;

use crate::{Data, Manifest, Release};

/// Classes of one sort.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    /// Their names.
    pub names: BTreeSet<String>,
    /// The one that is taken where none is said.
    pub default: Option<String>,
    /// Whether there may be others, whose names nobody knows here.
    pub is_open: bool,
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

/// What is in the names of charts and images that serve ingresses.
const PROXIES: &[&str] = &[
    "traefik",
    "ingress",
    "nginx",
    "haproxy",
    "kong",
    "contour",
    "istio",
    "cilium",
    "gateway",
    "envoy",
    "caddy",
    "apisix",
    "ambassador",
    "emissary",
    "cloudflared",
    "tunnel",
    "proxy",
];

impl Offered {
    /// Classes of these names.
    fn known<const N: usize>(names: [&str; N]) -> Self {
        Self { names: names.into_iter().map(str::to_owned).collect(), ..Self::default() }
    }

    /// With this one as the default, if `is_default`.
    fn by_default(mut self, name: &str, is_default: bool) -> Self {
        self.default = is_default.then(|| name.to_owned());
        self
    }

    /// Whether it is anything.
    pub fn is_some(&self) -> bool {
        self.is_open || !self.names.is_empty()
    }

    /// With what others offer.
    pub fn join(&mut self, other: &Self) {
        self.names.extend(other.names.iter().cloned());
        self.is_open |= other.is_open;
    }
}

/// Whether a chart or an image, by its name, may serve ingresses.
pub fn serves_ingresses(name: &str) -> bool {
    PROXIES.iter().any(|word| name.contains(word))
}

/// Whether a chart, by its name, may bring storage.
pub(super) fn may_store(chart: &str) -> bool {
    STORAGE.iter().any(|word| chart.contains(word))
}

/// The classes of storage that a chart offers.
pub fn storage_classes(release: &Release) -> Offered {
    let values = &release.values;
    let said = |usual: &'static str| {
        let name = values.text_at(&["storageClass", "name"]).unwrap_or(usual);
        Offered::known([name]).by_default(name, is_on(values, &["storageClass", "defaultClass"], false))
    };
    match release.chart.name.as_str() {
        "longhorn" => Offered::known(["longhorn", "longhorn-static"])
            .by_default("longhorn", is_on(values, &["persistence", "defaultClass"], true)),
        "csi-driver-nfs" => listed(values.at(&["storageClasses"])),
        "nfs-subdir-external-provisioner" => said("nfs-client"),
        "local-path-provisioner" => said("local-path"),
        chart => Offered { is_open: may_store(chart), ..Offered::default() },
    }
}

/// The classes of a list of them, each with its name and its annotations.
fn listed(classes: Option<&Data>) -> Offered {
    let Some(Data::List(classes)) = classes else { return Offered { is_open: true, ..Offered::default() } };
    let mut all = Offered::default();
    for class in classes {
        let Some(name) = class.text_at(&["name"]) else { continue };
        let mark = ["annotations", "storageclass.kubernetes.io/is-default-class"];
        let one = Offered::known([name]).by_default(name, is_on(class, &mark, false));
        all.default = all.default.or_else(|| one.default.clone());
        all.join(&one);
    }
    all
}

/// The classes of ingresses that a chart offers.
pub fn ingress_classes(release: &Release) -> Offered {
    let (values, name) = (&release.values, release.placement.name.as_str());
    match release.chart.name.as_str() {
        "traefik" => {
            let said = values.text_at(&["ingressClass", "name"]);
            let usual = values.text_at(&["fullnameOverride"]).unwrap_or(name);
            let is_default = is_on(values, &["ingressClass", "enabled"], true)
                && is_on(values, &["ingressClass", "isDefaultClass"], true);
            let offered =
                said.map_or_else(|| Offered::known([usual, name, "traefik"]), |said| Offered::known([said]));
            offered.by_default(said.unwrap_or(usual), is_default)
        }
        "ingress-nginx" => {
            let resource = ["controller", "ingressClassResource"];
            let name = values.text_at(&[resource[0], resource[1], "name"]).unwrap_or("nginx");
            Offered::known([name])
                .by_default(name, is_on(values, &[resource[0], resource[1], "default"], false))
        }
        "tailscale-operator" => Offered::known(["tailscale"]),
        chart => Offered { is_open: serves_ingresses(chart), ..Offered::default() },
    }
}

/// The class that an object of a `kind` such as `StorageClass` is.
pub fn made_class(manifest: &Manifest, kind: &str) -> Option<Offered> {
    if manifest.kind.value != kind {
        return None;
    }
    let mark = match kind {
        "StorageClass" => "storageclass.kubernetes.io/is-default-class",
        _ => "ingressclass.kubernetes.io/is-default-class",
    };
    let name = manifest.object_name();
    let is_default = manifest.text(&["metadata", "annotations", mark]) == Some("true");
    Some(Offered::known([name]).by_default(name, is_default))
}

/// Whether a switch in values is on.
fn is_on(values: &Data, path: &[&str], usual: bool) -> bool {
    match values.at(path) {
        Some(Data::Bool(is_on)) => *is_on,
        Some(Data::Text(text)) => text == "true",
        _ => usual,
    }
}
