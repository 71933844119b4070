//! Containers that run before and beside that of an app or a job.

use domain::{ImageReference, UnixPath};
use model::{
    At, Container, File, FileContent, Holder, Map, Placing, PodSettings, Raw, SideContainer, Volume,
    VolumeSource, names,
};
use types::{DeclRef, Field, Value};

use super::container::{nfs, resources};
use super::health::health;
use super::raw::raw;
use super::read::{Read, as_decl, as_size, as_string, entry, optional};
use crate::eval::{Evaluator, kind_of, name_of};

/// A volume as a container beside another says it.
struct Said {
    name: String,
    at: UnixPath,
    sub_path: Option<String>,
    read_only: bool,
    source: Source,
    place: source::Place,
}

enum Source {
    Of(DeclRef),
    Own(VolumeSource),
}

impl Evaluator<'_> {
    /// The containers beside that of `decl`, in the order written, which is that in which they start.
    pub(super) fn beside(&mut self, decl: &DeclRef, kind: &str) -> Read<Vec<SideContainer>> {
        let (init, sidecar) = (format!("{kind}.init"), format!("{kind}.sidecar"));
        let children = self.children_of(decl);
        let sides: Vec<DeclRef> = children
            .whole()?
            .iter()
            .filter(|inner| inner.steps().len() == decl.steps().len() + 1)
            .cloned()
            .collect();
        let mut beside = Vec::new();
        for side in sides.iter().filter(|side| kind_of(side) == init || kind_of(side) == sidecar) {
            let keeps_running = kind_of(side) == sidecar;
            let (ports, health) = if kind == "app" && keeps_running {
                let ports = self.decls(side, "ports")?;
                let ports = ports.into_iter().map(|(port, place)| At::new(name_of(&port), place));
                (ports.collect(), self.record(side, "health", |value| optional(value, health))?)
            } else {
                (Vec::new(), None)
            };
            beside.push(SideContainer {
                name: name_of(side),
                object: names::side_name(&name_of(decl), &name_of(side)),
                keeps_running,
                container: self.side_container(side, decl)?,
                ports,
                health,
                place: self.head(side),
            });
        }
        Ok(beside)
    }

    fn side_container(&mut self, side: &DeclRef, owner: &DeclRef) -> Read<Container> {
        let (command, args) = self.command(side, "app")?;
        Ok(Container {
            image: self.parsed_at(side, "image", ImageReference::parse)?,
            command,
            args,
            env: self.variables(side)?,
            env_from: self.record(side, "env-from", super::container::env_from)?,
            volumes: self.side_volumes(side, owner)?,
            files: self.record(side, "files", files)?,
            resources: self.record(side, "resources", resources)?,
            devices: Vec::new(),
            host: None,
            labels: Map::new(),
            annotations: Map::new(),
            user: self.int_if(side, "user")?,
            group: None,
            host_network: None,
            privileged: false,
            hardened: self.place_if(owner, "hardened")?,
            read_only_root: self.bool(side, "read-only-root")?,
            placing: Placing::default(),
            settings: PodSettings::default(),
            beside: Vec::new(),
            pod: Raw::default(),
            fields: self.record(side, "container", raw)?,
        })
    }

    fn side_volumes(&mut self, side: &DeclRef, owner: &DeclRef) -> Read<Map<String, Volume>> {
        let mut volumes = Map::new();
        for said in self.record(side, "volumes", said_volumes)? {
            let source = match said.source {
                Source::Own(source) => source,
                Source::Of(of) if of.parent().as_ref() == Some(owner) => VolumeSource::InPod(name_of(&of)),
                Source::Of(of) => self.shared(&of, side)?,
            };
            let Said { name, at, sub_path, read_only, place, .. } = said;
            volumes.insert(
                name,
                Volume { at, sub_path, read_only, source, each: false, claim: Raw::default(), place },
            );
        }
        for (shared, place) in self.decls(side, "mount")? {
            let source = VolumeSource::InPod(name_of(&shared));
            let volume = Volume { place, ..self.volume(&shared, source)? };
            let name = name_of(&shared);
            // A volume of its own with the same name keeps it.
            let name = if volumes.contains_key(&name) { format!("{}-{name}", name_of(owner)) } else { name };
            volumes.insert(name, Volume { claim: Raw::default(), ..volume });
        }
        Ok(volumes)
    }
}

fn said_volumes(value: &Value) -> Option<Vec<Said>> {
    let Value::Map(map) = value else { return None };
    let read = |(name, field): (&_, &Field)| said(&format!("{name}"), field);
    map.iter().filter(|(_, field)| !field.value.is_none()).map(|(name, field)| read((name, field))).collect()
}

fn said(name: &str, field: &Field) -> Option<Said> {
    let value = &field.value;
    let is = |name: &str| match entry(value, name)?.value {
        Value::Bool(is) => Some(is),
        _ => None,
    };
    let text = |name: &str| optional(&entry(value, name)?.value, as_string);
    let size = optional(&entry(value, "size")?.value, as_size)?;
    let path = |value: &Value| UnixPath::parse(value.as_text()?).ok();
    let source = if let Some(of) = optional(&entry(value, "of")?.value, as_decl)? {
        Source::Of(of)
    } else if let Some(claim) = text("existing")? {
        Source::Own(VolumeSource::Shared(claim))
    } else if let Some(share) = optional(&entry(value, "nfs")?.value, nfs)? {
        Source::Own(share)
    } else if let Some(path) = optional(&entry(value, "host-path")?.value, path)? {
        Source::Own(VolumeSource::HostPath(path))
    } else if let Some(name) = text("config-map")? {
        Source::Own(VolumeSource::Files(Holder::ConfigMap, name))
    } else if let Some(name) = text("secret")? {
        Source::Own(VolumeSource::Files(Holder::Secret, name))
    } else if is("memory")? {
        Source::Own(VolumeSource::Memory(size))
    } else {
        Source::Own(VolumeSource::Temporary(size))
    };
    Some(Said {
        name: name.to_owned(),
        at: path(&entry(value, "at")?.value)?,
        sub_path: text("sub-path")?,
        read_only: is("read-only")?,
        source,
        place: field.place.clone(),
    })
}

fn files(value: &Value) -> Option<Map<String, File>> {
    let Value::Map(map) = value else { return None };
    let read = |field: &Field| {
        let content = match &field.value {
            Value::Text(text) => FileContent::Plain(text.to_string()),
            Value::Secret(secret) => FileContent::Secret((**secret).clone()),
            _ => return None,
        };
        Some(File { content: At::new(content, field.place.clone()), mode: None })
    };
    let present = map.iter().filter(|(_, field)| !field.value.is_none());
    present.map(|(path, field)| Some((path.to_string(), read(field)?))).collect()
}
