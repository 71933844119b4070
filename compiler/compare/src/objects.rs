//! Objects of the cluster, in the files that they stand in.

use emit::Files;
use plan::Key;
use serde_json::Value;

use crate::things::{Form, Found, Thing, Things, file, part_of};
use crate::{template, tree};

/// Adds the objects in `k8s`, and what wraps them for Helm.
pub(crate) fn read(k8s: &Files, is_read: &dyn Fn(&str) -> bool, things: &mut Things) {
    for (path, text) in k8s {
        let full = format!("k8s/{path}");
        let (Some(place), true) = (place(path), is_read(&full)) else { continue };
        let found = match place {
            Place::Manifest => objects(text),
            Place::Template => template::plain(text).and_then(|text| objects(&text)).map(template::filled),
            Place::Wrapping => None,
        };
        let part = part_of(&full);
        match found {
            Some(objects) => things.extend(objects.into_iter().map(|object| {
                let found = Found { part: part.clone(), form: Form::Tree(object.clone()), is_implied: false };
                (Thing::Object(Key::of(&object)), found)
            })),
            None => things.extend([file(&full, text, place == Place::Wrapping)]),
        }
    }
}

/// What is in a file of a component.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Objects as they are.
    Manifest,
    /// Objects that Helm puts secrets into.
    Template,
    /// What makes a chart of them.
    Wrapping,
}

/// What is in a file; nothing where it is none of objects.
fn place(path: &str) -> Option<Place> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        [_, _, "manifests", _] => Some(Place::Manifest),
        [_, _, "templates", "secrets.yaml"] | [_, _, "templates", "objects", _] => Some(Place::Template),
        [_, _, "templates", _] | [_, _, "Chart.yaml" | ".helmignore"] => Some(Place::Wrapping),
        _ => None,
    }
}

/// The objects of a text; nothing where there is something else in it.
fn objects(text: &str) -> Option<Vec<Value>> {
    let all = tree::documents(text)?;
    let is_object = |value: &Value| value["kind"].is_string() && value["metadata"]["name"].is_string();
    all.iter().all(is_object).then_some(all)
}
