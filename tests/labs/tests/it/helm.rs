//! Helm, of the charts that the compiler writes itself: what comes out is what the manifests say, and a Secret for each
//! delivered one with all of its values.

use std::collections::BTreeMap;
use std::fs;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use driver::Outputs;
use harness::Outcome;
use harness::charts::Charts;
use labs::objects;
use model::Data;
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::tools::{Kubernetes, Taken, Tool};

/// What stands for every secret.
const SECRET: &str = "{{ no }}: \"$ecret\" #\n";

/// Helm, and an API server for the Secrets that it makes.
pub(crate) struct Helm {
    charts: Charts,
    kubernetes: Kubernetes,
    taken: Taken,
}

impl Helm {
    pub(crate) fn new(kubernetes: Kubernetes) -> Self {
        Self { charts: Charts::serve_none(), kubernetes, taken: Taken::default() }
    }

    /// What is wrong with charts of a lab, of which no two have one name.
    fn round(&mut self, lab: &Outputs, folders: &[&str]) -> Vec<String> {
        let (mut expected, mut secret) = (Vec::new(), Vec::new());
        for folder in folders {
            let objects = of_chart(lab, folder).filter(|(path, _)| objects::is_object(path));
            expected.extend(objects.map(|(_, text)| objects::read(text).expect("an object is YAML")));
            if let Some(tree) = tree(lab, folder) {
                leaves(tree, &mut secret);
            }
        }
        match rendered(&self.charts, lab, folders, SECRET) {
            Ok(stream) => self.compare(&stream, expected, secret),
            Err(message) => vec![format!("{folders:?}: {message}")],
        }
    }

    fn compare(&mut self, stream: &str, mut expected: Vec<Value>, mut secret: Vec<String>) -> Vec<String> {
        let (mut wrong, mut secrets) = (Vec::new(), Vec::new());
        for document in serde_yaml::Deserializer::from_str(stream) {
            let value = match Value::deserialize(document) {
                Ok(Value::Null) => continue,
                Ok(value) => value,
                Err(error) => return vec![format!("what helm prints is no YAML: {error}\n{stream}")],
            };
            if let Some(at) = expected.iter().position(|expected| *expected == value) {
                expected.swap_remove(at);
            } else if value["kind"] == "Secret" {
                secrets.push(value);
            } else {
                wrong.push(format!("no manifest says this: {value}"));
            }
        }
        wrong.extend(expected.iter().map(|expected| format!("helm does not make this: {expected}")));
        let data = secrets.iter().filter_map(|one| one["data"].as_object()).flat_map(|data| data.values());
        let mut made: Vec<&str> = data.filter_map(Value::as_str).collect();
        made.sort_unstable();
        secret.sort_unstable();
        if made != secret {
            wrong.push(format!("the Secrets hold {made:?}, and should hold {secret:?}"));
        }
        let texts: Vec<String> = secrets.iter().map(Value::to_string).collect();
        let namespaces: Vec<&str> =
            secrets.iter().filter_map(|one| one["metadata"]["namespace"].as_str()).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let said = self.kubernetes.server.dry_run(&texts, &namespaces);
        wrong.extend(said.into_iter().flatten());
        wrong
    }
}

impl Tool for Helm {
    fn name(&self) -> &'static str {
        "Helm"
    }

    fn complaints(&mut self, labs: &[&Outputs]) -> Vec<(usize, String)> {
        let mut wrong = Vec::new();
        for (at, lab) in labs.iter().enumerate() {
            wrong.extend(unusable_releases(lab).into_iter().map(|why| (at, why)));
            let mut charts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for folder in lab.k8s.keys().filter_map(|path| path.strip_suffix("/Chart.yaml")) {
                let is_new = of_chart(lab, folder).any(|(_, text)| !self.taken.0.contains(text));
                if is_new {
                    charts.entry(folder.rsplit('/').next().unwrap_or(folder)).or_default().push(folder);
                }
            }
            while !charts.is_empty() {
                let round: Vec<&str> = charts.values_mut().filter_map(Vec::pop).collect();
                charts.retain(|_, folders| !folders.is_empty());
                let found = self.round(lab, &round);
                if found.is_empty() {
                    let texts = round.iter().flat_map(|folder| of_chart(lab, folder));
                    self.taken.0.extend(texts.map(|(_, text)| text.clone()));
                }
                wrong.extend(found.into_iter().map(|why| (at, why)));
            }
        }
        wrong
    }
}

