//! What is applied without Helm is what Helm renders: each object that the compiler hands over, with its secrets in it,
//! beside the one of the chart.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use driver::Part;
use emit_k8s::{ClusterObject, Hole};
use model::{Data, SecretPart};
use serde_json::Value;

use crate::lab::{SECRET, outputs, session};
use crate::rendered::rendered;

#[test]
fn what_is_handed_over_is_what_helm_renders() {
    let Some(rendered) = rendered() else { return };
    let mut compared = 0;
    let mut holes = 0;
    for part in session().deployment() {
        for object in &part.objects {
            let own = filled(&part, object);
            let text = |pointer: &str| own.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            let (kind, namespace, name) =
                (text("/kind"), text("/metadata/namespace"), text("/metadata/name"));
            assert_eq!(&own, rendered.get(kind, namespace, name), "{}", object.path);
            compared += 1;
            holes += object.holes.len();
        }
    }
    let manifests = outputs().k8s.keys().filter(|path| path.contains("/manifests/")).count();
    assert!(
        compared > manifests && holes > 1,
        "{compared} objects, of which {manifests} are files; {holes} secrets"
    );
}

/// An object with what stands for every secret in its holes.
fn filled(part: &Part, object: &ClusterObject) -> Value {
    let mut json = Value::from(&object.yaml);
    for hole in &object.holes {
        let place = hole.at.iter().fold(&mut json, |value, key| match value {
            Value::Array(items) => &mut items[key.parse::<usize>().expect("a number")],
            value => &mut value[key],
        });
        *place = Value::String(text(part, hole));
    }
    json
}

fn text(part: &Part, hole: &Hole) -> String {
    let path = part.values.as_ref().expect("there are holes to fill");
    let file = outputs().secrets.iter().find(|file| file.path == *path).expect("it is delivered");
    let found = hole.value.iter().fold(&file.tree, |data, key| match data {
        Data::Map(entries) => &entries[key],
        other => panic!("{key} in {other:?}"),
    });
    let text = match found {
        Data::Secret(text) => text
            .parts
            .iter()
            .map(|part| match part {
                SecretPart::Plain(plain) => plain.clone(),
                SecretPart::Secret(_) | SecretPart::Bytes(_) => SECRET.to_owned(),
            })
            .collect(),
        Data::Text(text) => text.clone(),
        other => panic!("{other:?} is no text"),
    };
    if hole.is_to_encode { BASE64_STANDARD.encode(text) } else { text }
}
