//! A plan as people read it.

use std::collections::BTreeMap;
use std::fmt::Write;

use plan::{Action, Change, Origin, Plan, ReleaseAction, ReleaseStep, Step, is_secret};
use serde_json::Value;

use crate::terminal::paint;

/// How long a value may be that is shown whole.
const LONGEST: usize = 72;

/// What is done to each object that something is done to, by component, and in a last line how much that is.
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
    for ((has_left, component), steps) in told {
        let name = if has_left { "what left the lab" } else { component };
        let _ = writeln!(out, "{}", paint(colour, "1", name));
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
        (count(|action| matches!(action, Action::Change { .. })), "to change"),
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

/// Where something is declared, behind what is said of it.
fn from(origin: Option<&Origin>, colour: bool) -> String {
    origin.map_or_else(String::new, |origin| {
        format!("  {}", paint(colour, "2", &format!("{}: {}", origin.line, origin.declaration)))
    })
}

fn release(out: &mut String, step: &ReleaseStep, colour: bool) {
    let (sign, style) = match &step.action {
        ReleaseAction::Install { .. } => ("+", "32"),
        ReleaseAction::Upgrade { .. } => ("~", "33"),
        ReleaseAction::Uninstall => ("-", "31"),
        ReleaseAction::Refused { .. } => ("!", "1;31"),
        ReleaseAction::Keep { .. } | ReleaseAction::Nothing => ("=", ""),
    };
    let from = from(step.origin.as_ref(), colour);
    let _ = writeln!(out, "  {} release {}{from}", paint(colour, style, sign), step.id);
    for line in about(&step.action) {
        let _ = writeln!(out, "      {line}");
    }
    for object in step.objects.iter().filter(|object| object.action != Action::Nothing) {
        let (sign, style) = self::sign(&object.action);
        let _ = writeln!(out, "    {} {}", paint(colour, style, sign), object.key);
        details(out, &object.action);
    }
}

/// What there is to say about what is done to a release.
fn about(action: &ReleaseAction) -> Vec<String> {
    match action {
        ReleaseAction::Install { chart } => vec![format!("chart {chart}")],
        ReleaseAction::Upgrade { chart, values, why } => {
            let chart = chart.iter().map(|(old, new)| format!("chart {old} → {new}"));
            let values = values.iter().map(|value| format!("values {}", change(value)));
            why.iter().cloned().chain(chart).chain(values).collect()
        }
        ReleaseAction::Keep { why } => vec![format!("left where it is: {why}")],
        ReleaseAction::Refused { why } => vec![why.clone()],
        ReleaseAction::Nothing | ReleaseAction::Uninstall => Vec::new(),
    }
}

fn step(out: &mut String, step: &Step, colour: bool) {
    let (sign, style) = sign(&step.action);
    let from = from(step.origin.as_ref(), colour);
    let _ = writeln!(out, "  {} {}{from}", paint(colour, style, sign), step.key);
    details(out, &step.action);
    for conflict in &step.yields {
        let _ = writeln!(out, "      {} is left to '{}', who set it", conflict.field, conflict.manager);
    }
    if !step.adopts.is_empty() {
        let _ = writeln!(out, "      taken over from {}", step.adopts.join(", "));
    }
}

/// The fields that change, and what else there is to say.
fn details(out: &mut String, action: &Action) {
    let changes: &[Change] = match action {
        Action::Change { changes } | Action::Recreate { changes, .. } => changes,
        _ => &[],
    };
    for change in changes {
        let _ = writeln!(out, "      {}", self::change(change));
    }
    if let Some(why) = why(action) {
        let _ = writeln!(out, "      {why}");
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

fn change(change: &Change) -> String {
    let Change { path, before, after } = change;
    match (before, after) {
        (Some(before), Some(after)) if is_secret(before) && is_secret(after) => {
            format!("{path}: (another secret)")
        }
        (Some(before), Some(after)) => format!("{path}: {} → {}", value(before), value(after)),
        (None, Some(after)) => format!("{path}: + {}", value(after)),
        (Some(before), None) => format!("{path}: - {}", value(before)),
        (None, None) => path.clone(),
    }
}

/// A value on one line, without what is secret in it.
fn value(value: &Value) -> String {
    let text = masked(value).to_string();
    if text.chars().count() <= LONGEST {
        return text;
    }
    let short: String = text.chars().take(LONGEST).collect();
    format!("{short}…")
}

/// The same with a word in the place of each secret.
pub(crate) fn masked(value: &Value) -> Value {
    match value {
        secret if is_secret(secret) => Value::String("(secret)".to_owned()),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), masked(value))).collect(),
        Value::Array(items) => items.iter().map(masked).collect(),
        plain => plain.clone(),
    }
}

#[cfg(test)]
mod tests {
    use plan::{Key, Kind, SECRET};
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_not_shown_and_long_values_are_cut() {
        let change = |before: Value, after: Value| {
            super::change(&Change { path: "data.a".into(), before: Some(before), after: Some(after) })
        };
        assert_eq!(change(json!({SECRET: "1"}), json!({SECRET: "2"})), "data.a: (another secret)");
        assert_eq!(change(json!("x"), json!({"b": {SECRET: "2"}})), "data.a: \"x\" → {\"b\":\"(secret)\"}");
        assert!(change(json!("x".repeat(100)), json!(1)).chars().count() < 100);
    }

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
        let plan = Plan { lab: "home".into(), steps, releases: Vec::new() };
        assert_eq!(
            super::plan(&plan, false),
            "10_apps/web\n  + Service media/b  homelab.hl:3: app web\n1 to make, 1 as they are to be\n"
        );
    }
}
