//! What runs in the cluster.

use domain::{Address, Cpu, Cron, Duration, Hostname, ImageReference, Size, UnixPath};
use source::{ItemKey, Place};

use crate::{
    At, Data, DeviceKind, File, FileContent, Health, Map, Placing, PodSettings, Raw, SecretRef, SecretText,
    SideContainer, Volume,
};

/// A step in the order of things.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stage {
    /// Its number, 0 to 99; unique.
    pub number: u8,
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub place: Place,
}

impl Container {
    /// The values of secrets that it and those beside it get, as variables and as files.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretRef> {
        self.all().flat_map(Self::own_secrets)
    }

    fn own_secrets(&self) -> impl Iterator<Item = &SecretRef> {
        let variables = self.env.values().flat_map(|value| match &value.value {
            EnvValue::Plain(_) | EnvValue::Key { .. } => Vec::new(),
            EnvValue::Secret(secret) => vec![secret],
            EnvValue::Text(text) => text.secrets().collect(),
        });
        let files = self.files.values().filter_map(|file| match &file.content.value {
            FileContent::Secret(text) => Some(text),
            FileContent::Plain(_) => None,
        });
        variables.chain(files.flat_map(SecretText::secrets))
    }
}

impl Stage {
    /// The stage's folder under `k8s/`: `10_apps`.
    pub fn folder(&self) -> String {
        format!("{:02}_{}", self.number, self.name)
    }
}

/// A Kubernetes namespace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Namespace {
    /// Its name.
    pub name: String,
    /// When what is in it is deployed, unless it says otherwise itself.
    pub stage: At<Stage>,
    /// Whether it is there without us (`kube-system`).
    pub existing: bool,
    /// Labels.
    pub labels: Map<String, At<String>>,
    /// Annotations.
    pub annotations: Map<String, At<String>>,
    /// Where it is declared.
    pub place: Place,
}

/// A directory under a stage that is deployed as one: `10_apps/n8n`.
///
/// All that one top-level declaration makes is one component; `part-of` joins another one's, and a `component` holds
/// several.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Component {
    /// The stage.
    pub stage: Stage,
    /// The directory's name.
    pub name: String,
}

impl Component {
    /// Its folder, as seen from the lab.
    pub fn path(&self) -> String {
        format!("k8s/{}/{}", self.stage.folder(), self.name)
    }
}

/// Where and in what order something is deployed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Placement {
    /// The object's or release's name, unique among its like in the namespace.
    pub name: String,
    /// The namespace's name.
    pub namespace: String,
    /// Whether the namespace exists without us.
    pub namespace_exists: bool,
    /// The directory it is in.
    pub component: Component,
    /// Where the component is declared that holds it, if it is none of its own.
    pub held: Option<Place>,
    /// Components that must be there before.
    pub needs: Vec<At<Component>>,
    /// Items of the same directory that must be there before, as far as they are releases of their own in it.
    pub after: Vec<At<ItemKey>>,
    /// Where it is declared.
    pub place: Place,
}

/// A container of one's own, kept running.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct App {
    /// Name, namespace, component, order.
    pub placement: Placement,
    /// The container.
    pub container: Container,
    /// What keeps its pods running.
    pub form: Form,
    /// How many pods.
    pub replicas: At<u32>,
    /// How many pods as load asks for, in place of that.
    pub scale: Option<At<Scale>>,
    /// The labels that its pods are found by, where they are its own.
    pub selector: Map<String, At<String>>,
    /// How pods are replaced; as it fits what they hold, if nothing is said.
    pub update: Option<Update>,
    /// Ports by name; each is a port of the service too.
    pub ports: Map<String, Port>,
    /// Ingresses by name.
    pub ingresses: Map<String, Ingress>,
    /// The service in front of the ports.
    pub service: Service,
    /// When the app is ready and alive.
    pub health: Option<Health>,
    /// Fields of its Deployment, `DaemonSet` or `StatefulSet`, over what is made.
    pub deployment: Raw,
}

/// What keeps the pods of an app running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A Deployment: any pod is as good as the other.
    Deployment,
    /// A `DaemonSet`: one pod on every host.
    DaemonSet,
    /// A `StatefulSet`: each pod has a number, and keeps what is its own.
    StatefulSet,
}

