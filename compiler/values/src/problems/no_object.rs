//! `no-object`: a document that is no object of Kubernetes.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! { pub NO_OBJECT, "no-object", error, since "0.1", "a document that is no object of Kubernetes", page "no_object.md" }

/// A document lacks `what` every object has.
pub fn no_object(place: Place, what: &str) -> Problem {
    Problem::new(&NO_OBJECT, place, format!("this is no Kubernetes object: it has no {what}"))
        .help("leave it out: 'manifests NAME = [for d in documents(\"…\") if … => d]'")
}

/// A document says how others are put together.
pub fn kustomization(place: Place) -> Problem {
    Problem::new(&NO_OBJECT, place, "this is no Kubernetes object: it tells kustomize how to make some")
        .help("read what it makes: 'kustomize build . > all.yaml', and 'documents(\"./all.yaml\")'")
}
