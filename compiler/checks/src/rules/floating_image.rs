//! `floating-image`: an image that may be another one tomorrow.

use std::collections::BTreeSet;

use diagnostics::{Problem, declare_rule};

use crate::lab::Lab;

declare_rule! { pub FLOATING_IMAGE, "floating-image", warning, since "0.1", "an image that may be another one tomorrow", page "floating_image.md" }

/// Looks for images whose tag moves by custom.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let floating =
        lab.workloads.iter().flat_map(|work| work.floating_images.iter().map(move |image| (work, image)));
    // Of declarations made by one line, one problem tells enough.
    let mut seen = BTreeSet::new();
    let problems = floating.filter(|(_, image)| seen.insert(&image.place)).map(|(work, image)| {
        let message = format!("the image of {} may be another one tomorrow: '{}'", work.shown(), image.value);
        Problem::new(&FLOATING_IMAGE, image.place.clone(), message)
            .label("this tag moves")
            .help("name a version, which renovate and the like can raise, or add the digest: '@sha256:…'")
    });
    problems.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, at, messages};
    use domain::ImageReference;

    fn found(image: &str) -> Vec<String> {
        let mut app = app("web", "media");
        app.container.image = at(ImageReference::parse(image).unwrap());
        messages(&FLOATING_IMAGE, &[app.into_entity()])
    }

    #[test]
    fn images_stay() {
        assert_eq!(
            found("docker.io/library/nginx:latest"),
            ["the image of app 'web' may be another one tomorrow: 'nginx:latest'"]
        );
        assert_eq!(found("docker.io/library/nginx:1.29.3"), [""; 0]);
        assert_eq!(found(&format!("docker.io/library/nginx:latest@sha256:{}", "0".repeat(64))), [""; 0]);
    }
}
