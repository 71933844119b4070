//! What runs in a pod.

use diagnostics::{Elsewhere, Reported};
use domain::{ImageReference, UnixPath};
use model::{
    Access, At, Container, DeviceUse, EnvValue, File, FileContent, Holder, Map, Resources, SecretText,
    Volume, VolumeSource,
};
use types::{DeclRef, Field, Value};

use super::raw::raw;
use super::read::{
    Read, as_cpu, as_decl, as_int, as_size, as_string, chosen, entries_of, entry, entry_at, optional,
    texts_of,
};
use crate::eval::{Evaluator, kind_of, name_of};

const HOLDERS: &[(&str, Holder)] = &[("config-map", Holder::ConfigMap), ("secret", Holder::Secret)];

const ACCESS: &[(&str, Access)] = &[("many-hosts", Access::ManyHosts), ("one-host", Access::OneHost)];

impl Evaluator<'_> {
    /// The container of an app or a job. `kind` is which, since their nested kinds are their own.
    pub(super) fn container(&mut self, decl: &DeclRef, kind: &str) -> Read<Container> {
        let (command, args) = self.command(decl, kind)?;
        Ok(Container {
            image: self.parsed_at(decl, "image", ImageReference::parse)?,
            command,
            args,
            env: self.variables(decl)?,
            env_from: self.record(decl, "env-from", env_from)?,
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
            hardened: self.place_if(decl, "hardened")?,
            read_only_root: self.bool(decl, "read-only-root")?,
            placing: self.placing(decl, kind)?,
            settings: self.settings(decl)?,
            beside: self.beside(decl, kind)?,
            pod: self.record(decl, "pod", raw)?,
            fields: self.record(decl, "container", raw)?,
        })
    }

    pub(super) fn variables(&mut self, decl: &DeclRef) -> Read<Map<String, At<EnvValue>>> {
        let mut all = self.record(decl, "env", env)?;
        for (name, key) in self.record(decl, "env-keys", env_keys)? {
            all.insert(name, key);
        }
        Ok(all)
    }

    pub(super) fn command(&mut self, decl: &DeclRef, kind: &str) -> Read<(Option<Vec<String>>, Vec<String>)> {
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
            let source = match self.get_if(&volume, "of", as_decl)? {
                Some(shared) => self.shared(&shared, &volume)?,
                None => self.volume_source(&volume)?,
            };
            let each = kind == "app" && self.bool(&volume, "each")?;
            volumes.insert(name, Volume { each, ..self.volume(&volume, source)? });
        }
        for (shared, place) in self.decls(decl, "mount")? {
            let source = self.shared(&shared, decl)?;
            let mut volume = self.volume(&shared, source)?;
            volume.place = place;
            // A volume of its own with the same name keeps it.
            let mut name = name_of(&shared);
            if volumes.contains_key(&name) {
                let owner = shared.parent().map(|owner| name_of(&owner)).unwrap_or_default();
                name = format!("{owner}-{name}");
            }
            volumes.insert(name, volume);
        }
        Ok(volumes)
    }

    /// What a volume of another app is to whom that is `of`: its claim, or whatever it is.
    pub(super) fn shared(&mut self, shared: &DeclRef, of: &DeclRef) -> Read<VolumeSource> {
        let Some(owner) = shared.parent() else {
            let place = self.head(of);
            return Err(self.fault(place, "a volume is in nothing"));
        };
        // The library's check says it where that is another app's, too.
        if let Some(other) = self.get_if(shared, "of", as_decl)? {
            return match self.get_if(&other, "of", as_decl)? {
                Some(_) => Err(Reported::elsewhere(Elsewhere::Declaration)),
                None => self.shared(&other, of),
            };
        }
        Ok(match self.volume_source(shared)? {
            VolumeSource::Claim { name: Some(name), .. } => VolumeSource::Shared(name),
            VolumeSource::Claim { .. } => {
                VolumeSource::Shared(model::names::claim_name(&name_of(&owner), &name_of(shared)))
            }
            other => other,
        })
    }

    pub(super) fn volume(&mut self, decl: &DeclRef, source: VolumeSource) -> Read<Volume> {
        Ok(Volume {
            at: self.parsed(decl, "at", UnixPath::parse)?,
            sub_path: self.text_if(decl, "sub-path")?,
            read_only: self.bool(decl, "read-only")?,
            source,
            each: false,
            claim: self.record(decl, "claim", raw)?,
            place: self.head(decl),
        })
    }

    fn volume_source(&mut self, decl: &DeclRef) -> Read<VolumeSource> {
        let host_path = self.get_if(decl, "host-path", |value| UnixPath::parse(value.as_text()?).ok())?;
        if let Some(path) = host_path {
            return Ok(VolumeSource::HostPath(path));
        }
        if let Some(claim) = self.text_if(decl, "existing")? {
            return Ok(VolumeSource::Shared(claim));
        }
        if let Some(share) = self.record(decl, "nfs", |value| optional(value, nfs))? {
            return Ok(share);
        }
        for (field, holder) in [("config-map", Holder::ConfigMap), ("secret", Holder::Secret)] {
            if let Some(name) = self.text_if(decl, field)? {
                return Ok(VolumeSource::Files(holder, name));
            }
        }
        if self.bool(decl, "memory")? {
            return Ok(VolumeSource::Memory(self.size_if(decl, "size")?));
        }
        if self.bool(decl, "temporary")? {
            return Ok(VolumeSource::Temporary(self.size_if(decl, "size")?));
        }
        // The library's check says it where it is left out.
        let Some(size) = self.size_if(decl, "size")? else {
            return Err(Reported::elsewhere(Elsewhere::Declaration));
        };
        let access = self.choice(decl, "access", ACCESS)?;
        let (class, name) = (self.text_if(decl, "class")?, self.text_if(decl, "claim-name")?);
        Ok(VolumeSource::Claim { size, class, access, name })
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

fn env_keys(value: &Value) -> Option<Vec<(String, At<EnvValue>)>> {
    let Value::Map(map) = value else { return None };
    let read = |field: &Field| {
        let text = |name| as_string(&entry(&field.value, name)?.value);
        let holder = chosen(&entry(&field.value, "in")?.value, HOLDERS)?;
        let key = EnvValue::Key { holder, name: text("name")?, key: text("key")? };
        Some(At::new(key, field.place.clone()))
    };
    map.iter().map(|(name, field)| Some((name.to_string(), read(field)?))).collect()
}

pub(super) fn env_from(value: &Value) -> Option<Vec<(Holder, String)>> {
    let mut all = Vec::new();
    for (field, holder) in [("secrets", Holder::Secret), ("config-maps", Holder::ConfigMap)] {
        let Value::List(names) = &entry(value, field)?.value else { return None };
        for name in names.iter() {
            all.push((holder, as_string(&name.value)?));
        }
    }
    Some(all)
}

pub(super) fn nfs(value: &Value) -> Option<VolumeSource> {
    let path = UnixPath::parse(entry(value, "path")?.value.as_text()?).ok()?;
    Some(VolumeSource::Nfs { server: entry(value, "server")?.value.shown()?, path })
}

fn secret_value(text: &SecretText) -> EnvValue {
    match text.alone() {
        Some(secret) => EnvValue::Secret(secret.clone()),
        None => EnvValue::Text(text.clone()),
    }
}

pub(super) fn resources(value: &Value) -> Option<Resources> {
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
