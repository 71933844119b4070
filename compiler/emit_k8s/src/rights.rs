//! Who an app or a job is for the cluster's API, and what it may do there.

use std::collections::BTreeMap;

use model::Rights;
use model::names::cluster_role_name;

use crate::object::{Metadata, Object};
use crate::workload::Workload;
use yaml::{MapBuilder, Yaml};

const API: &str = "rbac.authorization.k8s.io/v1";
const READ: [&str; 3] = ["get", "list", "watch"];
const WRITE: [&str; 8] = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

/// The service account of a workload, its roles, and what gives it these.
pub(crate) fn objects(workload: &Workload<'_>) -> Vec<Object> {
    let settings = &workload.container.settings;
    let mut objects = Vec::new();
    if settings.makes_account() {
        objects.push(Object::bare("v1", "ServiceAccount", workload.metadata()));
    }
    if !settings.rights.is_empty() {
        objects.extend(role(workload, "", workload.metadata(), &settings.rights));
    }
    if !settings.cluster_rights.is_empty() {
        let name = cluster_role_name(&workload.placement.namespace, workload.name());
        let metadata = Metadata { name, namespace: None, ..workload.metadata() };
        objects.extend(role(workload, "Cluster", metadata, &settings.cluster_rights));
    }
    objects
}

/// The service account that the pods have, if they have one that may do something.
pub(crate) fn account<'a>(workload: &Workload<'a>) -> Option<&'a str> {
    let settings = &workload.container.settings;
    settings.account.as_deref().or_else(|| settings.has_rights().then(|| workload.name()))
}

fn role(workload: &Workload<'_>, scope: &str, metadata: Metadata, rights: &Rights) -> [Object; 2] {
    let role = format!("{scope}Role");
    let subject = MapBuilder::new()
        .set("kind", "ServiceAccount")
        .set("name", account(workload).unwrap_or_default())
        .set("namespace", &workload.placement.namespace);
    let reference = MapBuilder::new()
        .set("apiGroup", "rbac.authorization.k8s.io")
        .set("kind", &role)
        .set("name", &metadata.name);
    let binding = Object::of(API, &format!("{role}Binding"), metadata.clone(), |head| {
        head.set("roleRef", reference).set("subjects", vec![subject.into()])
    });
    [Object::new(API, &role, metadata, ("rules", rules(rights))), binding]
}

/// A rule for each group of the API and what may be done with its resources.
fn rules(rights: &Rights) -> Vec<Yaml> {
    let words = |verbs: &[&str]| verbs.iter().map(|verb| (*verb).to_owned()).collect::<Vec<String>>();
    let read = rights.read.iter().map(|one| (one.as_str(), words(&READ)));
    let write = rights.write.iter().map(|one| (one.as_str(), words(&WRITE)));
    let more = rights.verbs.iter().map(|(name, verbs)| (name.as_str(), verbs.value.clone()));
    let mut rules: BTreeMap<(String, Vec<String>), Vec<String>> = BTreeMap::new();
    for (resource, verbs) in read.chain(write).chain(more) {
        let (group, resource) = api_resource(resource);
        let resources = rules.entry((group, verbs)).or_default();
        if !resources.contains(&resource) {
            resources.push(resource);
        }
    }
    let rule = |((group, verbs), resources): ((String, Vec<String>), Vec<String>)| {
        MapBuilder::new()
            .set("apiGroups", Yaml::texts([group]))
            .set("resources", Yaml::texts(resources))
            .set("verbs", Yaml::texts(verbs))
            .into()
    };
    rules.into_iter().map(rule).collect()
}

/// The group and the resource that `deployments.apps/scale` names; `*` is all of all groups.
fn api_resource(text: &str) -> (String, String) {
    if text == "*" {
        return ("*".to_owned(), "*".to_owned());
    }
    let (whole, part) = text.split_once('/').map_or((text, None), |(whole, part)| (whole, Some(part)));
    let (name, group) = whole.split_once('.').unwrap_or((whole, ""));
    let resource = part.map_or_else(|| name.to_owned(), |part| format!("{name}/{part}"));
    (group.to_owned(), resource)
}

#[cfg(test)]
mod tests {
    use super::api_resource;

    #[test]
    fn resources_are_named_as_kubectl_does() {
        let named = |text| {
            let (group, resource) = api_resource(text);
            format!("{group}|{resource}")
        };
        assert_eq!(named("pods"), "|pods");
        assert_eq!(named("pods/log"), "|pods/log");
        assert_eq!(named("deployments.apps/scale"), "apps|deployments/scale");
        assert_eq!(named("ingresses.networking.k8s.io"), "networking.k8s.io|ingresses");
        assert_eq!(named("*"), "*|*");
    }
}
