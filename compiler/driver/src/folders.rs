//! Folders of hosts that pods use.

use model::{Container, Entity};

/// A folder of the hosts that an app or job runs on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HostFolder {
    path: String,
    /// The only host that it runs on, if it must run there.
    pinned: Option<String>,
}

/// The folders that the apps and jobs among `entities` use.
pub(crate) fn of(entities: &[Entity]) -> Vec<HostFolder> {
    let containers = entities.iter().filter_map(|entity| match entity {
        Entity::App(app) => Some(&app.container),
        Entity::Job(job) => Some(&job.container),
        _ => None,
    });
    containers.flat_map(of_container).collect()
}

fn of_container(container: &Container) -> impl Iterator<Item = HostFolder> {
    let pinned = container.pin().map(|(host, _)| host.to_owned());
    let folders = container.host_folders().into_iter();
    folders.map(move |folder| HostFolder { path: folder.path.to_string(), pinned: pinned.clone() })
}

/// Those of `folders` that pods use on a host of the cluster: of those that must or may run there.
pub(crate) fn on(folders: &[HostFolder], host: &str) -> Vec<String> {
    let here = |folder: &&HostFolder| folder.pinned.as_ref().is_none_or(|pinned| pinned == host);
    folders.iter().filter(here).map(|folder| folder.path.clone()).collect()
}
