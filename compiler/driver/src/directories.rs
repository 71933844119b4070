//! The directories that are deployed, and what must be there before each: what the lab says, and what is known of
//! charts. An object comes after the chart that brings its kind, and what waits for an address after what gives one.

use std::collections::{BTreeMap, BTreeSet};

use model::providers::{Balancing, balancing, brings};
use model::{Component, Entity, Placement, ServiceKind};
use source::Place;

/// What an item has in a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contents {
    /// What must be there before, as the lab says.
    pub(crate) needs: BTreeSet<Component>,
    /// Charts that are installed from it.
    pub(crate) charts: BTreeSet<String>,
    /// Groups of objects that are in it.
    pub(crate) groups: BTreeSet<String>,
    /// The helmfile of the lab's own that is meant, if it is none that is made.
    pub(crate) file: Option<String>,
    /// Whether something in it gives addresses to services, and whether something waits for one.
    pub(crate) balancing: (bool, bool),
}

impl Contents {
    /// Adds what another item has in the directory.
    pub(crate) fn join(&mut self, other: &Self) {
        self.needs.extend(other.needs.iter().cloned());
        self.charts.extend(other.charts.iter().cloned());
        self.groups.extend(other.groups.iter().cloned());
        self.file = self.file.take().or_else(|| other.file.clone());
        self.balancing.0 |= other.balancing.0;
        self.balancing.1 |= other.balancing.1;
    }

