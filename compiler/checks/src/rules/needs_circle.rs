//! `needs-circle`: things that wait for each other.

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Problem, declare_rule};
use model::{Component, Placement};
use source::{ItemKey, Place};

use crate::lab::Lab;

declare_rule! { pub NEEDS_CIRCLE, "needs-circle", error, since "0.1", "things that wait for each other", page "needs_circle.md" }

/// What each component, or each part of one, needs, with the place that says so. What needs nothing is in no circle,
/// and not in here.
type Needs<'a, One> = BTreeMap<One, Vec<(One, &'a Place)>>;

/// What is deployed as one: a chart, or all of a component that is no chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part<'a> {
    component: &'a Component,
    chart: Option<&'a str>,
}

/// How many names of a circle are shown.
const SHOWN: usize = 12;

/// What to do about a circle of components.
const HELP: &str = "leave out the need that is not one: apps that try again may start in any order";

/// What to do about a circle in one of them.
const HELP_IN_ONE: &str =
    "what is no chart in a component is deployed at once: give one of these a component of its own";

/// How far one of them is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Somewhere on the way to the one looked at.
    Open,
    /// With all that it needs.
    Done,
}

/// Looks for components that need each other, around any number of corners, and for parts of one that do.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let components = all_circles(&of_components(lab), |one| one.name.clone(), HELP);
    let parts = all_circles(&of_parts(lab), Part::shown, HELP_IN_ONE);
    components.into_iter().chain(parts).collect()
}

/// What components need. Only needs inside of a stage count here: one of a later stage is a problem of its own.
fn of_components<'a>(lab: &Lab<'a>) -> Needs<'a, &'a Component> {
    let mut needs: Needs<'_, &Component> = BTreeMap::new();
    for (_, placement) in lab.placements() {
        let inside = placement.needs.iter();
        for need in inside.filter(|need| need.stage.number == placement.component.stage.number) {
            needs.entry(&placement.component).or_default().push((&need.value, &need.place));
        }
    }
    needs
}

/// What parts of components need of the same component. What is no chart comes at once, and waits for nothing of it.
fn of_parts<'a>(lab: &Lab<'a>) -> Needs<'a, Part<'a>> {
    let mut needs: Needs<'_, Part<'_>> = BTreeMap::new();
    // In most labs nothing is, and this is asked after every change.
    if lab.placements().all(|(_, placement)| placement.after.is_empty()) {
        return needs;
    }
    let mut parts: BTreeMap<(&Component, &ItemKey), BTreeSet<Part<'_>>> = BTreeMap::new();
    for (word, placement) in lab.placements() {
        parts
            .entry((&placement.component, &placement.place.item))
            .or_default()
            .insert(Part::of(word, placement));
    }
    for (word, placement) in lab.placements() {
        let waiting = Part::of(word, placement);
        for item in &placement.after {
            let Some(of_item) = parts.get(&(&placement.component, &item.value)) else { continue };
            // What has a chart is there when the chart is.
            let has_chart = of_item.iter().any(|part| part.chart.is_some());
            let needed = of_item.iter().filter(|part| part.chart.is_some() == has_chart && **part != waiting);
            for part in needed {
                needs.entry(waiting).or_default().push((*part, &item.place));
            }
        }
    }
    needs
}

impl<'a> Part<'a> {
    fn of(word: &str, placement: &'a Placement) -> Self {
        let chart = (word == "release").then_some(placement.name.as_str());
        Self { component: &placement.component, chart }
    }

    fn shown(&self) -> String {
        let all_else = || format!("what is no chart in '{}'", self.component.name);
        self.chart.map_or_else(all_else, |chart| format!("chart '{chart}'"))
    }
}

fn all_circles<One: Copy + Ord>(
    needs: &Needs<'_, One>,
    shown: impl Fn(&One) -> String,
    help: &str,
) -> Vec<Problem> {
    let mut states = BTreeMap::new();
    let found = needs.keys().flat_map(|start| circles(*start, needs, &mut states));
    let problem = |(circle, place): (Vec<One>, &Place)| {
        needs_circle(&circle.iter().map(&shown).collect::<Vec<_>>(), place, help)
    };
    found.map(problem).collect()
}

/// The circles that can be reached from `start`, each with the place where it closes. By hand instead of by recursion: a
/// chain of needs may be long.
fn circles<'a, One: Copy + Ord>(
    start: One,
    needs: &Needs<'a, One>,
    states: &mut BTreeMap<One, State>,
) -> Vec<(Vec<One>, &'a Place)> {
    let mut found = Vec::new();
    if states.contains_key(&start) {
        return found;
    }
    states.insert(start, State::Open);
    // What is on the way, each with how many of its needs have been looked at.
    let mut way: Vec<(One, usize)> = vec![(start, 0)];
    while let Some((one, seen)) = way.last_mut() {
        let next = needs.get(one).and_then(|all| all.get(*seen)).copied();
        *seen += 1;
        let Some((need, place)) = next else {
            states.insert(*one, State::Done);
            way.pop();
            continue;
        };
        match states.get(&need) {
            Some(State::Done) => {}
            Some(State::Open) => {
                let circle = way.iter().map(|(one, _)| *one).skip_while(|one| *one != need);
                found.push((circle.collect(), place));
            }
            None => {
                states.insert(need, State::Open);
                way.push((need, 0));
            }
        }
    }
    found
}

/// Each of `circle` needs the next, and the last one the first.
fn needs_circle(circle: &[String], place: &Place, help: &str) -> Problem {
    if let [alone] = circle {
        let message = format!("'{alone}' needs itself, and would wait forever");
        return Problem::new(&NEEDS_CIRCLE, place.clone(), message).help("leave it out");
    }
    let mut names: Vec<&str> = circle.iter().chain(circle.first()).map(String::as_str).collect();
    if names.len() > SHOWN {
        names.splice(SHOWN / 2..names.len() - SHOWN / 2, ["…"]);
    }
    let message = format!("none of these can be deployed first, each needs the next: {}", names.join(" → "));
    Problem::new(&NEEDS_CIRCLE, place.clone(), message).label("this closes the circle").help(help)
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
