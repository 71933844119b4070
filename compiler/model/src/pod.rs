//! What a pod asks of its host, whoever says it: the words of an app or job, or `pod` and `container`.

use domain::{ImageReference, Size, UnixPath};
use source::Place;

use crate::{Access, App, At, Container, Data, Ingress, Protocol, Raw, Toleration, Volume, VolumeSource};

/// The label of a node that is the name of its host.
const HOST_NAME: &str = "kubernetes.io/hostname";

/// The volumes that the profile `restricted` lets pods have.
const RESTRICTED_VOLUMES: [&str; 8] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

/// A folder of its host that a pod mounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostFolder {
    /// Where it is on the host.
    pub path: UnixPath,
    /// Whether it is only read.
    pub read_only: bool,
    /// Where that is said.
    pub place: Place,
}

/// A claim that is none of its workload's own, mounted in Kubernetes' words.
#[derive(Clone, Copy, Debug)]
pub struct RawClaim<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether it is only read.
    pub read_only: bool,
    /// Where that is said.
    pub place: &'a Place,
}

impl Container {
    /// The host that it must run on, and where that is said: the one that it names, or that of its first device.
    pub fn pin(&self) -> Option<(&str, &Place)> {
        let said = self.host.as_ref().map(|host| (host.value.as_str(), &host.place));
        let device = || self.devices.first().map(|device| (device.host.as_str(), &device.place));
        let raw = || {
            let said = [self.pod.at(&["nodeName"]), self.pod.at(&["nodeSelector", HOST_NAME])];
            said.into_iter().flatten().find_map(|host| Some((host.value.text()?, &host.place)))
        };
        said.or_else(device).or_else(raw)
    }

    /// What is said of the containers of its pod in Kubernetes' words: of its own, of those beside it, and in `pod`.
    pub fn raw_containers(&self) -> impl Iterator<Item = &Raw> {
        self.all().map(|container| &container.fields).chain(self.in_pod().map(|container| &container.value))
    }

    /// The containers that `pod` says something of.
    pub fn in_pod(&self) -> impl Iterator<Item = &At<Raw>> {
        self.pod.items_at(&["containers"]).iter().chain(self.pod.items_at(&["initContainers"]))
    }

    /// The containers that are in `pod` alone.
    fn only_in_pod(&self) -> impl Iterator<Item = &Raw> {
        let is_beside = |one: &Raw| {
            let name = one.text_at(&["name"]);
            self.beside.iter().any(|side| name == Some(&side.name))
        };
        self.in_pod().map(|container| &container.value).filter(move |container| !is_beside(container))
    }

    /// The taints that do not keep it away, whoever says so.
    pub fn tolerations(&self) -> Vec<Toleration> {
        let raw = self.pod.items_at(&["tolerations"]).iter().map(|said| {
            let text = |field: &str| said.value.text_at(&[field]).map(str::to_owned);
            let any = said.value.text_at(&["operator"]) == Some("Exists");
            let value = if any { None } else { Some(text("value").unwrap_or_default()) };
            Toleration { key: text("key"), value, effect: text("effect") }
        });
        self.placing.tolerations().cloned().chain(raw).collect()
    }

    /// Where it is said that it shares the host's network, if it does.
    pub fn shares_network(&self) -> Option<&Place> {
        match self.pod.at(&["hostNetwork"]) {
            Some(said) => (said.value.bool() == Some(true)).then_some(&said.place),
            None => self.host_network.as_ref(),
        }
    }

    /// Whether one of its containers may do everything on the host, as far as it says so itself.
    pub fn is_privileged(&self) -> bool {
        const PRIVILEGED: [&str; 2] = ["securityContext", "privileged"];
        let is = |container: &Raw| container.at(&PRIVILEGED).and_then(|said| said.value.bool());
        let others = self.raw_containers().skip(1).any(|container| is(container) == Some(true));
        others || is(&self.fields).unwrap_or(self.privileged)
    }

    /// Whether it looks at the processes of its host.
    pub fn shares_processes(&self) -> bool {
        ["hostPID", "hostIPC"]
            .iter()
            .any(|field| self.pod.at(&[field]).is_some_and(|said| said.value.bool() == Some(true)))
    }

