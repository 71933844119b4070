//! Runs what the containers of a job run, without containers: each program with the arguments and the environment that
//! its container has, and a folder for each volume.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use harness::{Outcome, postgresql, tools};
use labs::objects;
use serde_json::Value;
use tempfile::TempDir;

/// After how many seconds a container counts as hanging.
const LIMIT: &str = "120";

/// The built objects of a lab, and folders for what their pods mount.
pub(crate) struct Cluster {
    objects: Vec<Value>,
    /// Values of Secrets by the variable that has them.
    secrets: BTreeMap<String, String>,
    folder: TempDir,
    /// Where names lead that a cluster would know.
    names: BTreeMap<String, String>,
    pods: Cell<u32>,
}

/// What one container runs.
pub(crate) struct Run {
    pub(crate) command: Vec<String>,
    /// Its environment as far as it stands in the object.
    pub(crate) plain: BTreeMap<String, String>,
    /// The keys of Secrets that the rest of its environment comes from.
    pub(crate) secret: BTreeMap<String, String>,
    /// Where it mounts volumes, and whether they are gone with its pod.
    mounts: Vec<(String, bool)>,
}

impl Cluster {
    /// The cluster of a lab. Secrets are said by the variable that they are in.
    pub(crate) fn of(lab: &str, secrets: &[(&str, &str)]) -> Self {
        let outputs = labs::built(lab).expect("the lab is built");
        Self {
            objects: objects::of(&outputs),
            secrets: secrets.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            folder: TempDir::new().expect("a folder"),
            names: BTreeMap::new(),
            pods: Cell::new(0),
        }
    }

    /// The same with a name that leads to this place.
    pub(crate) fn with_name(mut self, name: &str, place: &Path) -> Self {
        self.names.insert(name.to_owned(), place.display().to_string());
        self
    }

    /// The same with another value of a Secret.
    pub(crate) fn with_secret(mut self, variable: &str, value: &str) -> Self {
        self.secrets.insert(variable.to_owned(), value.to_owned());
        self
    }

    /// The folder for what is mounted there and outlasts pods.
    pub(crate) fn folder(&self, path: &str) -> PathBuf {
        let folder = self.folder.path().join(&path[1..]);
        fs::create_dir_all(&folder).expect("the folder can be made");
        folder
    }

    /// What all containers of all jobs run.
    pub(crate) fn runs(&self) -> Vec<Run> {
        let pods = self.objects.iter().filter_map(pod);
        pods.flat_map(|pod| containers(pod).map(|container| Run::of(pod, container)).collect::<Vec<_>>())
            .collect()
    }

    /// Runs the job of this name, with some variables of its own container set otherwise. What runs beside it runs beside
    /// it, and ends with it.
    #[track_caller]
    pub(crate) fn run(&self, name: &str, set: &[(&str, &str)]) -> Outcome {
        let named = |object: &&Value| {
            let found = object["metadata"]["name"].as_str().unwrap_or_default();
            // A job that runs once has what it does in its name.
            found == name
                || (object["kind"] == "Job" && found.rsplit_once('-').is_some_and(|(found, _)| found == name))
        };
        let job = self.objects.iter().filter(|object| pod(object).is_some()).find(named);
        let pod = pod(job.unwrap_or_else(|| panic!("there is no job {name}"))).expect("a job has a pod");
        self.pods.set(self.pods.get() + 1);
        let beside = pod["initContainers"].as_array().into_iter().flatten();
        let beside = beside
            .inspect(|one| assert_eq!(one["restartPolicy"], "Always", "what runs before is not run here"));
        let beside: Vec<Beside> =
            beside.map(|one| Beside::start(&mut self.command(&Run::of(pod, one), &[]))).collect();
        let outcome = Outcome::of(&mut self.command(&Run::of(pod, &pod["containers"][0]), set));
        drop(beside);
        assert_ne!(outcome.code, Some(124), "it hangs: {outcome}");
        outcome
    }

