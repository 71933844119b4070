//! `files-too-large`: more text than a `ConfigMap` takes.

use diagnostics::{Problem, declare_rule};
use model::{Data, Entity, FileContent, Manifest};
use source::Place;

use crate::facts::{Pod, near};

declare_rule! { pub FILES_TOO_LARGE, "files-too-large", error, since "0.1", "more text than a ConfigMap takes", page "files_too_large.md" }

/// How many bytes of values a `ConfigMap` may have: <https://kubernetes.io/docs/concepts/configuration/configmap/#motivation>.
const MOST: usize = 1 << 20;

/// Looks for files of an app or a job, and for `ConfigMaps`, that no API server takes.
pub(crate) fn check(entity: &Entity) -> Vec<Problem> {
    if let Entity::Manifest(manifest) = entity {
        return of_manifest(manifest).into_iter().collect();
    }
    let Some(of) = Pod::of(entity) else { return Vec::new() };
    let problems = of.container.all().filter_map(|container| {
        let plain = container.files.iter().filter_map(|(path, file)| match &file.content.value {
            FileContent::Plain(text) => Some((path.as_str(), text.len(), &file.content.place)),
            FileContent::Secret(_) => None,
        });
        let plain: Vec<(&str, usize, &Place)> = plain.collect();
        let whole: usize = plain.iter().map(|(_, bytes, _)| bytes).sum();
        let (path, _, place) = plain.into_iter().max_by_key(|(_, bytes, _)| *bytes)?;
        let what = format!("the files of {}", of.shown());
        let problem = too_large(near(place, &of.placement.place), &what, whole)?;
        Some(problem.label(format!("'{path}' is the largest")))
    });
    problems.collect()
}

fn of_manifest(manifest: &Manifest) -> Option<Problem> {
    if manifest.kind.value != "ConfigMap" || manifest.api_version.value != "v1" {
        return None;
    }
    let mut whole = 0;
    for field in ["data", "binaryData"] {
        if let Some(Data::Map(values)) = manifest.fields.get(field) {
            let bytes = |(key, value): (&String, &Data)| key.len() + text_len(value);
            whole += values.iter().map(bytes).sum::<usize>();
        }
    }
    let what = format!("the values of ConfigMap '{}'", manifest.object_name());
    too_large(manifest.placement.place.clone(), &what, whole)
}

fn text_len(value: &Data) -> usize {
    if let Data::Text(text) = value { text.len() } else { 0 }
}

fn too_large(place: Place, what: &str, bytes: usize) -> Option<Problem> {
    if bytes <= MOST {
        return None;
    }
    let kib = bytes.div_ceil(1024);
    let message = format!("{what} come to {kib} KiB, and a ConfigMap takes 1024 KiB");
    let problem = Problem::new(&FILES_TOO_LARGE, place, message);
    Some(problem.help("divide them among several, or put them into a volume"))
}
