//! A Kubernetes cluster for one test: the real etcd, API server, controller manager and scheduler, and kwok,
//! which plays the nodes.
//!
//! No container runs. Pods that kwok is told to bring up become Ready within a second or two, so a Deployment
//! rolls out, a Service gets endpoints and a Job completes as they would.
//!
//! Where `HLC_TEST_CLUSTER` names a kubeconfig, that cluster is taken instead of one that is started: `tests/k3s`.

mod crds;
mod dry_run;
mod given;
mod moments;
mod nodes;
mod users;
mod volumes;

pub use moments::Moment;
pub use nodes::Node;

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::outcome::Outcome;
use crate::scratch::Scratch;
use crate::tools;
use crate::watched::Watched;

const TOKEN: &str = "token-of-the-tests";

/// The label of what the harness makes in a cluster for a test, so that `tests/k3s` can take it away again.
const MADE: &str = "hlc-tests/made";

/// How long the whole control plane may take to be there; it takes 3 s on an idle machine.
const START: Duration = Duration::from_mins(2);

/// A running cluster. It ends when this is dropped, when the test panics and when the test is killed.
pub struct ControlPlane {
    // Dropped in this order: first the processes, then the folder they write to.
    processes: Vec<Watched>,
    scratch: Scratch,
    /// Where the API server listens.
    port: u16,
    /// Where etcd does.
    etcd: String,
    /// Whether it was there already, and stays.
    is_given: bool,
}

