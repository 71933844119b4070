//! `setting-without-effect`: something that is said and changes nothing.

use diagnostics::{Problem, declare_rule};
use model::{Entity, ServiceKind};

use crate::facts::Pod;

declare_rule! { pub SETTING_WITHOUT_EFFECT, "setting-without-effect", warning, since "0.1", "something that is said and changes nothing", page "setting_without_effect.md" }

/// Labels of pods that services find them by, and which are therefore never the user's.
const KEPT: [&str; 2] = ["app.kubernetes.io/name", "app.kubernetes.io/component"];

/// Looks for settings that nothing comes of as things are.
pub(crate) fn check(entity: &Entity) -> Vec<Problem> {
    let Some(of) = Pod::of(entity) else { return Vec::new() };
    let kept = KEPT.iter().filter(|label| of.container.labels.contains_key(**label)).map(|label| {
        let message =
            format!("the label '{label}' of {} has no effect: its pods are found by it", of.shown());
        without_effect(&of, message, "call it otherwise; what hlc sets itself stays as it is")
    });
    let mut problems: Vec<Problem> = kept.collect();
    if let Entity::App(app) = entity
        && !app.has_service()
        && (app.service.kind != ServiceKind::Cluster || !app.service.fields.is_empty())
    {
        let word = if app.service.fields.is_empty() { "kind" } else { "spec" };
        let message =
            format!("'service.{word}' of {} has no effect: it has no ports to be reached at", of.shown());
        problems.push(without_effect(
            &of,
            message,
            "declare a port, 'port http = 80', or leave 'service' out",
        ));
    }
    problems
}

fn without_effect(of: &Pod<'_>, message: String, help: &str) -> Problem {
    Problem::new(&SETTING_WITHOUT_EFFECT, of.placement.place.clone(), message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, messages, port};

    #[test]
    fn settings_do_something() {
        let mut web = app("web", "media");
        web.service.kind = ServiceKind::LoadBalancer;
        web.container.labels.insert("app.kubernetes.io/name".into(), crate::testing::at("mine".into()));
        web.container.labels.insert("app.kubernetes.io/version".into(), crate::testing::at("1".into()));
        assert_eq!(
            messages(&SETTING_WITHOUT_EFFECT, &[web.clone().into_entity()]),
            [
                "the label 'app.kubernetes.io/name' of app 'web' has no effect: its pods are found by it",
                "'service.kind' of app 'web' has no effect: it has no ports to be reached at",
            ]
        );
        web.ports.insert("http".into(), port(80, None));
        assert_eq!(messages(&SETTING_WITHOUT_EFFECT, &[web.into_entity()]).len(), 1);
    }
}
