//! Pods of apps and jobs.

use std::collections::{BTreeMap, BTreeSet};

use model::kubernetes::Type;
use model::names::secrets_name;
use model::{EnvValue, Holder, Port, Protocol, plain};

use crate::hash::hash;
use crate::names::container_port;
use crate::workload::Workload;
use crate::{devices, health, mounts, placing, raw, rights, secrets, settings, variables};
use yaml::{MapBuilder, Yaml};

/// The pod template of a workload.
pub(crate) fn template(workload: &Workload<'_>, restart: Option<&str>) -> Yaml {
    let metadata = MapBuilder::new()
        .set("labels", Yaml::text_map(pod_labels(workload)))
        .set_filled("annotations", Yaml::text_map(annotations(workload)));
    MapBuilder::new().set("metadata", metadata).set("spec", spec(workload, restart)).into()
}

/// The user's labels under the usual ones; those that Services select by are never the user's.
fn pod_labels(workload: &Workload<'_>) -> BTreeMap<String, String> {
    let mut labels = workload.labels();
    labels.extend(plain(&workload.container.labels));
    labels.extend(workload.selector());
    labels
}

/// The user's annotations, and hashes of the files and of the secrets: what was changed makes another pod.
fn annotations(workload: &Workload<'_>) -> BTreeMap<String, String> {
    let mut annotations: BTreeMap<String, String> = plain(&workload.container.annotations).collect();
    let all = workload.container.all();
    let files: Vec<_> = all.flat_map(|container| mounts::plain_files(&container.files)).collect();
    if !files.is_empty() {
        let parts = files.iter().flat_map(|file| [file.path, file.content.as_str()]);
        annotations.insert("checksum/files".to_owned(), hash(parts));
    }
    let mut marks = secrets::marks(workload);
    marks.extend(workload.beside().flat_map(|side| secrets::marks(&side)));
    if !marks.is_empty() {
        let parts = marks.iter().flat_map(|(name, mark)| [name.as_str(), mark]);
        annotations.insert("checksum/secrets".to_owned(), hash(parts));
    }
    annotations
}

fn spec(workload: &Workload<'_>, restart: Option<&str>) -> Yaml {
    let container = workload.container;
    let mounts = mounts::mounts(workload);
    let account = rights::account(workload);
    let made = MapBuilder::new()
        .set_some("restartPolicy", restart)
        .set_some("serviceAccountName", account)
        .set("automountServiceAccountToken", account.is_some())
        .set("enableServiceLinks", container.settings.service_links)
        .set_some("hostNetwork", container.shares_network().map(|_| true));
    let made = settings::set_settings(made, workload);
    let made = placing::set_placing(made, workload)
        .set("securityContext", pod_security(workload))
        .set_filled("initContainers", beside(workload, mounts.beside))
        .set("containers", vec![own_container(workload, mounts.own)])
        .set_filled("volumes", mounts.volumes);
    raw::over(made, &container.pod, &Type::object("PodSpec"))
}

/// Those that it says, and those of the files of its devices.
fn groups(workload: &Workload<'_>) -> Vec<Yaml> {
    let said = workload.container.settings.groups.iter().copied();
    let all: BTreeSet<i64> = said.chain(devices::groups(workload)).collect();
    all.into_iter().map(Yaml::from).collect()
}

fn pod_security(workload: &Workload<'_>) -> Yaml {
    let container = workload.container;
    // Runtimes refuse a group without a user; the volumes are the group's all the same.
    let run_as_group = container.user.and(container.group);
    MapBuilder::new()
        .set_some("runAsNonRoot", container.hardened.as_ref().map(|_| true))
        .set_some("runAsUser", container.user)
        .set_some("runAsGroup", run_as_group)
        .set_filled("supplementalGroups", groups(workload))
        .set_some("fsGroup", container.group)
        .set_some("fsGroupChangePolicy", container.group.map(|_| "OnRootMismatch"))
        .set("seccompProfile", MapBuilder::new().set("type", "RuntimeDefault"))
        .into()
}

/// The containers before and beside that of the workload. One that keeps running is started like the others, and not
/// waited for but for its start.
fn beside(workload: &Workload<'_>, mounts: Vec<Vec<Yaml>>) -> Vec<Yaml> {
    let sides = workload.container.beside.iter().zip(workload.beside()).zip(mounts);
    sides
        .map(|((side, workload), mounts)| {
            let made = container(&workload, mounts);
            let restart = side.keeps_running.then_some("Always");
            raw::over(
                made.set_some("restartPolicy", restart),
                &side.container.fields,
                &Type::object("Container"),
            )
        })
        .collect()
}