    /// The snapshots of the repository, oldest first.
    pub(crate) fn snapshots(&self) -> Vec<String> {
        let mut restic = tools::command("restic");
        restic.args(["snapshots", "--json", "--no-cache", "--repo"]).arg(self.folder("/repository"));
        restic.env("RESTIC_PASSWORD", &self.secrets["RESTIC_PASSWORD"]);
        let found: Value = serde_json::from_str(&Outcome::of(&mut restic).succeeded().stdout).expect("JSON");
        let found = found.as_array().expect("a list").iter();
        found.map(|snapshot| snapshot["id"].as_str().expect("a snapshot has an id").to_owned()).collect()
    }

    fn command(&self, run: &Run, set: &[(&str, &str)]) -> Command {
        let mut command = Command::new("timeout");
        command.arg(LIMIT).args(run.command.iter().map(|word| self.placed(run, word)));
        let programs =
            std::env::join_paths([tools::folder().join("bin"), postgresql::folder()]).expect("two folders");
        let mut path = programs;
        path.push(":/usr/bin:/bin");
        command.env_clear().env("PATH", path).env("HOME", self.folder("/root"));
        for (name, value) in &run.plain {
            command.env(name, self.placed(run, value));
        }
        for name in run.secret.keys() {
            command.env(name, self.secrets.get(name).unwrap_or_else(|| panic!("no value for {name}")));
        }
        command.envs(set.iter().copied());
        command
    }

    /// A text of a container with folders in place of what it mounts, and places in place of names.
    fn placed(&self, run: &Run, text: &str) -> String {
        let mut text = text.to_owned();
        for (mount, is_temporary) in &run.mounts {
            let top = format!("/{}", mount[1..].split('/').next().unwrap_or_default());
            let here = if *is_temporary { format!("/pod-{}{top}", self.pods.get()) } else { top.clone() };
            let folder = self.folder(&here).display().to_string();
            // Already there by another mount.
            if !text.contains(&folder) {
                text = text.replace(&format!("{top}/"), &format!("{folder}/"));
                text = if text == top { folder } else { text };
            }
        }
        self.names.get(&text).cloned().unwrap_or(text)
    }
}

impl Run {
    fn of(pod: &Value, container: &Value) -> Self {
        let texts = |field: &str| {
            let list = container[field].as_array().into_iter().flatten();
            list.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        let (mut plain, mut secret) = (BTreeMap::new(), BTreeMap::new());
        for variable in container["env"].as_array().into_iter().flatten() {
            let name = variable["name"].as_str().expect("a variable has a name").to_owned();
            match variable["valueFrom"]["secretKeyRef"]["key"].as_str() {
                Some(key) => secret.insert(name, key.to_owned()),
                None => plain.insert(name, variable["value"].as_str().unwrap_or_default().to_owned()),
            };
        }
        let temporary = |mount: &Value| {
            let volumes = pod["volumes"].as_array().into_iter().flatten();
            volumes.into_iter().any(|volume| volume["name"] == mount["name"] && !volume["emptyDir"].is_null())
        };
        let mounts = container["volumeMounts"].as_array().into_iter().flatten();
        let mounts =
            mounts.map(|mount| (mount["mountPath"].as_str().expect("a path").to_owned(), temporary(mount)));
        Self { command: [texts("command"), texts("args")].concat(), plain, secret, mounts: mounts.collect() }
    }
}

/// A program that runs beside another one.
struct Beside(Child);

impl Beside {
    fn start(command: &mut Command) -> Self {
        Self(command.stdin(Stdio::null()).spawn().expect("it starts"))
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // It hands the signal on to all that it started.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// The pod of a job.
fn pod(object: &Value) -> Option<&Value> {
    let spec = match object["kind"].as_str()? {
        "Job" => &object["spec"],
        "CronJob" => &object["spec"]["jobTemplate"]["spec"],
        _ => return None,
    };
    Some(&spec["template"]["spec"])
}

fn containers(pod: &Value) -> impl Iterator<Item = &Value> {
    ["initContainers", "containers"].into_iter().flat_map(|field| pod[field].as_array().into_iter().flatten())
}
