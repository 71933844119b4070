//! What runs in a pod.

use domain::{ImageReference, UnixPath};
use model::{
    Access, At, Container, DeviceUse, EnvValue, File, FileContent, Map, Resources, SecretText, Volume,
    VolumeSource,
};
use types::{DeclRef, Field, Value};

use super::read::{as_cpu, as_int, as_size, entry, entry_at, texts_of};
use crate::eval::{Evaluator, kind_of, name_of};

impl Evaluator<'_> {
    /// The container of an app or a job. `kind` is which, since their nested kinds are their own.
    pub(super) fn container(&mut self, decl: &DeclRef, kind: &str) -> Option<Container> {
        let image = self.parsed(decl, "image", ImageReference::parse)?;
        let (command, args) = self.command(decl, kind)?;
        let host = self.field(decl, "host");
        Some(Container {
            image: At::new(image, self.place_of(decl, "image")),
            command,
            args,
            env: self.read(decl, "env", |field| env(&field.value))?,
            volumes: self.volumes(decl, kind)?,
            files: self.files(decl, kind)?,
            resources: self.read(decl, "resources", |field| resources(&field.value))?,
            devices: self.uses(decl)?,
            host: match &host.value {
                Value::Decl(found) => Some(At::new(name_of(found), host.place)),
                Value::None => None,
                _ => return None,
            },
            labels: self.texts_by_key(decl, "labels")?,
            annotations: self.texts_by_key(decl, "annotations")?,
            user: self.int_if(decl, "user")?,
            group: self.int_if(decl, "group")?,
            host_network: if kind == "app" { self.bool(decl, "host-network")? } else { false },
            privileged: self.bool(decl, "privileged")?,
        })
    }

    fn command(&mut self, decl: &DeclRef, kind: &str) -> Option<(Option<Vec<String>>, Vec<String>)> {
        if kind == "app" {
            let command = self.field_value(decl, "command");
            let command = if command.is_none() { None } else { Some(self.texts(decl, "command")?) };
            return Some((command, self.texts(decl, "args")?));
        }
        let run = self.texts(decl, "run")?;
        Some(((!run.is_empty()).then_some(run), Vec::new()))
    }

    fn uses(&mut self, decl: &DeclRef) -> Option<Vec<At<DeviceUse>>> {
        let used = self.decls(decl, "uses")?;
        used.into_iter().map(|(device, place)| Some(At::new(self.device_use(&device)?, place))).collect()
    }

    fn volumes(&mut self, decl: &DeclRef, kind: &str) -> Option<Map<String, Volume>> {
        let mut volumes = Map::new();
        for (name, volume) in self.inner(decl, &format!("{kind}.volume")) {
            let source = self.volume_source(&volume)?;
            volumes.insert(name, self.volume(&volume, source)?);
        }
        for (shared, place) in self.decls(decl, "mount")? {
            let owner = shared.parent()?;
            let claim = match self.volume_source(&shared)? {
                VolumeSource::Claim { .. } => {
                    VolumeSource::Shared(model::names::claim_name(&name_of(&owner), &name_of(&shared)))
                }
                other => other,
            };
            let mut volume = self.volume(&shared, claim)?;
            volume.place = place;
            // A volume of its own with the same name keeps it.
            let mut name = name_of(&shared);
            if volumes.contains_key(&name) {
                name = format!("{}-{name}", name_of(&owner));
            }
            volumes.insert(name, volume);
        }
        Some(volumes)
    }

    fn volume(&mut self, decl: &DeclRef, source: VolumeSource) -> Option<Volume> {
        Some(Volume {
            at: self.parsed(decl, "at", UnixPath::parse)?,
            sub_path: self.text_if(decl, "sub-path")?,
            read_only: self.bool(decl, "read-only")?,
            source,
            place: self.head(decl),
        })
    }

    fn volume_source(&mut self, decl: &DeclRef) -> Option<VolumeSource> {
        if let Some(path) = self.text_if(decl, "host-path")? {
            return UnixPath::parse(&path).ok().map(VolumeSource::HostPath);
        }
        let size = self.size_if(decl, "size")?;
        if self.bool(decl, "temporary")? {
            return Some(VolumeSource::Temporary(size));
        }
        let many = self.text(decl, "access")? == "many-hosts";
        let access = if many { Access::ManyHosts } else { Access::OneHost };
        Some(VolumeSource::Claim { size: size?, class: self.text_if(decl, "class")?, access })
    }

    fn files(&mut self, decl: &DeclRef, kind: &str) -> Option<Map<String, File>> {
        let mut files = Map::new();
        let file = format!("{kind}.file");
        for inner in self.children_of(decl) {
            if kind_of(&inner) != file {
                continue;
            }
            let path = inner.steps().last()?.name.to_string();
            let content = self.field(&inner, "content");
            let found = match content.value {
                Value::Text(text) => FileContent::Plain(text.to_string()),
                Value::Secret(secret) => FileContent::Secret((*secret).clone()),
                _ => return None,
            };
            let mode = self.text_if(&inner, "mode")?;
            files.insert(path, File { content: At::new(found, content.place), mode });
        }
        Some(files)
    }
}

fn env(value: &Value) -> Option<Map<String, At<EnvValue>>> {
    let Value::Map(map) = value else { return None };
    let read = |field: &Field| {
        let value = match &field.value {
            Value::Secret(text) => secret_value(text),
            other => EnvValue::Plain(other.shown()?),
        };
        Some(At::new(value, field.place.clone()))
    };
    let present = map.iter().filter(|(_, field)| !field.value.is_none());
    present.map(|(key, field)| Some((key.to_string(), read(field)?))).collect()
}

fn secret_value(text: &SecretText) -> EnvValue {
    match text.alone() {
        Some(secret) => EnvValue::Secret(secret.clone()),
        None => EnvValue::Text(text.clone()),
    }
}

fn resources(value: &Value) -> Option<Resources> {
    let Value::Map(extra) = &entry(value, "extra")?.value else { return None };
    Some(Resources {
        cpu: entry_at(value, "cpu", as_cpu)?,
        cpu_limit: entry_at(value, "cpu-limit", as_cpu)?,
        memory: entry_at(value, "memory", as_size)?,
        memory_limit: entry_at(value, "memory-limit", as_size)?,
        extra: extra
            .iter()
            .map(|(key, field)| Some((key.to_string(), as_int(&field.value)?)))
            .collect::<Option<_>>()?,
    })
}

/// Texts by key, for those who need them beside a container.
pub(super) fn annotations(value: &Value) -> Option<Map<String, String>> {
    texts_of(&entry(value, "annotations")?.value)
}
