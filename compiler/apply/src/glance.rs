//! How what is deployed is doing, for somebody who looks at it in passing: only the objects themselves are read, and only
//! once, and nothing of them is handed on but half a sentence.

use std::sync::Arc;
use std::time::Duration;

use futures::stream::{self, StreamExt, TryStreamExt};
use plan::{Beside, Key, Kind, RUNNING, Refusal};
use serde_json::Value;

use crate::cluster::{Access, Cluster, asks_a_person};
use crate::error::Error;
use crate::request::{Question, segment};
use crate::vault::Vault;
use crate::wait::now;

/// A cluster that is looked at in passing.
pub struct Passing(Cluster);

impl Passing {
    /// The cluster that `hlc` and kubectl would take, whose answers may take so long. `None` if there is no way to one,
    /// or only by a program that the kubeconfig names: it may ask a person something, who has not asked for that.
    pub fn find(patience: Duration) -> Option<Self> {
        let access = Access::default();
        let file = access.file().ok()?;
        if asks_a_person(&file) {
            return None;
        }
        let mut cluster = Cluster::of(file, &access, Arc::default()).ok()?;
        cluster.patience = patience;
        Some(Self(cluster))
    }

    /// How the objects among these are doing that run something; nothing if none of them does.
    pub fn glance(&self, wanted: &[Value]) -> Result<Option<String>, Error> {
        let Self(cluster) = self;
        let running: Vec<(&Value, String)> =
            wanted.iter().filter_map(|object| Some((object, path(object)?))).collect();
        let live = stream::iter(&running).map(|(object, path)| read(cluster, object, path));
        let live: Vec<Option<Value>> =
            cluster.run(live.buffered(cluster.at_once.get()).try_collect::<Vec<_>>())?;
        let beside: Vec<Beside<'_>> =
            running.iter().zip(&live).map(|((wanted, _), live)| (*wanted, live.as_ref())).collect();
        Ok(plan::glance(&beside, now()))
    }
}

/// Whether something can be said of how an object is doing.
pub fn runs_something(object: &Value) -> bool {
    let kind = Kind::of(object);
    RUNNING.iter().any(|(group, name)| kind.is(group, name))
}

async fn read(cluster: &Cluster, object: &Value, path: &str) -> Result<Option<Value>, Error> {
    let key = Key::of(object);
    let question = Question::get(path).about(&key).wanting(object);
    match cluster.ask_once(&question, &Vault::default()).await {
        Ok(live) => Ok(Some(live)),
        Err(Error::Refused(_, Refusal::NoKind | Refusal::NoNamespace(_))) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where an object that runs something is: such kinds are in every cluster, so that it need not be asked for them.
fn path(object: &Value) -> Option<String> {
    if !runs_something(object) {
        return None;
    }
    let Key { kind, namespace, name } = Key::of(object);
    let namespace = segment(namespace.as_deref().unwrap_or("default"));
    let plural = format!("{}s", kind.kind.to_ascii_lowercase());
    Some(format!("/apis/{}/v1/namespaces/{namespace}/{plural}/{}", kind.group, segment(&name)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_runs_something_is_asked_for() {
        let object = |version: &str, kind: &str| json!({"apiVersion": version, "kind": kind, "metadata": {"name": "web", "namespace": "tools"}});
        let deployment = path(&object("apps/v1", "Deployment"));
        assert_eq!(deployment.as_deref(), Some("/apis/apps/v1/namespaces/tools/deployments/web"));
        let cron = path(&object("batch/v1", "CronJob"));
        assert_eq!(cron.as_deref(), Some("/apis/batch/v1/namespaces/tools/cronjobs/web"));
        for (version, kind) in [("v1", "Secret"), ("v1", "Service"), ("example.org/v1", "Deployment")] {
            assert_eq!(path(&object(version, kind)), None, "{kind} of {version}");
        }
    }
}
