//! Models for the tests, written in few words.

use domain::{Address, Cpu, Cron, Duration, Hostname, ImageReference, Size, UnixPath};
use model::{
    Access, App, At, Chart, ChartSource, Component, Concurrency, Container, Data, DeviceKind, DevicePlugin,
    DeviceUse, EnvValue, File, FileContent, Form, Health, Ingress, Job, Manifest, Map, Namespace, Placement,
    Placing, PodSettings, Port, Probe, Protocol, Question, Raw, Release, Resources, SecretPart, SecretRef,
    SecretText, Service, ServiceKind, Stage, Volume, VolumeSource,
};
use source::{ItemKey, Place, Span};

pub(crate) fn place() -> Place {
    Place::new(&ItemKey::new("homelab.hl".into(), "test".into(), 0), Span::empty(0))
}

pub(crate) fn at<T>(value: T) -> At<T> {
    At::new(value, place())
}

pub(crate) fn stage(number: u8, name: &str) -> Stage {
    Stage { number, name: name.to_owned(), place: place() }
}

pub(crate) fn component(name: &str) -> Component {
    Component { stage: stage(10, "apps"), name: name.to_owned() }
}

/// Something in `namespace`, in the component of that name.
pub(crate) fn placement(name: &str, namespace: &str, of: &str) -> Placement {
    Placement {
        name: name.to_owned(),
        namespace: namespace.to_owned(),
        namespace_exists: false,
        component: component(of),
        held: None,
        after: Vec::new(),
        needs: Vec::new(),
        place: place(),
    }
}

pub(crate) fn path(text: &str) -> UnixPath {
    UnixPath::parse(text).unwrap()
}

pub(crate) fn size(text: &str) -> Size {
    Size::parse(text).unwrap()
}

pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration::from_milliseconds(seconds * 1000)
}

pub(crate) fn address(text: &str) -> At<Address> {
    at(Address::parse(text).unwrap())
}

pub(crate) fn cron(text: &str) -> Cron {
    Cron::parse(text).unwrap()
}

pub(crate) fn container(image: &str) -> Container {
    Container {
        image: at(ImageReference::parse(image).unwrap()),
        command: None,
        args: Vec::new(),
        env: Map::new(),
        env_from: Vec::new(),
        volumes: Map::new(),
        files: Map::new(),
        resources: Resources::default(),
        devices: Vec::new(),
        host: None,
        labels: Map::new(),
        annotations: Map::new(),
        user: None,
        group: None,
        host_network: None,
        privileged: false,
        hardened: None,
        read_only_root: false,
        placing: Placing::default(),
        settings: PodSettings::default(),
        beside: Vec::new(),
        pod: Raw::default(),
        fields: Raw::default(),
    }
}

/// An app in a component of its own.
pub(crate) fn app(name: &str, namespace: &str, image: &str) -> App {
    App {
        placement: placement(name, namespace, name),
        container: container(image),
        form: Form::Deployment,
        replicas: at(1),
        scale: None,
        selector: Map::new(),
        update: None,
        ports: Map::new(),
        ingresses: Map::new(),
        service: Service {
            kind: ServiceKind::Cluster,
            address: None,
            annotations: Map::new(),
            fields: Raw::default(),
        },
        health: None,
        deployment: Raw::default(),
    }
}

pub(crate) fn job(name: &str, namespace: &str, of: &str, image: &str) -> Job {
    Job {
        placement: placement(name, namespace, of),
        container: container(image),
        schedule: None,
        timezone: "Europe/Lisbon".to_owned(),
        own_timezone: None,
        late: None,
        keep: (3, 3),
        remove_after: None,
        completions: 1,
        parallel: 1,
        indexed: false,
        concurrency: Concurrency::Forbid,
        suspend: false,
        time_limit: None,
        retries: 2,
        run_fields: Raw::default(),
        schedule_fields: Raw::default(),
    }
}

pub(crate) fn release(
    name: &str,
    namespace: &str,
    of: &str,
    chart: (&str, &str, &str),
    values: Data,
) -> Release {
    let (repo, chart, version) = chart;
    Release {
        placement: placement(name, namespace, of),
        chart: Chart {
            name: chart.to_owned(),
            from: at(ChartSource::Repository { url: repo.to_owned(), version: version.to_owned() }),
        },
        values,
        timeout: None,
        wait: true,
    }
}

