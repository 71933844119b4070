//! `unusable-label`: a label, an annotation or a resource that Kubernetes does not take.

use diagnostics::{Problem, declare_rule};
use model::{At, Entity, Map};
use source::Place;

use super::syntax::{is_key, is_part, is_subdomain, is_value};
use crate::facts::{Pod, near};

declare_rule! { pub UNUSABLE_LABEL, "unusable-label", error, since "0.1", "a label, an annotation or a resource that Kubernetes does not take", page "unusable_label.md" }

/// Looks at the labels, annotations and extended resources of what becomes an object.
pub(crate) fn check(entity: &Entity) -> Vec<Problem> {
    let mut found = Found { problems: Vec::new() };
    match entity {
        Entity::Namespace(one) => {
            let owner = (format!("namespace '{}'", one.name), &one.place);
            found.labels(&owner, &one.labels);
            found.annotations(&owner, &one.annotations);
        }
        Entity::Host(one) => found.labels(&(format!("host '{}'", one.name), &one.place), &one.labels),
        Entity::App(app) => {
            let owner = (format!("app '{}'", app.placement.name), &app.placement.place);
            found.annotations(&owner, &app.service.annotations);
            for ingress in app.ingresses.values() {
                found.annotations(&owner, &ingress.annotations);
            }
        }
        Entity::DevicePlugin(plugin) => {
            let owner = (format!("device plugin '{}'", plugin.name), &plugin.place);
            for (device, name) in &plugin.devices {
                found.resource(&owner, &format!("{}/{name}", plugin.prefix), &device.place);
            }
        }
        _ => {}
    }
    if let Some(of) = Pod::of(entity) {
        let owner = (of.shown(), &of.placement.place);
        found.labels(&owner, &of.container.labels);
        found.annotations(&owner, &of.container.annotations);
        if let Entity::App(app) = entity {
            found.labels(&owner, &app.selector);
        }
        for (name, count) in of.container.all().flat_map(|container| &container.resources.extra) {
            found.resource(&owner, name, &count.place);
        }
    }
    found.problems
}

/// What something is called, and where it is declared.
type Owner<'a> = (String, &'a Place);

struct Found {
    problems: Vec<Problem>,
}

impl Found {
    fn labels(&mut self, owner: &Owner<'_>, labels: &Map<String, At<String>>) {
        for (key, value) in labels {
            self.key(owner, "a label", (key, &value.place), key);
            if !is_value(value) {
                let message = format!("the label '{key}' of {} cannot be '{}'", owner.0, value.value);
                self.add(owner, &value.place, message, PART_HELP);
            }
        }
    }

    fn annotations(&mut self, owner: &Owner<'_>, annotations: &Map<String, At<String>>) {
        for (key, value) in annotations {
            // Capitals in the domain are taken here.
            self.key(owner, "an annotation", (key, &value.place), &key.to_ascii_lowercase());
        }
    }

    /// Kubernetes' own resources have no domain, and all others one of their own.
    fn resource(&mut self, owner: &Owner<'_>, name: &str, place: &Place) {
        const OWN: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];
        let is_own = OWN.contains(&name) || name.starts_with("hugepages-");
        let is_foreign = name.split_once('/').is_some_and(|(domain, part)| {
            is_subdomain(domain) && is_part(part) && !domain.ends_with("kubernetes.io")
        });
        if !is_own && !is_foreign {
            let message = format!("'{name}' of {} cannot be an extended resource", owner.0);
            let help = "its name is the domain of who hands it out, and a name: 'nvidia.com/gpu'";
            self.add(owner, place, message, help);
        }
    }

    fn key(&mut self, owner: &Owner<'_>, what: &str, (shown, place): (&str, &Place), key: &str) {
        if !is_key(key) {
            self.add(owner, place, format!("{what} of {} cannot be called '{shown}'", owner.0), KEY_HELP);
        }
    }

    fn add(&mut self, owner: &Owner<'_>, place: &Place, message: String, help: &str) {
        self.problems.push(Problem::new(&UNUSABLE_LABEL, near(place, owner.1), message).help(help));
    }
}

const PART_HELP: &str = "values of labels have at most 63 of A–Z, a–z, 0–9, '-', '_' and '.', and begin and end with a letter or digit";
const KEY_HELP: &str = "its name has at most 63 of A–Z, a–z, 0–9, '-', '_' and '.', begins and ends with a letter or \
    digit, and may stand behind a domain and '/'";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, messages};

    fn found(change: impl Fn(&mut model::App)) -> Vec<String> {
        let mut app = app("web", "media");
        change(&mut app);
        messages(&UNUSABLE_LABEL, &[app.into_entity()])
    }

    #[test]
    fn labels_are_short_words() {
        let label = |key: &str, value: &str| {
            found(|app| drop(app.container.labels.insert(key.to_owned(), at(value.to_owned()))))
        };
        for (key, value) in [("a", ""), ("example.net/Tier_1.b", "x-1"), ("tier", &"a".repeat(63))] {
            assert_eq!(label(key, value), [""; 0], "{key} = {value}");
        }
        assert_eq!(label("my tier", "a"), ["a label of app 'web' cannot be called 'my tier'"]);
        assert_eq!(label("tier", "two words"), ["the label 'tier' of app 'web' cannot be 'two words'"]);
        for (key, value) in [("", "a"), ("a/b/c", "a"), ("/a", "a"), ("Net/a", "a"), ("-a", "a"), ("a", "b-")]
        {
            assert_eq!(label(key, value).len(), 1, "{key} = {value}");
        }
        assert_eq!(label(&"a".repeat(64), "a").len(), 1);
    }

    #[test]
    fn annotations_hold_anything() {
        let annotation = |key: &str| {
            found(|app| drop(app.service.annotations.insert(key.to_owned(), at("any text: {}".to_owned()))))
        };
        assert_eq!(annotation("Example.net/a"), [""; 0]);
        assert_eq!(annotation("a b"), ["an annotation of app 'web' cannot be called 'a b'"]);
    }

    #[test]
    fn resources_have_domains() {
        let extra =
            |name: &str| found(|app| app.container.resources.extra.extend([(name.to_owned(), at(1))]));
        for name in ["nvidia.com/gpu", "smarter-devices/ttyACM0", "hugepages-2Mi", "ephemeral-storage"] {
            assert_eq!(extra(name), [""; 0], "{name}");
        }
        assert_eq!(extra("gpu"), ["'gpu' of app 'web' cannot be an extended resource"]);
        assert_eq!((extra("kubernetes.io/gpu").len(), extra("a b/gpu").len()), (1, 1));
    }
}
