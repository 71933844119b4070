//! The small facts of items that checks look at.

mod host;
mod object;
mod place;
mod release;
mod workload;

pub(crate) use host::{HostFact, Listener, Trait};
pub(crate) use object::{ManifestFact, PluginFact};
pub(crate) use place::near;
pub(crate) use release::ReleaseFact;
pub(crate) use workload::{BalancerFact, ClaimFact, IngressFact, PortFact, Role, WorkloadFact};

use model::{Cluster, Entity, Network, Stage};
use source::Place;

/// The small facts of one item that checks of the whole lab look at.
///
/// They stay equal when something changes that no check looks at, such as an app's environment or memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub(crate) labs: Vec<Named>,
    pub(crate) networks: Vec<Network>,
    pub(crate) users: Vec<UserFact>,
    pub(crate) hosts: Vec<HostFact>,
    pub(crate) clusters: Vec<Cluster>,
    pub(crate) stages: Vec<Stage>,
    pub(crate) namespaces: Vec<Named>,
    pub(crate) secrets: Vec<Named>,
    pub(crate) workloads: Vec<WorkloadFact>,
    pub(crate) releases: Vec<ReleaseFact>,
    pub(crate) manifests: Vec<ManifestFact>,
    pub(crate) plugins: Vec<PluginFact>,
}

/// Something with a name, and where it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) place: Place,
}

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserFact {
    pub(crate) name: String,
    /// Whether they can log in and become root.
    pub(crate) is_admin: bool,
}

/// The facts of what one item declares.
pub fn facts(entities: &[Entity]) -> Facts {
    let mut facts = Facts::default();
    for entity in entities {
        facts.add(entity);
    }
    facts
}

impl Facts {
    fn add(&mut self, entity: &Entity) {
        match entity {
            Entity::Lab(lab) => self.labs.push(named(&lab.name, &lab.place)),
            Entity::Recipient(_) => {}
            Entity::Network(network) => self.networks.push(place::network(network)),
            Entity::User(user) => self.users.push(UserFact {
                name: user.name.clone(),
                is_admin: user.groups.iter().any(|group| group == "wheel")
                    && (user.password.is_some() || !user.ssh_keys.is_empty()),
            }),
            Entity::Host(host) => self.hosts.push(HostFact::of(host)),
            Entity::Cluster(cluster) => self.clusters.push(place::cluster(cluster)),
            Entity::Stage(stage) => self.stages.push(stage.clone()),
            Entity::Namespace(namespace) => self.namespaces.push(named(&namespace.name, &namespace.place)),
            Entity::Secret(secret) => self.secrets.push(named(&secret.name, &secret.place)),
            Entity::App(app) => self.workloads.push(WorkloadFact::of_app(app)),
            Entity::Job(job) => self.workloads.push(WorkloadFact::of_job(job)),
            Entity::Release(release) => self.releases.push(ReleaseFact::of(release)),
            Entity::Manifest(manifest) => self.manifests.push(ManifestFact::of(manifest)),
            Entity::DevicePlugin(plugin) => self.plugins.push(PluginFact::of(plugin)),
        }
    }
}

fn named(name: &str, place: &Place) -> Named {
    Named { name: name.to_owned(), place: place.clone() }
}
