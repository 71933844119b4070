//! `docs/first-app.md`, done as it says, with keys of the test in place of those that are printed there.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use harness::charts::{Charts, repositories};
use harness::control_plane::{ControlPlane, Node};
use harness::nix::NixosCheck;
use harness::outcome::Outcome;
use harness::sops_placeholder::AgeKey;
use harness::ssh_key::HostKey;
use harness::tools;
use serde_json::{Value, json};

use crate::cluster::give_addresses;
use crate::lab::{Written, edit, quoted, root};
use crate::real::hlc_without_keys;

const MINUTE: Duration = Duration::from_mins(1);

/// The page's lab, as far as its reader has come.
struct Reader {
    written: Written,
    text: String,
}

impl Reader {
    /// Begins with the page's first lab.
    fn begun(attic: &HostKey) -> Self {
        let [lab, ..] = labs();
        let (key, drawer) = (AgeKey::generate(), AgeKey::generate());
        let mut text = with_key(&lab, "host-key", attic.public());
        text = with_key(&text, "recipient laptop", key.recipient());
        text = with_key(&text, "recipient drawer", drawer.recipient());
        let reader = Self { written: Written::holding(tempfile::tempdir().unwrap(), key), text };
        reader.save();
        reader
    }

    fn save(&self) {
        fs::write(self.written.folder().join("homelab.hl"), &self.text).unwrap();
    }

    fn hlc(&self, arguments: &[&str]) -> Outcome {
        let mut hlc = hlc_without_keys(self.written.folder());
        hlc.args(arguments).env("SOPS_AGE_KEY_FILE", self.written.key.file());
        Outcome::of(&mut hlc).succeeded()
    }

    /// Adds to the lab, and builds what has to be without a word.
    fn builds(&mut self, more: &str) {
        self.text.push_str(more);
        self.save();
        let checked: Value = serde_json::from_str(&self.hlc(&["check", "--format", "json"]).stdout).unwrap();
        assert_eq!(checked["problems"], json!([]), "{checked:#}");
        self.hlc(&["build"]);
        self.hlc(&["secrets", "check"]);
    }

    /// Whether a host opens its secrets with this key.
    fn opens(&self, host: &str, identity: &str) -> bool {
        let file = self.written.nixos().join("secrets").join(format!("{host}.yaml"));
        let mut sops = tools::command("sops");
        sops.env("HOME", self.written.folder()).env("SOPS_AGE_KEY", identity).arg("decrypt").arg(file);
        let outcome = Outcome::of(&mut sops);
        assert!(!outcome.ok || outcome.stdout.contains("k3s-token: "), "{outcome}");
        outcome.ok
    }
}

fn page() -> String {
    fs::read_to_string(root().join("docs/first-app.md")).unwrap()
}

/// The lab of the page, the app that is added to it, and the host.
fn labs() -> [String; 3] {
    let labs = blocks(&page(), "hl");
    labs.try_into().unwrap_or_else(|labs| panic!("the page has other labs: {labs:#?}"))
}

/// The blocks of a page that are in a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fenced = page.split("\n```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'));
    let wanted = fenced.filter(|(info, _)| info.split(' ').next() == Some(language));
    wanted.map(|(_, text)| format!("{text}\n")).collect()
}

/// A lab with another key in a field.
fn with_key(text: &str, field: &str, key: &str) -> String {
    let printed: Vec<&str> = quoted(text, field).collect();
    assert_eq!(printed.len(), 1, "{field} in {text}");
    edit(text, printed[0], key)
}

