//! Networks.

use model::{At, Map, Network, Pool};
use types::{DeclRef, Value};

use super::read::optional;
use crate::eval::{Evaluator, name_of};

impl Evaluator<'_> {
    pub(super) fn network(&mut self, decl: &DeclRef) -> Option<Network> {
        let cidr = self.field(decl, "cidr");
        let Value::Cidr(found) = cidr.value else { return None };
        let mut network = Network {
            name: name_of(decl),
            cidr: At::new(found, cidr.place),
            gateway: self.address_at(decl, "gateway")?,
            dns: Vec::new(),
            dhcp: None,
            addresses: Map::new(),
            pools: Map::new(),
            place: self.head(decl),
        };
        network.dns = self.addresses(decl, "dns")?;
        let dhcp = self.field(decl, "dhcp");
        network.dhcp = optional(&dhcp.value, as_range)?.map(|range| At::new(range, dhcp.place));
        for (name, inner) in self.inner(decl, "network.address") {
            network.addresses.insert(name, self.address_at(&inner, "value")??);
        }
        for (name, inner) in self.inner(decl, "network.pool") {
            let range = self.field(&inner, "range");
            network.pools.insert(name, Pool { range: At::new(as_range(&range.value)?, range.place) });
        }
        Some(network)
    }

    pub(super) fn address_at(&mut self, decl: &DeclRef, name: &str) -> Option<Option<At<domain::Address>>> {
        let field = self.field(decl, name);
        Some(optional(&field.value, as_address)?.map(|address| At::new(address, field.place)))
    }

    pub(super) fn addresses(&mut self, decl: &DeclRef, name: &str) -> Option<Vec<domain::Address>> {
        let Value::List(list) = self.field_value(decl, name) else { return None };
        list.iter().map(|field| as_address(&field.value)).collect()
    }
}

pub(super) fn as_address(value: &Value) -> Option<domain::Address> {
    if let Value::Address(address) = value { Some(*address) } else { None }
}

fn as_range(value: &Value) -> Option<domain::AddressRange> {
    if let Value::Range(range) = value { Some(*range) } else { None }
}
