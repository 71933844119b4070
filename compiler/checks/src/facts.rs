//! The small facts of items that checks look at.

mod blocks;
mod class;
mod host;
mod namespace;
mod nixos;
mod object;
mod place;
mod pod;
mod release;
mod workload;

pub(crate) use blocks::{Block, Part, blocks};
pub(crate) use class::ClassSort;
pub(crate) use host::{HostFact, MountFact, Own};
pub(crate) use namespace::{Admits, NamespaceFact};
pub(crate) use nixos::{Door, Stranger};
pub(crate) use object::{ManifestFact, PluginFact};
pub(crate) use place::near;
pub(crate) use pod::Pod;
pub(crate) use release::ReleaseFact;
pub(crate) use workload::{ClaimFact, IngressFact, Pin, PortFact, Role, WhereTo, WorkloadFact};

use diagnostics::Problem;
use domain::{Invalid, SshKey};
use model::{At, Cluster, Entity, Lab, Network, Recipient, Secret, Stage, User};

use crate::rules::OWN;

/// The small facts of one item that checks of the whole lab look at.
///
/// They stay equal when something changes that no check looks at, such as an app's environment or labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub(crate) labs: Vec<Lab>,
    pub(crate) recipients: Vec<Recipient>,
    pub(crate) networks: Vec<Network>,
    pub(crate) users: Vec<UserFact>,
    pub(crate) hosts: Vec<HostFact>,
    pub(crate) clusters: Vec<Cluster>,
    pub(crate) stages: Vec<Stage>,
    pub(crate) namespaces: Vec<NamespaceFact>,
    pub(crate) secrets: Vec<Secret>,
    pub(crate) workloads: Vec<WorkloadFact>,
    pub(crate) releases: Vec<ReleaseFact>,
    pub(crate) manifests: Vec<ManifestFact>,
    pub(crate) plugins: Vec<PluginFact>,
    pub(crate) helmfiles: Vec<model::Placement>,
    /// What is wrong with each declaration by itself.
    pub(crate) own: Vec<Problem>,
    /// Whether the item has a mistake of its own, so that something it means to declare may be missing here.
    pub(crate) is_broken: bool,
}

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserFact {
    pub(crate) name: String,
    /// Whether they can log in and become root.
    pub(crate) is_admin: bool,
    /// The groups that they are in.
    pub(crate) groups: Vec<String>,
    /// What the password is called among the secrets of hosts.
    pub(crate) password: Option<String>,
    /// What is wrong with keys that are none.
    pub(crate) unusable_keys: Vec<At<Invalid>>,
    pub(crate) place: source::Place,
}

impl UserFact {
    fn of(user: &User) -> Self {
        let unusable = user.ssh_keys.iter().filter_map(|key| {
            let invalid = SshKey::parse(key).err()?;
            Some(At::new(invalid, near(&key.place, &user.place)))
        });
        Self {
            name: user.name.clone(),
            is_admin: user.groups.iter().any(|group| group == "wheel")
                && (user.password.is_some() || !user.ssh_keys.is_empty()),
            groups: user.groups.clone(),
            password: user.password.as_ref().map(|password| password.name.clone()),
            unusable_keys: unusable.collect(),
            place: user.place.clone(),
        }
    }
}

/// The facts of what one item declares; `is_broken` whether it has a mistake of its own.
pub fn facts(entities: &[Entity], is_broken: bool) -> Facts {
    let mut facts = Facts { is_broken, ..Facts::default() };
    for entity in entities {
        facts.add(entity);
        facts.own.extend(OWN.iter().flat_map(|rule| rule(entity)));
    }
    // Most items are one app, and a list that grows begins with room for four.
    facts.workloads.shrink_to_fit();
    facts
}

