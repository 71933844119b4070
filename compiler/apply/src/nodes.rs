//! The nodes of a cluster: what the lab says of them, and what hosts need that are switched.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use http::Method;
use plan::{CORDONED, NodeStep, Refusal, Wanted, WantedNode, Whose};
use serde_json::{Value, json};

use crate::cluster::{Access, Cluster};
use crate::desired::Desired;
use crate::error::Error;
use crate::inquire::TRIES;
use crate::lease::{Runner, turn};
use crate::request::{Question, segment};
use crate::vault::Vault;
use crate::whose::whose;

/// Where nodes are.
const NODES: &str = "/api/v1/nodes";

/// How often it is looked how far something is.
const EVERY: Duration = Duration::from_millis(250);

/// What would be done to nodes, each with the patch that does it. Of those that have not joined yet, nothing is known.
pub(crate) async fn planned(cluster: &Cluster, desired: &Desired) -> Result<Vec<(NodeStep, Value)>, Error> {
    let wanted = &desired.wanted.nodes;
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let list = match cluster.ask(&Question::get(NODES), &desired.vault).await {
        Ok(list) => list,
        // Who may not see nodes cannot say anything of them, and may do all the rest.
        Err(Error::Refused(_, Refusal::Forbidden(_))) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let nodes = list["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_named = |node: &&Value, name: &str| node["metadata"]["name"] == name;
    let step = |one: &WantedNode| one.step(nodes.iter().find(|node| is_named(node, &one.name))?);
    Ok(wanted.iter().filter_map(step).collect())
}

/// Does to nodes what was planned, of what they are now: they say how they are all the time.
pub(crate) async fn apply(cluster: &Cluster, desired: &Desired, steps: &[NodeStep]) -> Result<(), Error> {
    let is_planned = |one: &&WantedNode| steps.iter().any(|step| step.node == one.name);
    for one in desired.wanted.nodes.iter().filter(is_planned) {
        change(cluster, &one.name, &desired.vault, |node| Some(one.step(node)?.1)).await?;
    }
    Ok(())
}

/// Sends the patch that a node needs as it is, until nobody changed it meanwhile.
async fn change(
    cluster: &Cluster,
    name: &str,
    vault: &Vault,
    patch: impl Fn(&Value) -> Option<Value>,
) -> Result<(), Error> {
    let at = format!("{NODES}/{}", segment(name));
    let mut tries = 0;
    loop {
        let node = cluster.ask(&Question::get(&at), vault).await?;
        let Some(patch) = patch(&node) else { return Ok(()) };
        let question = Question {
            method: Method::PATCH,
            content_type: "application/merge-patch+json",
            body: Some(&patch),
            ..Question::get(&at)
        };
        match cluster.ask(&question, vault).await {
            Err(Error::Refused(_, Refusal::Outdated)) if tries < TRIES => tries += 1,
            answer => return answer.map(drop),
        }
    }
}

/// The nodes of the lab's cluster, whose hosts are switched. Each question has a way to the cluster of its own, so that
/// several hosts can be at it. What changes a node is done with the lab's Lease, which is given back at once: a host takes
/// its time.
pub struct Nodes {
    access: Access,
    wanted: Wanted,
    who: Who,
    stop: Arc<AtomicBool>,
}

/// Who runs, as [`Runner`] has it.
#[derive(Clone)]
pub struct Who {
    /// What it calls itself.
    pub identity: String,
    /// Whether who calls itself so is certainly no more.
    pub is_gone: fn(&str) -> bool,
}

/// How a node was before its host was switched: whoever speaks for it says something newer once it is back.
pub struct Before(Vec<Value>);

impl Nodes {
    /// Those of the cluster that is found so, if it is that of a lab which wants this. `None` if nothing says that it is.
    ///
    /// # Errors
    ///
    /// If it cannot be asked.
    pub fn find(
        access: Access,
        wanted: Wanted,
        who: Who,
        stop: Arc<AtomicBool>,
    ) -> Result<Option<Self>, Error> {
        let nodes = Self { access, wanted, who, stop };
        let (cluster, desired) = (nodes.cluster()?, nodes.desired());
        let whose = cluster.run(async {
            cluster.look_for_kinds().await?;
            let set = cluster.set(&desired.parent(), &desired.vault).await?;
            whose(&cluster, &desired, set.as_ref()).await
        })?;
        Ok((whose == Whose::Ours).then_some(nodes))
    }

    fn cluster(&self) -> Result<Cluster, Error> {
        Cluster::find(&self.access, Arc::clone(&self.stop))
    }

    fn desired(&self) -> Desired {
        Desired::new(self.wanted.clone(), Vault::default())
    }

    /// Does something with the lab's Lease, when it is this run's turn.
    fn with_lease(
        &self,
        cluster: &Cluster,
        work: impl Future<Output = Result<(), Error>>,
    ) -> Result<(), Error> {
        let (desired, vault) = (self.desired(), Vault::default());
        let runner = Runner { identity: &self.who.identity, is_gone: &self.who.is_gone };
        let turn = turn(cluster, &desired, runner, &mut |_| {})?;
        cluster.run(cluster.holding(&turn, &vault, work))
    }

    /// How a node is now.
    ///
    /// # Errors
    ///
    /// If the cluster cannot be asked.
    pub fn before(&self, node: &str) -> Result<Before, Error> {
        let cluster = self.cluster()?;
        cluster.run(async { Ok(Before(heartbeats(&cluster, node).await?)) })
    }

    /// Has nothing new put on a node, and moves away what runs there and can run elsewhere. What every node runs stays.
    ///
    /// # Errors
    ///
    /// If not all of it goes in so many seconds; which ones do not.
    pub fn drain(&self, node: &str, seconds: u64) -> Result<(), Error> {
        let cluster = self.cluster()?;
        self.with_lease(&cluster, async {
            let patch = |node: &Value| {
                // Who else cordoned it wants it to stay so.
                let is_cordoned = node["spec"]["unschedulable"] == true;
                (!is_cordoned).then(|| {
                    json!({"metadata": {"annotations": {CORDONED: "true"}}, "spec": {"unschedulable": true}})
                })
            };
            change(&cluster, node, &Vault::default(), patch).await?;
            let emptied = empty(&cluster, node, Duration::from_secs(seconds)).await;
            if emptied.is_err() {
                // Its host is left as it is, so that it can go on with its work.
                change(&cluster, node, &Vault::default(), uncordoned).await?;
            }
            emptied
        })
    }

    /// Waits until a node that was like that is back, and has it take up work again if [`Nodes::drain`] had it not.
    ///
    /// # Errors
    ///
    /// If it is not back in so many seconds.
    pub fn back(&self, node: &str, before: &Before, seconds: u64) -> Result<(), Error> {
        let cluster = self.cluster()?;
        let found = cluster.run(async {
            let began = Instant::now();
            while !is_back(&cluster, node, before).await {
                if began.elapsed() > Duration::from_secs(seconds) {
                    return Err(Error::Away(format!("node {node} is not ready after {seconds} seconds")));
                }
                cluster.pause(EVERY).await;
                if cluster.is_stopped() {
                    return Err(Error::Stopped);
                }
            }
            cluster.ask(&Question::get(format!("{NODES}/{}", segment(node))), &Vault::default()).await
        })?;
        match uncordoned(&found) {
            Some(_) => self
                .with_lease(&cluster, async { change(&cluster, node, &Vault::default(), uncordoned).await }),
            None => Ok(()),
        }
    }
}

/// The patch with which a node takes up work again that was cordoned by us.
fn uncordoned(node: &Value) -> Option<Value> {
    let is_ours = !node["metadata"]["annotations"][CORDONED].is_null();
    is_ours.then(|| json!({"metadata": {"annotations": {CORDONED: null}}, "spec": {"unschedulable": null}}))
}

/// What whoever speaks for a node says again and again.
async fn heartbeats(cluster: &Cluster, node: &str) -> Result<Vec<Value>, Error> {
    let (name, vault) = (segment(node), Vault::default());
    let lease = format!("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{name}");
    let node = cluster.ask(&Question::get(format!("{NODES}/{name}")), &vault).await?;
    let lease = cluster.ask(&Question::get(lease), &vault).await.unwrap_or_default();
    Ok(vec![ready(&node)["lastHeartbeatTime"].clone(), lease["spec"]["renewTime"].clone()])
}

/// A server that is itself just starting does not answer, which is no failure.
async fn is_back(cluster: &Cluster, node: &str, before: &Before) -> bool {
    let path = format!("{NODES}/{}", segment(node));
    let Ok(found) = cluster.ask_once(&Question::get(path), &Vault::default()).await else { return false };
    let Ok(now) = heartbeats(cluster, node).await else { return false };
    ready(&found)["status"] == "True" && now.iter().zip(&before.0).any(|(now, before)| now != before)
}

/// The condition that says whether a node is ready.
fn ready(node: &Value) -> &Value {
    let conditions = node["status"]["conditions"].as_array().map(Vec::as_slice).unwrap_or_default();
    conditions.iter().find(|one| one["type"] == "Ready").unwrap_or(&Value::Null)
}

/// Asks the cluster to move pods away from a node until none is left that can go.
async fn empty(cluster: &Cluster, node: &str, longest: Duration) -> Result<(), Error> {
    let (vault, began) = (Vault::default(), Instant::now());
    let path = format!("/api/v1/pods?fieldSelector=spec.nodeName%3D{}", segment(node));
    loop {
        let list = cluster.ask(&Question::get(&path), &vault).await?;
        let pods = list["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        let left: Vec<&Value> = pods.iter().filter(|pod| moves(pod)).collect();
        if left.is_empty() {
            return Ok(());
        }
        let mut why = String::new();
        for pod in &left {
            if let Err(error) = evict(cluster, pod).await {
                why = format!(": {error}");
            }
        }
        if cluster.is_stopped() {
            return Err(Error::Stopped);
        }
        if began.elapsed() > longest {
            let names: Vec<String> = left.iter().map(|pod| called(pod)).collect();
            return Err(Error::Away(format!("pods do not leave node {node}: {}{why}", names.join(", "))));
        }
        cluster.pause(EVERY).await;
    }
}

fn called(pod: &Value) -> String {
    let text = |key: &str| pod["metadata"][key].as_str().unwrap_or_default();
    format!("{}/{}", text("namespace"), text("name"))
}

/// Whether a pod can run elsewhere: it has not ended, and is none that every node has or that its host starts by itself.
fn moves(pod: &Value) -> bool {
    let has_ended = matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed"));
    let owners = pod["metadata"]["ownerReferences"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_everywhere = owners.iter().any(|owner| owner["kind"] == "DaemonSet");
    let is_its_hosts = !pod["metadata"]["annotations"]["kubernetes.io/config.mirror"].is_null();
    !has_ended && !is_everywhere && !is_its_hosts
}

/// Asks for a pod to go, which the cluster grants as far as disruption budgets allow it.
async fn evict(cluster: &Cluster, pod: &Value) -> Result<(), Error> {
    if !pod["metadata"]["deletionTimestamp"].is_null() {
        return Ok(());
    }
    let text = |key: &str| pod["metadata"][key].as_str().unwrap_or_default();
    let (namespace, name) = (text("namespace"), text("name"));
    let eviction = json!({"apiVersion": "policy/v1", "kind": "Eviction",
                          "metadata": {"namespace": namespace, "name": name}});
    let path = format!("/api/v1/namespaces/{}/pods/{}/eviction", segment(namespace), segment(name));
    let question = Question { method: Method::POST, body: Some(&eviction), ..Question::get(path) };
    // One that a budget keeps is asked for again by whoever asked, after others had their turn.
    match cluster.ask_once(&question, &Vault::default()).await {
        Err(Error::Refused(_, Refusal::NoKind | Refusal::NoNamespace(_))) => Ok(()),
        answer => answer.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_node_has_stays() {
        let pod = |kind: &str, phase: &str| json!({"metadata": {"ownerReferences": [{"kind": kind}]}, "status": {"phase": phase}});
        assert!(moves(&pod("ReplicaSet", "Running")) && moves(&json!({})));
        assert!(!moves(&pod("DaemonSet", "Running")) && !moves(&pod("Job", "Succeeded")));
        let of_host = json!({"metadata": {"annotations": {"kubernetes.io/config.mirror": "x"}}});
        assert!(!moves(&of_host));
    }
}
