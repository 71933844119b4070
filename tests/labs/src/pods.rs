//! Blocks of fields of Kubernetes' objects: usual ones that a real cluster takes, and any that fit their types.

use model::kubernetes::Type;
use robustness::Random;
use serde_json::{Map, Value, json};

use crate::hostile::TEXTS;
use crate::literal;
use crate::maker::Maker;

/// The fields of the library that are such blocks, and the objects whose fields they hold.
const BLOCKS: [(&str, &str, &str); 17] = [
    ("app", "pod", "PodSpec"),
    ("app", "container", "Container"),
    ("app.init", "container", "Container"),
    ("app.sidecar", "container", "Container"),
    ("app", "deployment", "DeploymentSpec"),
    ("app", "daemon-set", "DaemonSetSpec"),
    ("app", "stateful-set", "StatefulSetSpec"),
    ("app#service", "spec", "ServiceSpec"),
    ("app.ingress", "spec", "IngressSpec"),
    ("app.volume", "claim", "PersistentVolumeClaimSpec"),
    ("job", "pod", "PodSpec"),
    ("job", "container", "Container"),
    ("job.init", "container", "Container"),
    ("job.sidecar", "container", "Container"),
    ("job", "job-spec", "JobSpec"),
    ("job", "cron-spec", "CronJobSpec"),
    ("job.volume", "claim", "PersistentVolumeClaimSpec"),
];

/// Fields and values that a cluster takes, whatever is beside them.
const USUAL: &[(&str, &str, &str)] = &[
    ("PodSpec", "terminationGracePeriodSeconds", "60"),
    ("PodSpec", "enableServiceLinks", "true"),
    ("PodSpec", "automountServiceAccountToken", "null"),
    ("PodSpec", "hostAliases", "[{ ip = \"10.0.0.1\", hostnames = [\"a.example.net\"] }]"),
    ("PodSpec", "tolerations", "[{ key = \"example.net/a\", operator = \"Exists\" }]"),
    ("PodSpec", "dnsConfig", "{ options = [{ name = \"ndots\", value = \"1\" }] }"),
    (
        "PodSpec",
        "initContainers",
        "[{ name = \"hlc-before\", image = \"docker.io/library/busybox:1.37.0\", command = [\"true\"] }]",
    ),
    ("PodSpec", "volumes", "[{ name = \"files\", emptyDir = { medium = \"Memory\", sizeLimit = 64MiB } }]"),
    ("PodSpec", "securityContext.supplementalGroups", "[44]"),
    ("PodSpec", "nodeSelector.\"kubernetes.io/os\"", "\"linux\""),
    ("PodSpec", "hostNetwork", "true"),
    ("Container", "imagePullPolicy", "\"Always\""),
    ("Container", "workingDir", "\"/tmp\""),
    (
        "Container",
        "env",
        "[{ name = \"HLC_NODE\", valueFrom = { fieldRef = { fieldPath = \"spec.nodeName\" } } }]",
    ),
    ("Container", "envFrom", "[{ configMapRef = { name = \"more\", optional = true } }]"),
    ("Container", "securityContext.readOnlyRootFilesystem", "true"),
    ("Container", "lifecycle", "{ preStop = { exec = { command = [\"true\"] } } }"),
    ("Container", "ports", "[{ containerPort = 61000, hostPort = 61000 }]"),
    ("DeploymentSpec", "revisionHistoryLimit", "3"),
    ("DeploymentSpec", "minReadySeconds", "5"),
    ("DeploymentSpec", "strategy.rollingUpdate.maxUnavailable", "1"),
    ("DaemonSetSpec", "minReadySeconds", "5"),
    ("DaemonSetSpec", "updateStrategy.rollingUpdate.maxUnavailable", "2"),
    ("StatefulSetSpec", "podManagementPolicy", "\"Parallel\""),
    ("StatefulSetSpec", "revisionHistoryLimit", "3"),
    ("ServiceSpec", "sessionAffinity", "\"ClientIP\""),
    ("ServiceSpec", "publishNotReadyAddresses", "true"),
    ("IngressSpec", "tls", "[{ hosts = [\"*.home.example.net\"], secretName = \"wildcard\" }]"),
    ("PersistentVolumeClaimSpec", "volumeMode", "\"Filesystem\""),
    ("PersistentVolumeClaimSpec", "volumeName", "\"by-hand\""),
    ("JobSpec", "ttlSecondsAfterFinished", "600"),
    ("JobSpec", "completions", "2"),
    ("CronJobSpec", "startingDeadlineSeconds", "60"),
    ("CronJobSpec", "successfulJobsHistoryLimit", "1"),
];

/// The object whose fields a field of the library holds.
pub fn object(shape: &str, field: &str) -> Option<&'static str> {
    BLOCKS.iter().find(|(kind, name, _)| *kind == shape && *name == field).map(|(.., object)| *object)
}

/// A field that a cluster takes, and its value.
pub(crate) fn usual(maker: &mut Maker<'_>, object: &str) -> (String, String) {
    let fits: Vec<_> = USUAL.iter().filter(|(of, ..)| *of == object).collect();
    let (_, path, value) = maker.one(&fits);
    ((*path).to_owned(), (*value).to_owned())
}

