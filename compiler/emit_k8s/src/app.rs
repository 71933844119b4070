//! Objects of an app: Deployment, Service, Ingresses, and what pods of apps and jobs have.

use model::kubernetes::Type;
use model::names::{ingress_name, pods_name};
use model::{App, Form, Ingress, ServiceKind, Update, plain};

use crate::names::container_port;
use crate::object::Object;
use crate::pod::protocol;
use crate::workload::Workload;
use crate::{mounts, pod, raw, rights, scale};
use yaml::{MapBuilder, Yaml};

/// The objects of `app`, one of the component's `apps`.
pub(crate) fn objects(app: &App, apps: &[&App], workload: &Workload<'_>) -> Vec<Object> {
    let mut objects = vec![deployment(app, apps, workload)];
    objects.extend(service(app, workload));
    objects.extend(pods_service(app, workload));
    objects.extend(app.ingresses.iter().map(|(name, ingress)| self::ingress(app, workload, name, ingress)));
    objects.extend(mounts::claims(workload));
    objects.extend(mounts::config_map(workload));
    objects.extend(workload.beside().filter_map(|side| mounts::config_map(&side)));
    objects.extend(rights::objects(workload));
    objects.extend(scale::object(app, workload));
    objects
}

/// What keeps the pods running.
fn deployment(app: &App, apps: &[&App], workload: &Workload<'_>) -> Object {
    // Who scales it says how many pods there are.
    let replicas = app.scale.is_none().then_some(app.replicas.value);
    let spec = match app.form {
        Form::Deployment => MapBuilder::new()
            .set_some("replicas", replicas)
            .set("strategy", MapBuilder::new().set("type", strategy(app, apps))),
        Form::StatefulSet => {
            MapBuilder::new().set_some("replicas", replicas).set("serviceName", pods_name(workload.name()))
        }
        Form::DaemonSet => MapBuilder::new(),
    };
    let spec = spec
        .set("selector", MapBuilder::new().set("matchLabels", Yaml::text_map(workload.selector())))
        .set("template", pod::template(workload, None))
        .set_filled("volumeClaimTemplates", mounts::claim_templates(workload));
    let spec = raw::over(spec, &app.deployment, &Type::object(app.form.spec()));
    Object::new("apps/v1", app.form.kind(), workload.metadata(), ("spec", spec))
}

fn strategy(app: &App, apps: &[&App]) -> &'static str {
    let rolls = app.deployment.at(&["strategy", "rollingUpdate"]).is_some();
    let waits = match app.update {
        Some(update) => update == Update::Recreate,
        None => !rolls && excludes_itself(app, apps),
    };
    if waits { "Recreate" } else { "RollingUpdate" }
}

/// By which each of the numbered pods is found, ready or not: they look for each other as they start.
fn pods_service(app: &App, workload: &Workload<'_>) -> Option<Object> {
    if app.form != Form::StatefulSet {
        return None;
    }
    let spec = MapBuilder::new()
        .set("clusterIP", "None")
        .set("publishNotReadyAddresses", true)
        .set("selector", Yaml::text_map(workload.selector()))
        .set_filled("ports", service_ports(app));
    let metadata = workload.metadata().named(pods_name(workload.name()));
    Some(Object::new("v1", "Service", metadata, ("spec", spec)))
}

/// Whether a second pod could not start beside the first, since that holds a volume, a port or a device of a host, or
/// must not: data that one pod writes is not written by two, whoever could mount it, unless the lab wants several.
fn excludes_itself(app: &App, apps: &[&App]) -> bool {
    mounts::is_bound_to_one_host(app, apps)
        || (app.replicas.value < 2 && mounts::writes_to_claims(app))
        || app.container.shares_network().is_some()
        || !app.container.devices.is_empty()
        || app.ports.values().any(|port| port.host_port.is_some())
        || app.container.raw_host_ports().next().is_some()
}

