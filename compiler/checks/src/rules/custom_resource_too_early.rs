//! `custom-resource-too-early`: an object whose kind a later chart brings.

use diagnostics::{Problem, declare_rule};
use model::Part;
use model::providers::brings;

use crate::facts::{ManifestFact, ReleaseFact};
use crate::lab::Lab;

declare_rule! { pub CUSTOM_RESOURCE_TOO_EARLY, "custom-resource-too-early", error, since "0.1", "an object whose kind a later chart brings", page "custom_resource_too_early.md" }

/// Looks for manifests of kinds that all charts of the lab that are known to bring them bring in a later stage.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let problems = lab.manifests.iter().filter_map(|manifest| {
        let bringing = lab.releases.iter().filter(|release| brings(&release.chart, &manifest.group));
        let first = bringing.min_by_key(|release| release.placement.component.stage.number)?;
        let is_late = first.placement.component.stage.number > manifest.placement.component.stage.number;
        let is_theirs = manifest.placement.component == first.placement.component;
        (is_late && !is_theirs && !is_there_anyway(lab, manifest)).then(|| too_early(manifest, first))
    });
    problems.collect()
}

/// Whether a manifest defines kinds of the group, or k3s brings them.
fn is_there_anyway(lab: &Lab<'_>, manifest: &ManifestFact) -> bool {
    let own = Part::ALL.into_iter().filter(|part| part.group() == Some(manifest.group.as_str()));
    if own.into_iter().any(|part| lab.clusters.iter().any(|cluster| !cluster.leaves_out(part))) {
        return true;
    }
    let mut definitions = lab.manifests.iter().filter(|one| one.kind == "CustomResourceDefinition");
    definitions.any(|one| one.name.ends_with(&format!(".{}", manifest.group)))
}

/// The kind of the manifest comes with the release.
fn too_early(manifest: &ManifestFact, release: &ReleaseFact) -> Problem {
    let (own, other) = (&manifest.placement.component.stage, &release.placement.component.stage);
    let message = format!(
        "manifest '{}' in stage '{}' is a {}, which '{}' only brings in stage '{}'",
        manifest.placement.name, own.name, manifest.kind, release.placement.name, other.name
    );
    Problem::new(&CUSTOM_RESOURCE_TOO_EARLY, manifest.place.clone(), message)
        .label(format!("unknown to the cluster before stage '{}'", other.name))
        .also(release.placement.place.clone(), format!("chart '{}' brings it", release.chart))
        .help(format!("move the manifest to stage '{}' or a later one by 'stage = …'", other.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, component, manifest, messages, release};
    use model::Entity;

    fn lab(chart: &str, stage: u8) -> Vec<Entity> {
        let mut certificates = release("certificates", "certificates", chart);
        certificates.placement.component = component(stage, "certificates");
        let issuer = manifest("issuer", "media", "cert-manager.io/v1", "ClusterIssuer");
        vec![certificates.into_entity(), issuer.into_entity()]
    }

    #[test]
    fn kinds_come_first() {
        assert_eq!(
            messages(&CUSTOM_RESOURCE_TOO_EARLY, &lab("cert-manager", 20)),
            [
                "manifest 'issuer' in stage 'stage' is a ClusterIssuer, which 'certificates' only brings in stage 'stage'"
            ]
        );
        assert_eq!(messages(&CUSTOM_RESOURCE_TOO_EARLY, &lab("cert-manager", 10)), [""; 0]);
        assert_eq!(messages(&CUSTOM_RESOURCE_TOO_EARLY, &lab("traefik", 20)), [""; 0]);
    }
}
