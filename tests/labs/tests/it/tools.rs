//! What each of the real tools has against labs. What one has taken once is not shown to it again: most files of most
//! labs are alike.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use driver::Outputs;
use harness::control_plane::ControlPlane;
use harness::nix::{NixosCheck, parse_all};
use harness::yaml_readers;
use labs::objects;
use serde_json::Value;
use tempfile::TempDir;

/// A tool that looks at what is built from labs.
pub(crate) trait Tool {
    /// What people call it.
    fn name(&self) -> &'static str;
    /// What it has against labs: which, and why.
    fn complaints(&mut self, labs: &[&Outputs]) -> Vec<(usize, String)>;
}

/// Texts that a tool has taken.
#[derive(Default)]
pub(crate) struct Taken(pub(crate) BTreeSet<String>);

impl Taken {
    /// Those that it has not, each once, with the lab and the path of the first that has it.
    fn others<'o>(
        &self,
        labs: &[&'o Outputs],
        files: impl Fn(&'o Outputs) -> Vec<(&'o String, &'o String)>,
    ) -> Vec<(usize, &'o String, &'o String)> {
        let mut found: BTreeMap<&String, (usize, &String)> = BTreeMap::new();
        for (at, lab) in labs.iter().enumerate() {
            for (path, text) in files(lab) {
                if !self.0.contains(text) {
                    found.entry(text).or_insert((at, path));
                }
            }
        }
        found.into_iter().map(|(text, (at, path))| (at, path, text)).collect()
    }
}

fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == ending)
}

/// Files in a folder, each with the text that is in it.
fn write(folder: &Path, nth: usize, ending: &str, text: &str) -> PathBuf {
    let path = folder.join(format!("{nth}.{ending}"));
    fs::write(&path, text).expect("the file can be written");
    path
}

/// Readers of YAML 1.1 and 1.2.
#[derive(Default)]
pub(crate) struct Readers(Taken);

impl Tool for Readers {
    fn name(&self) -> &'static str {
        "readers of YAML"
    }

    fn complaints(&mut self, labs: &[&Outputs]) -> Vec<(usize, String)> {
        let is_yaml = |path: &str| has_ending(path, "yaml") && !path.contains("/templates/");
        let new = self.0.others(labs, |lab| {
            let files = lab.k8s.iter().chain(&lab.nixos);
            files.filter(|(path, _)| is_yaml(path)).collect()
        });
        if new.is_empty() {
            return Vec::new();
        }
        let folder = TempDir::new().expect("a folder");
        let paths: Vec<PathBuf> =
            new.iter().enumerate().map(|(nth, (.., text))| write(folder.path(), nth, "yaml", text)).collect();
        let read = yaml_readers::read_all(&paths).into_iter().zip(&new);
        let wrong: Vec<_> = read
            .filter_map(|(read, (at, path, _))| Some((*at, format!("{path}: {}", read.agreed().err()?))))
            .collect();
        if wrong.is_empty() {
            self.0.0.extend(new.into_iter().map(|(.., text)| text.clone()));
        }
        wrong
    }
}

/// The parser of Nix.
#[derive(Default)]
pub(crate) struct Nix(Taken);

impl Tool for Nix {
    fn name(&self) -> &'static str {
        "Nix' parser"
    }

    fn complaints(&mut self, labs: &[&Outputs]) -> Vec<(usize, String)> {
        let new =
            self.0.others(labs, |lab| lab.nixos.iter().filter(|(path, _)| has_ending(path, "nix")).collect());
        let folder = TempDir::new().expect("a folder");
        let paths: Vec<PathBuf> =
            new.iter().enumerate().map(|(nth, (.., text))| write(folder.path(), nth, "nix", text)).collect();
        if paths.is_empty() || parse_all(&paths).is_ok() {
            self.0.0.extend(new.into_iter().map(|(.., text)| text.clone()));
            return Vec::new();
        }
        let alone = paths.iter().zip(&new);
        alone
            .filter_map(|(file, (at, path, _))| Some((*at, format!("{path}: {}", parse_all(&[file]).err()?))))
            .collect()
    }
}

/// NixOS' modules, as nixos-check has them: some hosts of each lab.
pub(crate) struct Nixos {
    check: NixosCheck,
    taken: Taken,
}

impl Nixos {
    /// Nothing where they are not here.
    pub(crate) fn find() -> Option<Self> {
        Some(Self { check: NixosCheck::find()?, taken: Taken::default() })
    }
}

impl Tool for Nixos {
    fn name(&self) -> &'static str {
        "NixOS' modules"
    }

    fn complaints(&mut self, labs: &[&Outputs]) -> Vec<(usize, String)> {
        let is_host = |path: &str| path.starts_with("hosts/") && path.ends_with("/default.nix");
        let new = self.taken.others(labs, |lab| lab.nixos.iter().filter(|(path, _)| is_host(path)).collect());
        let mut wrong = Vec::new();
        let mut flakes: BTreeMap<usize, TempDir> = BTreeMap::new();
        for (at, path, text) in new {
            let flake = flakes.entry(at).or_insert_with(|| flake(labs[at]));
            let host = path.trim_start_matches("hosts/").trim_end_matches("/default.nix");
            match self.check.host(&flake.path().join("nixos"), host, &["networking.hostName"]) {
                Ok(_) => {
                    self.taken.0.insert(text.clone());
                }
                Err(message) => wrong.push((at, format!("host {host}: {message}"))),
            }
        }
        wrong
    }
}

