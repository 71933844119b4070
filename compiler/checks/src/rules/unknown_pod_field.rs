//! `unknown-pod-field`: a field that Kubernetes does not know.

use diagnostics::{Problem, closest, declare_rule, did_you_mean};
use model::Entity;

use crate::facts::{Part, Pod, blocks};

declare_rule! { pub UNKNOWN_POD_FIELD, "unknown-pod-field", warning, since "0.1", "a field that Kubernetes does not know", page "unknown_pod_field.md" }

/// Looks in `pod`, `container` and their like for fields that Kubernetes would ignore.
pub(crate) fn check(entity: &Entity) -> Vec<Problem> {
    let Some(pod) = Pod::of(entity) else { return Vec::new() };
    let mut problems = Vec::new();
    for block in blocks(entity) {
        block.walk(&mut |part| {
            // What holds no fields is wrong by itself.
            if part.of.is_none() && part.within.fields().next().is_some() {
                problems.extend(unknown(&pod, block.object, &part));
            }
        });
    }
    problems
}

fn unknown(pod: &Pod<'_>, object: &str, part: &Part<'_>) -> Option<Problem> {
    let name = part.name?;
    let message = format!("'{name}' of {} is nothing that Kubernetes knows of {object}", pod.shown());
    let problem = Problem::new(&UNKNOWN_POD_FIELD, part.near(&pod.placement.place), message);
    let known = || part.within.fields().collect::<Vec<_>>().join(", ");
    let meant = did_you_mean(&closest(name, part.within.fields(), 1));
    Some(problem.help(meant.unwrap_or_else(|| format!("here it knows {}", known()))))
}
