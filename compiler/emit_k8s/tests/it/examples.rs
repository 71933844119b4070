//! Components of many kinds. Snapshots show what they become; tools check that it is right.

use std::collections::BTreeMap;

use emit_k8s::{ComponentInput, Emitted, emit_component};
use model::{
    Access, App, Component, Concurrency, Data, DevicePlugin, EnvValue, FileContent, Job, Manifest, Release,
    SecretRef, SecretText, ServiceKind, Volume, VolumeSource,
};

use crate::lab::*;

/// A component and what is in it.
#[derive(Default)]
pub(crate) struct Example {
    pub(crate) name: &'static str,
    pub(crate) apps: Vec<App>,
    pub(crate) jobs: Vec<Job>,
    pub(crate) releases: Vec<Release>,
    pub(crate) manifests: Vec<Manifest>,
    pub(crate) plugins: Vec<DevicePlugin>,
    pub(crate) marks: BTreeMap<SecretRef, String>,
}

impl Example {
    pub(crate) fn emit(&self) -> Emitted {
        let component: Component = component(self.name);
        emit_component(&ComponentInput {
            component: &component,
            apps: &self.apps.iter().collect::<Vec<_>>(),
            jobs: &self.jobs.iter().collect::<Vec<_>>(),
            releases: &self.releases.iter().collect::<Vec<_>>(),
            manifests: &self.manifests.iter().collect::<Vec<_>>(),
            plugins: &self.plugins.iter().collect::<Vec<_>>(),
            marks: &self.marks,
            source: &format!("homelab.hl: app {}", self.name),
        })
    }
}

pub(crate) fn all() -> Vec<Example> {
    vec![small(), full(), cron(), devices(), handed_devices(), charts(), custom(), once()]
}

/// As little as an app can be.
pub(crate) fn small() -> Example {
    let mut app = app("whoami", "default-apps", "docker.io/traefik/whoami:v1.11.0");
    app.ports = map([("http", port(80))]);
    Example { name: "whoami", apps: vec![app], ..Example::default() }
}

/// Nearly everything that an app can have.
pub(crate) fn full() -> Example {
    let mut app = app("n8n", "automation", "docker.io/n8nio/n8n:1.115.3");
    app.replicas.value = 1;
    app.ports = map([("http", port(5678)), ("discovery", udp(5353)), ("prometheus-metrics", port(9464))]);
    app.ports.get_mut("discovery").unwrap().host_port = Some(at(5353));
    app.ports.get_mut("http").unwrap().service_port = Some(80);
    app.service.kind = ServiceKind::LoadBalancer;
    app.service.address = Some(address("192.168.1.210"));
    app.service.annotations = texts([("external-dns.alpha.kubernetes.io/hostname", "n8n.home.example.net")]);
    app.ingresses = map([("web", ingress("n8n.home.example.net", "http")), ("hook", hook())]);
    app.health = Some(health("http", Some("/healthz"), Some(90)));
    let container = &mut app.container;
    container.command = Some(vec!["n8n".to_owned()]);
    container.args = vec!["start".to_owned(), "--tunnel=no".to_owned()];
    container.env = map([
        ("GENERIC_TIMEZONE", plain("Europe/Lisbon")),
        ("N8N_ENCRYPTION_KEY", at(EnvValue::Secret(secret_ref("n8n-key")))),
        ("DATABASE_URL", at(EnvValue::Text(secret_text("postgres://n8n:", "db-password", "@db:5432/n8n")))),
        ("N8N_SECURE_COOKIE", plain("no")),
    ]);
    container.volumes = full_volumes();
    container.files = map([
        ("/etc/n8n/config.ini", file(FileContent::Plain("[a]\nb = c\n".to_owned()), None)),
        ("/etc/n8n/start.sh", file(FileContent::Plain("#!/bin/sh\nexec n8n\n".to_owned()), Some("0755"))),
        ("/opt/config.ini", file(FileContent::Plain("other".to_owned()), None)),
        ("/etc/n8n/tls.pem", file(FileContent::Secret(secret_text("", "n8n-tls", "")), Some("0400"))),
    ]);
    container.resources = resources("250m", "512MiB");
    container.resources.memory_limit = Some(at(size("1GiB")));
    container.resources.extra = map([("nvidia.com/gpu", at(1))]);
    container.host = Some(at("homelab-1".to_owned()));
    container.labels = texts([("team", "home"), ("app.kubernetes.io/name", "not-theirs")]);
    container.annotations = texts([("prometheus.io/scrape", "true")]);
    container.user = Some(1000);
    container.group = Some(1000);
    Example { name: "n8n", apps: vec![app], ..Example::default() }
}

