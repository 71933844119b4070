//! A cluster as it was at a moment, and the way back there: what etcd has is read, and put back where it is otherwise.
//!
//! The API server, the controllers, the scheduler and kwok watch what etcd has, so nothing has to be started again.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::ControlPlane;
use crate::http;

/// What a cluster is told of by those who are in it: it goes on while the rest goes back.
const GOES_ON: [&str; 4] = [
    "/registry/events/",
    "/registry/masterleases/",
    "/registry/leases/kube-node-lease/",
    "/registry/peerserverleases/",
];

/// What others are made for, before those: otherwise a controller that has not heard yet makes one of them anew.
const FIRST: [&str; 8] = [
    "/registry/namespaces/",
    "/registry/cronjobs/",
    "/registry/jobs/",
    "/registry/deployments/",
    "/registry/daemonsets/",
    "/registry/statefulsets/",
    "/registry/replicasets/",
    "/registry/services/",
];

/// For how many looks in a row nothing has to be put back until it counts as done.
const QUIET: usize = 3;

/// How often something is put back to how it was that others change again.
const PATIENCE: usize = 5;

/// All that etcd has at a moment.
pub struct Moment {
    entries: BTreeMap<String, Entry>,
    /// What is left to who changes it each time.
    left: BTreeSet<String>,
}

impl Moment {
    /// The moment before something was made that was about to come.
    #[must_use]
    pub fn before(mut self, key: &str) -> Self {
        assert!(self.entries.remove(key).is_some(), "{key} is not there");
        self
    }

    /// Whether what has this key is neither put back nor deleted.
    fn is_left(&self, key: &str) -> bool {
        goes_on(key) || self.left.contains(key)
    }
}

struct Entry {
    /// In Base64, as etcd says it.
    value: String,
    /// The revision in which it was written last: as it is here, or put back.
    revision: String,
}

impl ControlPlane {
    /// The cluster as it is now.
    #[track_caller]
    pub fn moment(&self) -> Moment {
        let mut entries = self.entries(false);
        entries.retain(|key, _| !goes_on(key));
        Moment { entries, left: BTreeSet::new() }
    }

    /// Puts the cluster back to how it was at a moment, with whatever its controllers make of that.
    #[track_caller]
    pub fn go_back(&self, to: &mut Moment) {
        self.only_if_started("an etcd of its own");
        let mut restless = self.put_back(to, true);
        let (mut quiet, mut times) = (0, BTreeMap::<String, usize>::new());
        for _ in 0..600 {
            thread::sleep(Duration::from_millis(50));
            let again = self.put_back(to, false);
            quiet = if again.is_empty() { quiet + 1 } else { 0 };
            if quiet == QUIET {
                return;
            }
            for key in &again {
                let times = times.entry(key.clone()).or_default();
                *times += 1;
                if *times == PATIENCE {
                    leave(to, key);
                }
            }
            restless = again;
        }
        panic!("the cluster does not come to rest: {restless:?}\n{}", self.state());
    }

    /// Deletes what is new and puts back what is gone, and what changed where that is wanted; the keys of all that.
    fn put_back(&self, to: &mut Moment, with_changes: bool) -> Vec<String> {
        let now = self.entries(true);
        let is_new = |key: &&String| !to.entries.contains_key(*key) && !to.is_left(key);
        let mut touched: Vec<String> = now.keys().filter(is_new).cloned().collect();
        touched
            .sort_by_key(|key| FIRST.iter().position(|first| key.starts_with(first)).unwrap_or(FIRST.len()));
        for key in &touched {
            self.ask("deleterange", &json!({ "key": STANDARD.encode(key) }));
        }
        for (key, entry) in &mut to.entries {
            let is_as_it_was =
                now.get(key).is_some_and(|now| !with_changes || now.revision == entry.revision);
            if !is_as_it_was {
                let put = self.ask("put", &json!({ "key": STANDARD.encode(key), "value": entry.value }));
                entry.revision = text(&put["header"]["revision"]);
                touched.push(key.clone());
            }
        }
        touched
    }

    /// What etcd has, by key.
    fn entries(&self, keys_only: bool) -> BTreeMap<String, Entry> {
        let (key, end) = (STANDARD.encode("/registry/"), STANDARD.encode("/registry0"));
        let found = self.ask("range", &json!({ "key": key, "range_end": end, "keys_only": keys_only }));
        let entries = found["kvs"].as_array().into_iter().flatten().map(|entry| {
            let key = STANDARD.decode(text(&entry["key"])).expect("etcd speaks Base64");
            let (value, revision) = (text(&entry["value"]), text(&entry["mod_revision"]));
            (String::from_utf8(key).expect("Kubernetes has words as keys"), Entry { value, revision })
        });
        entries.collect()
    }

    /// Asks etcd by its gateway for HTTP.
    #[track_caller]
    fn ask(&self, what: &str, question: &Value) -> Value {
        let etcd = self.etcd.trim_start_matches("http://");
        http::answer(etcd, &format!("POST /v3/kv/{what}"), &question.to_string())
    }
}

/// Lets something be that is not left as it was put back: it was about to go at that moment, or to come, and whoever takes
/// it away or makes it does so each time.
fn leave(to: &mut Moment, key: &str) {
    println!("{key} does not stay as it was at that moment, and is left to who changes that");
    to.entries.remove(key);
    to.left.insert(key.to_owned());
}

fn goes_on(key: &str) -> bool {
    GOES_ON.iter().any(|start| key.starts_with(start))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