pub(crate) fn manifest(name: &str, namespace: &str, of: &str, kind: (&str, &str), fields: Data) -> Manifest {
    let Data::Map(fields) = fields else { panic!("fields are a map") };
    Manifest {
        placement: placement(name, namespace, of),
        cluster_wide: false,
        api_version: at(kind.0.to_owned()),
        kind: at(kind.1.to_owned()),
        fields,
    }
}

pub(crate) fn namespace(name: &str, stage: &Stage) -> Namespace {
    Namespace {
        name: name.to_owned(),
        stage: at(stage.clone()),
        existing: false,
        labels: Map::new(),
        annotations: Map::new(),
        place: place(),
    }
}

pub(crate) fn port(number: u16) -> Port {
    Port { number: at(number), protocol: Protocol::Tcp, host_port: None, service_port: None }
}

pub(crate) fn udp(number: u16) -> Port {
    Port { protocol: Protocol::Udp, ..port(number) }
}

pub(crate) fn ingress(host: &str, port: &str) -> Ingress {
    Ingress {
        host: at(Hostname::parse(host).unwrap()),
        path: "/".to_owned(),
        port: port.to_owned(),
        class: None,
        tls: false,
        secret: None,
        annotations: Map::new(),
        fields: Raw::default(),
    }
}

pub(crate) fn volume(at: &str, source: VolumeSource) -> Volume {
    Volume {
        at: path(at),
        sub_path: None,
        read_only: false,
        source,
        each: false,
        claim: Raw::default(),
        place: place(),
    }
}

pub(crate) fn claim(size: &str) -> VolumeSource {
    VolumeSource::Claim { size: self::size(size), class: None, access: Access::OneHost, name: None }
}

pub(crate) fn device(host: &str, device: &str, path: &str) -> At<DeviceUse> {
    at(DeviceUse {
        host: host.to_owned(),
        device: device.to_owned(),
        path: self::path(path),
        kind: DeviceKind::Serial,
    })
}

pub(crate) fn plugin(prefix: &str, devices: Vec<(At<DeviceUse>, String)>) -> DevicePlugin {
    DevicePlugin { name: "plugin".to_owned(), prefix: prefix.to_owned(), devices, place: place() }
}

pub(crate) fn health(port: &str, path: Option<&str>, start: Option<u64>) -> Health {
    Health {
        question: path.map_or(Question::Port, |path| Question::Path(path.to_owned())),
        port: Some(port.to_owned()),
        start: start.map(seconds),
        started: Some(Probe::default()),
        ready: Some(Probe::default()),
        alive: Some(Probe::default()),
    }
}

pub(crate) fn resources(cpu: &str, memory: &str) -> Resources {
    Resources {
        cpu: Some(at(Cpu::parse(cpu).unwrap())),
        memory: Some(at(size(memory))),
        ..Resources::default()
    }
}

pub(crate) fn plain(text: &str) -> At<EnvValue> {
    at(EnvValue::Plain(text.to_owned()))
}

pub(crate) fn secret_ref(name: &str) -> SecretRef {
    SecretRef::whole(name)
}

/// A text of `before`, the secret, and `after`.
pub(crate) fn secret_text(before: &str, name: &str, after: &str) -> SecretText {
    let plain = |text: &str| (!text.is_empty()).then(|| SecretPart::Plain(text.to_owned()));
    let parts = [plain(before), Some(SecretPart::Secret(secret_ref(name))), plain(after)];
    SecretText { parts: parts.into_iter().flatten().collect() }
}

pub(crate) fn file(content: FileContent, mode: Option<&str>) -> File {
    File { content: at(content), mode: mode.map(str::to_owned) }
}

/// A map with text keys.
pub(crate) fn map<V, M: FromIterator<(String, V)>, const N: usize>(entries: [(&str, V); N]) -> M {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Data that is a map.
pub(crate) fn data<const N: usize>(entries: [(&str, Data); N]) -> Data {
    Data::Map(map(entries))
}

pub(crate) fn text(text: &str) -> Data {
    Data::Text(text.to_owned())
}

/// Labels and annotations.
pub(crate) fn texts<const N: usize>(entries: [(&str, &str); N]) -> Map<String, At<String>> {
    entries.into_iter().map(|(key, value)| (key.to_owned(), at(value.to_owned()))).collect()
}