/// Some fields of such an object, whatever they are good for: as data, with `null` where something is taken away.
pub fn any(random: &mut Random, object: &str) -> Value {
    let mut made = Any { random, count: 0 };
    made.object(&Type::object(object), 4)
}

struct Any<'a> {
    random: &'a mut Random,
    /// So many names were made; no two are the same.
    count: i64,
}

impl Any<'_> {
    fn object(&mut self, of: &Type, depth: usize) -> Value {
        let fields: Vec<&str> = of.fields().collect();
        let mut made = Map::new();
        for _ in 0..self.random.below(5) {
            let name = fields[self.random.below(fields.len())];
            let is_second = of.is_choice(name) && made.keys().any(|other| of.is_choice(other));
            let Some(inner) = of.field(name).filter(|_| !is_second && depth > 0) else { continue };
            let value = match name {
                // Of a Volume and the like, something has to be left.
                _ if !of.is_choice(name) && self.random.below(12) == 0 => Value::Null,
                "image" if *of == Type::object("Container") => "docker.io/library/busybox:1.37.0".into(),
                _ => self.value(inner, depth - 1),
            };
            made.insert(name.to_owned(), value);
        }
        Value::Object(made)
    }

    fn value(&mut self, of: &Type, depth: usize) -> Value {
        match of {
            Type::Bool => (self.random.below(2) == 0).into(),
            Type::Int => self.number().into(),
            Type::Text => TEXTS[self.random.below(TEXTS.len())].into(),
            Type::Quantity => ["64Mi", "2", "250m", "1.5Gi"][self.random.below(4)].into(),
            Type::IntOrText if self.random.below(2) == 0 => self.number().into(),
            Type::Any | Type::IntOrText => TEXTS[self.random.below(TEXTS.len())].into(),
            Type::Map(inner) => {
                let entries =
                    (0..self.random.below(3)).map(|nth| (format!("k{nth}"), self.value(inner, depth)));
                Value::Object(entries.collect())
            }
            Type::List(inner, keys) => {
                (0..self.random.below(3)).map(|_| self.element(inner, keys, depth)).collect()
            }
            Type::Object(_) => self.object(of, depth),
        }
    }

    /// An element of a list, with what it is known by.
    fn element(&mut self, of: &Type, keys: &[String], depth: usize) -> Value {
        let mut made = self.value(of, depth);
        for key in keys.iter().filter(|key| *key != "*") {
            let value = match of.field(key) {
                Some(Type::Int) => self.number().into(),
                _ if key == "protocol" => json!(["TCP", "UDP"][self.random.below(2)]),
                _ => format!("/n{}", self.number()).into(),
            };
            made[key.as_str()] = value;
        }
        made
    }

    fn number(&mut self) -> i64 {
        self.count += 1;
        40_000 + self.count
    }
}

/// Data as it is written in a lab.
pub fn written(value: &Value) -> String {
    let all = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Null => "null".to_owned(),
        Value::String(text) => literal::text(text),
        Value::Array(items) => format!("[{}]", all(items.iter().map(written).collect())),
        Value::Object(entries) => {
            let entry =
                |(key, value): (&String, &Value)| format!("{} = {}", literal::text(key), written(value));
            format!("{{ {} }}", all(entries.iter().map(entry).collect()))
        }
        plain => plain.to_string(),
    }
}

/// What `said` says of an object of the type `of`, and `built` does not have: the path to it.
pub fn lost(said: &Value, built: Option<&Value>, of: &Type) -> Option<String> {
    let within = |name: String, said: &Value, built: Option<&Value>, of: &Type| {
        lost(said, built, of).map(|path| format!("{name}.{path}"))
    };
    match (said, of) {
        (Value::Null, _) => built.map(|built| format!("{built} is left")),
        (Value::Object(entries), _) => entries.iter().find_map(|(key, said)| {
            let inner = of.field(key).unwrap_or(&Type::Any);
            within(key.clone(), said, built.and_then(|built| built.get(key)), inner)
        }),
        (Value::Array(items), Type::List(inner, keys)) => {
            let found = built.and_then(Value::as_array);
            if keys.is_empty() && found.map(Vec::len) != Some(items.len()) {
                return Some(format!("other elements: {found:?}"));
            }
            items.iter().enumerate().find_map(|(nth, said)| {
                let built = if keys.is_empty() {
                    found.and_then(|built| built.get(nth))
                } else {
                    found.into_iter().flatten().find(|built| is_known_as(built, said, keys, inner))
                };
                within(nth.to_string(), said, built, inner)
            })
        }
        _ => (built != Some(said)).then(|| format!("{said} is {built:?}")),
    }
}

fn is_known_as(built: &Value, said: &Value, keys: &[String], of: &Type) -> bool {
    keys.iter().all(|key| match key.as_str() {
        "*" => lost(said, Some(built), of).is_none(),
        key => built[key] == said[key],
    })
}
