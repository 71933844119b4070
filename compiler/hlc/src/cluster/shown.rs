//! A plan as people read it.

use std::fmt::Write;

use plan::{Action, Change, Plan, Step};

use crate::changed;
use crate::terminal::{paint, plain};

/// What is done to each object that something is done to, by component, and in a last line how much that is. Nothing in it
/// acts on a terminal but the styles.
pub(crate) fn plan(plan: &Plan, colour: bool) -> String {
    let mut out = String::new();
    let mut component = None;
    for step in plan.steps.iter().filter(|step| is_told(step)) {
        if component != Some(&step.component) {
            let name = if step.component.is_empty() { "what left the lab" } else { &step.component };
            let _ = writeln!(out, "{}", paint(colour, "1", &plain(name)));
            component = Some(&step.component);
        }
        self::step(&mut out, step, colour);
    }
    out.push_str(&headline(plan));
    out.push('\n');
    out
}

/// How much is done.
fn headline(plan: &Plan) -> String {
    let count = |is: fn(&Action) -> bool| plan.steps.iter().filter(|step| is(&step.action)).count();
    let counts = [
        (count(|action| matches!(action, Action::Create { .. })), "to make"),
        (count(|action| matches!(action, Action::Change { .. })), "to change"),
        (count(|action| matches!(action, Action::Recreate { .. })), "to delete and make anew"),
        (count(|action| matches!(action, Action::Prune)), "to delete"),
        (count(|action| matches!(action, Action::Keep { .. })), "to keep that left the lab"),
        (count(|action| matches!(action, Action::Refused { .. })), "refused"),
        (count(|action| matches!(action, Action::Nothing)), "as they are to be"),
    ];
    let said = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    let said: Vec<String> = said.collect();
    if said.is_empty() { "nothing is wanted of the cluster".to_owned() } else { said.join(", ") }
}

fn is_told(step: &Step) -> bool {
    step.action != Action::Nothing || !step.yields.is_empty() || !step.adopts.is_empty()
}

fn step(out: &mut String, step: &Step, colour: bool) {
    let (sign, style) = match &step.action {
        Action::Create { .. } => ("+", "32"),
        Action::Change { .. } => ("~", "33"),
        Action::Recreate { .. } => ("±", "31"),
        Action::Prune => ("-", "31"),
        Action::Refused { .. } => ("!", "1;31"),
        Action::Keep { .. } | Action::Nothing => ("=", ""),
    };
    let name = step.key.to_string();
    let _ = writeln!(out, "  {}", changed::head((sign, style), &name, step.origin.as_ref(), colour));
    let changes: &[Change] = match &step.action {
        Action::Change { changes } | Action::Recreate { changes, .. } => changes,
        _ => &[],
    };
    for change in changes {
        let _ = writeln!(out, "      {}", changed::field(change));
    }
    if let Some(why) = why(&step.action) {
        let _ = writeln!(out, "      {}", plain(&why));
    }
    for conflict in &step.yields {
        let left = format!("{} is left to '{}', who set it", conflict.field, conflict.manager);
        let _ = writeln!(out, "      {}", plain(&left));
    }
    if !step.adopts.is_empty() {
        let _ = writeln!(out, "      taken over from {}", plain(&step.adopts.join(", ")));
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
        let plan = Plan { lab: "home".into(), steps };
        assert_eq!(
            super::plan(&plan, false),
            "10_apps/web\n  + Service media/b  homelab.hl:3: app web\n1 to make, 1 as they are to be\n"
        );
    }
}
