//! Networks.

use model::{At, Map, Network, Pool};
use types::{DeclRef, Value};

use super::read::Read;
use crate::eval::{Evaluator, name_of};

impl Evaluator<'_> {
    pub(super) fn network(&mut self, decl: &DeclRef) -> Read<Network> {
        let mut network = Network {
            name: name_of(decl),
            cidr: self.get_at(decl, "cidr", as_cidr)?,
            gateway: self.get_if_at(decl, "gateway", as_address)?,
            dns: self.addresses(decl, "dns")?,
            dhcp: self.get_if_at(decl, "dhcp", as_range)?,
            addresses: Map::new(),
            pools: Map::new(),
            place: self.head(decl),
        };
        for (name, inner) in self.inner(decl, "network.address")? {
            network.addresses.insert(name, self.get_at(&inner, "value", as_address)?);
        }
        for (name, inner) in self.inner(decl, "network.pool")? {
            network.pools.insert(name, Pool { range: self.get_at(&inner, "range", as_range)? });
        }
        Ok(network)
    }

    pub(super) fn addresses(&mut self, decl: &DeclRef, name: &str) -> Read<Vec<At<domain::Address>>> {
        self.list(decl, name, |field| Some(At::new(as_address(&field.value)?, field.place.clone())))
    }
}

pub(super) fn as_address(value: &Value) -> Option<domain::Address> {
    if let Value::Address(address) = value { Some(*address) } else { None }
}

fn as_range(value: &Value) -> Option<domain::AddressRange> {
    if let Value::Range(range) = value { Some(*range) } else { None }
}

pub(super) fn as_cidr(value: &Value) -> Option<domain::Cidr> {
    if let Value::Cidr(cidr) = value { Some(*cidr) } else { None }
}
