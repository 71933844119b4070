//! The way to a cluster, and which kinds it has.

use std::cell::{Cell, RefCell};
use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use kube::api::{ApiResource, DynamicObject, Resource};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::core::GroupVersionKind;
use kube::discovery::{ApiCapabilities, Discovery, Scope};
use kube::{Client, Config};
use plan::{Kind, Refusal};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::time::{sleep, timeout};

use crate::error::Error;
use crate::lease::Hold;
use crate::request::{PAUSES, Question};
use crate::vault::Vault;

/// How a cluster is found, as kubectl takes it.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// The file that says so; what `KUBECONFIG` says, or `~/.kube/config`, if it is left out.
    pub kubeconfig: Option<PathBuf>,
    /// The context in it; the current one, if it is left out.
    pub context: Option<String>,
}

impl Access {
    /// What says where the cluster is.
    pub(crate) fn file(&self) -> Result<Kubeconfig, Error> {
        let file = match &self.kubeconfig {
            Some(path) => Kubeconfig::read_from(path),
            None => Kubeconfig::from_env().and_then(|file| file.map_or_else(Kubeconfig::read, Ok)),
        };
        file.map_err(|error| no_access(&error))
    }
}

fn no_access(error: &kube::config::KubeconfigError) -> Error {
    Error::NoAccess(error.to_string())
}

/// Whether the current context of a kubeconfig takes another program to get in, which may ask a person something.
pub(crate) fn asks_a_person(file: &Kubeconfig) -> bool {
    let current = file.contexts.iter().find(|one| Some(&one.name) == file.current_context.as_ref());
    let user = current.and_then(|one| one.context.as_ref()?.user.as_ref());
    let user = file.auth_infos.iter().find(|one| Some(&one.name) == user);
    let auth = user.and_then(|user| user.auth_info.as_ref());
    auth.is_some_and(|auth| auth.exec.is_some() || auth.auth_provider.is_some())
}

/// How many questions are on their way at once, where nobody says otherwise.
const AT_ONCE: NonZeroUsize = NonZeroUsize::new(8).unwrap();

/// How long it may take until there is a connection.
const CONNECTS_WITHIN: Duration = Duration::from_secs(5);

/// A cluster.
pub struct Cluster {
    runtime: Runtime,
    pub(crate) client: Client,
    /// Where it is: `https://192.168.1.5:6443/`.
    pub server: String,
    /// How it was found: helm is to find it likewise.
    pub(crate) access: Access,
    /// The context of the kubeconfig that leads there; empty if it has none.
    pub context: String,
    /// How many questions are on their way at once.
    pub at_once: NonZeroUsize,
    kinds: RefCell<Option<Discovery>>,
    /// How long an answer may take.
    pub(crate) patience: Duration,
    /// Whether somebody asked to stop.
    pub(crate) stop: Arc<AtomicBool>,
    /// Whether it was there once in this run. Where it never was, it is not asked again and again.
    pub(crate) has_answered: Cell<bool>,
    /// The lab's Lease, while this run has it.
    pub(crate) hold: RefCell<Option<Rc<Hold>>>,
}

impl Cluster {
    /// Finds a cluster; it is not asked anything yet. Nothing is begun once `stop` is true.
    pub fn find(access: &Access, stop: Arc<AtomicBool>) -> Result<Self, Error> {
        Self::of(access.file()?, access, stop)
    }

    /// The cluster that a kubeconfig leads to.
    pub(crate) fn of(file: Kubeconfig, access: &Access, stop: Arc<AtomicBool>) -> Result<Self, Error> {
        let context = access.context.clone().or_else(|| file.current_context.clone()).unwrap_or_default();
        let options = KubeConfigOptions { context: access.context.clone(), ..KubeConfigOptions::default() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Error::NoAccess(format!("no runtime: {error}")))?;
        let config = runtime.block_on(Config::from_custom_kubeconfig(file, &options));
        let mut config = config.map_err(|error| no_access(&error))?;
        // Whether something is asked again is decided in one place, `request`.
        config.default_retry = false;
        config.connect_timeout = Some(CONNECTS_WITHIN);
        let server = config.cluster_url.to_string();
        // The client has a task of its own, which runs where others wait.
        let client = {
            let _inside = runtime.enter();
            Client::try_from(config).map_err(|error| Error::NoAccess(error.to_string()))?
        };
        let (kinds, hold, patience) = (RefCell::new(None), RefCell::new(None), Duration::from_secs(30));
        let (access, has_answered, at_once) = (access.clone(), Cell::new(false), AT_ONCE);
        Ok(Self {
            runtime,
            client,
            server,
            access,
            context,
            at_once,
            kinds,
            patience,
            stop,
            has_answered,
            hold,
        })
    }

