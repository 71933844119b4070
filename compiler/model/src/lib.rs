//! The resolved lab as plain data: what checks look at, what emitters write, what a plan compares.
//!
//! Names are resolved and expressions evaluated; each fact that a check may complain about keeps the place that
//! set it ([`At`]). Maps are ordered, so whatever is made of a model is the same on every run.
//!
//! This crate knows no syntax, no types of the language, and no salsa.

mod at;
mod beside;
mod cluster;
mod data;
mod escape;
mod facts;
mod flaw;
mod health;
mod host;
mod k3s;
pub mod kubernetes;
mod lab;
mod manifest;
mod mounts;
pub mod names;
mod network;
mod placing;
mod pod;
mod ports;
pub mod providers;
mod raw;
mod secret;
mod settings;
mod volume;
mod workload;

/// An ordered map of a few entries.
pub type Map<K, V> = litemap::LiteMap<K, V>;

pub use at::{At, plain};
pub use beside::SideContainer;
pub use cluster::{Cluster, Flannel, Node};
pub use data::{Data, Float};
pub use escape::escape;
pub use facts::{SecretFacts, StoredValue};
pub use flaw::Flaw;
pub use health::{Health, Probe, Question};
pub use host::{
    Arch, Boot, BuildAt, Deploy, Device, DeviceKind, Disk, Firewall, Host, Layout, NixosBlock, User,
    host_secrets,
};
pub use k3s::Part;
pub use lab::{Entity, Lab, Recipient};
pub use manifest::Manifest;
pub use mounts::{Kept, Mounted};
pub use network::{Network, Pool};
pub use placing::{Neighbour, Placing, Spread, Toleration, repels};
pub use pod::{HostFolder, RawClaim};
pub use ports::NodePort;
pub use raw::Raw;
pub use secret::{
    Generator, Rotation, Secret, SecretFile, SecretKind, SecretPart, SecretRef, SecretText, SecretValue,
};
pub use settings::{Dns, DnsPolicy, PodSettings, Rights};
pub use volume::{Access, File, FileContent, Volume, VolumeSource};
pub use workload::{
    App, Chart, ChartSource, Component, Concurrency, Container, DevicePlugin, DeviceUse, EnvValue, Form,
    Helmfile, Holder, Ingress, Job, Namespace, Placement, Port, Protocol, Release, Resources, Scale, Service,
    ServiceKind, Stage, Update,
};
