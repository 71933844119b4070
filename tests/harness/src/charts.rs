//! Helm and helmfile without a network: the real charts of the reference lab, served on loopback under
//! whatever names a helmfile gives its repositories.
//!
//! The helmfile itself is left as it is and goes on naming the public repositories; helm believes that it has
//! added them already (`--skip-deps`).

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml::Value;
use sha2::{Digest, Sha256};

use crate::file_server::FileServer;
use crate::outcome::Outcome;
use crate::scratch::Scratch;
use crate::tools;

/// A repository with charts, and a helm that knows no other one.
pub struct Charts {
    server: FileServer,
    scratch: Scratch,
}

impl Charts {
    /// Serves the charts of the reference lab, or says that they are not here.
    #[track_caller]
    pub fn serve() -> Option<Self> {
        // Where there is no test data, `install` fetches the charts from their projects if it can.
        let fetched = tools::folder().join("share/charts");
        let folder = if std::env::var_os("HLC_TEST_DATA").is_none() && fetched.exists() {
            fetched
        } else {
            tools::test_data("rendering and applying the charts of the reference lab")?.join("data/charts")
        };
        let charts = Self::serve_none();
        for chart in std::fs::read_dir(folder).expect("the charts can be listed") {
            let chart = chart.expect("the folder can be read").path();
            let name = chart.file_name().expect("a chart is a file");
            std::fs::copy(&chart, charts.repository().join(name)).expect("the chart can be copied");
        }
        charts.index();
        Some(charts)
    }

    /// A repository that is empty until charts are [packed](Self::pack) into it.
    #[track_caller]
    pub fn serve_none() -> Self {
        let scratch = Scratch::new("hlc-charts-");
        let repository = scratch.path().join("repository");
        std::fs::create_dir(&repository).expect("the repository can be created");
        let charts = Self { server: FileServer::start(&repository), scratch };
        charts.index();
        charts
    }

    /// Adds a chart of the test's own, from its source folder.
    #[track_caller]
    pub fn pack(&self, source: &Path) {
        let package = ["package", "--destination"];
        Outcome::of(self.helm().args(package).arg(self.repository()).arg(source)).succeeded();
        self.index();
    }

    /// Lets helm find the charts under the name of a repository, as in `traefik/traefik`.
    #[track_caller]
    pub fn alias(&self, repository: &str) {
        let add = ["repo", "add", "--force-update", repository];
        Outcome::of(self.helm().args(add).arg(self.server.url())).succeeded();
    }

    /// A helm that knows these charts.
    #[track_caller]
    pub fn helm(&self) -> Command {
        let mut helm = tools::command("helm");
        self.isolate(&mut helm);
        helm
    }

    /// A run of helmfile in the folder of a `helmfile.yaml`, all of whose repositories are these charts.
    #[track_caller]
    pub fn helmfile(&self, folder: &Path) -> Helmfile<'_> {
        for repository in repositories(&folder.join("helmfile.yaml")) {
            self.alias(&repository);
        }
        let mut command = tools::command("helmfile");
        self.isolate(&mut command);
        command.arg("--no-color").current_dir(folder);
        Helmfile { command, _charts: self }
    }

    /// Where the charts are, for a lab that says so.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Puts a chart where hlc keeps those that it has fetched from a repository, below a folder of caches.
    #[track_caller]
    pub fn keep(&self, caches: &Path, url: &str, name: &str, version: &str) {
        let hash = Sha256::digest(url.trim_end_matches('/').as_bytes());
        let hash = hash.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        let folder = caches.join("hlc/charts").join(format!("{hash:016x}"));
        std::fs::create_dir_all(&folder).expect("a new folder");
        let file = format!("{name}-{}.tgz", version.trim_start_matches('v'));
        std::fs::copy(self.repository().join(&file), folder.join(&file)).expect("the chart is here");
    }

    /// The folder with the charts.
    pub fn repository(&self) -> PathBuf {
        self.scratch.path().join("repository")
    }

    #[track_caller]
    fn index(&self) {
        let index = ["repo", "index", ".", "--url", &self.server.url()];
        Outcome::of(self.helm().args(index).current_dir(self.repository())).succeeded();
    }

    /// Keeps settings and caches apart from those of whoever runs the tests, and of other tests.
    fn isolate(&self, command: &mut Command) {
        let home = self.scratch.path();
        command
            .env("HELM_BIN", tools::path("helm"))
            .env("HELM_CACHE_HOME", home.join("helm-cache"))
            .env("HELM_CONFIG_HOME", home.join("helm-config"))
            .env("HELM_DATA_HOME", home.join("helm-data"))
            .env("HELM_REPOSITORY_CACHE", home.join("helm-cache/repository"))
            .env("HELM_REPOSITORY_CONFIG", home.join("repositories.yaml"))
            .env("HELMFILE_CACHE_HOME", home.join("helmfile-cache"))
            .env("HELMFILE_TEMPDIR", home)
            .env("HELMFILE_UPGRADE_NOTICE_DISABLED", "true");
    }
}

/// A run of helmfile that is being prepared.
pub struct Helmfile<'charts> {
    command: Command,
    // The charts are served only as long as this lives.
    _charts: &'charts Charts,
}

impl Helmfile<'_> {
    /// Against this cluster.
    #[must_use]
    pub fn kubeconfig(mut self, path: &Path) -> Self {
        self.command.env("KUBECONFIG", path);
        self
    }

    /// With the key that decrypts what `secrets:` names.
    #[must_use]
    pub fn age_key(mut self, path: &Path) -> Self {
        self.command.env("SOPS_AGE_KEY_FILE", path);
        self
    }

    /// `helmfile template`: all manifests, in one stream of YAML documents.
    #[track_caller]
    pub fn template(self) -> Outcome {
        self.run(&["template", "--skip-deps"])
    }

    /// `helmfile apply`.
    ///
    /// Where helm-diff is not to be had, releases that are installed already cannot be compared, so this works
    /// for new ones only; then use [`sync`](Self::sync).
    #[track_caller]
    pub fn apply(self) -> Outcome {
        if tools::unavailable("helm-diff").is_some() {
            return self.run(&["apply", "--skip-deps", "--skip-diff-on-install"]);
        }
        self.run(&["apply", "--skip-deps"])
    }

    /// `helmfile sync`: installs and upgrades without comparing first.
    #[track_caller]
    pub fn sync(self) -> Outcome {
        self.run(&["sync", "--skip-deps"])
    }

    /// Any other command.
    #[track_caller]
    pub fn run(mut self, args: &[&str]) -> Outcome {
        Outcome::of(self.command.args(args))
    }
}

/// The names of the repositories in a helmfile.
#[track_caller]
pub fn repositories(helmfile: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(helmfile)
        .unwrap_or_else(|error| panic!("{} cannot be read: {error}", helmfile.display()));
    let mut names = Vec::new();
    for document in serde_yaml::Deserializer::from_str(&text) {
        let document: Value = serde::Deserialize::deserialize(document).expect("a helmfile is YAML");
        let repositories = document.get("repositories").and_then(Value::as_sequence);
        let name = |repository: &Value| Some(repository.get("name")?.as_str()?.to_owned());
        names.extend(repositories.into_iter().flatten().filter_map(name));
    }
    names
}
