//! `two-default-ingress-classes`: Kubernetes refuses an ingress without a class.

use diagnostics::{Problem, declare_rule};

use super::default_classes::two_defaults;
use crate::facts::ClassSort;
use crate::lab::Lab;

declare_rule! { pub TWO_DEFAULT_INGRESS_CLASSES, "two-default-ingress-classes", error, since "0.1", "two classes of ingresses that are taken where none is said", page "two_default_ingress_classes.md" }

/// Looks for two default classes of ingresses, where some ingress says none.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let works =
        lab.workloads.iter().flat_map(|work| work.ingresses.iter().map(move |one| (work.shown(), one)));
    let charts =
        lab.releases.iter().flat_map(|one| one.ingresses.iter().map(move |other| (one.shown(), other)));
    let Some((owner, ingress)) = works.chain(charts).find(|(_, ingress)| ingress.class.is_none()) else {
        return Vec::new();
    };
    let two = two_defaults(lab, ClassSort::Ingress, &TWO_DEFAULT_INGRESS_CLASSES, "ingresses");
    let said = format!("{owner} says no class here, which Kubernetes refuses then");
    let help = "say 'class' of every ingress, or make one of them the default only: leave 'traefik' out by 'disable' of \
                the cluster, or say it in the chart's values, such as 'ingressClass.isDefaultClass = false' to Traefik";
    two.map(|problem| problem.also(ingress.host.place.clone(), said).help(help)).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, cluster, ingress, messages, release, text};

    fn found(class: Option<&str>, chart: &str, path: &[&str], value: &str) -> Vec<String> {
        let mut web = app("web", "media");
        let mut one = ingress("web.home.example.net", "/");
        one.class = class.map(str::to_owned);
        web.ingresses.insert("web".into(), one);
        let mut proxy = release("proxy", "ingress", chart);
        proxy.values = text(path, value);
        messages(
            &TWO_DEFAULT_INGRESS_CLASSES,
            &[cluster(&["a"], &[]).into_entity(), web.into_entity(), proxy.into_entity()],
        )
    }

    #[test]
    fn an_ingress_without_a_class_has_one_default() {
        let default = ["controller", "ingressClassResource", "default"];
        assert_eq!(
            found(None, "ingress-nginx", &default, "true"),
            [
                "'traefik' of k3s itself and 'nginx' of release 'proxy' are both the default class of ingresses"
            ]
        );
        assert_eq!(found(None, "ingress-nginx", &default, "false"), [""; 0]);
        assert_eq!(found(Some("nginx"), "ingress-nginx", &default, "true"), [""; 0]);
        assert_eq!(found(None, "traefik", &["a"], "b"), [""; 0], "'provided-twice' says it");
    }
}
