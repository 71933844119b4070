//! What a helm that takes its time waits for: its hooks, which it says nothing of while they run.

use plan::{Key, ReleaseId};
use serde_json::Value;
use tokio::time::{Duration, sleep};

use super::Run;
use crate::error::Error;
use crate::reasons::reasons_of;
use crate::request::{Question, segment};

/// How often it is looked which hooks there are.
const EVERY: Duration = Duration::from_secs(2);

/// The kinds whose end helm waits for.
const KINDS: [(&str, &str, &str); 2] = [("apis/batch/v1", "jobs", "Job"), ("api/v1", "pods", "Pod")];

impl Run<'_> {
    /// Says what helm waits for, again and again. What cannot be seen is not said: nothing depends on it.
    pub(super) async fn tell_hooks(&self, id: &ReleaseId, key: &Key) {
        loop {
            sleep(EVERY).await;
            let hooks = self.hooks(id).await.unwrap_or_default();
            let names: Vec<String> = hooks.iter().map(|hook| Key::of(hook).to_string()).collect();
            let sentence = match names.as_slice() {
                [] => super::BEING_APPLIED.to_owned(),
                names => format!("helm waits for hook {}", names.join(", ")),
            };
            if let Some(begun) = self.begun.borrow_mut().get_mut(key) {
                begun.sentence = sentence;
            }
        }
    }

    /// Why a helm failed, with what is to be seen of the hooks that have not ended well.
    pub(super) async fn with_hooks(&self, id: &ReleaseId, error: Error) -> Error {
        let Error::Helm(release, mut why) = error else { return error };
        for hook in self.hooks(id).await.unwrap_or_default() {
            why = format!("{why}\n  hook {} has not completed", Key::of(&hook));
            for line in reasons_of(self.cluster, &hook, &self.desired.vault).await {
                why = format!("{why}\n    | {line}");
            }
        }
        Error::Helm(release, why)
    }

    /// Hooks in a release's namespace that have not completed. Helm does not note whose they are.
    async fn hooks(&self, id: &ReleaseId) -> Result<Vec<Value>, Error> {
        let mut found = Vec::new();
        for (group, plural, kind) in KINDS {
            let path = format!("/{group}/namespaces/{}/{plural}", segment(&id.namespace));
            let mut list = self.cluster.ask(&Question::get(path), &self.desired.vault).await?;
            let items = list["items"].as_array_mut().map(std::mem::take).unwrap_or_default();
            found.extend(items.into_iter().filter(is_hook_at_work).map(|mut item| {
                item["kind"] = kind.into();
                item
            }));
        }
        Ok(found)
    }
}

/// Whether helm may be waiting for an object: a hook that has not completed.
fn is_hook_at_work(object: &Value) -> bool {
    let annotations = &object["metadata"]["annotations"];
    let is_hook = annotations["helm.sh/hook"].as_str().is_some_and(|hook| !hook.starts_with("test"));
    is_hook && object["status"]["completionTime"].is_null() && object["status"]["phase"] != "Succeeded"
}
