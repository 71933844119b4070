//! `needs-circle`: things that wait for each other.

use std::collections::BTreeMap;

use diagnostics::{Problem, declare_rule};
use model::Component;
use source::Place;

use crate::lab::Lab;

declare_rule! { pub NEEDS_CIRCLE, "needs-circle", error, since "0.1", "things that wait for each other", page "needs_circle.md" }

/// What each component needs, with the place that says so. Only needs inside of a stage count here: one of a later
/// stage is a problem of its own. What needs nothing is in no circle, and not in here.
type Needs<'a> = BTreeMap<&'a Component, Vec<(&'a Component, &'a Place)>>;

/// How many names of a circle are shown.
const SHOWN: usize = 12;

/// How far a component is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Somewhere on the way to the one looked at.
    Open,
    /// With all that it needs.
    Done,
}

/// Looks for components that need each other, around any number of corners.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let mut needs: Needs<'_> = BTreeMap::new();
    for (_, placement) in lab.placements() {
        let inside = placement.needs.iter();
        for need in inside.filter(|need| need.stage.number == placement.component.stage.number) {
            needs.entry(&placement.component).or_default().push((&need.value, &need.place));
        }
    }
    let mut states = BTreeMap::new();
    needs.keys().flat_map(|start| circles(start, &needs, &mut states)).collect()
}

/// The circles that can be reached from `start`, each where it closes. By hand instead of by recursion: a chain of
/// needs may be long.
fn circles<'a>(
    start: &'a Component,
    needs: &Needs<'a>,
    states: &mut BTreeMap<&'a Component, State>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    if states.contains_key(start) {
        return problems;
    }
    states.insert(start, State::Open);
    // Components on the way, each with how many of its needs have been looked at.
    let mut way: Vec<(&Component, usize)> = vec![(start, 0)];
    while let Some((component, seen)) = way.last_mut() {
        let next = needs.get(component).and_then(|all| all.get(*seen)).copied();
        *seen += 1;
        let Some((need, place)) = next else {
            states.insert(component, State::Done);
            way.pop();
            continue;
        };
        match states.get(need) {
            Some(State::Done) => {}
            Some(State::Open) => {
                let circle = way.iter().map(|(one, _)| *one).skip_while(|one| *one != need);
                problems.push(needs_circle(&circle.collect::<Vec<_>>(), place));
            }
            None => {
                states.insert(need, State::Open);
                way.push((need, 0));
            }
        }
    }
    problems
}

/// Each of `circle` needs the next, and the last one the first.
fn needs_circle(circle: &[&Component], place: &Place) -> Problem {
    if let [alone] = circle {
        let message = format!("'{}' needs itself, and would wait forever", alone.name);
        return Problem::new(&NEEDS_CIRCLE, place.clone(), message).help("leave it out");
    }
    let mut names: Vec<&str> = circle.iter().chain(circle.first()).map(|one| one.name.as_str()).collect();
    if names.len() > SHOWN {
        names.splice(SHOWN / 2..names.len() - SHOWN / 2, ["…"]);
    }
    let message = format!("none of these can be deployed first, each needs the next: {}", names.join(" → "));
    Problem::new(&NEEDS_CIRCLE, place.clone(), message)
        .label("this closes the circle")
        .help("leave out the need that is not one: apps that try again may start in any order")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, component, messages};

    fn found(all: &[(&str, &[&str])]) -> Vec<String> {
        let entities = all.iter().map(|(name, needs)| {
            let mut app = app(name, "media");
            app.placement.needs = needs.iter().map(|need| at(component(10, need))).collect();
            app.into_entity()
        });
        messages(&NEEDS_CIRCLE, &entities.collect::<Vec<_>>())
    }

    #[test]
    fn somebody_is_first() {
        assert_eq!(
            found(&[("a", &["b"]), ("b", &["c"]), ("c", &["d", "b"]), ("d", &[])]),
            ["none of these can be deployed first, each needs the next: b → c → b"]
        );
        assert_eq!(found(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &["elsewhere"])]), [""; 0]);
        assert_eq!(found(&[("a", &["a"])]), ["'a' needs itself, and would wait forever"]);
    }

    #[test]
    fn chains_can_be_long() {
        let names: Vec<String> = (0..5_000).map(|n| format!("app-{n:04}")).collect();
        let entities = names.iter().zip(names.iter().cycle().skip(1)).map(|(name, next)| {
            let mut app = app(name, "media");
            app.placement.needs = vec![at(component(10, next))];
            app.into_entity()
        });
        assert_eq!(messages(&NEEDS_CIRCLE, &entities.collect::<Vec<_>>()).len(), 1);
    }
}
