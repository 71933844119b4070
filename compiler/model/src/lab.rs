//! The lab itself, and what an item can be lowered to.

use domain::{Hostname, RecipientKey};
use source::Place;

use crate::{
    App, At, Cluster, DevicePlugin, Helmfile, Host, Job, Manifest, Namespace, Network, Release, Secret,
    Stage, User,
};

/// What every host and app may rely on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lab {
    /// The lab's name.
    pub name: String,
    /// The domain that hosts and ingresses are in.
    pub domain: At<Hostname>,
    /// An IANA time zone.
    pub timezone: At<String>,
    /// The branch of nixpkgs: `nixos-25.11`.
    pub nixpkgs: String,
    /// NixOS' `system.stateVersion` of all hosts that do not say otherwise.
    pub state_version: String,
    /// The locale: `en_US.UTF-8`.
    pub locale: String,
    /// Where it is declared.
    pub place: Place,
}

/// Who may read every secret: an age recipient.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Recipient {
    /// What the lab calls it.
    pub name: String,
    /// The public key.
    pub key: RecipientKey,
    /// Where it is declared.
    pub place: Place,
}

/// One primitive declaration, lowered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Entity {
    /// `lab`.
    Lab(Lab),
    /// `recipient`.
    Recipient(Recipient),
    /// `network`.
    Network(Network),
    /// `user`.
    User(User),
    /// `host`.
    Host(Box<Host>),
    /// `cluster`.
    Cluster(Box<Cluster>),
    /// `stage`.
    Stage(Stage),
    /// `namespace`.
    Namespace(Namespace),
    /// `secret`.
    Secret(Secret),
    /// `app`.
    App(Box<App>),
    /// `job`.
    Job(Box<Job>),
    /// `release`.
    Release(Box<Release>),
    /// `manifest`.
    Manifest(Box<Manifest>),
    /// `helmfile`.
    Helmfile(Box<Helmfile>),
    /// `device-plugin`.
    DevicePlugin(DevicePlugin),
}
