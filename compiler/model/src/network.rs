//! Networks and the addresses in them.

use domain::{Address, AddressRange, Cidr};
use source::Place;

use crate::{At, Map};

/// A network that hosts are in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    /// Its name.
    pub name: String,
    /// Its addresses.
    pub cidr: At<Cidr>,
    /// The way out.
    pub gateway: Option<At<Address>>,
    /// Name servers, in order of preference.
    pub dns: Vec<At<Address>>,
    /// What the router's DHCP server hands out.
    pub dhcp: Option<At<AddressRange>>,
    /// Addresses with a name (`lan.api`).
    pub addresses: Map<String, At<Address>>,
    /// Load-balancer pools.
    pub pools: Map<String, Pool>,
    /// Where it is declared.
    pub place: Place,
}

/// Addresses that a load balancer may give out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pool {
    /// From the first to the last.
    pub range: At<AddressRange>,
}