impl Form {
    /// As Kubernetes has it.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::DaemonSet => "DaemonSet",
            Self::StatefulSet => "StatefulSet",
        }
    }

    /// The object of its fields.
    pub const fn spec(self) -> &'static str {
        match self {
            Self::Deployment => "DeploymentSpec",
            Self::DaemonSet => "DaemonSetSpec",
            Self::StatefulSet => "StatefulSetSpec",
        }
    }

    /// The word of an app under which these are.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deployment => "deployment",
            Self::DaemonSet => "daemon-set",
            Self::StatefulSet => "stateful-set",
        }
    }
}

/// How many pods an app has as load asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scale {
    /// The fewest.
    pub min: u32,
    /// The most.
    pub max: u32,
    /// How much of the CPU that they ask for they are to use, in percent.
    pub cpu: Option<u32>,
    /// How much of the memory that they ask for.
    pub memory: Option<u32>,
}

/// How pods are replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Update {
    /// The new one starts beside the old one.
    Rolling,
    /// The new one starts when the old one has ended.
    Recreate,
}

/// A container that runs to its end, once or on a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Job {
    /// Name, namespace, component, order.
    pub placement: Placement,
    /// The container.
    pub container: Container,
    /// When; a job without a schedule runs once.
    pub schedule: Option<Cron>,
    /// The schedule's time zone.
    pub timezone: String,
    /// The one that it says itself, if it does.
    pub own_timezone: Option<At<String>>,
    /// How late a run may begin.
    pub late: Option<Duration>,
    /// How many runs that did what they should are kept, and how many that did not.
    pub keep: (u32, u32),
    /// When a run that has ended is removed.
    pub remove_after: Option<Duration>,
    /// How many pods of a run have to do what they should.
    pub completions: u32,
    /// How many of them run at a time.
    pub parallel: u32,
    /// Whether each of them has a number.
    pub indexed: bool,
    /// What happens when a run is due while one is running.
    pub concurrency: Concurrency,
    /// Whether the schedule is on hold.
    pub suspend: bool,
    /// How long a run may take.
    pub time_limit: Option<Duration>,
    /// How often a failed run is tried again.
    pub retries: u32,
    /// Fields of its runs, over what is made: a `JobSpec`.
    pub run_fields: Raw,
    /// Fields of its schedule, over what is made: a `CronJobSpec`.
    pub schedule_fields: Raw,
}

/// What happens when a run is due while one is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Concurrency {
    /// Both run.
    Allow,
    /// The new one is left out.
    Forbid,
    /// The old one is ended.
    Replace,
}

/// What runs in a pod, and what it needs of its host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Container {
    /// The image.
    pub image: At<ImageReference>,
    /// What is run instead of the image's entry point.
    pub command: Option<Vec<String>>,
    /// Arguments.
    pub args: Vec<String>,
    /// Environment.
    pub env: Map<String, At<EnvValue>>,
    /// Objects that something else made, of which all values are variables.
    pub env_from: Vec<(Holder, String)>,
    /// Volumes by name. Those of another app that are mounted too have its name in [`crate::VolumeSource::Shared`].
    pub volumes: Map<String, Volume>,
    /// Files made of text, by path.
    pub files: Map<String, File>,
    /// CPU and memory.
    pub resources: Resources,
    /// Devices of the host that it runs on.
    pub devices: Vec<At<DeviceUse>>,
    /// The host that it must run on.
    pub host: Option<At<String>>,
    /// Labels of pods, beyond the usual.
    pub labels: Map<String, At<String>>,
    /// Annotations of pods.
    pub annotations: Map<String, At<String>>,
    /// The user that it runs as.
    pub user: Option<i64>,
    /// The group that it runs as, which also owns its volumes.
    pub group: Option<i64>,
    /// Where it says that it shares the host's network, if it does.
    pub host_network: Option<Place>,
    /// Whether it may do everything on the host.
    pub privileged: bool,
    /// Where it says that it gives up all rights, if it does.
    pub hardened: Option<Place>,
    /// Whether it cannot write to the files of its image.
    pub read_only_root: bool,
    /// What decides on which hosts it runs.
    pub placing: Placing,
    /// What its pod is beside what runs in it.
    pub settings: PodSettings,
    /// Containers that run before and beside it, in the order in which they start.
    pub beside: Vec<SideContainer>,
    /// Fields of its pod, over what is made: a `PodSpec`.
    pub pod: Raw,
    /// Fields of its container, over what is made.
    pub fields: Raw,
}

