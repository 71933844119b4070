//! Labels of objects and pods.

use std::collections::BTreeMap;

use model::Component;

/// What a workload is; part of what a Service selects, since an app and a job may have the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Kept running.
    App,
    /// Runs to its end.
    Job,
}

impl Role {
    /// As the label has it.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Job => "job",
        }
    }
}

/// The labels that pods are found by. They never change: a Deployment's selector cannot.
pub(crate) fn selector(name: &str, role: Role) -> BTreeMap<String, String> {
    pairs([("app.kubernetes.io/name", name), ("app.kubernetes.io/component", role.label())])
}

/// The labels of whatever belongs to an app or job.
pub(crate) fn workload(name: &str, role: Role, component: &Component) -> BTreeMap<String, String> {
    let mut labels = common(component);
    labels.extend(selector(name, role));
    labels.extend(pairs([("app.kubernetes.io/instance", name)]));
    labels
}

/// The labels of everything that hlc makes.
pub(crate) fn common(component: &Component) -> BTreeMap<String, String> {
    pairs([("app.kubernetes.io/managed-by", "hlc"), ("app.kubernetes.io/part-of", &component.name)])
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}
