//! The encrypted copies that a build delivers, as far as names tell.

use std::collections::BTreeMap;

use domain::RecipientKey;
use emit_secrets::{Delivered, deliver_to_cluster, deliver_to_host};
use model::{Data, Entity, Recipient, Secret, host_secrets};
use names::Db;

use crate::machines::machine;
use crate::queries;

/// All encrypted copies, in the order of their paths; `trees` are those under `k8s/`.
pub(crate) fn delivered(db: &dyn Db, trees: &BTreeMap<String, Data>) -> Vec<Delivered> {
    let mut all = Vec::new();
    for (item, name) in queries::hosts(db) {
        if let Some(machine) = machine(db, item, name) {
            let secrets = host_secrets(machine.host, &machine.users, machine.cluster);
            let key = machine.host.host_key.as_ref().map(|key| &key.value);
            all.extend(deliver_to_host(name, key, &secrets));
        }
    }
    all.extend(deliver_to_cluster(trees, &recipients(db), &deployers(db)));
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

/// Who reads what is deployed, beside those.
fn deployers(db: &dyn Db) -> Vec<&RecipientKey> {
    let clusters = queries::entities_with(db, "cluster").into_iter().filter_map(|entity| match entity {
        Entity::Cluster(cluster) => Some(cluster),
        _ => None,
    });
    clusters.flat_map(|cluster| &cluster.deployers).map(|key| &key.value).collect()
}
