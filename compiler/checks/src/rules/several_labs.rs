//! `several-labs`: more than one lab.

use diagnostics::{Problem, declare_rule};

use super::{collision, is_declared_twice};
use crate::lab::Lab;

declare_rule! { pub SEVERAL_LABS, "several-labs", error, since "0.1", "more than one lab", page "several_labs.md" }

/// Looks for a second lab.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let Some((first, others)) = lab.labs.split_first() else { return Vec::new() };
    let others = others.iter().filter(|other| !is_declared_twice(&first.place, &other.place));
    let problems = others.map(|other| {
        collision(
            &SEVERAL_LABS,
            format!("'{}' is a second lab, beside '{}'", other.name, first.name),
            (&first.place, "the first one".to_owned()),
            (&other.place, "another one".to_owned()),
        )
        .help("keep one, since 'lab' means it in expressions; another lab is another file of its own")
    });
    problems.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{lab, messages};

    #[test]
    fn there_is_one_lab() {
        assert_eq!(
            messages(&SEVERAL_LABS, &[lab("home"), lab("cabin")]),
            ["'cabin' is a second lab, beside 'home'"]
        );
        assert_eq!(messages(&SEVERAL_LABS, &[lab("home")]), [""; 0]);
    }
}