fn own_container(workload: &Workload<'_>, mounts: Vec<Yaml>) -> Yaml {
    raw::over(container(workload, mounts), &workload.container.fields, &Type::object("Container"))
}

fn container(workload: &Workload<'_>, mounts: Vec<Yaml>) -> MapBuilder {
    let container = workload.container;
    let map = MapBuilder::new()
        .set("name", workload.container_name)
        .set("image", container.image.to_string())
        .set_some("command", container.command.as_ref().map(Yaml::texts))
        .set_filled("args", Yaml::texts(&container.args))
        .set_filled("ports", ports(workload))
        .set_filled("env", env(workload))
        .set_filled("envFrom", env_from(workload));
    health::set_probes(map, workload)
        .set_filled("resources", resources(workload))
        .set("securityContext", container_security(workload))
        .set_filled("volumeMounts", mounts)
}

fn ports(workload: &Workload<'_>) -> Vec<Yaml> {
    let port = |(name, port): (&String, &Port)| {
        MapBuilder::new()
            .set("name", container_port(name))
            .set("containerPort", port.number.value)
            .set_some("hostPort", port.host_port.as_ref().map(|port| port.value))
            .set("protocol", protocol(port.protocol))
            .into()
    };
    workload.own_ports().map(port).collect()
}

/// As Kubernetes has it.
pub(crate) const fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
    }
}

fn env(workload: &Workload<'_>) -> Vec<Yaml> {
    let keys = secrets::variables(workload.container);
    let variable = |(name, value): (&String, &model::At<EnvValue>)| {
        let variable = MapBuilder::new().set("name", name);
        match (&value.value, keys.get(name.as_str())) {
            (EnvValue::Plain(text), _) => variable.set("value", text),
            (EnvValue::Key { holder, name, key }, _) => {
                let source = match holder {
                    Holder::Secret => "secretKeyRef",
                    Holder::ConfigMap => "configMapKeyRef",
                };
                let reference = MapBuilder::new().set("name", name).set("key", key);
                variable.set("valueFrom", MapBuilder::new().set(source, reference))
            }
            (_, key) => {
                let key = key.map_or(name.as_str(), String::as_str);
                let reference = MapBuilder::new().set("name", secrets_name(workload.name())).set("key", key);
                variable.set("valueFrom", MapBuilder::new().set("secretKeyRef", reference))
            }
        }
        .into()
    };
    variables::ordered(&workload.container.env).into_iter().map(variable).collect()
}

/// Objects that something else made, of which all values are variables.
fn env_from(workload: &Workload<'_>) -> Vec<Yaml> {
    let source = |(holder, name): &(Holder, String)| {
        let source = match holder {
            Holder::Secret => "secretRef",
            Holder::ConfigMap => "configMapRef",
        };
        MapBuilder::new().set(source, MapBuilder::new().set("name", name)).into()
    };
    workload.container.env_from.iter().map(source).collect()
}

/// What the container gets and what it may not exceed. Extended resources are limits; requests follow them.
fn resources(workload: &Workload<'_>) -> Yaml {
    let given = &workload.container.resources;
    let cpu = |cpu: &Option<model::At<domain::Cpu>>| cpu.as_ref().map(|cpu| cpu.kubernetes());
    let size = |size: &Option<model::At<domain::Size>>| size.as_ref().map(|size| size.kubernetes());
    let requests = MapBuilder::new().set_some("cpu", cpu(&given.cpu)).set_some("memory", size(&given.memory));
    let memory_limit = size(&given.memory_limit).or_else(|| size(&given.memory));
    let mut limits =
        MapBuilder::new().set_some("cpu", cpu(&given.cpu_limit)).set_some("memory", memory_limit);
    let mut extended: BTreeMap<String, i64> = plain(&given.extra).collect();
    for (resource, count) in devices::resources(workload) {
        *extended.entry(resource).or_insert(0) += count;
    }
    for (resource, count) in extended {
        limits = limits.set(resource, count);
    }
    MapBuilder::new().set_filled("requests", requests).set_filled("limits", limits).into()
}

fn container_security(workload: &Workload<'_>) -> Yaml {
    let read_only = workload.container.read_only_root.then_some(true);
    let rights = if workload.container.privileged || devices::need_privilege(workload) {
        MapBuilder::new().set("privileged", true)
    } else {
        let none = MapBuilder::new().set("drop", Yaml::texts(["ALL"]));
        let hardened = workload.container.hardened.as_ref();
        MapBuilder::new()
            .set("allowPrivilegeEscalation", false)
            .set_some("capabilities", hardened.map(|_| none))
    };
    let user = workload.container.user.filter(|_| workload.is_beside());
    rights.set_some("runAsUser", user).set_some("readOnlyRootFilesystem", read_only).into()
}
