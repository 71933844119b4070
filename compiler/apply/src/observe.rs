//! What there is in the cluster of what a lab has and wants.

use std::collections::{BTreeMap, BTreeSet};

use futures::stream::{self, StreamExt, TryStreamExt};
use plan::{ApplySet, Key, Kind, PART_OF, Refusal};
use serde_json::Value;

use crate::cluster::Cluster;
use crate::desired::Desired;
use crate::error::Error;
use crate::inquire::TRIES;
use crate::request::{METADATA, Question, segment};
use crate::vault::Vault;

/// How many objects come in one answer.
const PAGE: usize = 500;

/// What there is.
pub(crate) struct Live {
    /// The lab's set as it was written down; `None` if nothing of the lab was ever applied.
    pub(crate) set: Option<ApplySet>,
    /// The members of the set.
    pub(crate) members: Vec<Value>,
    /// What there is of each wanted object.
    pub(crate) objects: BTreeMap<Key, Value>,
}

/// Looks at all that a lab has and wants in a cluster.
pub(crate) async fn observe(cluster: &Cluster, desired: &Desired) -> Result<Live, Error> {
    let Desired { wanted, vault } = desired;
    let parent = desired.parent();
    let set = cluster.set(&parent, vault).await?;
    let mut kinds: BTreeSet<Kind> = wanted.objects().map(|(_, one)| one.key.kind.clone()).collect();
    kinds.extend(set.iter().flat_map(|set| set.kinds.iter().cloned()));
    let id = parent.id();
    // Where nothing was ever applied there is nothing to be found.
    let kinds = kinds.into_iter().filter(|_| set.is_some());
    let among: BTreeMap<Key, &Value> =
        wanted.objects().map(|(_, one)| (one.key.clone(), &one.object)).collect();
    let lists = stream::iter(kinds).map(|kind| members(cluster, kind, &id, &among, vault));
    let members: Vec<Vec<Value>> = lists.buffered(cluster.at_once.get()).try_collect().await?;
    let members: Vec<Value> = members.into_iter().flatten().collect();
    let mut objects: BTreeMap<Key, Value> =
        members.iter().map(|member| (Key::of(member), member.clone())).collect();
    let unknown = wanted.objects().filter(|(_, one)| !objects.contains_key(&one.key));
    let found = stream::iter(unknown.map(|(_, one)| live(cluster, &one.key, &one.object, vault)));
    let found: Vec<Option<Value>> = found.buffered(cluster.at_once.get()).try_collect().await?;
    let keys = wanted.objects().map(|(_, one)| &one.key).filter(|key| !objects.contains_key(*key));
    let keys: Vec<Key> = keys.cloned().collect();
    objects.extend(keys.into_iter().zip(found).filter_map(|(key, object)| Some((key, object?))));
    Ok(Live { set, members, objects })
}

/// The object as it is in the cluster; `None` if it is not there.
pub(crate) async fn live(
    cluster: &Cluster,
    key: &Key,
    wanted: &Value,
    vault: &Vault,
) -> Result<Option<Value>, Error> {
    let Some(path) = cluster.path(wanted) else { return Ok(None) };
    let question = Question::get(format!("{path}/{}", segment(&key.name))).about(key).wanting(wanted);
    match cluster.ask(&question, vault).await {
        Ok(live) => Ok(Some(live)),
        Err(Error::Refused(_, Refusal::NoKind | Refusal::NoNamespace(_))) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The members of a set that are of a kind. A kind that is gone has none.
pub(crate) async fn members(
    cluster: &Cluster,
    kind: Kind,
    id: &str,
    wanted: &BTreeMap<Key, &Value>,
    vault: &Vault,
) -> Result<Vec<Value>, Error> {
    list(cluster, &kind, &selector(id), &Question::get("").among(wanted), vault).await
}

/// The same, of which only what they are called and labelled comes in.
pub(crate) async fn names_of_members(
    cluster: &Cluster,
    kind: &Kind,
    id: &str,
    vault: &Vault,
) -> Result<Vec<Value>, Error> {
    let nothing = BTreeMap::new();
    let like = Question { accept: METADATA, ..Question::get("") }.among(&nothing);
    list(cluster, kind, &selector(id), &like, vault).await
}

/// All objects of a kind. A kind that is not there has none.
pub(crate) async fn all(cluster: &Cluster, kind: &Kind, vault: &Vault) -> Result<Vec<Value>, Error> {
    list(cluster, kind, "", &Question::get(""), vault).await
}

/// All objects of a kind in a namespace, of which only what they are called and labelled comes in.
pub(crate) async fn named(
    cluster: &Cluster,
    kind: &Kind,
    namespace: &str,
    vault: &Vault,
) -> Result<Vec<Value>, Error> {
    let Some(path) = cluster.path_of_all(kind) else { return Ok(Vec::new()) };
    let nothing = BTreeMap::new();
    let path = in_namespace(&path, Some(namespace));
    let question = Question { accept: METADATA, ..Question::get(path) }.among(&nothing);
    match cluster.ask(&question, vault).await {
        Ok(mut list) => Ok(list["items"].as_array_mut().map(std::mem::take).unwrap_or_default()),
        Err(Error::Refused(_, Refusal::NoKind | Refusal::NoNamespace(_))) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// The path of a kind in a namespace, of that of the kind in all.
pub(crate) fn in_namespace(path: &str, namespace: Option<&str>) -> String {
    match (namespace, path.rsplit_once('/')) {
        (Some(namespace), Some((group, plural))) => {
            format!("{group}/namespaces/{}/{plural}", segment(namespace))
        }
        _ => path.to_owned(),
    }
}

fn selector(id: &str) -> String {
    format!("&labelSelector={PART_OF}%3D{id}")
}

/// Objects of a kind, page by page, each asked for like this.
async fn list(
    cluster: &Cluster,
    kind: &Kind,
    which: &str,
    like: &Question<'_>,
    vault: &Vault,
) -> Result<Vec<Value>, Error> {
    let Some(path) = cluster.path_of_all(kind) else { return Ok(Vec::new()) };
    let (mut found, mut next, mut left) = (Vec::new(), String::new(), TRIES);
    loop {
        let question = Question { path: format!("{path}?limit={PAGE}{which}{next}"), ..like.clone() };
        let mut page = match cluster.ask(&question, vault).await {
            Ok(page) => page,
            Err(Error::Refused(_, Refusal::NoKind)) => return Ok(found),
            // Where it was to be read on the cluster does not know any more.
            Err(Error::Refused(_, Refusal::Outdated)) if !next.is_empty() && left > 0 => {
                (found, next, left) = (Vec::new(), String::new(), left - 1);
                continue;
            }
            Err(error) => return Err(error),
        };
        found.extend(page["items"].as_array_mut().map(std::mem::take).unwrap_or_default());
        match page["metadata"]["continue"].as_str() {
            Some(token) if !token.is_empty() => next = format!("&continue={token}"),
            _ => return Ok(found),
        }
    }
}