    fn add(&mut self, entity: &Entity) {
        match entity {
            Entity::App(app) => self.balancing.1 |= app.service.kind == ServiceKind::LoadBalancer,
            Entity::Helmfile(helmfile) => self.file = Some(helmfile.file.clone()),
            Entity::Manifest(manifest) => drop(self.groups.insert(manifest.group().to_owned())),
            Entity::Release(release) => {
                self.charts.insert(release.chart.name.clone());
                match balancing(release) {
                    Balancing::Nothing => {}
                    Balancing::Asks => self.balancing.1 = true,
                    Balancing::Gives | Balancing::Answers | Balancing::GivesAndAnswers => {
                        self.balancing.0 = true;
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether this waits for something that the other directory has, and this has not.
    fn waits_for(&self, other: &Self) -> bool {
        let brought =
            |charts: &BTreeSet<String>, group: &String| charts.iter().any(|chart| brings(chart, group));
        let kind = |group: &String| brought(&other.charts, group) && !brought(&self.charts, group);
        (self.balancing == (false, true) && other.balancing.0) || self.groups.iter().any(kind)
    }
}

/// Where something is declared, and what it is called.
pub(crate) fn declared(entity: &Entity) -> (&Place, &str) {
    match entity {
        Entity::Lab(lab) => (&lab.place, &lab.name),
        Entity::Recipient(recipient) => (&recipient.place, &recipient.name),
        Entity::Network(network) => (&network.place, &network.name),
        Entity::User(user) => (&user.place, &user.name),
        Entity::Host(host) => (&host.place, &host.name),
        Entity::Cluster(cluster) => (&cluster.place, &cluster.name),
        Entity::Stage(stage) => (&stage.place, &stage.name),
        Entity::Namespace(namespace) => (&namespace.place, &namespace.name),
        Entity::Secret(secret) => (&secret.place, &secret.name),
        Entity::DevicePlugin(plugin) => (&plugin.place, &plugin.name),
        Entity::App(_) | Entity::Job(_) | Entity::Release(_) | Entity::Manifest(_) | Entity::Helmfile(_) => {
            match placement(entity) {
                Some(Placement { place, name, .. }) => (place, name),
                None => unreachable!("these are placed"),
            }
        }
    }
}

pub(crate) fn placement(entity: &Entity) -> Option<&Placement> {
    match entity {
        Entity::App(app) => Some(&app.placement),
        Entity::Job(job) => Some(&job.placement),
        Entity::Release(release) => Some(&release.placement),
        Entity::Manifest(manifest) => Some(&manifest.placement),
        Entity::Helmfile(helmfile) => Some(&helmfile.placement),
        _ => None,
    }
}

/// The directories that entities are in.
pub(crate) fn of(entities: &[Entity]) -> Vec<(Component, Contents)> {
    let mut found: BTreeMap<Component, Contents> = BTreeMap::new();
    for entity in entities {
        let Some(placement) = placement(entity) else { continue };
        let contents = found.entry(placement.component.clone()).or_default();
        contents.needs.extend(placement.needs.iter().map(|need| need.value.clone()));
        contents.add(entity);
    }
    found.into_iter().collect()
}

/// What each directory must come after that is deployed in the same stage, beyond what the lab says. Nothing comes after
/// what comes after it.
pub(crate) fn derived(all: &BTreeMap<Component, Contents>) -> BTreeMap<Component, BTreeSet<Component>> {
    let mut needs: BTreeMap<&Component, BTreeSet<&Component>> =
        all.iter().map(|(component, contents)| (component, contents.needs.iter().collect())).collect();
    let providers: Vec<_> = all.iter().filter(|(_, one)| !one.charts.is_empty()).collect();
    let mut found: BTreeMap<Component, BTreeSet<Component>> = BTreeMap::new();
    for (component, contents) in all.iter().filter(|(_, one)| one.balancing.1 || !one.groups.is_empty()) {
        for (other, provider) in &providers {
            let is_here = other.stage == component.stage && *other != component;
            if is_here && contents.waits_for(provider) && !comes_after(&needs, other, component) {
                needs.entry(component).or_default().insert(other);
                found.entry(component.clone()).or_default().insert((*other).clone());
            }
        }
    }
    found
}

/// Whether one comes after another by what is needed.
fn comes_after(
    needs: &BTreeMap<&Component, BTreeSet<&Component>>,
    one: &Component,
    other: &Component,
) -> bool {
    let (mut open, mut seen) = (vec![one], BTreeSet::new());
    while let Some(next) = open.pop() {
        if next == other {
            return true;
        }
        if seen.insert(next) {
            open.extend(needs.get(next).into_iter().flatten());
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Stage;
    use source::{ItemKey, Place, Span};

    fn component(stage: u8, name: &str) -> Component {
        let place = Place::new(&ItemKey::new("a.hl".into(), "stage a".into(), 0), Span::new(0, 1));
        Component { stage: Stage { number: stage, name: format!("s{stage}"), place }, name: name.to_owned() }
    }

    fn chart(chart: &str) -> Contents {
        Contents { charts: [chart.to_owned()].into(), ..Contents::default() }
    }

    fn object(group: &str) -> Contents {
        Contents { groups: [group.to_owned()].into(), ..Contents::default() }
    }

    /// What comes after what, by name.
    fn found(all: impl IntoIterator<Item = (Component, Contents)>) -> Vec<(String, String)> {
        let derived = derived(&all.into_iter().collect());
        let pair = |(one, after): (Component, BTreeSet<Component>)| {
            after.into_iter().map(move |other| (one.name.clone(), other.name)).collect::<Vec<_>>()
        };
        derived.into_iter().flat_map(pair).collect()
    }

    #[test]
    fn objects_come_after_the_chart_of_their_kind() {
        let acme = || (component(1, "acme"), object("cert-manager.io"));
        let after = [("acme".to_owned(), "certs".to_owned())];
        assert_eq!(found([acme(), (component(1, "certs"), chart("cert-manager"))]), after);
        assert_eq!(
            found([acme(), (component(2, "certs"), chart("cert-manager"))]),
            [],
            "a problem of its own"
        );
        assert_eq!(found([acme(), (component(1, "certs"), chart("traefik"))]), []);
    }

    #[test]
    fn what_waits_comes_after_what_gives() {
        let gives = Contents { balancing: (true, false), ..chart("metallb") };
        let waits = Contents { balancing: (false, true), ..Contents::default() };
        let lab = [(component(1, "metallb"), gives), (component(1, "dns"), waits)];
        assert_eq!(found(lab), [("dns".to_owned(), "metallb".to_owned())]);
    }

    #[test]
    fn nothing_comes_after_what_comes_after_it() {
        let (mut certs, mut proxy) = (chart("cert-manager"), chart("traefik"));
        certs.groups.insert("traefik.io".to_owned());
        proxy.groups.insert("cert-manager.io".to_owned());
        let lab = [(component(1, "certs"), certs), (component(1, "proxy"), proxy)];
        assert_eq!(found(lab), [("certs".to_owned(), "proxy".to_owned())], "one way only");
        let mut said = chart("cert-manager");
        said.needs.insert(component(1, "acme"));
        let lab = [(component(1, "certs"), said), (component(1, "acme"), object("cert-manager.io"))];
        assert_eq!(found(lab), [], "the lab says the other way");
    }
}