    /// What of it has more rights than the profile `restricted` lets, beside what it asks of its host.
    pub fn unrestricted(&self) -> Option<&'static str> {
        let at = |container: &Raw, path: &[&str]| container.at(path).map(|said| said.value.data());
        let security = |field| ["securityContext", field];
        let gives_up = |container: &Raw| {
            let drops = container.items_at(&["securityContext", "capabilities", "drop"]);
            at(container, &security("allowPrivilegeEscalation")) == Some(Data::Bool(false))
                && drops.iter().any(|one| one.value.text() == Some("ALL"))
        };
        let keeps = |container: &Raw| {
            at(container, &security("allowPrivilegeEscalation")).is_some_and(|said| said != Data::Bool(false))
                || container.at(&["securityContext", "capabilities"]).is_some()
        };
        let is_root = |said: &Raw| {
            at(said, &security("runAsUser")) == Some(Data::Int(0))
                || at(said, &security("runAsNonRoot")) == Some(Data::Bool(false))
        };
        let is_root_itself = self.all().any(|container| container.user == Some(0));
        if is_root_itself || is_root(&self.pod) || self.raw_containers().any(is_root) {
            return Some("to be root");
        }
        let is_let_in = |volume: &Raw| {
            let mut sources = volume.entries().map(|(name, _)| name).filter(|name| *name != "name");
            sources.all(|source| RESTRICTED_VOLUMES.contains(&source))
        };
        let mut raw = self.pod.items_at(&["volumes"]).iter();
        if !self.nfs().is_empty() || !raw.all(|volume| is_let_in(&volume.value)) {
            return Some("a volume that is no claim, no folder of its own and no files of the cluster");
        }
        let own = || self.all().map(|container| &container.fields);
        if self.hardened.is_none()
            && !(own().all(gives_up) && at(&self.pod, &security("runAsNonRoot")).is_some())
            || self.hardened.is_some() && own().any(keeps)
            || !self.only_in_pod().all(gives_up)
        {
            return Some("to run without saying that it needs no rights");
        }
        None
    }

    /// Where it mounts folders that an NFS server shares.
    pub fn nfs(&self) -> Vec<&Place> {
        let words = self.all().flat_map(|container| container.volumes.values());
        let words = words.filter(|volume| matches!(volume.source, VolumeSource::Nfs { .. }));
        let raw = self.pod.items_at(&["volumes"]).iter().filter_map(|volume| volume.value.at(&["nfs"]));
        words.map(|volume| &volume.place).chain(raw.map(|share| &share.place)).collect()
    }

    /// The images of its pod, as far as they are images.
    pub fn images(&self) -> Vec<At<ImageReference>> {
        let raw = self.raw_containers().filter_map(|container| {
            let image = container.at(&["image"])?;
            Some(At::new(ImageReference::parse(image.value.text()?).ok()?, image.place.clone()))
        });
        let own = self.all().filter(|container| container.fields.at(&["image"]).is_none());
        own.map(|container| container.image.clone()).chain(raw).collect()
    }

    /// The folders of its host that it mounts.
    pub fn host_folders(&self) -> Vec<HostFolder> {
        let words = self.all().flat_map(|container| container.volumes.values());
        let words = words.filter_map(|volume| match &volume.source {
            VolumeSource::HostPath(path) => Some(HostFolder {
                path: path.clone(),
                read_only: volume.read_only,
                place: volume.place.clone(),
            }),
            _ => None,
        });
        let raw = self.pod.items_at(&["volumes"]).iter().filter_map(|volume| {
            let path = volume.value.at(&["hostPath", "path"])?;
            let path = At::new(UnixPath::parse(path.value.text()?).ok()?, path.place.clone());
            Some(HostFolder {
                path: path.value,
                read_only: self.only_reads(volume.value.text_at(&["name"])?),
                place: path.place,
            })
        });
        words.chain(raw).collect()
    }

    /// The claims that `pod` mounts.
    pub fn raw_claims(&self) -> impl Iterator<Item = RawClaim<'_>> {
        self.pod.items_at(&["volumes"]).iter().filter_map(|volume| {
            let claim = volume.value.at(&["persistentVolumeClaim"])?;
            let name = claim.value.at(&["claimName"])?;
            let is_read = claim.value.at(&["readOnly"]).and_then(|said| said.value.bool()) == Some(true);
            Some(RawClaim {
                name: name.value.text()?,
                read_only: is_read || self.only_reads(volume.value.text_at(&["name"])?),
                place: &name.place,
            })
        })
    }

    /// Whether all mounts of a volume of `pod` are read-only.
    fn only_reads(&self, volume: &str) -> bool {
        let mounts = self.raw_containers().flat_map(|container| container.items_at(&["volumeMounts"]));
        let mut own = mounts.filter(|mount| mount.value.text_at(&["name"]) == Some(volume)).peekable();
        own.peek().is_some()
            && own.all(|mount| mount.value.at(&["readOnly"]).and_then(|said| said.value.bool()) == Some(true))
    }

    /// The memory that its pod asks for: that of its container, and of those that run beside it.
    pub fn memory(&self) -> Option<At<Size>> {
        let beside = self.beside.iter().filter(|side| side.keeps_running);
        let beside: Vec<At<Size>> = beside.filter_map(|side| side.container.own_memory()).collect();
        let mut all = self.own_memory().into_iter().chain(beside);
        let first = all.next()?;
        let sum = all.fold(first.value.bytes(), |sum, one| sum.saturating_add(one.value.bytes()));
        Some(At::new(Size::from_bytes(sum), first.place))
    }

    fn own_memory(&self) -> Option<At<Size>> {
        match self.fields.at(&["resources", "requests", "memory"]) {
            Some(said) => Some(At::new(Size::parse(said.value.text()?).ok()?, said.place.clone())),
            None => self.resources.memory.clone(),
        }
    }

    /// The extended resources that its pod asks for: `nvidia.com/gpu`.
    pub fn extended_resources(&self) -> Vec<At<String>> {
        let words = self.all().flat_map(|container| &container.resources.extra);
        let words = words.filter(|(_, count)| count.value > 0);
        let words = words.map(|(name, count)| At::new(name.clone(), count.place.clone()));
        let limits = self.raw_containers().filter_map(|container| container.at(&["resources", "limits"]));
        let raw = limits.flat_map(|limits| limits.value.entries()).filter(|(name, _)| name.contains('/'));
        words.chain(raw.map(|(name, count)| At::new(name.to_owned(), count.place.clone()))).collect()
    }

    /// The ports that its pod takes of its host in Kubernetes' words.
    pub fn raw_host_ports(&self) -> impl Iterator<Item = (At<u16>, Protocol)> {
        let shares = self.shares_network().is_some();
        let ports = self.raw_containers().flat_map(|container| container.items_at(&["ports"]));
        ports.filter_map(move |port| {
            let own = || port.value.at(&["containerPort"]).filter(|_| shares);
            let number = port.value.at(&["hostPort"]).or_else(own)?;
            let protocol = match port.value.text_at(&["protocol"]) {
                Some("UDP") => Protocol::Udp,
                Some("SCTP") => return None,
                _ => Protocol::Tcp,
            };
            let value = u16::try_from(number.value.int()?).ok().filter(|number| *number > 0)?;
            Some((At::new(value, number.place.clone()), protocol))
        })
    }
}

