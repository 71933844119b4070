//! The encrypted copies that a build delivers, as far as names tell.

use std::collections::BTreeMap;

use emit_secrets::{Delivered, deliver_to_cluster, deliver_to_host};
use model::{Cluster, Data, Entity, Recipient, Secret, host_secrets};
use names::Db;

use crate::{outputs, queries};

/// All encrypted copies, in the order of their paths; `trees` are those under `k8s/`.
pub(crate) fn delivered(db: &dyn Db, trees: &BTreeMap<String, Data>) -> Vec<Delivered> {
    let mut all = Vec::new();
    for (item, name) in queries::hosts(db) {
        if let Some(machine) = outputs::machine(db, item, name) {
            let secrets = host_secrets(machine.host, &machine.users, machine.cluster);
            all.extend(deliver_to_host(machine.host, &secrets));
        }
    }
    all.extend(deliver_to_cluster(trees, &recipients(db), &clusters(db)));
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

/// Who reads every secret.
pub(crate) fn recipients(db: &dyn Db) -> Vec<&Recipient> {
    let all = queries::entities_with(db, "recipient").into_iter().filter_map(|entity| match entity {
        Entity::Recipient(recipient) => Some(recipient),
        _ => None,
    });
    all.collect()
}

/// The declared secrets, in the order written.
pub(crate) fn secrets(db: &dyn Db) -> Vec<&Secret> {
    let all = queries::entities_with(db, "secret").into_iter().filter_map(|entity| match entity {
        Entity::Secret(secret) => Some(secret),
        _ => None,
    });
    all.collect()
}

fn clusters(db: &dyn Db) -> Vec<&Cluster> {
    let all = queries::entities_with(db, "cluster").into_iter().filter_map(|entity| match entity {
        Entity::Cluster(cluster) => Some(&**cluster),
        _ => None,
    });
    all.collect()
}
