//! What runs in a pod.

use diagnostics::{Elsewhere, Reported};
use domain::{ImageReference, UnixPath};
use model::{
    Access, At, Container, DeviceUse, EnvValue, File, FileContent, Map, Resources, SecretText, Volume,
    VolumeSource,
};
use types::{DeclRef, Field, Value};

use super::raw::raw;
use super::read::{Read, as_cpu, as_decl, as_int, as_size, entries_of, entry, entry_at, texts_of};
use crate::eval::{Evaluator, kind_of, name_of};

const ACCESS: &[(&str, Access)] = &[("many-hosts", Access::ManyHosts), ("one-host", Access::OneHost)];

impl Evaluator<'_> {
    /// The container of an app or a job. `kind` is which, since their nested kinds are their own.
    pub(super) fn container(&mut self, decl: &DeclRef, kind: &str) -> Read<Container> {
        let (command, args) = self.command(decl, kind)?;
        Ok(Container {
            image: self.parsed_at(decl, "image", ImageReference::parse)?,
            command,
            args,
            env: self.record(decl, "env", env)?,
            volumes: self.volumes(decl, kind)?,
            files: self.files(decl, kind)?,
            resources: self.record(decl, "resources", resources)?,
            devices: self.uses(decl)?,
            host: self.get_if_at(decl, "host", |value| Some(name_of(&as_decl(value)?)))?,
            labels: self.texts_by_key(decl, "labels")?,
            annotations: self.texts_by_key(decl, "annotations")?,
            user: self.int_if(decl, "user")?,
            group: self.int_if(decl, "group")?,
            host_network: if kind == "app" { self.place_if(decl, "host-network")? } else { None },
            privileged: self.bool(decl, "privileged")?,
            pod: self.record(decl, "pod", raw)?,
            fields: self.record(decl, "container", raw)?,
        })
    }

    fn command(&mut self, decl: &DeclRef, kind: &str) -> Read<(Option<Vec<String>>, Vec<String>)> {
        if kind == "app" {
            let command = self.value_of(decl, "command")?;
            let command = if command.is_none() { None } else { Some(self.texts(decl, "command")?) };
            return Ok((command, self.texts(decl, "args")?));
        }
        let run = self.texts(decl, "run")?;
        Ok(((!run.is_empty()).then_some(run), Vec::new()))
    }

    fn uses(&mut self, decl: &DeclRef) -> Read<Vec<At<DeviceUse>>> {
        let used = self.decls(decl, "uses")?;
        used.into_iter().map(|(device, place)| Ok(At::new(self.device_use(&device)?, place))).collect()
    }

    fn volumes(&mut self, decl: &DeclRef, kind: &str) -> Read<Map<String, Volume>> {
        let mut volumes = Map::new();
        for (name, volume) in self.inner(decl, &format!("{kind}.volume"))? {
            let source = self.volume_source(&volume)?;
            volumes.insert(name, self.volume(&volume, source)?);
        }
        for (shared, place) in self.decls(decl, "mount")? {
            let Some(owner) = shared.parent() else {
                return Err(self.fault(place, "a volume is in nothing"));
            };
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
        Ok(volumes)
    }

    fn volume(&mut self, decl: &DeclRef, source: VolumeSource) -> Read<Volume> {
        Ok(Volume {
            at: self.parsed(decl, "at", UnixPath::parse)?,
            sub_path: self.text_if(decl, "sub-path")?,
            read_only: self.bool(decl, "read-only")?,
            source,
            claim: self.record(decl, "claim", raw)?,
            place: self.head(decl),
        })
    }

    fn volume_source(&mut self, decl: &DeclRef) -> Read<VolumeSource> {
        let host_path = self.get_if(decl, "host-path", |value| UnixPath::parse(value.as_text()?).ok())?;
        if let Some(path) = host_path {
            return Ok(VolumeSource::HostPath(path));
        }
        if self.bool(decl, "temporary")? {
            return Ok(VolumeSource::Temporary(self.size_if(decl, "size")?));
        }
        // The library's check says it where it is left out.
        let Some(size) = self.size_if(decl, "size")? else {
            return Err(Reported::elsewhere(Elsewhere::Declaration));
        };
        let access = self.choice(decl, "access", ACCESS)?;
        Ok(VolumeSource::Claim { size, class: self.text_if(decl, "class")?, access })
    }

    fn files(&mut self, decl: &DeclRef, kind: &str) -> Read<Map<String, File>> {
        let mut files = Map::new();
        let file = format!("{kind}.file");
        let children = self.children_of(decl);
        for inner in children.whole()?.iter().filter(|inner| kind_of(inner) == file) {
            let Some(step) = inner.steps().last() else { continue };
            let content = self.get_at(inner, "content", |value| match value {
                Value::Text(text) => Some(FileContent::Plain(text.to_string())),
                Value::Secret(secret) => Some(FileContent::Secret((**secret).clone())),
                _ => None,
            })?;
            let mode = self.text_if(inner, "mode")?;
            files.insert(step.name.to_string(), File { content, mode });
        }
        Ok(files)
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
    Some(Resources {
        cpu: entry_at(value, "cpu", as_cpu)?,
        cpu_limit: entry_at(value, "cpu-limit", as_cpu)?,
        memory: entry_at(value, "memory", as_size)?,
        memory_limit: entry_at(value, "memory-limit", as_size)?,
        extra: entries_of(&entry(value, "extra")?.value, as_int)?,
    })
}

/// Texts by key, for those who need them beside a container.
pub(super) fn annotations(value: &Value) -> Option<Map<String, At<String>>> {
    texts_of(&entry(value, "annotations")?.value)
}
