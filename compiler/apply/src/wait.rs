//! Looks at what was applied until it is ready, or until there is no use in waiting.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};

use futures::stream::{self, StreamExt, TryStreamExt};
use plan::{Awaited, Context, Key, Kind, Origin, Patience, Reason, Wait, status, wait};
use serde_json::Value;
use tokio::time::Duration;

use crate::cluster::Cluster;
use crate::desired::Desired;
use crate::error::{Error, Stuck};
use crate::execute::Event;
use crate::observe::{live, members};
use crate::reasons::reasons_of;

/// Pauses between looks, in milliseconds; the last one is made again and again.
pub(crate) const PAUSES: [u64; 5] = [100, 200, 400, 700, 1_000];

/// The default storage class says so itself.
const IS_DEFAULT: &str = "storageclass.kubernetes.io/is-default-class";

/// What is waited for.
pub(crate) struct Waiting<'a> {
    cluster: &'a Cluster,
    desired: &'a Desired,
    patience: Patience,
    objects: Vec<(Awaited, Value)>,
    /// Where those are declared that releases have, and as what they are looked for.
    released: BTreeMap<Key, (Value, Origin)>,
    /// The storage classes, once a claim is waited for.
    classes: Vec<Value>,
}

impl<'a> Waiting<'a> {
    pub(crate) fn new(
        cluster: &'a Cluster,
        desired: &'a Desired,
        patience: Patience,
        objects: Vec<(Awaited, Value)>,
    ) -> Self {
        Self { cluster, desired, patience, objects, released: BTreeMap::new(), classes: Vec::new() }
    }

    /// For what releases have, each with where that is declared.
    pub(crate) fn of_releases(
        cluster: &'a Cluster,
        desired: &'a Desired,
        patience: Patience,
        objects: Vec<(Awaited, Value, Value, Origin)>,
    ) -> Self {
        let (mut awaited, mut released) = (Vec::new(), BTreeMap::new());
        for (one, now, rendered, origin) in objects {
            released.insert(one.key.clone(), (rendered, origin));
            awaited.push((one, now));
        }
        Self { released, ..Self::new(cluster, desired, patience, awaited) }
    }

    /// Waits until all is ready. Why it never will be is an error, with what the cluster says about it.
    pub(crate) async fn until_ready(mut self, tell: &mut dyn FnMut(Event<'_>)) -> Result<(), Error> {
        let began = now();
        if self.objects.iter().any(|(awaited, _)| awaited.key.kind.is("", "PersistentVolumeClaim")) {
            let kind = Kind::new("storage.k8s.io", "StorageClass");
            self.classes = crate::observe::all(self.cluster, &kind, &self.desired.vault).await?;
        }
        let mut pauses = PAUSES.iter();
        let mut pause = PAUSES[0];
        loop {
            self.see();
            let awaited: Vec<Awaited> = self.objects.iter().map(|(awaited, _)| awaited.clone()).collect();
            match wait(&awaited, &self.patience, began, now()) {
                Wait::Done => return Ok(()),
                Wait::Failed { failed, left } => return Err(self.stuck(failed, left).await),
                Wait::On { left } => tell(Event::Waiting(&left)),
            }
            if self.cluster.is_stopped() {
                return Err(Error::Stopped);
            }
            self.cluster.is_held()?;
            self.cluster.pause(Duration::from_millis(pause)).await;
            pause = pauses.next().copied().unwrap_or(pause);
            self.look().await?;
        }
    }

    /// Takes note of how far everything is.
    fn see(&mut self) {
        let (now, classes) = (now(), &self.classes);
        let find = |name: Option<&str>| class(classes, name);
        let context = Context { now, storage_class: &find };
        for (awaited, object) in &mut self.objects {
            let seen = (!object.is_null()).then(|| status(object, &context));
            awaited.see(seen, now);
        }
    }

    /// Reads what is not ready anew.
    async fn look(&mut self) -> Result<(), Error> {
        self.look_at_released().await?;
        let is_own = |awaited: &Awaited| !self.released.contains_key(&awaited.key);
        let left = self.objects.iter().filter(|(awaited, _)| !awaited.is_ready() && is_own(awaited));
        let kinds: BTreeSet<Kind> = left.map(|(awaited, _)| awaited.key.kind.clone()).collect();
        let id = self.desired.parent().id();
        let lists = stream::iter(kinds.clone());
        let wanted = self.desired.wanted.objects();
        let wanted = wanted.map(|(_, one)| (one.key.clone(), &one.object)).collect();
        let lists = lists.map(|kind| members(self.cluster, kind, &id, &wanted, &self.desired.vault));
        let found: Vec<Vec<Value>> = lists.buffered(self.cluster.at_once.get()).try_collect().await?;
        let mut found: BTreeMap<Key, Value> =
            found.into_iter().flatten().map(|object| (Key::of(&object), object)).collect();
        for (awaited, object) in &mut self.objects {
            if kinds.contains(&awaited.key.kind) && !self.released.contains_key(&awaited.key) {
                *object = found.remove(&awaited.key).unwrap_or(Value::Null);
            }
        }
        Ok(())
    }

    /// The same of what releases have, which no label leads to.
    async fn look_at_released(&mut self) -> Result<(), Error> {
        let (cluster, vault, released) = (self.cluster, &self.desired.vault, &self.released);
        let left = self.objects.iter().enumerate().filter(|(_, (awaited, _))| !awaited.is_ready());
        let left = left.filter_map(|(nth, (awaited, _))| {
            let (rendered, _) = released.get(&awaited.key)?;
            Some((nth, &awaited.key, rendered))
        });
        let looks = stream::iter(left.collect::<Vec<_>>()).map(|(nth, key, rendered)| async move {
            live(cluster, key, rendered, vault).await.map(|now| (nth, now.unwrap_or(Value::Null)))
        });
        let found: Vec<(usize, Value)> = looks.buffered(cluster.at_once.get()).try_collect().await?;
        for (nth, now) in found {
            self.objects[nth].1 = now;
        }
        Ok(())
    }

    async fn stuck(&self, failed: Vec<Reason>, left: Vec<Reason>) -> Error {
        let is_late = failed.is_empty();
        let mut stuck = Vec::new();
        for reason in failed.into_iter().chain(left) {
            let object = self.objects.iter().find(|(awaited, _)| awaited.key == reason.key);
            let wanted = self.desired.wanted.objects().find(|(_, one)| one.key == reason.key);
            let said = match object {
                Some((_, object)) => reasons_of(self.cluster, object, &self.desired.vault).await,
                None => Vec::new(),
            };
            let released = self.released.get(&reason.key).map(|(_, origin)| origin.clone());
            let origin = wanted.map(|(_, one)| one.origin.clone()).or(released);
            stuck.push(Stuck { reason, origin, said });
        }
        Error::NotReady { stuck, is_late }
    }
}

/// The storage class of a name; without a name the default one.
pub(crate) fn class<'a>(classes: &'a [Value], name: Option<&str>) -> Option<&'a Value> {
    classes.iter().find(|class| match name {
        Some(name) => class["metadata"]["name"] == *name,
        None => class["metadata"]["annotations"][IS_DEFAULT] == "true",
    })
}

/// The time, in seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
