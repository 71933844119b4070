//! What one object says about another is so, whatever the objects are.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::rendered::{Object, Rendered, rendered};

/// Secrets that are not rendered but made in the cluster, by whom.
const MADE_LATER: [(&str, &str); 1] = [
    // The chart's job `argo-cd-redis-secret-init` makes it before the release is installed.
    ("argocd", "argocd-redis"),
];

/// Calls `see` for every value in `value`, itself included.
fn walk<'a>(value: &'a Value, see: &mut impl FnMut(&'a Value)) {
    see(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, see)),
        Value::Object(entries) => entries.values().for_each(|item| walk(item, see)),
        _ => {}
    }
}

fn items<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

fn containers(pod: &Value) -> impl Iterator<Item = &Value> {
    items(pod, "/spec/containers").chain(items(pod, "/spec/initContainers"))
}

/// Addresses of services in a text: name, namespace and port, where it has one.
fn service_addresses(text: &str) -> Vec<(&str, &str, Option<u16>)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let mut found = Vec::new();
    for (at, _) in text.match_indices(".svc") {
        let start = text[..at].rfind(|c| !is_name(c)).map_or(0, |before| before + 1);
        let after = text[at + ".svc".len()..].trim_start_matches(".cluster.local");
        if after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-') {
            continue;
        }
        let Some((name, namespace)) = text[start..at].split_once('.') else { continue };
        let digits = after.strip_prefix(':').map(|port| port.split(|c: char| !c.is_ascii_digit()).next());
        found.push((name, namespace, digits.flatten().and_then(|port| port.parse().ok())));
    }
    found
}

/// Whether a Service has a port of this number or name.
fn has_port(service: &Value, port: &Value) -> bool {
    items(service, "/spec/ports").any(|one| one["port"] == *port || one["name"] == *port)
}

#[test]
fn addresses_of_services_are_found_in_texts() {
    let text = "a http://x.y.svc.cluster.local:80/z, k.l.svc:1 and m.n.svc.cluster.local; o.p.svcs";
    assert_eq!(service_addresses(text), [("x", "y", Some(80)), ("k", "l", Some(1)), ("m", "n", None)]);
}

#[test]
fn every_address_of_a_service_is_one() {
    let Some(rendered) = rendered() else { return };
    let mut checked = BTreeSet::new();
    for object in rendered.objects.iter().filter(|object| object.kind() != "CustomResourceDefinition") {
        let mut texts = Vec::new();
        walk(&object.value, &mut |value| texts.extend(value.as_str()));
        for (name, namespace, port) in texts.into_iter().flat_map(service_addresses) {
            // The API itself.
            if (namespace, name) == ("default", "kubernetes") {
                continue;
            }
            let Some(service) = rendered.find("Service", namespace, name) else {
                panic!("{} speaks of a service {name} in {namespace}, which is not there", object.id());
            };
            let is_there = port.is_none_or(|port| has_port(service, &port.into()));
            assert!(
                is_there,
                "{} speaks of {name}.{namespace}:{port:?}, which has no such port",
                object.id()
            );
            checked.insert((namespace, name, port));
        }
    }
    for known in [
        ("ai", "ollama", Some(11434)),
        ("automation", "mosquitto", Some(1883)),
        ("databases", "influxdb", Some(8086)),
        ("monitoring", "opentelemetry-collector", Some(4318)),
    ] {
        assert!(checked.contains(&known), "{known:?} is not among {checked:?}");
    }
}

#[test]
fn every_ingress_leads_to_a_port_of_a_service() {
    let Some(rendered) = rendered() else { return };
    let mut seen = 0;
    for ingress in rendered.of_kind("Ingress") {
        for path in items(&ingress.value, "/spec/rules").flat_map(|rule| items(rule, "/http/paths")) {
            let backend = &path["backend"]["service"];
            let name = backend["name"].as_str().unwrap_or_default();
            let service = rendered.get("Service", ingress.namespace(), name);
            let port = backend["port"].get("number").unwrap_or(&backend["port"]["name"]);
            assert!(has_port(service, port), "{}: {backend}", ingress.id());
            seen += 1;
        }
    }
    assert_eq!(seen, 7);
}

