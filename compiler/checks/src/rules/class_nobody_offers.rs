//! `class-nobody-offers`: a class of storage or ingresses that nothing in the lab offers.

use diagnostics::{Problem, declare_rule};
use model::providers::Offered;
use source::Place;

use crate::lab::Lab;

declare_rule! { pub CLASS_NOBODY_OFFERS, "class-nobody-offers", warning, since "0.1", "a class of storage or ingresses that nothing in the lab offers", page "class_nobody_offers.md" }

/// Looks for classes of volumes and ingresses, where all that could offer one is known.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    if !lab.is_whole || lab.clusters.is_empty() {
        return Vec::new();
    }
    let (storage, ingress) = (lab.storage_classes(), lab.ingress_classes());
    let volumes = lab.workloads.iter().flat_map(|&work| {
        let named = work.claims.iter().filter_map(|claim| Some((claim.class.as_deref()?, &claim.place)));
        named.map(move |(class, place)| (work, class, place))
    });
    let volumes = volumes.filter(|(_, class, _)| !storage.is_open && !storage.names.contains(*class));
    let volumes = volumes.map(|(work, class, place)| {
        nobody_offers("storage", &format!("a volume of {}", work.shown()), class, place, &storage)
    });
    let ingresses = lab.workloads.iter().flat_map(|&work| {
        let named = work.ingresses.iter().filter_map(|one| Some((one.class.as_deref()?, &one.host.place)));
        named.map(move |(class, place)| (work, class, place))
    });
    let ingresses = ingresses.filter(|(_, class, _)| !ingress.is_open && !ingress.names.contains(*class));
    let ingresses = ingresses.map(|(work, class, place)| {
        nobody_offers("ingress", &format!("an ingress of {}", work.shown()), class, place, &ingress)
    });
    volumes.chain(ingresses).collect()
}

/// Nothing offers the class.
fn nobody_offers(sort: &str, what: &str, class: &str, place: &Place, offered: &Offered) -> Problem {
    let message = format!("{what} is of {sort} class '{class}', which nothing in the lab offers");
    let names: Vec<String> = offered.names.iter().map(|name| format!("'{name}'")).collect();
    let help = match names.as_slice() {
        [] => "install what offers it, or leave 'class' out".to_owned(),
        [only] => format!("there is {only}; leave 'class' out for the cluster's default one"),
        _ => format!("there are {}; leave 'class' out for the cluster's default one", names.join(", ")),
    };
    Problem::new(&CLASS_NOBODY_OFFERS, place.clone(), message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, cluster, ingress, manifest, messages, release, text};
    use model::{Access, Entity, VolumeSource};

    fn lab(storage: Option<&str>, class: Option<&str>) -> Vec<Entity> {
        let mut app = app("web", "media");
        let mut volume = crate::testing::claim(Access::OneHost);
        if let VolumeSource::Claim { class, .. } = &mut volume.source {
            *class = storage.map(str::to_owned);
        }
        app.container.volumes.insert("data".into(), volume);
        let mut web = ingress("web.home.example.net", "/");
        web.class = class.map(str::to_owned);
        app.ingresses.insert("web".into(), web);
        vec![cluster(&["a"], &[]).into_entity(), app.into_entity()]
    }

    fn found(lab: &[Entity]) -> Vec<String> {
        messages(&CLASS_NOBODY_OFFERS, lab)
    }

    #[test]
    fn somebody_offers_classes() {
        assert_eq!(found(&lab(None, None)), [""; 0]);
        assert_eq!(found(&lab(Some("local-path"), Some("traefik"))), [""; 0], "k3s' own");
        assert_eq!(
            found(&lab(Some("longhorm"), Some("ngnix"))),
            [
                "a volume of app 'web' is of storage class 'longhorm', which nothing in the lab offers",
                "an ingress of app 'web' is of ingress class 'ngnix', which nothing in the lab offers",
            ]
        );
    }

    #[test]
    fn charts_offer_their_own() {
        let mut with = lab(Some("longhorn"), Some("nginx"));
        with.push(release("storage", "storage", "longhorn").into_entity());
        with.push(release("ingress", "ingress", "ingress-nginx").into_entity());
        assert_eq!(found(&with), [""; 0]);
        let mut renamed = lab(None, Some("traefik"));
        if let Entity::Cluster(cluster) = &mut renamed[0] {
            cluster.disable = vec!["traefik".into()];
        }
        let mut chart = release("traefik", "ingress", "traefik");
        chart.values = text(&["ingressClass", "name"], "web");
        renamed.push(chart.into_entity());
        assert_eq!(found(&renamed).len(), 1, "its values say another name");
        let mut unknown = lab(Some("fast"), Some("mine"));
        unknown.push(release("nas", "storage", "democratic-csi").into_entity());
        unknown.push(release("ingress", "ingress", "haproxy").into_entity());
        assert_eq!(found(&unknown), [""; 0], "nobody knows what these call theirs");
    }

    #[test]
    fn manifests_offer_theirs() {
        let mut with = lab(Some("nas"), Some("mine"));
        let mut volume = manifest("media", "media", "v1", "PersistentVolume");
        volume.fields.insert("spec".into(), text(&["storageClassName"], "nas"));
        with.push(volume.into_entity());
        with.push(manifest("mine", "media", "networking.k8s.io/v1", "IngressClass").into_entity());
        assert_eq!(found(&with), [""; 0]);
    }
}
