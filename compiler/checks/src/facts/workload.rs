//! The facts of apps and jobs.

use std::collections::BTreeMap;

use domain::{Address, Hostname, ImageReference, Size};
use model::providers::serves_ingresses;
use model::{
    Access, App, Arch, At, Container, DeviceUse, File, FileContent, Form, Job, Kept, Neighbour, Placement,
    Protocol, ServiceKind, Toleration, Volume, names, plain, repels,
};
use source::Place;

use super::place::{brought_near, called};

/// An app or a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WorkloadFact {
    pub(crate) role: Role,
    pub(crate) placement: Placement,
    /// How many pods it has; two stand for as many as there are hosts.
    pub(crate) replicas: u32,
    /// What keeps its pods running, of an app.
    pub(crate) form: Form,
    /// Where that is said, if it can be.
    pub(crate) replicas_at: Option<Place>,
    /// The images that may be others tomorrow.
    pub(crate) floating_images: Vec<At<String>>,
    /// The image's repository, if it may serve ingresses.
    pub(crate) is_proxy: bool,
    /// The host that it must run on: the one that it says, or that of its first device.
    pin: Option<At<String>>,
    /// Whether it says that host itself.
    pub(crate) says_host: bool,
    pub(crate) devices: Vec<At<DeviceUse>>,
    /// Where it says that it is in the host's own network, if it is.
    pub(crate) shares_network: Option<Place>,
    /// Ports that it takes of the host that it runs on.
    pub(crate) host_ports: Vec<PortFact>,
    pub(crate) balancer: Option<BalancerFact>,
    pub(crate) ingresses: Vec<IngressFact>,
    pub(crate) claims: Vec<ClaimFact>,
    /// The memory that it asks for.
    pub(crate) memory: Option<At<Size>>,
    /// Extended resources: `nvidia.com/gpu`.
    pub(crate) extra: Vec<At<String>>,
    pub(crate) beside: Beside,
    /// What it wants of its host that not every pod may: what people call each.
    pub(crate) demands: Vec<&'static str>,
    /// Where it says that it gives up all rights, if it does.
    pub(crate) hardened: Option<Place>,
    /// Why it is not let in where only pods without rights are, if it asks nothing of its host.
    pub(crate) unrestricted: Option<&'static str>,
    /// Folders of its host that it writes to.
    pub(crate) host_folders: Vec<At<String>>,
    /// Where it can run.
    pub(crate) where_to: WhereTo,
    /// The time zone that it says itself.
    pub(crate) timezone: Option<At<String>>,
    /// Where an app says how load decides on its pods, if it does.
    pub(crate) scale: Option<Place>,
    /// The labels that its pods are found by, where an app says them itself.
    pub(crate) selector: BTreeMap<String, String>,
}

/// What decides on which hosts something can run, beside the one that it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct WhereTo {
    pub(crate) arch: Option<At<Arch>>,
    /// Labels of the node.
    pub(crate) features: Vec<At<(String, String)>>,
    /// The taints that it says that it tolerates.
    pub(crate) says: Vec<At<Toleration>>,
    /// All that do not keep it away.
    pub(crate) tolerations: Vec<Toleration>,
    /// Apps beside which it runs, by namespace and name.
    pub(crate) near: Vec<At<(String, String)>>,
    /// Apps that it does not share a host with.
    pub(crate) apart: Vec<At<(String, String)>>,
}

impl WhereTo {
    fn of(container: &Container, owner: &Place) -> Self {
        let placing = &container.placing;
        let named = |all: &[At<Neighbour>]| {
            let named = all.iter().map(|one| {
                let name = (one.namespace.clone(), one.name.clone());
                At::new(name, super::near(&one.place, owner))
            });
            named.collect()
        };
        Self {
            arch: placing.arch.as_ref().map(|arch| brought_near(arch, owner)),
            features: placing.features.iter().map(|one| brought_near(one, owner)).collect(),
            says: placing.tolerates.iter().map(|one| brought_near(one, owner)).collect(),
            tolerations: container.tolerations(),
            near: named(&placing.near),
            apart: named(&placing.apart),
        }
    }

    /// Whether a taint does not keep it away.
    pub(crate) fn bears(&self, taint: &str) -> bool {
        !repels(taint) || self.tolerations.iter().any(|one| one.fits(taint))
    }
}

/// Objects that are made beside the one with the workload's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Beside {
    /// Of the workload's name.
    pub(crate) service: bool,
    /// With the secrets among variables and files of its containers: what they are called.
    pub(crate) secrets: Vec<String>,
    /// With other files of its containers.
    pub(crate) config_maps: Vec<String>,
    /// Its service account.
    pub(crate) account: bool,
    /// What gives it rights: a `Role` in its namespace, a `ClusterRole` everywhere.
    pub(crate) roles: Vec<&'static str>,
}

