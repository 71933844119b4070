//! `scaled-twice`: an app whose number of pods two decide.

use diagnostics::{Problem, declare_rule};

use super::collision;
use crate::facts::Role;
use crate::lab::Lab;

declare_rule! { pub SCALED_TWICE, "scaled-twice", warning, since "0.1", "an app whose number of pods two decide", page "scaled_twice.md" }

/// Looks for autoscalers of apps, which say how many pods they have.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let scalers =
        lab.manifests.iter().filter_map(|one| Some((one, one.scales.as_deref()?, one.namespace.as_deref()?)));
    let scaled = scalers.filter_map(|(scaler, name, namespace)| {
        let app = lab.workloads.iter().find(|work| {
            work.role == Role::App && work.placement.name == name && work.placement.namespace == namespace
        })?;
        let message = format!(
            "manifest '{}' changes how many pods {} has, and every deployment changes it back",
            scaler.placement.name,
            app.shown()
        );
        let problem = collision(
            &SCALED_TWICE,
            message,
            (&app.placement.place, format!("{} always says how many pods it has", app.shown())),
            (&scaler.placement.place, "the autoscaler".to_owned()),
        );
        Some(problem.help("leave out the autoscaler, and say it in 'scale' of the app"))
    });
    scaled.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, manifest, messages};
    use model::Data;
    use std::collections::BTreeMap;

    fn found(target: &str) -> Vec<String> {
        let mut scaler = manifest("scaler", "media", "autoscaling/v2", "HorizontalPodAutoscaler");
        let entry = |key: &str, value: &str| (key.to_owned(), Data::Text(value.to_owned()));
        let target = Data::Map(BTreeMap::from([entry("kind", "Deployment"), entry("name", target)]));
        let spec = Data::Map(BTreeMap::from([("scaleTargetRef".to_owned(), target)]));
        scaler.fields.insert("spec".to_owned(), spec);
        messages(&SCALED_TWICE, &[app("web", "media").into_entity(), scaler.into_entity()])
    }

    #[test]
    fn one_decides() {
        assert_eq!(
            found("web"),
            ["manifest 'scaler' changes how many pods app 'web' has, and every deployment changes it back"]
        );
        assert_eq!(found("other"), [""; 0]);
    }
}