impl ControlPlane {
    /// Starts a cluster with these nodes and waits until all of them are Ready.
    #[track_caller]
    pub fn start(nodes: &[Node]) -> Self {
        if let Some(given) = Self::given() {
            return given.only_plain(nodes);
        }
        // A port that was free may be taken by the time that it is used, and then a process ends at once.
        for _ in 0..2 {
            if let Ok(plane) = Self::try_start(nodes) {
                return plane;
            }
        }
        Self::try_start(nodes).unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// Starts an API server that nothing works for: it says what it takes, and nothing comes of it. A test that needs
    /// just that, and no other cluster would do, is left out by `tests/k3s`.
    #[track_caller]
    pub fn start_api_server() -> Self {
        if let Some(given) = Self::given() {
            return given;
        }
        let start = || {
            let mut plane = Self::new();
            plane.start_api().map(|()| plane)
        };
        start().or_else(|_| start()).unwrap_or_else(|problem| panic!("{problem}"))
    }

    fn new() -> Self {
        Self {
            processes: Vec::new(),
            scratch: Scratch::new("hlc-control-plane-"),
            port: 0,
            etcd: String::new(),
            is_given: false,
        }
    }

    fn try_start(nodes: &[Node]) -> Result<Self, String> {
        let mut plane = Self::new();
        plane.start_api()?;
        plane.start_controllers();
        plane.create(nodes)?;
        Ok(plane)
    }

    fn start_api(&mut self) -> Result<(), String> {
        let [etcd, peers, api] = free_ports();
        self.port = api;
        let etcd = format!("http://127.0.0.1:{etcd}");
        self.etcd.clone_from(&etcd);
        self.run("etcd", |etcd_command, folder| {
            etcd_command
                .arg("--data-dir")
                .arg(folder.join("etcd"))
                .args(["--listen-client-urls", &etcd, "--advertise-client-urls", &etcd])
                .args(["--listen-peer-urls", &format!("http://127.0.0.1:{peers}")])
                .arg("--unsafe-no-fsync");
        });
        self.write_credentials(api);
        self.start_api_alone()
    }

    /// Ends the API server; what it knows stays in etcd.
    #[track_caller]
    pub fn stop_api(&mut self) {
        self.only_if_started("an API server that can be stopped");
        self.processes.retain(|process| process.name != "kube-apiserver");
    }

    /// Starts an API server that was stopped, where it was, and waits until it answers.
    #[track_caller]
    pub fn start_api_again(&mut self) {
        self.start_api_alone().unwrap_or_else(|problem| panic!("{problem}"));
    }

    fn start_api_alone(&mut self) -> Result<(), String> {
        let (etcd, api) = (self.etcd.clone(), self.port);
        self.run("kube-apiserver", |apiserver, folder| {
            apiserver
                .arg(format!("--etcd-servers={etcd}"))
                .arg(flag("cert-dir", folder.join("certs")))
                .arg(flag("token-auth-file", folder.join("tokens.csv")))
                .arg(flag("service-account-key-file", folder.join("sa.pub")))
                .arg(flag("service-account-signing-key-file", folder.join("sa.key")))
                .args([
                    "--service-account-issuer=https://kubernetes.default.svc",
                    "--authorization-mode=RBAC",
                ])
                .args(["--bind-address=127.0.0.1", &format!("--secure-port={api}")])
                // The API server refuses to advertise a loopback address.
                .arg("--endpoint-reconciler-type=none")
                .args(["--service-cluster-ip-range=10.43.0.0/16", "--allow-privileged=true"]);
        });
        self.until("the API server answers", |plane| plane.kubectl(&["get", "--raw=/readyz"]).ok)
    }

    fn start_controllers(&mut self) {
        let kubeconfig = flag("kubeconfig", self.kubeconfig());
        self.run("kube-controller-manager", |manager, folder| {
            manager
                .arg(&kubeconfig)
                .arg(flag("service-account-private-key-file", folder.join("sa.key")))
                .arg(flag("root-ca-file", folder.join("certs/apiserver.crt")))
                .args(["--use-service-account-credentials=true", "--leader-elect=false", "--secure-port=0"]);
        });
        self.run("kube-scheduler", |scheduler, _| {
            scheduler.arg(&kubeconfig).args(["--leader-elect=false", "--secure-port=0"]);
        });
        self.run("kwok", |kwok, scratch| {
            // Nodes say that they are there ten times as often as they would: whoever waits for that need not wait long.
            let stages =
                fs::read_to_string(tools::installed("share/kwok-ready.yaml")).expect("it is installed");
            let often = stages
                .replace("urationMilliseconds: 20000", "urationMilliseconds: 2000")
                .replace("urationMilliseconds: 25000", "urationMilliseconds: 2500");
            let config = scratch.join("kwok.yaml");
            fs::write(&config, often).expect("a temporary folder can be written");
            kwok.arg(&kubeconfig).arg("--manage-all-nodes=true").arg(flag("config", config));
        });
    }

    fn create(&mut self, nodes: &[Node]) -> Result<(), String> {
        let list = self.scratch.path().join("nodes.json");
        std::fs::write(&list, nodes::list(nodes).to_string()).expect("the nodes can be written");
        if !nodes.is_empty() {
            self.kubectl(&["create", "-f", &list.to_string_lossy()]).succeeded();
        }
        self.until("all nodes are Ready", |plane| {
            let found = plane.get(&["nodes"]);
            let all = found["items"].as_array().map(Vec::as_slice).unwrap_or_default();
            all.len() == nodes.len() && all.iter().all(is_ready)
        })?;
        // Pods are refused until the controllers made this.
        self.until("the controllers are at work", |plane| {
            plane.kubectl(&["get", "serviceaccount", "default"]).ok
        })
    }

    /// A kubeconfig with every right.
    pub fn kubeconfig(&self) -> PathBuf {
        self.scratch.path().join("kubeconfig")
    }

    /// Runs kubectl against this cluster.
    #[track_caller]
    pub fn kubectl(&self, args: &[&str]) -> Outcome {
        Outcome::of(self.kubectl_command().args(args))
    }

    /// What kubectl finds, as JSON; null when that is nothing.
    #[track_caller]
    pub fn get(&self, args: &[&str]) -> Value {
        let outcome = Outcome::of(self.kubectl_command().arg("get").args(args).args(["-o", "json"]));
        serde_json::from_str(&outcome.stdout).unwrap_or(Value::Null)
    }

    /// Applies a file, or all files in a folder and below it, server-side. A field that the API does not know
    /// is an error.
    #[track_caller]
    pub fn apply_server_side(&self, path: &Path) -> Outcome {
        let apply = ["apply", "--server-side", "--validate=strict", "--recursive", "--filename"];
        Outcome::of(self.kubectl_command().args(apply).arg(path))
    }

    /// Teaches the API the kinds of these groups, such as `metallb.io`, and waits until it knows them. False,
    /// after a word about it, where their schemas are not here.
    #[track_caller]
    pub fn install_crds(&self, groups: &[&str]) -> bool {
        let Some(data) = tools::test_data("applying the kinds of extensions") else { return false };
        let list = self.scratch.path().join("crds.json");
        std::fs::write(&list, crds::list(&data, groups).to_string()).expect("the definitions can be written");
        self.apply_server_side(&list).succeeded();
        let list = list.to_string_lossy();
        self.kubectl(&["wait", "--for=condition=Established", "--timeout=60s", "-f", &list]).succeeded();
        true
    }

    /// Waits until something holds, looking again and again; panics with the state of the cluster when it
    /// does not within the time.
    #[track_caller]
    pub fn wait_for(&self, what: &str, at_most: Duration, holds: impl Fn(&Self) -> bool) {
        let end = Instant::now() + at_most;
        while !holds(self) {
            assert!(Instant::now() < end, "not within {at_most:?}: {what}\n{}", self.state());
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Waits until every pod of a namespace is Ready or has completed; there must be one.
    #[track_caller]
    pub fn wait_for_pods(&self, namespace: &str, at_most: Duration) {
        self.wait_for(&format!("all pods in {namespace} are Ready"), at_most, |plane| {
            let pods = plane.get(&["pods", "--namespace", namespace]);
            let pods = pods["items"].as_array().map(Vec::as_slice).unwrap_or_default();
            !pods.is_empty() && pods.iter().all(|pod| is_ready(pod) || pod["status"]["phase"] == "Succeeded")
        });
    }

    /// What one of the processes printed so far: `etcd`, `kube-apiserver`, `kube-controller-manager`,
    /// `kube-scheduler` or `kwok`.
    pub fn log(&self, process: &str) -> String {
        std::fs::read_to_string(self.scratch.path().join(format!("{process}.log"))).unwrap_or_default()
    }

    /// kubectl, with every right in this cluster.
    pub fn kubectl_command(&self) -> Command {
        let mut kubectl = tools::command("kubectl");
        kubectl.arg(flag("kubeconfig", self.kubeconfig()));
        // Otherwise what the API offers is remembered for hours in the home of whoever runs the tests.
        kubectl.arg(flag("cache-dir", self.scratch.path().join("kubectl-cache")));
        kubectl
    }

    fn state(&self) -> String {
        let pods = self.kubectl(&["get", "nodes,pods", "--all-namespaces", "--output=wide"]);
        let events = self.kubectl(&["get", "events", "--all-namespaces", "--sort-by=.lastTimestamp"]);
        let newest: Vec<_> = events.stdout.lines().rev().take(20).collect();
        format!("{}{}\nnewest events:\n{}", pods.stdout, pods.stderr, newest.join("\n"))
    }

    #[track_caller]
    fn run(&mut self, name: &str, arguments: impl FnOnce(&mut Command, &Path)) {
        let mut program = tools::command(name);
        arguments(&mut program, self.scratch.path());
        let log = self.scratch.path().join(format!("{name}.log"));
        self.processes.insert(0, Watched::start(&program, &log));
    }

    /// Waits for a step of starting; an error has the last words of a process that ended instead.
    fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) -> Result<(), String> {
        let end = Instant::now() + START;
        while !holds(self) {
            if let Some(dead) = self.processes.iter_mut().find_map(|it| it.ended().map(|_| it.name.clone())) {
                return Err(format!("{dead} ended before {what}:\n{}", self.last_words(&dead)));
            }
            assert!(
                Instant::now() < end,
                "not within {START:?}: {what}\n{}",
                self.last_words("kube-apiserver")
            );
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    fn last_words(&self, process: &str) -> String {
        let log = self.log(process);
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn write_credentials(&self, port: u16) {
        let folder = self.scratch.path();
        let (private, public) = (folder.join("sa.key"), folder.join("sa.pub"));
        let curve = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out"];
        Outcome::of(Command::new("openssl").args(curve).arg(&private)).succeeded();
        let public_part = ["pkey", "-pubout", "-in"];
        Outcome::of(Command::new("openssl").args(public_part).arg(&private).arg("-out").arg(&public))
            .succeeded();

        let tokens = format!("{TOKEN},admin,1,\"system:masters\"\n");
        std::fs::write(folder.join("tokens.csv"), tokens).expect("the token can be written");
        std::fs::write(self.kubeconfig(), kubeconfig(port, &folder.join("certs/apiserver.crt"), TOKEN))
            .expect("the kubeconfig can be written");
    }
}

fn is_ready(object: &Value) -> bool {
    let conditions = object["status"]["conditions"].as_array().map(Vec::as_slice).unwrap_or_default();
    conditions.iter().any(|condition| condition["type"] == "Ready" && condition["status"] == "True")
}

fn flag(name: &str, path: PathBuf) -> std::ffi::OsString {
    let mut flag = std::ffi::OsString::from(format!("--{name}="));
    flag.push(path);
    flag
}

/// Ports that nothing listens on. All are held until the last is found, so that they differ.
fn free_ports<const N: usize>() -> [u16; N] {
    let held: [_; N] = std::array::from_fn(|_| {
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port on loopback")
    });
    held.map(|listener| listener.local_addr().expect("a bound listener has an address").port())
}

/// A kubeconfig for who has a token.
fn kubeconfig(port: u16, certificate: &Path, token: &str) -> String {
    serde_json::json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "tests",
        "clusters": [{"name": "tests", "cluster": {
            "server": format!("https://127.0.0.1:{port}"),
            "certificate-authority": certificate,
        }}],
        "users": [{"name": "admin", "user": {"token": token}}],
        "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": "admin"}}],
    })
    .to_string()
}