impl Facts {
    fn add(&mut self, entity: &Entity) {
        match entity {
            Entity::Lab(lab) => self.labs.push(place::lab(lab)),
            Entity::Recipient(recipient) => self.recipients.push(recipient.clone()),
            Entity::Network(network) => self.networks.push(place::network(network)),
            Entity::User(user) => self.users.push(UserFact::of(user)),
            Entity::Host(host) => self.hosts.push(HostFact::of(host)),
            Entity::Cluster(cluster) => self.clusters.push(place::cluster(cluster)),
            Entity::Stage(stage) => self.stages.push(stage.clone()),
            Entity::Namespace(namespace) => self.namespaces.push(NamespaceFact::of(namespace)),
            Entity::Secret(secret) => self.secrets.push(secret.clone()),
            Entity::App(app) => self.workloads.push(WorkloadFact::of_app(app)),
            Entity::Job(job) => self.workloads.push(WorkloadFact::of_job(job)),
            Entity::Release(release) => self.releases.push(ReleaseFact::of(release)),
            Entity::Manifest(manifest) => self.manifests.push(ManifestFact::of(manifest)),
            Entity::Helmfile(helmfile) => self.helmfiles.push(helmfile.placement.clone()),
            Entity::DevicePlugin(plugin) => self.plugins.push(PluginFact::of(plugin)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, claim, host, ingress, machine, port, user};
    use domain::{Cpu, ImageReference, Size};
    use model::{Access, App, Data, EnvValue, File, FileContent};

    fn full() -> App {
        let mut app = app("n8n", "automation");
        app.container.env.insert("TZ".into(), at(EnvValue::Plain("UTC".into())));
        app.container.resources.memory = Some(at(Size::from_bytes(1 << 30)));
        let content = at(FileContent::Plain("a = 1".into()));
        app.container.files.insert("/etc/a.conf".into(), File { content, mode: None });
        app.container.volumes.insert("data".into(), claim(Access::OneHost));
        app.ports.insert("http".into(), port(5678, None));
        app.ingresses.insert("web".into(), ingress("n8n.home.example.net", "/"));
        app
    }

    fn facts_of(app: &App) -> Facts {
        facts(&[app.clone().into_entity()], false)
    }

    #[test]
    fn what_no_check_looks_at_changes_nothing() {
        let before = facts_of(&full());
        let mut changed = full();
        changed.container.env.insert("TZ".into(), at(EnvValue::Plain("Europe/Lisbon".into())));
        changed.container.env.insert("MORE".into(), at(EnvValue::Plain("1".into())));
        changed.container.resources.cpu = Some(at(Cpu::from_millis(100)));
        changed.container.image = at(ImageReference::parse("docker.io/library/redis:8.2.1").unwrap());
        changed.container.args.push("--verbose".into());
        changed.container.labels.insert("a".into(), at("b".into()));
        let content = at(FileContent::Plain("a = 2".into()));
        changed.container.files.insert("/etc/a.conf".into(), File { content, mode: None });
        assert_eq!(facts_of(&changed), before);
    }

    #[test]
    fn what_checks_look_at_changes_facts() {
        let before = facts_of(&full());
        let changes: [fn(&mut App); 5] = [
            |app| app.container.resources.memory = Some(at(Size::from_bytes(2 << 30))),
            |app| app.container.host = Some(at("a".into())),
            |app| app.container.image = at(ImageReference::parse("docker.io/library/redis:latest").unwrap()),
            |app| app.placement.namespace = "media".into(),
            |app| {
                app.ingresses.clear();
            },
        ];
        for change in changes {
            let mut other = full();
            change(&mut other);
            assert_ne!(facts_of(&other), before);
        }
    }

    #[test]
    fn packages_and_most_options_of_a_host_do_not_matter() {
        let mut changed = machine("a", "192.168.1.10");
        changed.packages.insert("htop".into());
        changed.nixos = crate::testing::options(&[("services.fstrim.enable", Data::Bool(true))]);
        let changed = facts(
            &[
                Entity::Host(Box::new(changed)),
                user(
                    "ana",
                    &["wheel"],
                    &["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFSNBbIM3HKMaCdXNSwmNHTGRGhn40qaX3qs0ZFuodKA"],
                ),
            ],
            false,
        );
        assert_eq!(
            changed,
            facts(
                &[
                    host("a", "192.168.1.10"),
                    user(
                        "ana",
                        &["wheel"],
                        &["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAgOmgzfXmhIpUp0dztM9EnQGunspUoirLR0B1IxKsZE"]
                    )
                ],
                false
            )
        );
    }
}
