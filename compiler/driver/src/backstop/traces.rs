//! Where in the files that are built each declared thing is to be seen.

use std::collections::BTreeSet;

use model::{Component, Entity, Manifest, Placement, Release};

use crate::Outputs;

/// The files that are built, with what is seen of declarations in them.
pub(super) struct Traces<'a> {
    outputs: &'a Outputs,
    /// The lines of the helmfile of all.
    listed: BTreeSet<&'a str>,
    /// Files of objects that have been found to be of something, which are of nothing else.
    taken: BTreeSet<String>,
}

impl<'a> Traces<'a> {
    pub(super) fn new(outputs: &'a Outputs) -> Self {
        let listed = outputs.k8s.get("helmfile.yaml").into_iter().flat_map(|text| text.lines()).collect();
        Self { outputs, listed, taken: BTreeSet::new() }
    }

    /// Whether a declaration is seen in the files. What only others refer to has none of its own.
    pub(super) fn found(&mut self, entity: &Entity) -> bool {
        match entity {
            Entity::Network(_)
            | Entity::Stage(_)
            | Entity::Secret(_)
            | Entity::Recipient(_)
            | Entity::DevicePlugin(_) => true,
            Entity::Lab(_) => self.of_nixos("flake.nix"),
            Entity::User(user) => self.of_nixos(&format!("modules/users/{}.nix", user.name)),
            Entity::Host(host) => {
                self.outputs.nixos.contains_key(&format!("hosts/{}/default.nix", host.name))
            }
            Entity::Cluster(_) => self.of_nixos("modules/k3s.nix") && self.of_nixos("modules/k3s-server.nix"),
            Entity::Namespace(namespace) => {
                let component = emit_k8s::namespaces_component(&namespace.stage);
                namespace.existing
                    || self.is_listed(&component)
                        && self.object(&component, "Namespace", &namespace.name, None, "v1")
            }
            Entity::App(app) => self.workload(&app.placement, app.form.kind(), "apps/v1"),
            Entity::Job(job) if job.schedule.is_some() => {
                self.workload(&job.placement, "CronJob", "batch/v1")
            }
            Entity::Job(job) => self.runs_once(&job.placement),
            Entity::Release(release) => self.release(release),
            Entity::Manifest(manifest) => self.manifest(manifest),
            Entity::Helmfile(helmfile) => {
                self.listed.contains(format!("- path: ../{}", helmfile.file).as_str())
            }
        }
    }

    /// A lab without hosts has nothing to say to NixOS.
    fn of_nixos(&self, path: &str) -> bool {
        let nixos = &self.outputs.nixos;
        nixos.contains_key(path) || !nixos.keys().any(|path| path.starts_with("hosts/"))
    }

    /// Whether a component has a helmfile that the one of all names.
    fn is_listed(&self, component: &Component) -> bool {
        let path = format!("{}/helmfile.yaml", emit_k8s::folder(component));
        self.listed.contains(format!("- path: {path}").as_str()) && self.outputs.k8s.contains_key(&path)
    }

    fn object(
        &mut self,
        component: &Component,
        kind: &str,
        name: &str,
        namespace: Option<&str>,
        api: &str,
    ) -> bool {
        let folder = emit_k8s::folder(component);
        // The longest name tells most: a shorter one may be another's.
        let stems = emit_k8s::object_files(kind, name, namespace, api).into_iter().rev();
        let places = ["manifests", "templates/objects"];
        let paths = stems.flat_map(|stem| places.map(|place| format!("{folder}/{place}/{stem}.yaml")));
        let mut free = paths.filter(|path| self.outputs.k8s.contains_key(path) && !self.taken.contains(path));
        match free.next() {
            Some(path) => self.taken.insert(path),
            None => false,
        }
    }

    fn workload(&mut self, placement: &Placement, kind: &str, api: &str) -> bool {
        let Placement { component, name, namespace, .. } = placement;
        self.is_listed(component) && self.object(component, kind, name, Some(namespace), api)
    }

    /// A job that runs once has what it does behind its name.
    fn runs_once(&mut self, placement: &Placement) -> bool {
        let Placement { component, name, namespace, .. } = placement;
        let start = format!("{}/manifests/job-{name}-", emit_k8s::folder(component));
        let files = self.outputs.k8s.range(start.clone()..).map(|(path, _)| path);
        let ends = files.map_while(|path| path.strip_prefix(&start)).filter_map(|end| end.get(..8));
        let hashes = ends.filter(|end| end.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let names: Vec<String> = hashes.map(|hash| format!("{name}-{hash}")).collect();
        self.is_listed(component)
            && names.iter().any(|name| self.object(component, "Job", name, Some(namespace), "batch/v1"))
    }

    fn release(&self, release: &Release) -> bool {
        let Placement { component, name, namespace, .. } = &release.placement;
        let path = format!("{}/helmfile.yaml", emit_k8s::folder(component));
        let Some(helmfile) = self.outputs.k8s.get(&path) else { return false };
        let says = |line: Option<&str>, key: &str, value: &str| {
            line.and_then(|line| line.strip_prefix(key)).is_some_and(|rest| rest.trim_matches('"') == value)
        };
        let mut lines = helmfile.lines().peekable();
        let is_there = std::iter::from_fn(|| {
            let line = lines.next()?;
            Some(
                says(Some(line), "- name: ", name) && says(lines.peek().copied(), "  namespace: ", namespace),
            )
        })
        .any(|is_it| is_it);
        self.is_listed(component) && is_there
    }

    /// The values of a Secret are in the chart's template of secrets, and all other objects in files of their own.
    fn manifest(&mut self, manifest: &Manifest) -> bool {
        let component = &manifest.placement.component;
        let (kind, name) = (&manifest.kind.value, manifest.object_name());
        if kind == "Secret" && manifest.fields.contains_key("stringData") {
            let path = format!("{}/templates/secrets.yaml", emit_k8s::folder(component));
            return self.is_listed(component) && self.outputs.k8s.contains_key(&path);
        }
        let api = &manifest.api_version.value;
        self.is_listed(component) && self.object(component, kind, name, manifest.namespace(), api)
    }
}
