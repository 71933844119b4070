//! What the cluster says about something that does not get ready: events, and the last lines of containers' logs.

use plan::Key;
use serde_json::Value;

use crate::cluster::Cluster;
use crate::error::Error;
use crate::request::Question;
use crate::vault::Vault;

/// How many lines of a log are shown, and how many events.
const LINES: usize = 8;
const EVENTS: usize = 5;
/// How many pods of an object are looked at.
const PODS: usize = 3;

/// What the cluster says about an object and its pods, as lines for people. What cannot be read is not shown: something
/// is wrong already.
pub(crate) async fn reasons_of(cluster: &Cluster, object: &Value, vault: &Vault) -> Vec<String> {
    let mut said = events(cluster, object, vault).await.unwrap_or_default();
    for pod in pods(cluster, object, vault).await.unwrap_or_default().iter().take(PODS) {
        for line in events(cluster, pod, vault).await.unwrap_or_default() {
            said.push(format!("{}: {line}", Key::of(pod)));
        }
        for container in unready(pod) {
            for line in log(cluster, pod, &container, vault).await {
                said.push(format!("{}, log of {container}: {line}", Key::of(pod)));
            }
        }
    }
    said.iter().map(|line| vault.redacted(line)).collect()
}

async fn events(cluster: &Cluster, object: &Value, vault: &Vault) -> Result<Vec<String>, Error> {
    let Some(uid) = object["metadata"]["uid"].as_str() else { return Ok(Vec::new()) };
    let namespace = object["metadata"]["namespace"].as_str().unwrap_or("default");
    let path = format!("/api/v1/namespaces/{namespace}/events?fieldSelector=involvedObject.uid%3D{uid}");
    let list = cluster.ask(&Question::get(path), vault).await?;
    let items = list["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let warnings = items.iter().filter(|event| event["type"] != "Normal");
    let line = |event: &Value| {
        let text = |key: &str| event[key].as_str().unwrap_or_default();
        format!("{}: {}", text("reason"), text("message").trim())
    };
    let mut lines: Vec<String> = warnings.map(line).collect();
    lines.dedup();
    Ok(lines.split_off(lines.len().saturating_sub(EVENTS)))
}

/// The pods that an object has by its selector.
async fn pods(cluster: &Cluster, object: &Value, vault: &Vault) -> Result<Vec<Value>, Error> {
    if object["kind"] == "Pod" {
        return Ok(vec![object.clone()]);
    }
    let labels = object.pointer("/spec/selector/matchLabels").and_then(Value::as_object);
    let Some(labels) = labels.filter(|labels| !labels.is_empty()) else { return Ok(Vec::new()) };
    let namespace = object["metadata"]["namespace"].as_str().unwrap_or("default");
    let pairs = labels.iter().filter_map(|(key, value)| Some(format!("{key}%3D{}", value.as_str()?)));
    let selector = pairs.collect::<Vec<_>>().join("%2C");
    let path = format!("/api/v1/namespaces/{namespace}/pods?labelSelector={selector}");
    let mut list = cluster.ask(&Question::get(path), vault).await?;
    let mut pods = list["items"].as_array_mut().map(std::mem::take).unwrap_or_default();
    pods.retain(|pod| !is_ready(pod));
    Ok(pods)
}

fn is_ready(pod: &Value) -> bool {
    let conditions = pod["status"]["conditions"].as_array();
    let is_it = |condition: &Value| condition["type"] == "Ready" && condition["status"] == "True";
    pod["status"]["phase"] == "Succeeded" || conditions.is_some_and(|all| all.iter().any(is_it))
}

/// The containers of a pod that run and are not ready, or ran and failed.
fn unready(pod: &Value) -> Vec<String> {
    let statuses = ["initContainerStatuses", "containerStatuses"].into_iter();
    let statuses = statuses.flat_map(|list| pod["status"][list].as_array().into_iter().flatten());
    let is_wrong = |status: &&Value| {
        status["ready"] != true && status.pointer("/state/terminated/exitCode").is_none_or(|code| code != 0)
    };
    statuses.filter(is_wrong).filter_map(|status| Some(status["name"].as_str()?.to_owned())).collect()
}

/// The last lines that a container wrote: those of the run before, if it was started again.
async fn log(cluster: &Cluster, pod: &Value, container: &str, vault: &Vault) -> Vec<String> {
    let key = Key::of(pod);
    let namespace = key.namespace.as_deref().unwrap_or("default");
    for previous in [true, false] {
        let path = format!(
            "/api/v1/namespaces/{namespace}/pods/{}/log?container={container}&tailLines={LINES}&previous={previous}",
            key.name
        );
        if let Ok(text) = cluster.read_text(&path, vault).await
            && !text.trim().is_empty()
        {
            return text.lines().map(str::to_owned).collect();
        }
    }
    Vec::new()
}
