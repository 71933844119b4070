//! What is known without asking is what a real API server would answer.

use harness::control_plane::ControlPlane;
use plan::{Action, Inquiry, Key};
use serde_json::{Value, json};

use crate::lab::{desired, file};

/// One object of each kind that labs have much of.
fn objects() -> Vec<Value> {
    let named = |name: &str| json!({"name": name, "namespace": "default", "labels": {"app": "web"}});
    let pod = json!({"metadata": {"labels": {"app": "web"}}, "spec": {
        "restartPolicy": "Always", "securityContext": {"runAsUser": 1000}, "tolerations": [{"operator": "Exists"}],
        "containers": [
            {"name": "web", "image": "nginx:1", "args": ["-a", "-b"],
             "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
             "ports": [{"name": "http", "containerPort": 80}, {"containerPort": 53, "protocol": "UDP"}],
             "readinessProbe": {"tcpSocket": {"port": 80}}, "securityContext": {"capabilities": {"drop": ["ALL"]}},
             "resources": {"limits": {"memory": "16Mi"}, "requests": {"cpu": "100m"}},
             "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}, {"name": "all", "mountPath": "/all"}]},
            {"name": "side", "image": "nginx:2"}],
        "volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "all", "configMap": {"name": "web"}}]}});
    let of = |version: &str, kind: &str, rest: &Value| {
        let mut object = json!({"apiVersion": version, "kind": kind, "metadata": named("web")});
        object.as_object_mut().expect("a map").extend(rest.as_object().expect("a map").clone());
        object
    };
    let backend = json!({"service": {"name": "web", "port": {"number": 80}}});
    let rule = json!({"host": "a.example.net", "http": {"paths": [
        {"path": "/", "pathType": "Prefix", "backend": backend}]}});
    let ports = json!([{"name": "http", "port": 80, "targetPort": "http"}, {"name": "dns", "port": 53}]);
    let deployment = json!({"replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "template": pod});
    let policy = json!({"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{"ports": [{"port": 80, "protocol": "TCP"}]}]});
    vec![
        of("v1", "ConfigMap", &json!({"data": {"a.b": "1", "c": "2"}})),
        of("v1", "Secret", &json!({"type": "Opaque", "data": {"a": "MQ=="}})),
        of("v1", "ServiceAccount", &json!({"automountServiceAccountToken": false})),
        of("v1", "Service", &json!({"spec": {"selector": {"app": "web"}, "ports": ports}})),
        of("apps/v1", "Deployment", &json!({"spec": deployment})),
        of("networking.k8s.io/v1", "Ingress", &json!({"spec": {"rules": [rule]}})),
        of("networking.k8s.io/v1", "NetworkPolicy", &json!({"spec": policy})),
        of(
            "rbac.authorization.k8s.io/v1",
            "Role",
            &json!({"rules": [
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}]}),
        ),
    ]
}

/// The object in each way in which one value in it is left out, is another one, or stands elsewhere in its list.
fn variants(object: &Value) -> Vec<Value> {
    let mut pointers = Vec::new();
    collect(object, &mut String::new(), &mut pointers);
    let mut found = Vec::new();
    for pointer in pointers {
        let (parent, key) = pointer.rsplit_once('/').expect("it is inside of something");
        let key = key.replace("~1", "/");
        let mut changed = |change: &dyn Fn(&mut Value)| {
            let mut variant = object.clone();
            change(variant.pointer_mut(parent).expect("it is there"));
            found.push(variant);
        };
        changed(&|parent| match parent {
            Value::Object(map) => drop(map.shift_remove(&key)),
            Value::Array(list) => drop(list.remove(key.parse().expect("a number"))),
            _ => unreachable!("something is inside of it"),
        });
        changed(&|parent| match parent {
            Value::Object(map) => other(map.get_mut(&key).expect("it is there")),
            Value::Array(list) => list.reverse(),
            _ => unreachable!("something is inside of it"),
        });
        changed(&|parent| match parent {
            Value::Object(map) => drop(map.insert("extra".into(), "1".into())),
            Value::Array(list) => list.push(list[0].clone()),
            _ => unreachable!("something is inside of it"),
        });
    }
    found.retain(|variant| Key::of(variant) == Key::of(object) && variant != object);
    found
}

fn collect(value: &Value, path: &mut String, found: &mut Vec<String>) {
    let mut inside = |key: &str, value: &Value| {
        let length = path.len();
        path.push('/');
        path.push_str(&key.replace('/', "~1"));
        found.push(path.clone());
        collect(value, path, found);
        path.truncate(length);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| inside(key, value)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(nth, value)| inside(&nth.to_string(), value));
        }
        _ => {}
    }
}

fn other(value: &mut Value) {
    *value = match value.take() {
        Value::String(text) => format!("{text}x").into(),
        Value::Number(number) => (number.as_i64().unwrap_or_default() + 1).into(),
        Value::Bool(is) => (!is).into(),
        Value::Object(map) if map.is_empty() => json!({"x": "1"}),
        Value::Object(_) => json!({}),
        Value::Array(_) => json!([]),
        Value::Null => json!(1),
    };
}

/// An object as the server has it once it is applied, or tried, without what the server notes for itself.
fn applied(plane: &ControlPlane, object: &Value, how: &[&str]) -> Value {
    let file = file(object);
    let path = file.path().to_string_lossy();
    let apply = ["apply", "--server-side", "--field-manager=hlc", "--output=json", "--filename", &path];
    let answer = plane.kubectl(&[&apply[..], how].concat());
    let said = serde_json::from_str(&answer.stdout);
    noted(said.unwrap_or_else(|_| panic!("{object} is refused: {}", answer.stderr)))
}

fn tried(plane: &ControlPlane, object: &Value) -> Value {
    applied(plane, object, &["--dry-run=server"])
}

fn noted(mut object: Value) -> Value {
    for key in ["managedFields", "resourceVersion", "generation"] {
        object["metadata"].as_object_mut().expect("a map").shift_remove(key);
    }
    object
}

#[test]
fn what_is_known_without_asking_is_what_the_server_would_say() {
    let plane = ControlPlane::start_api_server();
    let lab = desired(objects());
    let (mut settled, mut all) = (0, 0);
    for (_, wanted) in lab.wanted.objects() {
        applied(&plane, &wanted.object, &[]);
        let Key { kind, name, .. } = &wanted.key;
        let kind = kind.to_string();
        let live = plane.get(&[&kind, name, "--namespace", "default", "--show-managed-fields"]);
        let is_settled = |object: &Value| {
            Inquiry::new(object.clone(), Some(live.clone()), None).verdict() == Some(Action::Nothing)
        };
        assert!(is_settled(&wanted.object), "{}: {}", wanted.key, live["metadata"]["managedFields"]);
        assert_eq!(tried(&plane, &wanted.object), noted(live.clone()));
        for variant in variants(&wanted.object) {
            all += 1;
            if is_settled(&variant) {
                settled += 1;
                assert_eq!(tried(&plane, &variant), noted(live.clone()), "{variant}");
            }
        }
    }
    assert!(all > 300, "{all} variants");
    // A default that is left out or written down is all that may be otherwise.
    assert!(settled < 10, "{settled} of {all} variants are known to change nothing");
}
