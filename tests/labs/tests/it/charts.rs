//! The real charts of the library's kinds, with whatever values the kinds' fields come to.

use std::collections::BTreeSet;
use std::fs;

use driver::Outputs;
use harness::Outcome;
use harness::charts::Charts;
use labs::objects;
use serde_json::Value;
use tempfile::TempDir;

use crate::helm::{encrypted, listed, with_placeholders};
use crate::tools::{Kubernetes, Tool};

/// What stands for every secret: some charts take more than this for templates of their own.
const SECRET: &str = "c0rrect horse: yes";

/// Helm with the real charts, and an API server for what they make.
pub(crate) struct RealCharts {
    charts: Charts,
    kubernetes: Kubernetes,
    /// Charts with values that were fine.
    taken: BTreeSet<String>,
}

/// A release of a chart that is here.
struct Release {
    name: String,
    namespace: String,
    file: String,
    /// The texts of its files of values, with something for each secret.
    values: Vec<String>,
    /// What the cluster is said to have.
    api_versions: Vec<String>,
}

impl RealCharts {
    /// `None` where the charts are not here and cannot be had.
    pub(crate) fn find() -> Option<Self> {
        let charts = Charts::serve()?;
        Some(Self { charts, kubernetes: Kubernetes::start(), taken: BTreeSet::new() })
    }

    /// The releases of a lab whose charts are here.
    fn releases(&self, lab: &Outputs) -> Vec<Release> {
        let mut found = Vec::new();
        for (path, text) in lab.k8s.iter().filter(|(path, _)| path.ends_with("/helmfile.yaml")) {
            let folder = path.trim_end_matches("/helmfile.yaml");
            let file = objects::read(text).expect("a helmfile is YAML");
            let api_versions = file["apiVersions"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let api_versions: Vec<String> = api_versions.map(str::to_owned).collect();
            for release in file["releases"].as_array().into_iter().flatten() {
                let text = |field: &str| release[field].as_str().unwrap_or_default().to_owned();
                let chart = text("chart").rsplit('/').next().unwrap_or_default().to_owned();
                let file = format!("{chart}-{}.tgz", text("version"));
                if self.charts.repository().join(&file).is_file() {
                    let values = values(lab, folder, release);
                    let (name, namespace) = (text("name"), text("namespace"));
                    found.push(Release { name, namespace, file, values, api_versions: api_versions.clone() });
                }
            }
        }
        found
    }

    /// What is wrong with a release.
    fn rendered(&self, release: &Release) -> Vec<String> {
        let folder = TempDir::new().expect("a folder");
        let mut helm = self.charts.helm();
        // What is for `helm test` alone is not deployed.
        helm.args(["template", &release.name, "--namespace", &release.namespace, "--skip-tests"]);
        helm.args(release.api_versions.iter().flat_map(|version| ["--api-versions", version]));
        for (nth, values) in release.values.iter().enumerate() {
            let path = folder.path().join(format!("{nth}.yaml"));
            fs::write(&path, values).expect("the values can be written");
            helm.arg("--values").arg(path);
        }
        let outcome = Outcome::of(helm.arg(self.charts.repository().join(&release.file)));
        if !outcome.ok {
            return vec![format!("{}: {}", release.file, outcome.stderr)];
        }
        // As Helm sends them: readers differ on numbers such as 0744.
        let mut texts = Vec::new();
        for text in outcome.stdout.split("\n---\n") {
            match objects::read(text) {
                Ok(value) if is_known(&value) => texts.push(text),
                Ok(_) => {}
                Err(error) => return vec![format!("what helm prints is no YAML: {error}")],
            }
        }
        let said = self.kubernetes.server.dry_run(&texts, &[&release.namespace]);
        said.into_iter().flatten().map(|message| format!("{}: {message}", release.file)).collect()
    }
}

/// The files of values of a release, with something for each secret.
fn values(lab: &Outputs, folder: &str, release: &Value) -> Vec<String> {
    let open = listed(folder, release, "values").filter_map(|path| lab.k8s.get(&path).cloned());
    let encrypted = encrypted(lab, folder, release).map(|tree| with_placeholders(tree, SECRET).to_string());
    open.chain(encrypted).collect()
}

/// Whether an API server without other definitions knows the object's kind.
fn is_known(object: &Value) -> bool {
    let version = object["apiVersion"].as_str().unwrap_or_default();
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let is_definition = object["kind"] == "CustomResourceDefinition";
    !object.is_null() && !is_definition && (!group.contains('.') || group.ends_with(".k8s.io"))
}

impl Tool for RealCharts {
    fn name(&self) -> &'static str {
        "a chart"
    }

    fn complaints(&mut self, labs: &[&Outputs]) -> Vec<(usize, String)> {
        let mut wrong = Vec::new();
        for (at, lab) in labs.iter().enumerate() {
            for release in self.releases(lab) {
                let seen = format!("{}\n{}", release.file, release.values.join("\n---\n"));
                if self.taken.contains(&seen) {
                    continue;
                }
                let found = self.rendered(&release);
                if found.is_empty() {
                    self.taken.insert(seen);
                }
                wrong.extend(found.into_iter().map(|why| (at, why)));
            }
        }
        wrong
    }
}