/// What kind of workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Kept running.
    App,
    /// Runs to its end, once.
    Job,
    /// Runs to its end, on a schedule.
    Scheduled,
}

/// The host that something must run on, and where that is said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pin<'a> {
    pub(crate) host: &'a str,
    pub(crate) place: &'a Place,
}

impl Role {
    /// What people call it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Job | Self::Scheduled => "job",
        }
    }
}

/// A port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PortFact {
    pub(crate) port: u16,
    pub(crate) protocol: Protocol,
    pub(crate) place: Place,
}

/// A service of type `LoadBalancer`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BalancerFact {
    pub(crate) address: Option<At<Address>>,
    pub(crate) ports: Vec<PortFact>,
    /// Whether its address is declared to be shared.
    pub(crate) shares: bool,
}

/// A name under which something is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IngressFact {
    /// The object's name, if it is ours.
    pub(crate) object: Option<String>,
    pub(crate) host: At<Hostname>,
    pub(crate) path: String,
    pub(crate) class: Option<String>,
}

/// A claim that is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClaimFact {
    /// The claim's name in its namespace.
    pub(crate) name: String,
    /// Whether it is the workload's own, and then whether only pods of one host can mount it.
    pub(crate) own: Option<Access>,
    /// Its storage class, if it is the workload's own and says one.
    pub(crate) class: Option<String>,
    /// Whether it is only read.
    pub(crate) read_only: bool,
    pub(crate) place: Place,
}

impl WorkloadFact {
    /// What people call it.
    pub(crate) fn shown(&self) -> String {
        called(self.role.word(), &self.placement)
    }

    /// The host that it must run on, and where that is said.
    pub(crate) fn pin(&self) -> Option<Pin<'_>> {
        self.pin.as_ref().map(|host| Pin { host: &host.value, place: &host.place })
    }

    pub(super) fn of_app(app: &App) -> Self {
        let balancer = (app.service.kind == ServiceKind::LoadBalancer).then(|| balancer(app));
        let ingresses = app.ingresses.iter().map(|(name, ingress)| IngressFact {
            object: Some(names::ingress_name(app, name)),
            host: brought_near(&ingress.host, &app.placement.place),
            path: ingress.path.clone(),
            class: ingress.class().map(str::to_owned),
        });
        let mut fact = Self {
            replicas: match (app.form, &app.scale) {
                (Form::DaemonSet, _) => 2,
                (_, Some(scale)) => scale.max,
                _ => app.replicas.value,
            },
            form: app.form,
            scale: app.scale.as_ref().map(|scale| super::near(&scale.place, &app.placement.place)),
            selector: plain(&app.selector).collect(),
            replicas_at: Some(super::near(&app.replicas.place, &app.placement.place)),
            host_ports: host_ports(app),
            balancer,
            ingresses: ingresses.collect(),
            ..Self::of(Role::App, &app.placement, &app.container)
        };
        fact.beside.service = app.has_service();
        let has_port = app.ports.values().any(|port| port.host_port.is_some());
        let takes_port = has_port || app.container.raw_host_ports().next().is_some();
        fact.demands.extend(takes_port.then_some("a port of its host"));
        fact
    }

    pub(super) fn of_job(job: &Job) -> Self {
        let role = if job.schedule.is_some() { Role::Scheduled } else { Role::Job };
        let timezone = job.own_timezone.as_ref().map(|zone| brought_near(zone, &job.placement.place));
        Self { timezone, ..Self::of(role, &job.placement, &job.container) }
    }

    fn of(role: Role, placement: &Placement, container: &Container) -> Self {
        let owner = &placement.place;
        let images = container.images();
        let volumes = container.volumes.iter();
        let mut placement = placement.clone();
        placement.needs = placement.needs.iter().map(|need| brought_near(need, owner)).collect();
        Self {
            role,
            replicas: 1,
            form: Form::Deployment,
            timezone: None,
            scale: None,
            selector: BTreeMap::new(),
            where_to: WhereTo::of(container, owner),
            replicas_at: None,
            floating_images: floating(&images, owner),
            is_proxy: images.iter().any(|image| serves_ingresses(image.repository())),
            says_host: container.host.is_some(),
            pin: container.pin().map(|(host, place)| At::new(host.to_owned(), super::near(place, owner))),
            devices: container.devices.iter().map(|device| brought_near(device, owner)).collect(),
            shares_network: container.shares_network().map(|at| super::near(at, owner)),
            host_ports: Vec::new(),
            balancer: None,
            ingresses: Vec::new(),
            claims: volumes
                .chain(container.beside.iter().flat_map(|side| side.container.volumes.iter()))
                .filter_map(|(name, volume)| claim(&placement, name, volume))
                .chain(raw_claims(container, owner))
                .collect(),
            memory: container.memory().map(|memory| brought_near(&memory, owner)),
            extra: container.extended_resources().iter().map(|one| brought_near(one, owner)).collect(),
            beside: beside(&placement.name, container),
            demands: demands(container),
            hardened: container.hardened.as_ref().map(|at| super::near(at, owner)),
            unrestricted: container.unrestricted(),
            host_folders: host_folders(container, owner),
            placement,
        }
    }
}