/// The files under `nixos/`, with something in place of secrets: evaluation wants them to be there.
fn flake(outputs: &Outputs) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let secrets = outputs.secrets.iter().map(|file| (file.path.clone(), "x: ENC[x]\n"));
    let files = outputs.nixos.iter().map(|(path, text)| (format!("nixos/{path}"), text.as_str()));
    for (path, text) in files.chain(secrets.filter(|(path, _)| path.starts_with("nixos/"))) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("folders can be made");
        fs::write(path, text).expect("the file can be written");
    }
    folder
}

/// An API server.
pub(crate) struct Kubernetes {
    pub(crate) server: ControlPlane,
    /// Whether it knows the kinds of extensions that the library makes objects of.
    knows_extensions: bool,
    taken: Taken,
}

/// The groups of other people's kinds that the library makes objects of.
pub(crate) const EXTENSIONS: [&str; 6] =
    ["argoproj.io", "cert-manager.io", "longhorn.io", "metallb.io", "postgresql.cnpg.io", "traefik.io"];

/// The groups that it makes objects of whose definitions are not in the reference data: no API server here knows them.
const UNDEFINED: [&str; 1] = ["barmancloud.cnpg.io"];

impl Kubernetes {
    pub(crate) fn start() -> Self {
        let server = ControlPlane::start_api_server();
        let knows_extensions = server.install_crds(&EXTENSIONS);
        Self { server, knows_extensions, taken: Taken::default() }
    }
}

impl Tool for Kubernetes {
    fn name(&self) -> &'static str {
        "the API server"
    }

    fn complaints(&mut self, labs: &[&Outputs]) -> Vec<(usize, String)> {
        let is_of = |text: &str, groups: &[&str]| {
            groups.iter().any(|group| text.contains(&format!("apiVersion: {group}/")))
        };
        let is_foreign = |text: &str| is_of(text, &EXTENSIONS);
        let is_known = |text: &str| self.knows_extensions || !is_foreign(text);
        let new = self.taken.others(labs, |lab| {
            let objects = lab.k8s.iter().filter(|(path, _)| objects::is_object(path));
            objects.filter(|(_, text)| is_known(text) && !is_of(text, &UNDEFINED)).collect()
        });
        let texts: Vec<&str> = new.iter().map(|(.., text)| text.as_str()).collect();
        let namespaces: BTreeSet<String> =
            texts.iter().filter_map(|text| namespace(&objects::read(text).ok()?)).collect();
        let namespaces: Vec<&str> = namespaces.iter().map(String::as_str).collect();
        let said = self.server.dry_run(&texts, &namespaces);
        let mut wrong: Vec<(usize, String)> = Vec::new();
        for ((at, path, text), message) in new.into_iter().zip(said) {
            match message {
                // What people say of other people's kinds in their words is theirs.
                Some(message) if is_foreign(text) && message.contains("field not declared in schema") => {}
                Some(message) => wrong.push((at, format!("{path}: {message}"))),
                None => {
                    self.taken.0.insert(text.clone());
                }
            }
        }
        for (at, lab) in labs.iter().enumerate() {
            wrong.extend(out_of_order(lab).into_iter().map(|why| (at, why)));
        }
        wrong
    }
}

fn namespace(object: &Value) -> Option<String> {
    Some(object["metadata"]["namespace"].as_str()?.to_owned())
}

/// The namespace that the release of a component's own objects is in.
fn home(outputs: &Outputs, component: &str) -> Option<String> {
    let helmfile = objects::read(outputs.k8s.get(&format!("{component}/helmfile.yaml"))?).ok()?;
    let own = helmfile["releases"].as_array()?.iter().find(|release| release["chart"] == ".")?.clone();
    Some(own["namespace"].as_str()?.to_owned())
}

/// Objects that come before the namespace that they are in.
fn out_of_order(outputs: &Outputs) -> Vec<String> {
    let files: Vec<(&String, Value)> = outputs
        .k8s
        .iter()
        .filter(|(path, _)| objects::is_object(path))
        .filter_map(|(path, text)| Some((path, objects::read(text).ok()?)))
        .collect();
    let is_namespace = |object: &Value| object["kind"] == "Namespace";
    let made = files.iter().filter(|(_, object)| is_namespace(object));
    let mut missing: BTreeSet<&str> =
        made.filter_map(|(_, object)| object["metadata"]["name"].as_str()).collect();
    let mut wrong = Vec::new();
    for component in objects::order(outputs) {
        let own = || files.iter().filter(|(path, _)| path.starts_with(&format!("{component}/")));
        for (_, object) in own().filter(|(_, object)| is_namespace(object)) {
            missing.remove(object["metadata"]["name"].as_str().unwrap_or_default());
        }
        for (path, object) in own() {
            let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
            // Helm makes the namespace of the release itself.
            if Some(namespace) == home(outputs, &component).as_deref() {
                continue;
            }
            if missing.contains(namespace) {
                wrong.push(format!("{path} comes before its namespace {namespace}"));
            }
        }
        if let Some(home) = home(outputs, &component) {
            missing.remove(home.as_str());
        }
    }
    wrong
}
