//! Volumes of a pod and where they are mounted: declared ones, and files made of text.

use domain::Size;
use model::kubernetes::Type;
use model::names::{files_name, secrets_name};
use model::{Access, App, File, FileContent, Holder, Kept, Map, SecretText, Volume, VolumeSource};

use crate::devices;
use crate::keys::Taken;
use crate::names::data_key;
use crate::object::{Metadata, Object};
use crate::workload::Workload;
use crate::{raw, secrets};
use yaml::{MapBuilder, Yaml};

/// The volumes of a pod and the mounts of its containers.
#[derive(Debug, Default)]
pub(crate) struct Mounts {
    pub(crate) volumes: Vec<Yaml>,
    /// Those of the workload's own container.
    pub(crate) own: Vec<Yaml>,
    /// Those of each container beside it.
    pub(crate) beside: Vec<Vec<Yaml>>,
}

/// A file that is mounted from a key of a `ConfigMap` or Secret.
#[derive(Debug)]
pub(crate) struct MountedFile<'a, T> {
    /// Where it is in the container.
    pub(crate) path: &'a str,
    /// The key that holds it.
    pub(crate) key: String,
    /// What is in it.
    pub(crate) content: &'a T,
    /// Its mode.
    mode: Option<&'a str>,
}

/// Everything that is mounted in the workload's containers.
pub(crate) fn mounts(workload: &Workload<'_>) -> Mounts {
    let mut made = Mounts::default();
    let container = workload.container;
    for (name, volume) in &container.volumes {
        // Each pod's own is made with the pod.
        if !volume.each {
            made.volumes.push(named(name, source(workload.name(), name, volume)));
        }
        made.own.push(mount(name, volume));
    }
    let raw =
        container.pod.items_at(&["volumes"]).iter().filter_map(|volume| volume.value.text_at(&["name"]));
    let raw: Vec<String> = raw.map(str::to_owned).collect();
    let mut taken = Taken::of(container.volumes.keys().chain(&raw));
    push_all_files(&mut made, &mut taken, workload, "");
    devices::push_mounts(&mut made, &mut taken, workload);
    for side in workload.beside() {
        let inner = of_side(&mut taken, &side);
        made.volumes.extend(inner.volumes);
        made.beside.push(inner.own);
    }
    made
}

/// What is mounted in a container beside another, and the volumes that the pod has for that alone.
fn of_side(taken: &mut Taken, side: &Workload<'_>) -> Mounts {
    let mut made = Mounts::default();
    let prefix = format!("{}-", side.container_name);
    for (name, volume) in &side.container.volumes {
        if let VolumeSource::InPod(name) = &volume.source {
            made.own.push(mount(name, volume));
            continue;
        }
        let name = taken.free([format!("{prefix}{name}"), format!("hlc-{prefix}{name}")]);
        made.volumes.push(named(&name, source(side.name(), &name, volume)));
        made.own.push(mount(&name, volume));
    }
    push_all_files(&mut made, taken, side, &prefix);
    made
}

/// Mounts the files made of text, from volumes whose names begin so.
fn push_all_files(made: &mut Mounts, taken: &mut Taken, workload: &Workload<'_>, prefix: &str) {
    let (name, container) = (workload.name(), workload.container);
    let volume = format!("{prefix}files");
    let plain = (volume.as_str(), "configMap", MapBuilder::new().set("name", files_name(name)));
    push_files(made, taken, plain, &plain_files(&container.files));
    let volume = format!("{prefix}secret-files");
    let secret = (volume.as_str(), "secret", MapBuilder::new().set("secretName", secrets_name(name)));
    push_files(made, taken, secret, &secrets::files(container));
}

/// A volume by name.
pub(crate) fn named(name: &str, (kind, source): (&str, Yaml)) -> Yaml {
    MapBuilder::new().set("name", name).set(kind, source).into()
}

