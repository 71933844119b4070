//! `resource-nobody-offers`: pods that wait for a GPU that no plugin hands out.

use diagnostics::{Problem, declare_rule};
use model::providers::{offers, usual_offerer};
use source::Place;

use crate::lab::Lab;

declare_rule! { pub RESOURCE_NOBODY_OFFERS, "resource-nobody-offers", warning, since "0.1", "pods that wait for a device that no plugin hands out", page "resource_nobody_offers.md" }

/// Looks for resources of GPUs that need a plugin, where the lab has none that could hand them out.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    if lab.clusters.is_empty() || lab.is_partly_unknown() || !lab.is_whole {
        return Vec::new();
    }
    let works = lab.workloads.iter().flat_map(|work| {
        work.extra.iter().map(move |resource| (work.shown(), &resource.place, &resource.value))
    });
    let releases = lab.releases.iter().flat_map(|release| {
        release.extra.iter().map(move |resource| (release.shown(), &release.placement.place, resource))
    });
    let problems = works.chain(releases).filter_map(|(owner, place, resource)| {
        let (prefix, _) = resource.split_once('/')?;
        let usual = usual_offerer(prefix)?;
        let is_offered = lab.releases.iter().any(|release| offers(&release.chart, prefix))
            || lab.plugins.iter().any(|plugin| plugin.prefix == prefix);
        (!is_offered).then(|| resource_nobody_offers(&owner, place, resource, usual))
    });
    problems.collect()
}

/// No plugin of the lab hands out the resource.
fn resource_nobody_offers(owner: &str, place: &Place, resource: &str, chart: &str) -> Problem {
    let message = format!("{owner} waits for '{resource}', and nothing in the lab hands that out");
    Problem::new(&RESOURCE_NOBODY_OFFERS, place.clone(), message)
        .help(format!("install a device plugin, such as the chart '{chart}'"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, cluster, messages, release};
    use model::Data;

    fn found(resource: &str, chart: &str) -> Vec<String> {
        let mut model = app("model", "ai");
        model.container.resources.extra.insert(resource.to_owned(), crate::testing::at(1));
        let entities = [
            cluster(&["a"], &[]).into_entity(),
            release("r", "ai", chart).into_entity(),
            model.into_entity(),
        ];
        messages(&RESOURCE_NOBODY_OFFERS, &entities)
    }

    #[test]
    fn somebody_hands_out_gpus() {
        assert_eq!(
            found("nvidia.com/gpu", "traefik"),
            ["app 'model' waits for 'nvidia.com/gpu', and nothing in the lab hands that out"]
        );
        assert_eq!(found("nvidia.com/gpu", "nvidia-device-plugin"), [""; 0]);
        assert_eq!(found("example.net/thing", "traefik"), [""; 0]);
        let mut ollama = release("ollama", "ai", "ollama");
        let gpu = Data::Map([("enabled".to_owned(), Data::Bool(true))].into());
        ollama.values =
            Data::Map([("ollama".to_owned(), Data::Map([("gpu".to_owned(), gpu)].into()))].into());
        assert_eq!(
            messages(&RESOURCE_NOBODY_OFFERS, &[cluster(&["a"], &[]).into_entity(), ollama.into_entity()]),
            ["release 'ollama' waits for 'nvidia.com/gpu', and nothing in the lab hands that out"]
        );
    }
}
