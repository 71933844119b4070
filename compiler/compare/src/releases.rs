//! Releases that Helm makes, with their values, and in which order helmfiles are done.

use emit::Files;
use serde_json::{Map, Value};

use crate::things::{Form, Found, Thing, Things, file, part_of};
use crate::tree;

/// The chart of a component's own, whose objects are told one by one.
const OWN: &str = ".";

/// Adds the releases in `k8s`, and what else stands in helmfiles and beside them.
pub(crate) fn read(k8s: &Files, is_read: &dyn Fn(&str) -> bool, things: &mut Things) {
    for (path, text) in k8s {
        let full = format!("k8s/{path}");
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            ["helmfile.yaml"] if is_read(&full) => order(&full, text, things),
            [stage, component, "helmfile.yaml"] => {
                let folder = format!("{stage}/{component}");
                let is_below = |other: &String| other.starts_with(&format!("{folder}/"));
                let has_changed = |other: &String| is_below(other) && is_read(&format!("k8s/{other}"));
                if k8s.keys().any(has_changed) {
                    component_releases((&full, text), &folder, k8s, things);
                }
            }
            // They are read with the helmfile that names them, and objects elsewhere.
            [_, _, "values" | "manifests" | "templates", ..] | [_, _, "Chart.yaml" | ".helmignore"] => {}
            _ if is_read(&full) => things.extend([file(&full, text, false)]),
            _ => {}
        }
    }
}

/// The order of all helmfiles, and those that are the lab's own.
fn order(path: &str, text: &str, things: &mut Things) {
    let Some(helmfile) = tree::document(text) else { return things.extend([file(path, text, false)]) };
    let named = helmfile["helmfiles"].as_array().into_iter().flatten();
    let paths: Vec<String> = named.filter_map(|one| one["path"].as_str()).map(str::to_owned).collect();
    for own in paths.iter().filter_map(|path| path.strip_prefix("../")) {
        let found = Found { part: "k8s".to_owned(), form: Form::Tree(Value::Null), is_implied: false };
        things.insert(Thing::Helmfile(own.to_owned()), found);
    }
    let found = Found { part: part_of(path), form: Form::Order(paths), is_implied: true };
    things.insert(Thing::File(path.to_owned()), found);
}

/// The releases of a component, and what its helmfile says of all of them.
fn component_releases((path, text): (&str, &str), folder: &str, k8s: &Files, things: &mut Things) {
    let Some(Value::Object(mut helmfile)) = tree::document(text) else {
        return things.extend([file(path, text, false)]);
    };
    let repositories = helmfile.shift_remove("repositories").unwrap_or_default();
    let releases = helmfile.shift_remove("releases").unwrap_or_default();
    for release in releases.as_array().into_iter().flatten() {
        let said = |key: &str| release[key].as_str().unwrap_or_default().to_owned();
        let thing = Thing::Release { namespace: said("namespace"), name: said("name") };
        let values = |file: &str| tree::document(k8s.get(&format!("{folder}/{file}"))?);
        let form = Form::Tree(whole(release, &repositories, &values));
        things.insert(thing, Found { part: folder.to_owned(), form, is_implied: said("chart") == OWN });
    }
    let found =
        Found { part: folder.to_owned(), form: Form::Tree(Value::Object(helmfile)), is_implied: true };
    things.insert(Thing::File(path.to_owned()), found);
}

/// A release with where its chart is from in place of what the helmfile calls that, and its values in place of their
/// file.
fn whole(release: &Value, repositories: &Value, values: &dyn Fn(&str) -> Option<Value>) -> Value {
    let mut all = Map::new();
    for (key, said) in release.as_object().into_iter().flatten() {
        match (key.as_str(), said) {
            ("name" | "namespace", _) => {}
            ("chart", Value::String(chart)) => {
                let (chart, repository) = chart_of(chart, repositories);
                all.insert("chart".to_owned(), chart.into());
                all.extend(repository.map(|url| ("repository".to_owned(), Value::String(url))));
            }
            ("values", Value::Array(files)) => {
                let read = |file: &Value| values(file.as_str()?);
                // There is one file of them, if any.
                let found = files.first().and_then(read).filter(|_| files.len() == 1);
                all.insert(key.clone(), found.unwrap_or_else(|| said.clone()));
            }
            _ => drop(all.insert(key.clone(), said.clone())),
        }
    }
    Value::Object(all)
}

/// The name of a chart, and the address of the repository that it is in.
fn chart_of(chart: &str, repositories: &Value) -> (String, Option<String>) {
    let Some((repository, name)) = chart.split_once('/') else { return (chart.to_owned(), None) };
    let known = repositories.as_array().into_iter().flatten().find(|one| one["name"] == repository);
    let Some(url) = known.and_then(|known| known["url"].as_str()) else { return (chart.to_owned(), None) };
    let is_oci = known.is_some_and(|known| known["oci"] == true);
    (name.to_owned(), Some(if is_oci { format!("oci://{url}") } else { url.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_release_has_its_chart_and_its_values_whole() {
        let helmfile = "repositories:\n- name: a\n  url: ghcr.io/a\n  oci: true\nhelmDefaults:\n  wait: true\nreleases:\n\
                        - name: web\n  namespace: tools\n  chart: a/web\n  version: 1.0.0\n  values:\n  - values/web.values.yaml\n";
        let k8s = Files::from([
            ("10_apps/web/helmfile.yaml".to_owned(), helmfile.to_owned()),
            ("10_apps/web/values/web.values.yaml".to_owned(), "port: 80\n".to_owned()),
        ]);
        let mut things = Things::new();
        read(&k8s, &|path| path.contains("/values/"), &mut things);
        let release = &things[&Thing::Release { namespace: "tools".into(), name: "web".into() }];
        let expected = json!({"chart": "web", "repository": "oci://ghcr.io/a", "version": "1.0.0", "values": {"port": 80}});
        assert_eq!((&release.form, release.is_implied), (&Form::Tree(expected), false));
        let rest = &things[&Thing::File("k8s/10_apps/web/helmfile.yaml".into())];
        assert_eq!(rest.form, Form::Tree(json!({"helmDefaults": {"wait": true}})));
    }
}
