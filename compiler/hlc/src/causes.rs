//! Which line of the lab each field comes from that changes.

use std::collections::BTreeMap;

use driver::Causes;
use plan::{Action, Change, Origin, Plan, ReleaseAction};
use serde_json::Value;
use source::ItemKey;

use crate::load::Lab;

/// What a lab says, by line.
pub(crate) struct Marks<'a> {
    lab: &'a Lab,
    /// What is deployed is declared by these.
    items: BTreeMap<Origin, ItemKey>,
    causes: Causes,
}

impl<'a> Marks<'a> {
    /// Those of a lab without errors.
    pub(crate) fn of(lab: &'a Lab) -> Self {
        let parts = lab.session.deployment();
        let objects = parts.iter().flat_map(|part| part.objects.iter().map(|object| &object.place));
        let releases =
            parts.iter().flat_map(|part| part.releases.iter().filter_map(|one| one.place.as_ref()));
        let items = objects.chain(releases).map(|place| (lab.origin(place), place.item.clone())).collect();
        Self { lab, items, causes: lab.session.causes() }
    }

    /// Says of each change of something that is declared there which line it comes from, where that is certain, and not
    /// the line of the declaration.
    pub(crate) fn mark(&self, origin: &Origin, changes: &mut [Change]) {
        let Some(item) = self.items.get(origin) else { return };
        for change in changes {
            let Some(text) = change.after.as_ref().and_then(text) else { continue };
            let names = names(&change.path);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let place = self.causes.of(item, &names, &text);
            change.line = place.map(|place| self.lab.origin(place).line).filter(|line| *line != origin.line);
        }
    }

    /// The same of all that a plan changes.
    pub(crate) fn mark_plan(&self, plan: &mut Plan) {
        for step in &mut plan.steps {
            if let (Some(origin), Some(changes)) = (&step.origin, changed(&mut step.action)) {
                self.mark(origin, changes);
            }
        }
        for release in &mut plan.releases {
            let Some(origin) = &release.origin else { continue };
            if let ReleaseAction::Upgrade { values, .. } = &mut release.action {
                self.mark(origin, values);
            }
            for changes in release.objects.iter_mut().filter_map(|object| changed(&mut object.action)) {
                self.mark(origin, changes);
            }
        }
    }
}

fn changed(action: &mut Action) -> Option<&mut [Change]> {
    match action {
        Action::Change { changes } | Action::Recreate { changes, .. } => Some(changes),
        _ => None,
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// The names in a path, the last one first: of `spec.containers[web].env[URL].value` these are `value`, `URL`, `env`, …
fn names(path: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let (mut name, mut depth) = (String::new(), 0_u32);
    for letter in path.chars() {
        match letter {
            '[' if depth == 0 => found.push(std::mem::take(&mut name)),
            ']' if depth == 1 => found.push(std::mem::take(&mut name)),
            '.' if depth == 0 => found.push(std::mem::take(&mut name)),
            _ => name.push(letter),
        }
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found.push(name);
    found.retain(|name| !name.is_empty());
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_from_the_end() {
        assert_eq!(
            names("spec.containers[web].env[URL].value"),
            ["value", "URL", "env", "web", "containers", "spec"]
        );
        assert_eq!(
            names("metadata.labels[app.kubernetes.io/name]"),
            ["app.kubernetes.io/name", "labels", "metadata"]
        );
        assert_eq!(names(""), [""; 0]);
    }
}
