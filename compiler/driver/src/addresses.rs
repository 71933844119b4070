//! Who has the addresses around one.

use checks::{Facts, held};
use domain::{Address, AddressRange};
use model::{Entity, Network};
use types::Value;

use crate::Session;
use crate::queries::{self, item_facts, lab_items};

/// Who has addresses in a part of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbours {
    /// The part: `network 'lan'`, `pool 'lan.services'`, `dhcp of network 'lan'`.
    pub part: String,
    /// From its first to its last address.
    pub range: String,
    /// Addresses in it and who has each, in order.
    pub holders: Vec<(String, String)>,
}

impl Session {
    /// Who has addresses in the pool or network that an address is in, or in a range or network.
    pub fn neighbours(&self, value: &Value) -> Option<Neighbours> {
        let networks = queries::entities_with(self.db(), "network").into_iter();
        let networks: Vec<&Network> = networks
            .filter_map(|entity| match entity {
                Entity::Network(network) => Some(network),
                _ => None,
            })
            .collect();
        let parts = || networks.iter().flat_map(|network| parts(network));
        let (part, range) = match value {
            Value::Address(address) => parts().find(|(_, range)| range.contains(*address))?,
            Value::Range(wanted) => parts().find(|(_, range)| range == wanted)?,
            Value::Cidr(cidr) => parts().find(|(_, range)| *range == cidr.range())?,
            _ => return None,
        };
        let facts: Vec<&Facts> = lab_items(self.db()).map(|item| item_facts(self.db(), item)).collect();
        let mut holders: Vec<(Address, String)> = held(&facts)
            .into_iter()
            .filter(|held| range.contains(held.address))
            .map(|held| (held.address, held.owner))
            .collect();
        holders.sort();
        holders.dedup();
        let holders = holders.into_iter().map(|(address, owner)| (address.to_string(), owner)).collect();
        Some(Neighbours { part, range: range.hl(), holders })
    }
}

/// The parts of a network, from the smallest on.
fn parts(network: &Network) -> Vec<(String, AddressRange)> {
    let name = &network.name;
    let pool = |(pool, of): (&String, &model::Pool)| (format!("pool '{name}.{pool}'"), of.range.value);
    let dhcp = network.dhcp.iter().map(|dhcp| (format!("dhcp of network '{name}'"), dhcp.value));
    let whole = (format!("network '{name}'"), network.cidr.value.range());
    network.pools.iter().map(pool).chain(dhcp).chain([whole]).collect()
}
