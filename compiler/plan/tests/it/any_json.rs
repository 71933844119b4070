//! Whatever a cluster, or somebody who is between, answers: it has some status, and a sentence that can be shown.

use plan::Status;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use crate::cases::seen;
use crate::{overrides, uncovered, upstream};

/// Kinds that have a rule of their own, and one that has none.
const KINDS: [(&str, &str); 13] = [
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("apps/v1", "ReplicaSet"),
    ("v1", "Pod"),
    ("batch/v1", "Job"),
    ("batch/v1", "CronJob"),
    ("v1", "PersistentVolumeClaim"),
    ("v1", "Service"),
    ("v1", "Secret"),
    ("policy/v1", "PodDisruptionBudget"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("example.org/v1", "Backup"),
];

fn any_leaf() -> impl Strategy<Value = Value> {
    let numbers = vec![0, 1, 2, -1, i64::MIN, i64::MAX, i64::from(i32::MAX)];
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        select(numbers).prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        select(vec!["True", "False", "Unknown", "Pending", "Running", "2026-02-31T99:99:99Z", "a\nb\u{1b}"])
            .prop_map(Value::from),
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    any_leaf().prop_recursive(4, 40, 5, |inner| {
        let key = prop_oneof![
            any::<String>(),
            select(vec!["metadata", "status", "spec", "conditions", "type"]).prop_map(str::to_owned)
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((key, inner), 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// The objects of the tables.
fn objects() -> Vec<Value> {
    let all = upstream::all().into_iter().chain(overrides::all()).chain(uncovered::all());
    all.map(|case| case.object).collect()
}

/// An object of the tables that counts something, and where it does: not the generation, which is compared first.
fn any_counting_object() -> impl Strategy<Value = (Value, Vec<String>)> {
    let counts = |object: &Value| {
        let mut all = Vec::new();
        places(object, "", &mut all);
        all.retain(|at| {
            object.pointer(at).is_some_and(Value::is_number) && !at.to_lowercase().ends_with("generation")
        });
        all
    };
    let counting = objects().into_iter().map(|object| (object.clone(), counts(&object)));
    select(counting.filter(|(_, counts)| !counts.is_empty()).collect::<Vec<_>>())
}

/// All places in a value.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                places(inner, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(list) => {
            for (nth, inner) in list.iter().enumerate() {
                places(inner, &format!("{at}/{nth}"), found);
            }
        }
        _ => {}
    }
}

/// It has a status, and unless it is just what it says also one line about it that a terminal can show.
fn is_shown(object: &Value) -> Status {
    let status = seen(object);
    assert_eq!(status.sentence().is_empty(), status == Status::Current, "{status:?}: {object}");
    assert!(!status.sentence().contains(char::is_control), "{status:?}: {object}");
    status
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_has_a_status(value in any_json(), (version, kind) in select(&KINDS[..])) {
        is_shown(&value);
        let (spec, status) = (value.clone(), value.clone());
        is_shown(&json!({"apiVersion": version, "kind": kind, "metadata": value, "spec": spec, "status": status}));
    }

    #[test]
    fn any_change_of_a_real_object_has_a_status(
        object in select(objects()),
        changes in proptest::collection::vec((any::<Index>(), any_json()), 1..4),
    ) {
        let mut object = object;
        for (place, value) in changes {
            let mut all = Vec::new();
            places(&object, "", &mut all);
            let there = object.pointer_mut(place.get::<String>(&all)).expect("it was found there");
            *there = value;
        }
        is_shown(&object);
    }

    /// Where numbers are, others are, at the ends of what there is.
    #[test]
    fn any_numbers_of_a_real_object_have_a_status(
        (object, counts) in any_counting_object(),
        numbers in proptest::collection::vec((any::<Index>(), select(vec![i64::MIN, -1, 0, i64::MAX])), 1..4),
    ) {
        let mut object = object;
        for (place, number) in numbers {
            *object.pointer_mut(place.get::<String>(&counts)).expect("it was found there") = json!(number);
        }
        is_shown(&object);
    }

    /// Whatever else is said of it.
    #[test]
    fn what_is_deleted_or_not_seen_is_never_ready(object in select(objects()), seen in any::<i64>()) {
        let mut changed = object.clone();
        if changed["status"].is_null() {
            changed["status"] = json!({});
        }
        changed["status"]["observedGeneration"] = json!(seen);
        prop_assert!(seen == 2 || matches!(is_shown(&changed), Status::InProgress(_)));
        changed["metadata"]["deletionTimestamp"] = json!("2026-08-29T19:56:38Z");
        prop_assert!(matches!(is_shown(&changed), Status::Terminating(_)));
    }
}