#[test]
fn every_service_leads_to_a_port_of_a_pod() {
    let Some(rendered) = rendered() else { return };
    for service in rendered.of_kind("Service") {
        let selector =
            service.value["spec"]["selector"].as_object().unwrap_or_else(|| panic!("{}", service.id()));
        let is_selected = |object: &&Object| {
            let labels = object.pod().map(|pod| &pod["metadata"]["labels"]);
            let has_all = |labels: &Value| selector.iter().all(|(key, value)| labels[key] == *value);
            object.namespace() == service.namespace() && labels.is_some_and(has_all)
        };
        let selected: Vec<&Object> = rendered.objects.iter().filter(is_selected).collect();
        // More than one workload would each get some of the requests.
        let [workload] = selected[..] else { panic!("{} selects {selected:#?}", service.id()) };
        let pod = workload.pod().unwrap();
        for port in items(&service.value, "/spec/ports") {
            let target = port.get("targetPort").unwrap_or(&port["port"]);
            let protocol = port["protocol"].as_str().unwrap_or("TCP");
            let is_it = |one: &Value| {
                let same = one["protocol"].as_str().unwrap_or("TCP") == protocol;
                same && (one["name"] == *target || one["containerPort"] == *target)
            };
            let found = containers(pod).flat_map(|container| items(container, "/ports")).any(is_it);
            assert!(found, "{}: port {port} of {}", service.id(), workload.id());
        }
    }
}

#[test]
fn everything_that_a_pod_refers_to_is_there() {
    let Some(rendered) = rendered() else { return };
    let mut seen = BTreeSet::new();
    for object in &rendered.objects {
        let Some(pod) = object.pod() else { continue };
        for (kind, name, key) in references(pod) {
            check(rendered, object, kind, name, key);
            seen.insert(kind);
        }
    }
    assert_eq!(
        seen.into_iter().collect::<Vec<_>>(),
        ["ConfigMap", "PersistentVolumeClaim", "Secret", "ServiceAccount"]
    );
}

#[track_caller]
fn check(rendered: &Rendered, object: &Object, kind: &str, name: &str, key: Option<&str>) {
    let namespace = object.namespace();
    let made_later = MADE_LATER.contains(&(namespace, name));
    if made_later || (kind, name) == ("ServiceAccount", "default") {
        return;
    }
    let Some(found) = rendered.find(kind, namespace, name) else {
        panic!("{} needs {kind} {namespace}/{name}, which is not there", object.id());
    };
    let has = |part: &str, key: &str| found[part].get(key).is_some();
    let has_key =
        key.is_none_or(|key| ["data", "stringData", "binaryData"].iter().any(|part| has(part, key)));
    assert!(has_key, "{} needs {key:?} of {kind} {namespace}/{name}", object.id());
}

/// The objects that a pod cannot do without: kind, name and, of one with data, the key.
fn references(pod: &Value) -> Vec<(&'static str, &str, Option<&str>)> {
    let mut found = Vec::new();
    found.extend(
        pod.pointer("/spec/serviceAccountName")
            .and_then(Value::as_str)
            .map(|name| ("ServiceAccount", name, None)),
    );
    for volume in items(pod, "/spec/volumes") {
        let sources = [("secret", "secretName", "Secret"), ("configMap", "name", "ConfigMap")];
        let projected = items(volume, "/projected/sources").flat_map(|source| {
            let of = |(field, kind)| (kind, &source[field], "name");
            [("secret", "Secret"), ("configMap", "ConfigMap")].map(of)
        });
        let direct = sources.map(|(field, name, kind)| (kind, &volume[field], name));
        for (kind, source, name) in projected.chain(direct) {
            let Some(name) = source[name].as_str().filter(|_| source["optional"] != true) else { continue };
            found.push((kind, name, None));
            found.extend(
                items(source, "/items").filter_map(|item| Some((kind, name, Some(item["key"].as_str()?)))),
            );
        }
        let claim = volume.pointer("/persistentVolumeClaim/claimName").and_then(Value::as_str);
        found.extend(claim.map(|claim| ("PersistentVolumeClaim", claim, None)));
    }
    for container in containers(pod) {
        let from = items(container, "/envFrom")
            .flat_map(|from| [("Secret", &from["secretRef"]), ("ConfigMap", &from["configMapRef"])]);
        let one = items(container, "/env").flat_map(|variable| {
            let from = &variable["valueFrom"];
            [("Secret", &from["secretKeyRef"]), ("ConfigMap", &from["configMapKeyRef"])]
        });
        for (kind, reference) in from.chain(one) {
            let Some(name) = reference["name"].as_str().filter(|_| reference["optional"] != true) else {
                continue;
            };
            found.push((kind, name, reference["key"].as_str()));
        }
    }
    found
}