/// The images whose tags move, as people know them.
fn floating(images: &[At<ImageReference>], owner: &Place) -> Vec<At<String>> {
    let floating = images.iter().filter(|image| image.is_floating());
    floating.map(|image| At::new(image.familiar(), super::near(&image.place, owner))).collect()
}

/// The claims that `pod` mounts, which are none of its own.
fn raw_claims<'a>(container: &'a Container, owner: &'a Place) -> impl Iterator<Item = ClaimFact> + 'a {
    container.raw_claims().map(|claim| ClaimFact {
        name: claim.name.to_owned(),
        own: None,
        class: None,
        read_only: claim.read_only,
        place: super::near(claim.place, owner),
    })
}

fn demands(container: &Container) -> Vec<&'static str> {
    let all = [
        (container.is_privileged(), "all rights on its host"),
        (container.shares_network().is_some(), "the network of its host"),
        (container.shares_processes(), "the processes of its host"),
        (!container.host_folders().is_empty(), "a folder of its host"),
    ];
    all.into_iter().filter(|(is_wanted, _)| *is_wanted).map(|(_, what)| what).collect()
}

/// Folders that are written to, except for those that every host has of its own.
fn host_folders(container: &Container, owner: &Place) -> Vec<At<String>> {
    const OF_EVERY_HOST: [&str; 8] =
        ["/dev", "/etc", "/proc", "/run", "/sys", "/tmp", "/var/log", "/var/run"];
    let written = container.host_folders().into_iter().filter(|folder| !folder.read_only);
    let written = written.filter_map(|folder| {
        let path = folder.path.to_string();
        let is_of_every = |folder: &&str| {
            path.strip_prefix(*folder).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        let is_left = !OF_EVERY_HOST.iter().any(is_of_every);
        is_left.then(|| At::new(path.clone(), super::near(&folder.place, owner)))
    });
    written.collect()
}

fn beside(name: &str, container: &Container) -> Beside {
    let sides = container.beside.iter().map(|side| (side.object.as_str(), &side.container));
    let all = || std::iter::once((name, container)).chain(sides.clone());
    let named = |is_made: fn(&Container) -> bool, call: fn(&str) -> String| {
        all().filter(|(_, container)| is_made(container)).map(|(name, _)| call(name)).collect()
    };
    let settings = &container.settings;
    Beside {
        account: settings.makes_account(),
        roles: [("Role", &settings.rights), ("ClusterRole", &settings.cluster_rights)]
            .into_iter()
            .filter_map(|(kind, rights)| (!rights.is_empty()).then_some(kind))
            .collect(),
        service: false,
        secrets: named(
            |one| {
                let is_secret = |file: &File| matches!(file.content.value, FileContent::Secret(_));
                one.env.values().any(|value| value.value.is_secret()) || one.files.values().any(is_secret)
            },
            names::secrets_name,
        ),
        config_maps: named(
            |one| {
                let is_plain = |file: &File| matches!(file.content.value, FileContent::Plain(_));
                one.files.values().any(is_plain)
            },
            names::files_name,
        ),
    }
}

/// Each pod's own claims are called after the pods.
fn claim(placement: &Placement, name: &str, volume: &Volume) -> Option<ClaimFact> {
    if volume.each {
        return None;
    }
    let Kept::Claim(claim) = volume.kept(&placement.name, name) else { return None };
    Some(ClaimFact {
        name: claim,
        own: volume.access(),
        class: volume.class().map(str::to_owned),
        read_only: volume.read_only,
        place: super::near(&volume.place, &placement.place),
    })
}

fn host_ports(app: &App) -> Vec<PortFact> {
    let taken = app.host_ports().into_iter().map(|(number, protocol)| PortFact {
        port: number.value,
        protocol,
        place: super::near(&number.place, &app.placement.place),
    });
    taken.collect()
}

fn balancer(app: &App) -> BalancerFact {
    let owner = &app.placement.place;
    let ports = app.ports.values().map(|port| PortFact {
        port: port.of_service(),
        protocol: port.protocol,
        place: super::near(&port.number.place, owner),
    });
    BalancerFact {
        address: app.service.address.as_ref().map(|address| brought_near(address, owner)),
        ports: ports.collect(),
        shares: app
            .service
            .annotations
            .keys()
            .any(|key| key.contains("allow-shar") || key.ends_with("sharing-key")),
    }
}
