//! `limit-below-request`: a container that may have less than it gets.

use std::fmt::Display;

use diagnostics::{Problem, declare_rule};
use model::{At, Entity};

use crate::facts::{Pod, near};

declare_rule! { pub LIMIT_BELOW_REQUEST, "limit-below-request", error, since "0.1", "a container that may have less than it gets", page "limit_below_request.md" }

/// Looks for limits of CPU and memory that are below what the container gets.
pub(crate) fn check(entity: &Entity) -> Vec<Problem> {
    let Some(of) = Pod::of(entity) else { return Vec::new() };
    let given = of.container.all().map(|container| &container.resources);
    let found = given.flat_map(|given| {
        let cpu = below(&of, "cpu", given.cpu.as_ref(), given.cpu_limit.as_ref());
        cpu.into_iter().chain(below(&of, "memory", given.memory.as_ref(), given.memory_limit.as_ref()))
    });
    found.collect()
}

/// The container may not have as much as it gets.
fn below<T: Ord + Display>(
    of: &Pod<'_>,
    what: &str,
    request: Option<&At<T>>,
    limit: Option<&At<T>>,
) -> Option<Problem> {
    let (request, limit) = (request?, limit?);
    if limit.value >= request.value {
        return None;
    }
    let owner = &of.placement.place;
    let message = format!(
        "'{what}-limit' of {} is {}, which is less than the {} that it gets",
        of.shown(),
        limit.value,
        request.value
    );
    let problem = Problem::new(&LIMIT_BELOW_REQUEST, near(&limit.place, owner), message)
        .also(near(&request.place, owner), "what it gets")
        .help(format!("raise '{what}-limit', or leave it out"));
    Some(problem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, messages};
    use domain::Size;

    #[test]
    fn limits_are_above() {
        let found = |limit: u64| {
            let mut app = app("web", "media");
            app.container.resources.memory = Some(at(Size::from_bytes(1 << 30)));
            app.container.resources.memory_limit = Some(at(Size::from_bytes(limit)));
            messages(&LIMIT_BELOW_REQUEST, &[app.into_entity()])
        };
        assert_eq!(
            found(1 << 20),
            ["'memory-limit' of app 'web' is 1MiB, which is less than the 1GiB that it gets"]
        );
        assert_eq!((found(1 << 30), found(1 << 31)), (Vec::new(), Vec::new()));
    }
}
