//! The facts of charts, as far as their values tell them for certain.

use std::collections::{BTreeMap, BTreeSet};

use domain::Address;
use model::{At, Data, Placement, Release};
use source::Place;

use super::IngressFact;
use super::place::{brought_near, called};
use model::providers::{
    ASKING, Balancing, Offered, balancing, ingress_classes, named, replaces_flannel, resource_of_switch,
    storage_classes,
};

/// Somebody's chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReleaseFact {
    pub(crate) placement: Placement,
    /// The chart's name.
    pub(crate) chart: String,
    /// Whether a kind of the library made it, which then checks what concerns it.
    pub(crate) is_std: bool,
    /// Addresses that it asks load balancers for.
    pub(crate) addresses: BTreeSet<Address>,
    /// Whether these are declared to be shared.
    pub(crate) shares: bool,
    pub(crate) ingresses: Vec<IngressFact>,
    /// The classes of storage that it offers.
    pub(crate) storage: Offered,
    /// The classes of ingresses that it offers.
    pub(crate) ingress: Offered,
    /// Extended resources that its pods ask for.
    pub(crate) extra: BTreeSet<String>,
    /// Its part in giving addresses to services.
    pub(crate) balancing: Balancing,
    /// Whether it connects pods in flannel's place, and not behind it.
    pub(crate) replaces_flannel: bool,
}

impl ReleaseFact {
    /// What people call it.
    pub(crate) fn shown(&self) -> String {
        called("release", &self.placement)
    }

    pub(super) fn of(release: &Release) -> Self {
        let mut placement = release.placement.clone();
        let owner = placement.place.clone();
        placement.needs = placement.needs.iter().map(|need| brought_near(need, &owner)).collect();
        let mut fact = Self {
            placement,
            chart: release.chart.name.clone(),
            is_std: release.chart.from.place.item.is_std(),
            addresses: BTreeSet::new(),
            shares: false,
            ingresses: Vec::new(),
            storage: storage_classes(release),
            ingress: ingress_classes(release),
            extra: BTreeSet::new(),
            balancing: balancing(release),
            replaces_flannel: replaces_flannel(release),
        };
        fact.read(&release.values);
        fact.extra.extend(resource_of_switch(release));
        fact
    }

    /// Looks for what charts have in common.
    fn read(&mut self, values: &Data) {
        match values {
            Data::List(all) => all.iter().for_each(|value| self.read(value)),
            Data::Map(all) => {
                for (key, value) in all {
                    self.entry(key, value);
                    self.read(value);
                }
            }
            _ => {}
        }
    }

    fn entry(&mut self, key: &str, value: &Data) {
        self.shares |= key.contains("allow-shar") || key.ends_with("sharing-key");
        match value {
            Data::Text(text) if ASKING.contains(&key) => {
                self.addresses.extend(text.split(',').filter_map(|one| Address::parse(one.trim()).ok()));
            }
            Data::Map(ingress) if key == "ingress" && ingress.get("enabled") == Some(&Data::Bool(true)) => {
                self.ingresses.extend(ingresses(ingress, &self.placement.place));
            }
            Data::Map(limits) if key == "limits" => {
                let has_some =
                    |(name, count): &(&String, &Data)| name.contains('/') && **count != Data::Int(0);
                self.extra.extend(limits.iter().filter(has_some).map(|(name, _)| name.clone()));
            }
            _ => {}
        }
    }
}

/// The names that an `ingress` of values gives, if it leaves the path as it is.
fn ingresses(ingress: &BTreeMap<String, Data>, place: &Place) -> Vec<IngressFact> {
    if ingress.contains_key("path") || ingress.contains_key("paths") {
        return Vec::new();
    }
    let text = |key: &str| match ingress.get(key) {
        Some(Data::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let class = text("ingressClassName").or_else(|| text("className"));
    let hosts = named(&Data::Map(ingress.clone()));
    let fact = |host| IngressFact {
        object: None,
        host: At::new(host, place.clone()),
        path: "/".to_owned(),
        class: class.clone(),
    };
    hosts.into_iter().map(fact).collect()
}
