//! Hosts, and what of the lab concerns each.

use model::{Cluster, Entity, Host, Lab, User};
use names::Db;
use source::ItemKey;

use crate::queries;

/// A host, and what of the lab concerns it.
pub(crate) struct Machine<'db> {
    pub(crate) host: &'db Host,
    /// Those with an account.
    pub(crate) users: Vec<&'db User>,
    /// The cluster that it is a node of.
    pub(crate) cluster: Option<&'db Cluster>,
}

/// The host called `name`, which `item` declares.
pub(crate) fn machine<'db>(db: &'db dyn Db, item: &ItemKey, name: &str) -> Option<Machine<'db>> {
    let host = find_host(db, item, name)?;
    let cluster = queries::entities_with(db, "cluster").into_iter().find_map(|entity| match entity {
        Entity::Cluster(cluster) => {
            let mut nodes = cluster.nodes();
            nodes.any(|node| node.name == name).then_some(&**cluster)
        }
        _ => None,
    });
    let users = users(db).into_iter().filter(|user| host.users.contains(&user.name)).collect();
    Some(Machine { host, users, cluster })
}

/// The host called `name`, which `item` declares, alone.
pub(crate) fn find_host<'db>(db: &'db dyn Db, item: &ItemKey, name: &str) -> Option<&'db Host> {
    let item = names::find(db, item)?;
    values::evaluated(db, item).entities.iter().find_map(|entity| match entity {
        Entity::Host(host) if host.name == name => Some(&**host),
        _ => None,
    })
}

/// The lab, as it is declared.
pub(crate) fn lab(db: &dyn Db) -> Option<&Lab> {
    queries::entities_with(db, "lab").into_iter().find_map(|entity| match entity {
        Entity::Lab(lab) => Some(lab),
        _ => None,
    })
}

/// All users.
pub(crate) fn users(db: &dyn Db) -> Vec<&User> {
    let all = queries::entities_with(db, "user").into_iter().filter_map(|entity| match entity {
        Entity::User(user) => Some(user),
        _ => None,
    });
    all.collect()
}