impl Volume {
    /// Which hosts' pods may mount its claim, if that is its own.
    pub fn access(&self) -> Option<Access> {
        let VolumeSource::Claim { access, .. } = &self.source else { return None };
        let modes = self.claim.items_at(&["accessModes"]);
        let is_shared = |mode: &At<Raw>| mode.value.text().is_some_and(|mode| mode.ends_with("Many"));
        Some(match (modes.is_empty(), modes.iter().any(is_shared)) {
            (true, _) => *access,
            (false, true) => Access::ManyHosts,
            (false, false) => Access::OneHost,
        })
    }

    /// The storage class of its claim, if that is its own and says one.
    pub fn class(&self) -> Option<&str> {
        let VolumeSource::Claim { class, .. } = &self.source else { return None };
        self.claim.text_at(&["storageClassName"]).or(class.as_deref())
    }
}

impl Ingress {
    /// Its class, if it says one.
    pub fn class(&self) -> Option<&str> {
        self.fields.text_at(&["ingressClassName"]).or(self.class.as_deref())
    }
}

impl App {
    /// Whether there is a Service in front of it.
    pub fn has_service(&self) -> bool {
        !self.ports.is_empty() || !self.service.fields.items_at(&["ports"]).is_empty()
    }

    /// The ports that it takes of the hosts that it runs on: those that say so, or all if it shares the host's network.
    pub fn host_ports(&self) -> Vec<(At<u16>, Protocol)> {
        if self.replicas.value == 0 {
            return Vec::new();
        }
        let shares = self.container.shares_network().is_some();
        let words = self.ports.values().filter_map(move |port| {
            let number = port.host_port.as_ref().or_else(|| shares.then_some(&port.number))?;
            Some((number.clone(), port.protocol))
        });
        let mut ports: Vec<_> = words.collect();
        for (number, protocol) in self.container.raw_host_ports() {
            // Of a port with a word of its own, more may be said.
            if !ports.iter().any(|(other, of)| other.value == number.value && *of == protocol) {
                ports.push((number, protocol));
            }
        }
        ports
    }
}