/// The Service; none without ports.
fn service(app: &App, workload: &Workload<'_>) -> Option<Object> {
    if !app.has_service() {
        return None;
    }
    let kind = match app.service.kind {
        ServiceKind::Cluster => "ClusterIP",
        ServiceKind::LoadBalancer => "LoadBalancer",
        ServiceKind::NodePort => "NodePort",
    };
    let spec = MapBuilder::new()
        .set("type", kind)
        .set("selector", Yaml::text_map(workload.selector()))
        .set_filled("ports", service_ports(app));
    let spec = raw::over(spec, &app.service.fields, &Type::object("ServiceSpec"));
    let metadata =
        workload.metadata().annotated(address_annotations(app)).annotated(plain(&app.service.annotations));
    Some(Object::new("v1", "Service", metadata, ("spec", spec)))
}

/// The load balancer's address, as kube-vip and as `MetalLB` want to be told; each ignores the other's.
fn address_annotations(app: &App) -> Vec<(String, String)> {
    let address = app.service.address.as_ref().filter(|_| app.service.kind == ServiceKind::LoadBalancer);
    let Some(address) = address else { return Vec::new() };
    ["kube-vip.io/loadbalancerIPs", "metallb.io/loadBalancerIPs"]
        .map(|key| (key.to_owned(), address.to_string()))
        .into()
}

fn service_ports(app: &App) -> Vec<Yaml> {
    let ports = app.ports.iter().map(|(name, port)| {
        MapBuilder::new()
            .set("name", name)
            .set("port", port.of_service())
            .set("targetPort", container_port(name))
            .set("protocol", protocol(port.protocol))
            .into()
    });
    ports.collect()
}

/// The service's port by its name, or by its number where the name is longer than an Ingress takes.
fn backend_port(app: &App, ingress: &Ingress) -> MapBuilder {
    let name = &ingress.port;
    match app.ports.get(name).filter(|_| container_port(name) != *name) {
        Some(port) => MapBuilder::new().set("number", port.service_port.unwrap_or(port.number.value)),
        None => MapBuilder::new().set("name", name),
    }
}

fn ingress(app: &App, workload: &Workload<'_>, name: &str, ingress: &Ingress) -> Object {
    let object = ingress_name(app, name);
    let service = MapBuilder::new().set("name", workload.name()).set("port", backend_port(app, ingress));
    let path = if ingress.path.is_empty() { "/" } else { &ingress.path };
    let path = MapBuilder::new()
        .set("path", path)
        .set("pathType", "Prefix")
        .set("backend", MapBuilder::new().set("service", service));
    let rule = MapBuilder::new()
        .set("host", ingress.host.to_string())
        .set("http", MapBuilder::new().set("paths", vec![path.into()]));
    let spec = MapBuilder::new()
        .set_some("ingressClassName", ingress.class.as_ref())
        .set("rules", vec![rule.into()])
        .set_filled("tls", tls(&object, ingress));
    let spec = raw::over(spec, &ingress.fields, &Type::object("IngressSpec"));
    let metadata = workload.metadata().named(object).annotated(plain(&ingress.annotations));
    Object::new("networking.k8s.io/v1", "Ingress", metadata, ("spec", spec))
}

/// TLS with the controller's own certificate, or with the one in a Secret: the one that is said, or that cert-manager is
/// asked for by annotation.
fn tls(object: &str, ingress: &Ingress) -> Vec<Yaml> {
    if !ingress.tls {
        return Vec::new();
    }
    let issued = |key: &String| key.starts_with("cert-manager.io/") || key == "kubernetes.io/tls-acme";
    let secret = ingress.secret.clone();
    let secret = secret.or_else(|| ingress.annotations.keys().any(issued).then(|| format!("{object}-tls")));
    let hosts = Yaml::texts([ingress.host.to_string()]);
    vec![MapBuilder::new().set("hosts", hosts).set_some("secretName", secret).into()]
}
