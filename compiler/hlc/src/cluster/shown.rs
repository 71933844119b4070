//! A plan as people read it.

use std::collections::BTreeMap;
use std::fmt::Write;

use plan::{Action, Change, Plan, ReleaseAction, ReleaseStep, Step};

use crate::changed;
use crate::terminal::{paint, plain};

/// What is done to each object that something is done to, by component, and in a last line how much that is. Nothing in it
/// acts on a terminal but the styles.
pub(crate) fn plan(plan: &Plan, colour: bool) -> String {
    // What left the lab is told last, and components in the order of their stages.
    let mut told: BTreeMap<(bool, &str), String> = BTreeMap::new();
    for step in plan.steps.iter().filter(|step| is_told(step)) {
        let out = told.entry((step.component.is_empty(), &step.component)).or_default();
        self::step(out, step, colour);
    }
    for step in plan.releases.iter().filter(|step| step.action != ReleaseAction::Nothing) {
        let out = told.entry((step.component.is_empty(), &step.component)).or_default();
        release(out, step, colour);
    }
    let mut out = String::new();
    for step in &plan.nodes {
        let name = format!("node {}", step.node);
        let _ = writeln!(out, "{}", changed::head(("~", "33"), &name, Some(&step.origin), colour));
        for change in &step.changes {
            let _ = writeln!(out, "    {}", changed::field(change));
        }
    }
    for ((has_left, component), steps) in told {
        let name = if has_left { "what left the lab" } else { component };
        let _ = writeln!(out, "{}", paint(colour, "1", &plain(name)));
        out.push_str(&steps);
    }
    out.push_str(&headline(plan));
    out.push('\n');
    out
}

/// How much is done.
fn headline(plan: &Plan) -> String {
    let count = |is: fn(&Action) -> bool| plan.steps.iter().filter(|step| is(&step.action)).count();
    let releases =
        |is: fn(&ReleaseAction) -> bool| plan.releases.iter().filter(|one| is(&one.action)).count();
    let counts = [
        (releases(|action| matches!(action, ReleaseAction::Install { .. })), "to install"),
        (releases(|action| matches!(action, ReleaseAction::Upgrade { .. })), "to upgrade"),
        (releases(|action| matches!(action, ReleaseAction::Uninstall)), "to uninstall"),
        (count(|action| matches!(action, Action::Create { .. })), "to make"),
        (count(|action| matches!(action, Action::Change { .. })) + plan.nodes.len(), "to change"),
        (count(|action| matches!(action, Action::Recreate { .. })), "to delete and make anew"),
        (count(|action| matches!(action, Action::Prune)), "to delete"),
        (
            count(|action| matches!(action, Action::Keep { .. }))
                + releases(|action| matches!(action, ReleaseAction::Keep { .. })),
            "to keep that left the lab",
        ),
        (
            count(|action| matches!(action, Action::Refused { .. }))
                + releases(|action| matches!(action, ReleaseAction::Refused { .. })),
            "refused",
        ),
        (
            count(|action| matches!(action, Action::Nothing))
                + releases(|action| matches!(action, ReleaseAction::Nothing)),
            "as they are to be",
        ),
    ];
    let said = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    let said: Vec<String> = said.collect();
    if said.is_empty() { "nothing is wanted of the cluster".to_owned() } else { said.join(", ") }
}

fn is_told(step: &Step) -> bool {
    step.action != Action::Nothing || !step.yields.is_empty() || !step.adopts.is_empty()
}

/// The sign of what is done, and how it is painted.
fn sign(action: &Action) -> (&'static str, &'static str) {
    match action {
        Action::Create { .. } => ("+", "32"),
        Action::Change { .. } => ("~", "33"),
        Action::Recreate { .. } => ("±", "31"),
        Action::Prune => ("-", "31"),
        Action::Refused { .. } => ("!", "1;31"),
        Action::Keep { .. } | Action::Nothing => ("=", ""),
    }
}

