//! What is deployed, for the tests of rules.

use std::collections::BTreeMap;

use domain::{Hostname, ImageReference, Size};
use model::{
    Access, App, At, Chart, ChartSource, Component, Concurrency, Container, Data, DeviceKind, DeviceUse,
    Entity, Form, Ingress, Job, Manifest, Map, Namespace, Placement, Placing, PodSettings, Port, Protocol,
    Raw, Release, Resources, Service, ServiceKind, Stage, Volume, VolumeSource,
};

use super::{at, path, place};

pub(crate) fn stage(number: u8, name: &str) -> Stage {
    Stage { number, name: name.to_owned(), place: place(&format!("stage {name}")) }
}

pub(crate) fn namespace(name: &str) -> Entity {
    Entity::Namespace(Namespace {
        name: name.to_owned(),
        stage: at(stage(10, "apps")),
        existing: false,
        labels: Map::new(),
        annotations: Map::new(),
        place: place(&format!("namespace {name}")),
    })
}

pub(crate) fn component(number: u8, name: &str) -> Component {
    Component { stage: stage(number, "stage"), name: name.to_owned() }
}

pub(crate) fn placement(kind: &str, name: &str, namespace: &str) -> Placement {
    Placement {
        name: name.to_owned(),
        namespace: namespace.to_owned(),
        namespace_exists: false,
        component: component(10, name),
        held: None,
        after: Vec::new(),
        needs: Vec::new(),
        place: place(&format!("{kind} {name}")),
    }
}

pub(crate) fn container() -> Container {
    Container {
        image: at(ImageReference::parse("docker.io/library/redis:8.2.0").unwrap()),
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

pub(crate) fn app(name: &str, namespace: &str) -> App {
    App {
        placement: placement("app", name, namespace),
        container: container(),
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

pub(crate) fn job(name: &str, namespace: &str) -> Job {
    Job {
        placement: placement("job", name, namespace),
        container: container(),
        schedule: None,
        timezone: "UTC".to_owned(),
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
        retries: 3,
        run_fields: Raw::default(),
        schedule_fields: Raw::default(),
    }
}

pub(crate) fn port(number: u16, host_port: Option<u16>) -> Port {
    Port { number: at(number), protocol: Protocol::Tcp, host_port: host_port.map(at), service_port: None }
}

pub(crate) fn ingress(host: &str, path: &str) -> Ingress {
    Ingress {
        host: at(Hostname::parse(host).unwrap()),
        path: path.to_owned(),
        port: "http".to_owned(),
        class: None,
        tls: false,
        secret: None,
        annotations: Map::new(),
        fields: Raw::default(),
    }
}

pub(crate) fn claim(access: Access) -> Volume {
    mounted(VolumeSource::Claim { size: Size::from_bytes(1 << 30), class: None, access, name: None })
}

pub(crate) fn shared(claim: &str) -> Volume {
    mounted(VolumeSource::Shared(claim.to_owned()))
}

fn mounted(source: VolumeSource) -> Volume {
    Volume {
        at: path("/data"),
        sub_path: None,
        read_only: false,
        source,
        each: false,
        claim: Raw::default(),
        place: place("somewhere"),
    }
}

pub(crate) fn uses(host: &str, device: &str) -> At<DeviceUse> {
    at(DeviceUse {
        host: host.to_owned(),
        device: device.to_owned(),
        path: path("/dev/serial/by-id/stick"),
        kind: DeviceKind::Serial,
    })
}

pub(crate) fn release(name: &str, namespace: &str, chart: &str) -> Release {
    Release {
        placement: placement("release", name, namespace),
        chart: Chart {
            name: chart.to_owned(),
            from: at(ChartSource::Repository {
                url: "https://charts.example.net".to_owned(),
                version: "1.0.0".to_owned(),
            }),
        },
        values: Data::Map(BTreeMap::new()),
        timeout: None,
        wait: true,
    }
}

pub(crate) fn manifest(name: &str, namespace: &str, api: &str, kind: &str) -> Manifest {
    Manifest {
        placement: placement("manifest", name, namespace),
        cluster_wide: false,
        api_version: at(api.to_owned()),
        kind: at(kind.to_owned()),
        fields: BTreeMap::new(),
    }
}