    /// Waits for what is asked of the cluster, on this thread.
    pub(crate) fn run<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.runtime.block_on(work)
    }

    /// Whether somebody asked to stop.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Waits for so long, or until somebody asks to stop.
    pub(crate) async fn pause(&self, time: Duration) {
        let end = Instant::now() + time;
        while !self.is_stopped() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            sleep(left.min(Duration::from_millis(100))).await;
        }
    }

    /// Asks the cluster which kinds it has: again, if they may have become more.
    pub(crate) async fn look_for_kinds(&self) -> Result<(), Error> {
        let mut pauses = PAUSES.iter();
        loop {
            let found = timeout(self.patience, Discovery::new(self.client.clone()).run_aggregated()).await;
            let error = match found {
                Ok(Ok(found)) => {
                    *self.kinds.borrow_mut() = Some(found);
                    self.has_answered.set(true);
                    return Ok(());
                }
                Ok(Err(error)) => self.trouble(&error),
                Err(_) => self.late(),
            };
            let is_passing = matches!(error, Error::Unreachable(..) | Error::Refused(_, Refusal::Busy(..)));
            let (true, Some(pause), false) = (is_passing, pauses.next(), self.is_stopped()) else {
                return Err(error);
            };
            self.pause(Duration::from_millis(*pause)).await;
        }
    }

    /// The version of Kubernetes that it is: `v1.37.2`.
    pub(crate) async fn version(&self, vault: &Vault) -> Result<String, Error> {
        let version = self.ask(&Question::get("/version"), vault).await?;
        let version = version["gitVersion"].as_str().map(str::to_owned);
        version.ok_or_else(|| Error::Nonsense("it does not say which version it is".to_owned()))
    }

    /// The versions of its APIs and the kinds in them, as charts ask for them: `apps/v1`, `apps/v1/Deployment`.
    pub(crate) fn api_versions(&self) -> Vec<String> {
        let kinds = self.kinds.borrow();
        let groups = kinds.iter().flat_map(Discovery::groups);
        let mut found: Vec<String> = Vec::new();
        for (group, version) in groups.flat_map(|group| group.versions().map(move |one| (group, one))) {
            for (resource, _) in group.versioned_resources(version) {
                found.push(resource.api_version.clone());
                found.push(format!("{}/{}", resource.api_version, resource.kind));
            }
        }
        found.sort();
        found.dedup();
        found
    }

    /// No answer came in time.
    pub(crate) fn late(&self) -> Error {
        Error::Unreachable(self.server.clone(), format!("no answer within {:?}", self.patience))
    }

    /// The path of an object's kind: with a name behind it, that of the object. `None` if the cluster has no such kind.
    pub(crate) fn path(&self, object: &Value) -> Option<String> {
        let kinds = self.kinds.borrow();
        let (resource, can) = kinds.as_ref()?.resolve_gvk(&gvk(object)?)?;
        let namespace = object["metadata"]["namespace"].as_str();
        Some(url(&resource, &can, namespace))
    }

    /// The path of all objects of a kind, whatever their version. `None` if the cluster has no such kind.
    pub(crate) fn path_of_all(&self, kind: &Kind) -> Option<String> {
        let kinds = self.kinds.borrow();
        let group = kinds.as_ref()?.get(&kind.group)?;
        // A group may have a kind in one of its versions only, and not in the one that it likes best.
        let mut all = group.resources_by_stability().into_iter();
        let (resource, _) = all.find(|(resource, _)| resource.kind == kind.kind)?;
        Some(DynamicObject::url_path(&resource, None))
    }

    /// Whether objects of an object's kind are in namespaces. `None` if the cluster has no such kind.
    pub(crate) fn is_namespaced(&self, object: &Value) -> Option<bool> {
        let kinds = self.kinds.borrow();
        let (_, can) = kinds.as_ref()?.resolve_gvk(&gvk(object)?)?;
        Some(can.scope == Scope::Namespaced)
    }

    /// What went wrong on the way, or what the cluster said.
    pub(crate) fn trouble(&self, error: &kube::Error) -> Error {
        if let kube::Error::Api(status) = error {
            // Only the code in the body is kept. A cluster says one; who says none stands on the way to it.
            let code = if status.code == 0 { 503 } else { status.code };
            return Error::said(&json!({"message": status.message}), code, None);
        }
        let why = chain(error).skip(1).fold(error.to_string(), |why, cause| {
            let text = cause.to_string();
            if why.contains(&text) { why } else { format!("{why}: {text}") }
        });
        let server = self.server.clone();
        match (error, unconnected(error)) {
            (kube::Error::Auth(_), _) => Error::Unauthorized(why),
            // As rustls says it: whoever answers there is another one, and stays so however often it is asked.
            _ if why.contains("invalid peer certificate") => Error::Untrusted(server, why),
            (_, Some(why)) if !self.has_answered.get() => Error::Absent(server, why),
            _ => Error::Unreachable(server, why),
        }
    }
}

/// An error, and what it comes from.
fn chain<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| error.source())
}

/// Why there was no connection at all, if that is what went wrong.
fn unconnected(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    // hyper's own error is the only one that tells a connection that never was from one that broke.
    let is_of_connecting = chain(error).any(|one| one.to_string().contains("(Connect)"));
    let source = chain(error).find_map(|one| one.downcast_ref::<io::Error>()).filter(|_| is_of_connecting)?;
    Some(match source.kind() {
        io::ErrorKind::ConnectionRefused => "nothing listens there (connection refused)".to_owned(),
        io::ErrorKind::TimedOut => format!("there was no connection within {} s", CONNECTS_WITHIN.as_secs()),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::UnexpectedEof => {
            return None;
        }
        _ => chain(source).last().unwrap_or(source).to_string(),
    })
}

/// The kind that an object says it is of, with its version.
fn gvk(object: &Value) -> Option<GroupVersionKind> {
    let version = object["apiVersion"].as_str()?;
    let (group, version) = version.split_once('/').unwrap_or(("", version));
    Some(GroupVersionKind::gvk(group, version, object["kind"].as_str()?))
}

/// An object of a kind of the whole cluster is in no namespace, whatever it says; any other is in one.
fn url(resource: &ApiResource, can: &ApiCapabilities, namespace: Option<&str>) -> String {
    let namespace = match can.scope {
        Scope::Cluster => None,
        Scope::Namespaced => Some(namespace.unwrap_or("default")),
    };
    DynamicObject::url_path(resource, namespace)
}