/// What a declared volume is to Kubernetes.
fn source(workload: &str, name: &str, volume: &Volume) -> (&'static str, Yaml) {
    match volume.kept(workload, name) {
        Kept::Claim(claim) => ("persistentVolumeClaim", MapBuilder::new().set("claimName", claim).into()),
        Kept::Folder(path) => {
            let file = MapBuilder::new().set("path", path.to_string());
            ("hostPath", file.set_some("type", devices::file_type(path)).into())
        }
        Kept::Pod(size) => ("emptyDir", folder(size).into()),
        // One that is there already has no second.
        Kept::InPod(_) => ("emptyDir", folder(None).into()),
        Kept::Memory(size) => ("emptyDir", folder(size).set("medium", "Memory").into()),
        Kept::Nfs(server, path) => {
            let share = MapBuilder::new().set("server", server).set("path", path.to_string());
            ("nfs", share.set_some("readOnly", volume.read_only.then_some(true)).into())
        }
        Kept::Object(Holder::ConfigMap, name) => ("configMap", MapBuilder::new().set("name", name).into()),
        Kept::Object(Holder::Secret, name) => ("secret", MapBuilder::new().set("secretName", name).into()),
    }
}

/// A folder that lives as long as the pod.
fn folder(size: Option<Size>) -> MapBuilder {
    MapBuilder::new().set_some("sizeLimit", size.map(Size::kubernetes))
}

/// Where a declared volume is mounted.
fn mount(name: &str, volume: &Volume) -> Yaml {
    MapBuilder::new()
        .set("name", name)
        .set("mountPath", volume.at.to_string())
        .set_some("subPath", volume.sub_path.as_ref())
        .set_some("readOnly", volume.read_only.then_some(true))
        .into()
}

/// The files that are no secret, each with a key of its own: the file's name, or else the whole path.
pub(crate) fn plain_files(files: &Map<String, File>) -> Vec<MountedFile<'_, String>> {
    let mut taken = Taken::default();
    let plain = files.iter().filter_map(|(path, file)| match &file.content.value {
        FileContent::Plain(text) => Some((path, file, text)),
        FileContent::Secret(_) => None,
    });
    plain.map(|(path, file, text)| mounted(&mut taken, path, file, text)).collect()
}

/// The files that hold secrets; their keys differ from those in `taken`.
pub(crate) fn secret_files<'a>(
    files: &'a Map<String, File>,
    taken: &mut Taken,
) -> Vec<MountedFile<'a, SecretText>> {
    let secret = files.iter().filter_map(|(path, file)| match &file.content.value {
        FileContent::Plain(_) => None,
        FileContent::Secret(text) => Some((path, file, text)),
    });
    secret.map(|(path, file, text)| mounted(taken, path, file, text)).collect()
}

fn mounted<'a, T>(taken: &mut Taken, path: &'a str, file: &'a File, content: &'a T) -> MountedFile<'a, T> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let key = taken.free([data_key(name), data_key(path.trim_start_matches('/'))]);
    MountedFile { path, key, content, mode: file.mode.as_deref() }
}