/// What a variable is set to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EnvValue {
    /// A text.
    Plain(String),
    /// A secret, as it is: refers to the secret's own key.
    Secret(SecretRef),
    /// A text with secrets in it.
    Text(SecretText),
    /// A value of an object that something else made.
    Key {
        /// What holds it.
        holder: Holder,
        /// The object's name.
        name: String,
        /// What the value is called in it.
        key: String,
    },
}

impl EnvValue {
    /// Whether it comes from the workload's own Secret.
    pub const fn is_secret(&self) -> bool {
        matches!(self, Self::Secret(_) | Self::Text(_))
    }
}

/// An object that holds values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// A Secret.
    Secret,
    /// A `ConfigMap`.
    ConfigMap,
}

/// A port that a container listens on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Port {
    /// Its number.
    pub number: At<u16>,
    /// Its protocol.
    pub protocol: Protocol,
    /// The same port on the host.
    pub host_port: Option<At<u16>>,
    /// The service's port, if it is another number.
    pub service_port: Option<u16>,
}

/// A transport protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// How an app's ports are reached.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Service {
    /// From where.
    pub kind: ServiceKind,
    /// The load balancer's address.
    pub address: Option<At<Address>>,
    /// Annotations.
    pub annotations: Map<String, At<String>>,
    /// Fields of the Service, over what is made.
    pub fields: Raw,
}

/// From where a service is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServiceKind {
    /// From inside of the cluster.
    Cluster,
    /// From the network, at an address of its own.
    LoadBalancer,
    /// From the network, at a port of every host.
    NodePort,
}

/// A name under which an app is reached from the network.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ingress {
    /// The name.
    pub host: At<Hostname>,
    /// The path's prefix.
    pub path: String,
    /// The app's port, by name.
    pub port: String,
    /// The ingress class; the cluster's default one when not given.
    pub class: Option<String>,
    /// Whether it is served with TLS.
    pub tls: bool,
    /// The Secret with its certificate, if it is one with a name of its own.
    pub secret: Option<String>,
    /// Annotations.
    pub annotations: Map<String, At<String>>,
    /// Fields of the Ingress, over what is made.
    pub fields: Raw,
}

/// CPU and memory of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Resources {
    /// CPU that it gets.
    pub cpu: Option<At<Cpu>>,
    /// CPU that it may not exceed.
    pub cpu_limit: Option<At<Cpu>>,
    /// Memory that it gets and may not exceed.
    pub memory: Option<At<Size>>,
    /// Memory that it may not exceed, if that is more.
    pub memory_limit: Option<At<Size>>,
    /// Extended resources: `nvidia.com/gpu: 1`.
    pub extra: Map<String, At<i64>>,
}

/// A device of a host, used by a container.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeviceUse {
    /// The host.
    pub host: String,
    /// The device's name there.
    pub device: String,
    /// The device's file, on the host and in the container.
    pub path: UnixPath,
    /// What it is.
    pub kind: DeviceKind,
}

/// Something in the cluster that hands devices to pods as extended resources.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DevicePlugin {
    /// Its name.
    pub name: String,
    /// The resource names' prefix: `smarter-devices`.
    pub prefix: String,
    /// What it hands out, and as which resource (without the prefix).
    pub devices: Vec<(At<DeviceUse>, String)>,
    /// Where it is declared.
    pub place: Place,
}

/// Somebody's Helm chart, installed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Release {
    /// Name, namespace, component, order.
    pub placement: Placement,
    /// The chart.
    pub chart: Chart,
    /// The values; secrets among them are delivered in a file of their own.
    pub values: Data,
    /// How long it may take to become ready.
    pub timeout: Option<Duration>,
    /// Whether it is waited for.
    pub wait: bool,
}

/// A chart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chart {
    /// The chart's name.
    pub name: String,
    /// Where it comes from.
    pub from: At<ChartSource>,
}

/// Where a chart comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ChartSource {
    /// A repository.
    Repository {
        /// Where that is: `https://…` or `oci://…`.
        url: String,
        /// The version, exactly.
        version: String,
    },
    /// A folder of the lab's, as seen from the lab.
    Folder(String),
}

/// A helmfile of the lab's own, deployed as it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Helmfile {
    /// Name and order; it is in no namespace.
    pub placement: Placement,
    /// The file, as seen from the lab.
    pub file: String,
}