fn hook() -> model::Ingress {
    let annotations = texts([("cert-manager.io/cluster-issuer", "letsencrypt")]);
    let class = Some("traefik".to_owned());
    model::Ingress {
        path: "/webhook".to_owned(),
        tls: true,
        secret: None,
        class,
        annotations,
        ..ingress("hooks.home.example.net", "http")
    }
}

fn full_volumes() -> model::Map<String, Volume> {
    let class = Some("longhorn".to_owned());
    let shared = VolumeSource::Claim { size: size("20GiB"), class, access: Access::ManyHosts, name: None };
    let backup = Volume {
        sub_path: Some("n8n".to_owned()),
        ..volume("/backup", VolumeSource::HostPath(path("/srv/backup")))
    };
    map([
        ("data", volume("/home/node/.n8n", claim("8GiB"))),
        ("media", Volume { read_only: true, ..volume("/media", shared) }),
        ("backup", backup),
        ("tmp", volume("/tmp", VolumeSource::Temporary(Some(size("256MiB"))))),
        ("files", volume("/files", VolumeSource::Temporary(None))),
    ])
}

/// An app and a job that shares its volume.
pub(crate) fn cron() -> Example {
    let mut stash = app("stash", "media", "docker.io/stashapp/stash:v0.29.3");
    stash.ports = map([("http", port(9999))]);
    stash.health = Some(health("http", None, None));
    stash.container.volumes = map([("library", volume("/data", claim("400GiB")))]);
    let mut fetch = job("fetch-videos", "media", "stash", "ghcr.io/jauderho/yt-dlp:2026.10.14");
    fetch.schedule = Some(crate::lab::cron("0 4 * * *"));
    fetch.time_limit = Some(seconds(7200));
    fetch.concurrency = Concurrency::Replace;
    fetch.container.command = Some(vec!["yt-dlp".to_owned()]);
    fetch.container.args = vec!["--config-location".to_owned(), "/config/yt-dlp.conf".to_owned()];
    let shared = VolumeSource::Shared(model::names::claim_name("stash", "library"));
    fetch.container.volumes = map([("library", volume("/data", shared))]);
    let conf = "--download-archive /data/archive.txt\n-o /data/%(title)s.%(ext)s\n";
    fetch.container.files = map([
        ("/config/yt-dlp.conf", file(FileContent::Plain(conf.to_owned()), None)),
        ("/config/channels.txt", file(FileContent::Secret(secret_text("", "video-channels", "")), None)),
    ]);
    Example { name: "stash", apps: vec![stash], jobs: vec![fetch], ..Example::default() }
}

fn zigbee2mqtt() -> App {
    let mut app = app("zigbee2mqtt", "automation", "docker.io/koenkk/zigbee2mqtt:2.6.1");
    app.ports = map([("http", port(8080))]);
    let stick = "/dev/serial/by-id/usb-ITEAD_SONOFF_Zigbee_3.0-if00-port0";
    app.container.devices =
        vec![device("homelab-0", "zigbee", stick), device("homelab-0", "gpu", "/dev/dri")];
    app
}

/// Devices that are mounted.
pub(crate) fn devices() -> Example {
    Example { name: "zigbee2mqtt", apps: vec![zigbee2mqtt()], ..Example::default() }
}