fn release(out: &mut String, step: &ReleaseStep, colour: bool) {
    let (sign, style) = match &step.action {
        ReleaseAction::Install { .. } => ("+", "32"),
        ReleaseAction::Upgrade { .. } => ("~", "33"),
        ReleaseAction::Uninstall => ("-", "31"),
        ReleaseAction::Refused { .. } => ("!", "1;31"),
        ReleaseAction::Keep { .. } | ReleaseAction::Nothing => ("=", ""),
    };
    let name = format!("release {}", step.id);
    let _ = writeln!(out, "  {}", changed::head((sign, style), &name, step.origin.as_ref(), colour));
    for line in about(&step.action) {
        let _ = writeln!(out, "      {}", plain(&line));
    }
    for object in step.objects.iter().filter(|object| object.action != Action::Nothing) {
        let sign = self::sign(&object.action);
        let _ = writeln!(out, "    {}", changed::head(sign, &object.key.to_string(), None, colour));
        details(out, &object.action);
    }
}

/// What there is to say about what is done to a release.
fn about(action: &ReleaseAction) -> Vec<String> {
    match action {
        ReleaseAction::Install { chart } => vec![format!("chart {chart}")],
        ReleaseAction::Upgrade { chart, values, why } => {
            let chart = chart.iter().map(|(old, new)| format!("chart {old} → {new}"));
            let values = values.iter().map(|value| format!("values {}", changed::field(value)));
            why.iter().cloned().chain(chart).chain(values).collect()
        }
        ReleaseAction::Keep { why } => vec![format!("left where it is: {why}")],
        ReleaseAction::Refused { why } => vec![why.clone()],
        ReleaseAction::Nothing | ReleaseAction::Uninstall => Vec::new(),
    }
}

fn step(out: &mut String, step: &Step, colour: bool) {
    let name = step.key.to_string();
    let _ = writeln!(out, "  {}", changed::head(sign(&step.action), &name, step.origin.as_ref(), colour));
    details(out, &step.action);
    for conflict in &step.yields {
        let left = format!("{} is left to '{}', who set it", conflict.field, conflict.manager);
        let _ = writeln!(out, "      {}", plain(&left));
    }
    if !step.adopts.is_empty() {
        let _ = writeln!(out, "      taken over from {}", plain(&step.adopts.join(", ")));
    }
}

/// The fields that change, and what else there is to say.
fn details(out: &mut String, action: &Action) {
    let changes: &[Change] = match action {
        Action::Change { changes } | Action::Recreate { changes, .. } => changes,
        _ => &[],
    };
    for change in changes {
        let _ = writeln!(out, "      {}", changed::field(change));
    }
    if let Some(why) = why(action) {
        let _ = writeln!(out, "      {}", plain(&why));
    }
}

/// What else there is to say about what is done.
fn why(action: &Action) -> Option<String> {
    match action {
        Action::Create { unchecked: Some(why) } => Some(format!("not tried: {why}")),
        Action::Recreate { why, .. } => Some(format!("it cannot be changed as it is there: {why}")),
        Action::Keep { why } => Some(format!("left where it is: {why}")),
        Action::Refused { why } => Some(why.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use plan::{Key, Kind, Origin};

    use super::*;

    #[test]
    fn what_is_as_it_should_be_is_only_counted() {
        let step = |action: Action, name: &str| Step {
            key: Key { kind: Kind::new("", "Service"), namespace: Some("media".into()), name: name.into() },
            action,
            component: "10_apps/web".into(),
            origin: Some(Origin { line: "homelab.hl:3".into(), declaration: "app web".into() }),
            yields: Vec::new(),
            adopts: Vec::new(),
            uid: None,
            resource_version: None,
        };
        let steps = vec![step(Action::Nothing, "a"), step(Action::Create { unchecked: None }, "b")];
        let plan = Plan { lab: "home".into(), steps, ..Plan::default() };
        assert_eq!(
            super::plan(&plan, false),
            "10_apps/web\n  + Service media/b  homelab.hl:3: app web\n1 to make, 1 as they are to be\n"
        );
    }
}
