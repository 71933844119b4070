//! Kubernetes objects as they are.

use std::collections::BTreeMap;

use crate::{At, Data, Placement};

/// A Kubernetes object as it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Manifest {
    /// Name, namespace, component, order.
    pub placement: Placement,
    /// Whether it is in no namespace.
    pub cluster_wide: bool,
    /// `apps/v1`.
    pub api_version: At<String>,
    /// `Deployment`.
    pub kind: At<String>,
    /// The rest: `metadata`, `spec`, `data`, ….
    pub fields: BTreeMap<String, Data>,
}

impl Manifest {
    /// The API's group: `traefik.io`; empty for the core's.
    pub fn group(&self) -> &str {
        self.api_version.value.split_once('/').map_or("", |(group, _)| group)
    }

    /// Whether it is in no namespace: as it says itself, or because its kind never is.
    pub fn is_cluster_wide(&self) -> bool {
        let kind = self.kind.value.as_str();
        let of_group = CLUSTER_WIDE.iter().find(|(group, _)| *group == self.group());
        self.cluster_wide || of_group.is_some_and(|(_, kinds)| kinds.contains(&kind))
    }

    /// The text at a path of its fields.
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        let (first, rest) = path.split_first()?;
        self.fields.get(*first)?.text_at(rest)
    }

    /// Whether it is a volume that hosts mount by NFS.
    pub fn is_nfs_volume(&self) -> bool {
        self.kind.value == "PersistentVolume"
            && self.fields.get("spec").is_some_and(|spec| spec.at(&["nfs"]).is_some())
    }

    /// What it is called in the cluster.
    pub fn object_name(&self) -> &str {
        self.text(&["metadata", "name"]).unwrap_or(&self.placement.name)
    }

    /// The namespace that it is in, if it is in one.
    pub fn namespace(&self) -> Option<&str> {
        if self.is_cluster_wide() {
            return None;
        }
        Some(self.text(&["metadata", "namespace"]).unwrap_or(&self.placement.namespace))
    }
}

/// Kinds that are in no namespace, by group: Kubernetes' own, and those of well-known charts.
const CLUSTER_WIDE: &[(&str, &[&str])] = &[
    ("", &["ComponentStatus", "Namespace", "Node", "PersistentVolume"]),
    (
        "admissionregistration.k8s.io",
        &[
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "ValidatingWebhookConfiguration",
        ],
    ),
    ("apiextensions.k8s.io", &["CustomResourceDefinition"]),
    ("apiregistration.k8s.io", &["APIService"]),
    ("argoproj.io", &["ClusterAnalysisTemplate", "ClusterWorkflowTemplate"]),
    ("cert-manager.io", &["ClusterIssuer"]),
    ("certificates.k8s.io", &["CertificateSigningRequest", "ClusterTrustBundle"]),
    (
        "cilium.io",
        &[
            "CiliumBGPAdvertisement",
            "CiliumBGPClusterConfig",
            "CiliumBGPPeerConfig",
            "CiliumCIDRGroup",
            "CiliumClusterwideEnvoyConfig",
            "CiliumClusterwideNetworkPolicy",
            "CiliumEgressGatewayPolicy",
            "CiliumL2AnnouncementPolicy",
            "CiliumLoadBalancerIPPool",
        ],
    ),
    ("external-secrets.io", &["ClusterExternalSecret", "ClusterPushSecret", "ClusterSecretStore"]),
    ("flowcontrol.apiserver.k8s.io", &["FlowSchema", "PriorityLevelConfiguration"]),
    ("gateway.networking.k8s.io", &["GatewayClass"]),
    ("kyverno.io", &["ClusterCleanupPolicy", "ClusterPolicy"]),
    ("networking.k8s.io", &["IPAddress", "IngressClass", "ServiceCIDR"]),
    ("node.k8s.io", &["RuntimeClass"]),
    ("postgresql.cnpg.io", &["ClusterImageCatalog"]),
    ("rbac.authorization.k8s.io", &["ClusterRole", "ClusterRoleBinding"]),
    ("resource.k8s.io", &["DeviceClass", "ResourceSlice"]),
    ("scheduling.k8s.io", &["PriorityClass"]),
    ("snapshot.storage.k8s.io", &["VolumeSnapshotClass", "VolumeSnapshotContent"]),
    (
        "storage.k8s.io",
        &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"],
    ),
];