#[test]
fn secrets_are_made_as_the_page_shows_and_each_host_opens_its_own() {
    let (attic, cellar) = (HostKey::generate(), HostKey::generate());
    let mut reader = Reader::begun(&attic);
    let made = reader.hlc(&["secrets", "generate"]);
    let shown =
        blocks(&page(), "text").into_iter().find(|block| block.starts_with("$ hlc secrets generate\n"));
    let shown = shown.expect("the page shows what is made");
    let said = format!("$ hlc secrets generate\n{}{}", made.stdout, made.stderr);
    assert_eq!(said, shown);

    reader.builds("");
    let admin = fs::read_to_string(reader.written.key.file()).unwrap();
    assert!(reader.opens("attic", &attic.age_identity()));
    assert!(!reader.opens("attic", &admin));

    let [.., host] = labs();
    reader.builds(&with_key(&host, "host-key", cellar.public()));
    assert!(reader.opens("cellar", &cellar.age_identity()));
    assert!(!reader.opens("cellar", &attic.age_identity()));

    let Some(nixos) = NixosCheck::find() else { return };
    for (host, role) in [("attic", "server"), ("cellar", "agent")] {
        let found = nixos.host(&reader.written.nixos(), host, &["services.k3s.role"]);
        assert_eq!(found, Ok(json!({ "services.k3s.role": role })), "{host}");
    }
}

#[test]
fn helmfile_deploys_stage_by_stage_and_then_the_change() {
    let Some(charts) = Charts::serve() else { return };
    let mut reader = Reader::begun(&HostKey::generate());
    reader.hlc(&["secrets", "generate"]);
    reader.builds("");
    let label = "node-role.kubernetes.io/control-plane";
    let cluster = ControlPlane::start(&[Node::new("attic").label(label, "true")]);
    cluster.offer_volumes("local-path");
    let k8s = reader.written.k8s();
    let key = reader.written.key.file();
    let apply = |folder: &Path| {
        let helmfile = charts.helmfile(folder).kubeconfig(&cluster.kubeconfig()).age_key(&key);
        // Without helm-diff, `apply` cannot look at what is there.
        if tools::unavailable("helm-diff").is_some() { helmfile.sync() } else { helmfile.apply() }
    };
    let stop = AtomicBool::new(false);
    let steps = thread::scope(|scope| {
        scope.spawn(|| give_addresses(&cluster, &stop));
        let steps: Vec<_> = steps().into_iter().map(|folder| k8s.join(folder)).collect();
        let applied: Vec<_> = steps
            .iter()
            .map(|folder| {
                for repository in all_repositories(folder) {
                    charts.alias(&repository);
                }
                apply(folder)
            })
            .collect();
        stop.store(true, Ordering::Relaxed);
        applied
    });
    assert_eq!(steps.len(), 5, "four parts of the first stage, then all");
    for step in steps {
        step.succeeded();
    }
    let traefik = cluster.get(&["service", "traefik", "--namespace", "ingress"]);
    assert_eq!(traefik["status"]["loadBalancer"]["ingress"][0]["ip"], "192.168.1.200");
    cluster.wait_for_pods("demo", MINUTE);

    let [_, app, _] = labs();
    reader.builds(&app);
    apply(&k8s).succeeded();
    cluster.wait_for("the change is there", MINUTE, |cluster| {
        let kuma = cluster.get(&["deployment", "kuma", "--namespace", "demo"]);
        kuma["status"]["readyReplicas"] == 1
    });
    cluster.kubectl(&["get", "persistentvolumeclaim", "kuma-data", "--namespace", "demo"]).succeeded();
}

/// The folders below `k8s/` in which the page runs `helmfile apply` the first time, in order.
fn steps() -> Vec<String> {
    let script = blocks(&page(), "sh").into_iter().find(|block| block.contains("helmfile -f "));
    let script = script.expect("the page deploys stage by stage");
    let commands = script.lines().filter_map(|line| line.strip_prefix("helmfile "));
    let folder = |command: &str| match command.strip_prefix("-f ") {
        Some(of_one) => {
            of_one.split_once("/helmfile.yaml apply").expect("a helmfile is applied").0.to_owned()
        }
        None => String::new(),
    };
    commands.map(folder).collect()
}

/// The repositories that a helmfile, or those that it names, take charts from.
fn all_repositories(folder: &Path) -> Vec<String> {
    let file = folder.join("helmfile.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let named = text.lines().filter_map(|line| line.strip_prefix("- path: "));
    let named = named.flat_map(|path| repositories(&folder.join(path)));
    named.chain(repositories(&file)).collect()
}