/// Mounts each file by itself, so that what else the image has in its folder stays.
fn push_files<T>(
    made: &mut Mounts,
    taken: &mut Taken,
    (volume, kind, source): (&str, &'static str, MapBuilder),
    files: &[MountedFile<'_, T>],
) {
    if files.is_empty() {
        return;
    }
    let volume = taken.free([volume.to_owned(), format!("hlc-{volume}")]);
    let items: Vec<Yaml> = files.iter().map(item).collect();
    made.volumes.push(named(&volume, (kind, source.set("items", items).into())));
    for file in files {
        let mount = MapBuilder::new()
            .set("name", &volume)
            .set("mountPath", file.path)
            .set("subPath", &file.key)
            .set("readOnly", true);
        made.own.push(mount.into());
    }
}

fn item<T>(file: &MountedFile<'_, T>) -> Yaml {
    MapBuilder::new().set("key", &file.key).set("path", &file.key).set_some("mode", mode(file.mode)).into()
}

/// A mode in decimal: octal numbers are not the same to all readers of YAML.
fn mode(mode: Option<&str>) -> Option<i64> {
    mode.and_then(|mode| i64::from_str_radix(mode.trim_start_matches("0o"), 8).ok())
}

/// The `ConfigMap` of the plain files.
pub(crate) fn config_map(workload: &Workload<'_>) -> Option<Object> {
    let files = plain_files(&workload.container.files);
    if files.is_empty() {
        return None;
    }
    let data = Yaml::text_map(files.into_iter().map(|file| (file.key, file.content.as_str())));
    let metadata = workload.metadata().named(files_name(workload.name()));
    Some(Object::new("v1", "ConfigMap", metadata, ("data", data)))
}

/// The claims of an app's own volumes. They stay when the app goes: data is deleted by people.
pub(crate) fn claims(workload: &Workload<'_>) -> Vec<Object> {
    let volumes = workload.container.volumes.iter().filter(|(_, volume)| !volume.each);
    volumes.filter_map(|(name, volume)| claim(&workload.metadata(), name, volume)).collect()
}

/// The claims that each pod of a numbered app gets.
pub(crate) fn claim_templates(workload: &Workload<'_>) -> Vec<Yaml> {
    let each = workload.container.volumes.iter().filter(|(_, volume)| volume.each);
    let template = |(name, volume): (&String, &Volume)| {
        let metadata = MapBuilder::new().set("name", name);
        Some(MapBuilder::new().set("metadata", metadata).set("spec", claim_spec(volume)?).into())
    };
    each.filter_map(template).collect()
}

fn claim(metadata: &Metadata, name: &str, volume: &Volume) -> Option<Object> {
    let spec = claim_spec(volume)?;
    let Kept::Claim(claim) = volume.kept(&metadata.name, name) else { return None };
    let keep = ("helm.sh/resource-policy".to_owned(), "keep".to_owned());
    let metadata = metadata.named(claim).annotated([keep]);
    Some(Object::new("v1", "PersistentVolumeClaim", metadata, ("spec", spec)))
}

fn claim_spec(volume: &Volume) -> Option<Yaml> {
    let VolumeSource::Claim { size, class, access, .. } = &volume.source else { return None };
    let mode = match access {
        Access::OneHost => "ReadWriteOnce",
        // Whoever mounts it finds it read-only, so a volume that nobody can write to will do.
        Access::ManyHosts if volume.read_only => "ReadOnlyMany",
        Access::ManyHosts => "ReadWriteMany",
    };
    let requests = MapBuilder::new().set("storage", size.kubernetes());
    let asked = MapBuilder::new()
        .set("accessModes", Yaml::texts([mode]))
        .set_some("storageClassName", class.as_ref())
        .set("resources", MapBuilder::new().set("requests", requests));
    Some(raw::over(asked, &volume.claim, &Type::object("PersistentVolumeClaimSpec")))
}

/// Whether only pods of one host can mount what the app mounts, as far as this component's `apps` tell.
pub(crate) fn is_bound_to_one_host(app: &App, apps: &[&App]) -> bool {
    app.container.volumes.values().any(|volume| match &volume.source {
        VolumeSource::Claim { .. } => volume.access() == Some(Access::OneHost),
        VolumeSource::Shared(claim) => !is_for_many_hosts(&app.placement.namespace, claim, apps),
        _ => false,
    })
}

/// Whether the app can write to a volume that stays.
pub(crate) fn writes_to_claims(app: &App) -> bool {
    let is_claim =
        |volume: &Volume| matches!(volume.source, VolumeSource::Claim { .. } | VolumeSource::Shared(_));
    app.container.volumes.values().any(|volume| is_claim(volume) && !volume.read_only)
}

fn is_for_many_hosts(namespace: &str, claim: &str, apps: &[&App]) -> bool {
    apps.iter().filter(|app| app.placement.namespace == namespace).any(|app| {
        app.container.volumes.iter().any(|(name, volume)| {
            volume.access() == Some(Access::ManyHosts)
                && volume.kept(&app.placement.name, name) == Kept::Claim(claim.to_owned())
        })
    })
}
