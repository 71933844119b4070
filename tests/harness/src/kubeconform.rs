//! kubeconform: whether manifests are what Kubernetes and its extensions take.

use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::outcome::Outcome;
use crate::tools;

/// The schemas are of this version of Kubernetes.
pub const KUBERNETES: &str = "1.35.0";

/// Something that is wrong in a manifest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// Kind and name of the object, as in `Deployment/traefik`.
    pub object: String,
    /// What kubeconform says.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.file.display(), self.object, self.message)
    }
}

/// What is wrong with the manifests in a folder and below it. Strict: a field that the schema does not name is
/// a problem, and so is a kind without a schema.
///
/// Which files are manifests is for the caller to say: there are helmfiles and values among them.
#[track_caller]
pub fn problems(folder: &Path, is_manifest: impl Fn(&Path) -> bool) -> Vec<Problem> {
    let mut files = Vec::new();
    yaml_files(folder, &mut files);
    files.retain(|file| is_manifest(file));
    if files.is_empty() { Vec::new() } else { check(&files) }
}

#[track_caller]
fn check(files: &[PathBuf]) -> Vec<Problem> {
    let kubernetes = tools::installed("share/schemas/kubernetes");
    let crds = tools::folder().join("share/schemas/crds");
    let mut kubeconform = tools::command("kubeconform");
    kubeconform
        .args(["-strict", "-output", "json", "-kubernetes-version", KUBERNETES, "-schema-location"])
        .arg(kubernetes.join("{{.ResourceKind}}{{.KindSuffix}}.json"))
        .arg("-schema-location")
        .arg(crds.join("{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"))
        .args(files);
    let outcome = Outcome::of(&mut kubeconform);
    let report: Value =
        serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("not JSON: {error}\n{outcome}"));
    let resources = report["resources"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut problems: Vec<_> = resources.iter().map(problem).collect();
    problems.sort();
    assert!(outcome.ok || !problems.is_empty(), "kubeconform failed and does not say why: {outcome}");
    problems
}

fn problem(resource: &Value) -> Problem {
    let text = |key: &str| resource[key].as_str().unwrap_or_default();
    Problem {
        file: PathBuf::from(text("filename")),
        object: format!("{}/{}", text("kind"), text("name")),
        message: text("msg").to_owned(),
    }
}

fn yaml_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{} cannot be read: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            yaml_files(&path, found);
        } else if path.extension().is_some_and(|it| it == "yaml" || it == "yml" || it == "json") {
            found.push(path);
        }
    }
}