/// The same devices, one of them handed out by a plugin.
pub(crate) fn handed_devices() -> Example {
    let zigbee = zigbee2mqtt().container.devices[0].clone();
    let mut app = zigbee2mqtt();
    app.container.devices.truncate(1);
    let plugins = vec![plugin("smarter-devices", vec![(zigbee, "ttyUSB0".to_owned())])];
    Example { name: "zigbee2mqtt", apps: vec![app], plugins, ..Example::default() }
}

/// Charts with secrets among their values, and a manifest that they refer to.
pub(crate) fn charts() -> Example {
    let secret = |name: &str| Data::Secret(secret_text("", name, ""));
    let values = data([
        ("adminUser", data([("existingSecret", text("")), ("password", secret("influx-admin"))])),
        (
            "env",
            Data::List(vec![
                data([("name", text("A")), ("value", text("b"))]),
                data([("name", text("T")), ("value", secret("influx-token"))]),
            ]),
        ),
        ("nothing", data([("but", secret("influx-token"))])),
        (
            "persistence",
            data([("enabled", Data::Bool(true)), ("size", text("20Gi")), ("annotations", data([]))]),
        ),
        ("replicas", Data::Int(1)),
    ]);
    let influx = ("https://helm.influxdata.com/", "influxdb2", "2.1.2");
    let mut influxdb = release("influxdb", "influxdb", "influxdb", influx, values);
    influxdb.timeout = Some(seconds(900));
    let webui = ("oci://ghcr.io/open-webui/helm-charts", "open-webui", "16.0.0");
    let mut viewer = release("viewer", "influxdb", "influxdb", webui, data([]));
    viewer.wait = false;
    let config = manifest(
        "influxdb",
        "influxdb",
        "influxdb",
        ("v1", "ConfigMap"),
        data([("data", data([("a", text("no"))]))]),
    );
    Example {
        name: "influxdb",
        releases: vec![viewer, influxdb],
        manifests: vec![config],
        ..Example::default()
    }
}

/// Manifests: a custom resource, something in no namespace, metadata of the user's, texts that helm must leave alone,
/// a secret.
pub(crate) fn custom() -> Example {
    let of = "ingress";
    let strip = data([
        (
            "metadata",
            data([
                ("annotations", data([("note", text("{{ not a template }}"))])),
                ("labels", data([("a", text("1"))])),
                ("finalizers", Data::List(vec![])),
            ]),
        ),
        ("spec", data([("stripPrefix", data([("prefixes", Data::List(vec![text("/a")]))]))])),
    ]);
    let rules = data([
        ("apiGroups", Data::List(vec![text("")])),
        ("resources", Data::List(vec![text("nodes")])),
        ("verbs", Data::List(vec![text("get")])),
    ]);
    let mut role = manifest(
        "system:reader",
        "ingress",
        of,
        ("rbac.authorization.k8s.io/v1", "ClusterRole"),
        data([("rules", Data::List(vec![rules]))]),
    );
    role.cluster_wide = true;
    let lines = data([("last", text("a line\n")), ("script", text("---\n# {{ .Values.no }}\n"))]);
    let config = manifest("texts", "ingress", of, ("v1", "ConfigMap"), data([("data", lines)]));
    let login = data([
        ("type", text("kubernetes.io/basic-auth")),
        (
            "stringData",
            data([
                ("keytab", Data::Secret(SecretText::of_bytes(secret_ref("keytab")))),
                ("password", Data::Secret(secret_text("", "login", ""))),
                ("username", text("ana")),
            ]),
        ),
        ("metadata", data([("annotations", data([("note", text("{{ not a template }}"))]))])),
    ]);
    let login = manifest("login", "ingress", of, ("v1", "Secret"), login);
    let strip = manifest("strip", "ingress", of, ("traefik.io/v1alpha1", "Middleware"), strip);
    Example { name: "ingress", manifests: vec![strip, role, config, login], ..Example::default() }
}

/// A job that runs once.
pub(crate) fn once() -> Example {
    let mut migrate = job("migrate", "ai", "migrate", "docker.io/library/alpine:3.22");
    migrate.container.args = vec!["true".to_owned()];
    migrate.container.group = Some(2000);
    Example { name: "migrate", jobs: vec![migrate], ..Example::default() }
}
