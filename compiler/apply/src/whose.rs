//! Asks a cluster what it is known by.

use std::collections::BTreeSet;

use plan::{ApplySet, Found, Kind, Parent, Refusal, Whose};
use serde_json::Value;

use crate::cluster::Cluster;
use crate::desired::Desired;
use crate::error::Error;
use crate::observe::all;
use crate::request::Question;

/// Whose a cluster is. What is in it says so, and is asked no further if it has the lab's set.
pub(crate) async fn whose(
    cluster: &Cluster,
    desired: &Desired,
    set: Option<&ApplySet>,
) -> Result<Whose, Error> {
    let domain = set.map(|set| set.domain.clone());
    let mut found = Found { server: cluster.server.clone(), set: domain, ..Found::default() };
    if set.is_none() {
        let nodes = readable(all(cluster, &Kind::new("", "Node"), &desired.vault).await)?;
        found.nodes = nodes.map(|nodes| names(&nodes));
        let own = desired.parent();
        let path = format!("/api/v1/namespaces/{}/configmaps?labelSelector={}", own.namespace, Parent::LABEL);
        let parents = readable(cluster.ask(&Question::get(path), &desired.vault).await)?;
        let parents = parents.as_ref().and_then(|list| list["items"].as_array()).into_iter().flatten();
        found.others = parents.filter_map(Parent::lab_of).collect();
    }
    Ok(desired.wanted.home.whose(&found))
}

/// `None` for what this user may not see: it then says nothing.
fn readable<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(Error::Refused(_, Refusal::Forbidden(_))) => Ok(None),
        Err(error) => Err(error),
    }
}

fn names(objects: &[Value]) -> BTreeSet<String> {
    objects.iter().filter_map(|object| Some(object["metadata"]["name"].as_str()?.to_owned())).collect()
}