/// What helm makes of charts of a lab, of which no two have one name, with something for each secret.
pub(crate) fn rendered(
    charts: &Charts,
    lab: &Outputs,
    folders: &[&str],
    secret: &str,
) -> Result<String, String> {
    let whole = TempDir::new().expect("a folder");
    let write = |path: String, text: &str| {
        let path = whole.path().join(path);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("folders can be made");
        fs::write(path, text).expect("the file can be written");
    };
    write("Chart.yaml".to_owned(), "{apiVersion: v2, name: whole, version: 1.0.0}");
    let mut values = BTreeMap::new();
    for (nth, folder) in folders.iter().enumerate() {
        for (path, text) in of_chart(lab, folder) {
            write(format!("charts/c{nth}/{}", &path[folder.len() + 1..]), text);
        }
        if let Some(tree) = tree(lab, folder) {
            values.insert(folder.rsplit('/').next().unwrap_or(folder), with_placeholders(tree, secret));
        }
    }
    write("values.yaml".to_owned(), &json!(values).to_string());
    let outcome = Outcome::of(charts.helm().args(["template", "whole"]).arg(whole.path()));
    if outcome.ok { Ok(outcome.stdout) } else { Err(outcome.stderr) }
}

/// Releases whose names Helm would not take: it says so only when it installs them.
fn unusable_releases(lab: &Outputs) -> Vec<String> {
    let helmfiles = lab.k8s.iter().filter(|(path, _)| path.ends_with("/helmfile.yaml"));
    let read = helmfiles.map(|(_, text)| objects::read(text).expect("a helmfile is YAML"));
    let names = read.flat_map(|file| {
        let releases = file["releases"].as_array().cloned().unwrap_or_default();
        releases.into_iter().map(|release| release["name"].as_str().unwrap_or_default().to_owned())
    });
    let is_fine = |name: &String| {
        let allowed = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || "-.".contains(char);
        let is_end = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphanumeric());
        name.len() <= 53
            && name.chars().all(allowed)
            && is_end(name.chars().next())
            && is_end(name.chars().last())
    };
    names.filter(|name| !is_fine(name)).map(|name| format!("a release is called '{name}'")).collect()
}

/// The files of a chart, without what is beside it.
fn of_chart<'o>(lab: &'o Outputs, folder: &str) -> impl Iterator<Item = (&'o String, &'o String)> {
    let parts = ["Chart.yaml", "templates/", "manifests/"].map(|part| format!("{folder}/{part}"));
    lab.k8s.iter().filter(move |(path, _)| parts.iter().any(|part| path.starts_with(part)))
}

/// The encrypted values of a component's own chart.
fn tree<'o>(lab: &'o Outputs, folder: &str) -> Option<&'o Data> {
    let helmfile = objects::read(lab.k8s.get(&format!("{folder}/helmfile.yaml"))?).ok()?;
    let own = helmfile["releases"].as_array()?.iter().find(|release| release["chart"] == ".")?;
    encrypted(lab, folder, own).next()
}

/// The files that a release of a folder lists in a field, by their paths under `k8s/`.
pub(crate) fn listed(folder: &str, release: &Value, field: &str) -> impl Iterator<Item = String> {
    let paths = release[field].as_array().into_iter().flatten().filter_map(Value::as_str);
    paths.map(move |path| format!("{folder}/{path}"))
}

/// The encrypted values of a release.
pub(crate) fn encrypted<'o>(
    lab: &'o Outputs,
    folder: &str,
    release: &Value,
) -> impl Iterator<Item = &'o Data> {
    let delivered = listed(folder, release, "secrets").filter_map(|path| {
        let path = format!("k8s/{path}");
        lab.secrets.iter().find(|file| file.path == path)
    });
    delivered.map(|file| &file.tree)
}

/// A tree with something for each secret.
pub(crate) fn with_placeholders(data: &Data, secret: &str) -> Value {
    match data {
        Data::Secret(text) if text.is_bytes() => json!(BASE64_STANDARD.encode(secret)),
        Data::Secret(_) => json!(secret),
        Data::Text(text) | Data::Nix(text) => json!(text),
        Data::Map(entries) => {
            entries.iter().map(|(key, value)| (key.clone(), with_placeholders(value, secret))).collect()
        }
        Data::List(items) => items.iter().map(|item| with_placeholders(item, secret)).collect(),
        Data::Bool(value) => json!(value),
        Data::Int(value) => json!(value),
        Data::Float(value) => json!(value.0),
        Data::Null => Value::Null,
    }
}

/// Each value as a Secret has it.
fn leaves(data: &Data, found: &mut Vec<String>) {
    match data {
        Data::Map(entries) => entries.values().for_each(|value| leaves(value, found)),
        Data::Secret(_) => found.push(BASE64_STANDARD.encode(SECRET)),
        Data::Text(text) => found.push(BASE64_STANDARD.encode(text)),
        other => found.push(BASE64_STANDARD.encode(with_placeholders(other, SECRET).to_string())),
    }
}
