//! `pools-overlap`: two that give out the same addresses.

use diagnostics::{Problem, declare_rule};
use domain::AddressRange;
use source::Place;

use super::collision;
use crate::lab::Lab;
use crate::ranges::Ranges;

declare_rule! { pub POOLS_OVERLAP, "pools-overlap", error, since "0.1", "two pools, or a pool and DHCP, that give out the same addresses", page "pools_overlap.md" }

/// A range that something gives addresses out of.
struct Giver<'a> {
    shown: String,
    is_pool: bool,
    place: &'a Place,
    /// How many stand before it in the text.
    order: usize,
}

/// Looks for pools that share addresses with one another or with a DHCP range.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let ranges = Ranges::new(givers(lab));
    let overlaps = ranges.overlaps().into_iter();
    let shared = overlaps.filter(|(one, other)| one.1.is_pool || other.1.is_pool);
    shared.map(|(one, other)| pools_overlap(one, other)).collect()
}

fn givers<'a>(lab: &Lab<'a>) -> Vec<(AddressRange, Giver<'a>)> {
    let mut givers = Vec::new();
    for network in &lab.networks {
        if let Some(range) = &network.dhcp {
            let shown = format!("the DHCP range of network '{}'", network.name);
            let order = givers.len();
            givers.push((range.value, Giver { shown, is_pool: false, place: &range.place, order }));
        }
        for (name, pool) in &network.pools {
            let shown = format!("pool '{}.{name}'", network.name);
            let order = givers.len();
            givers.push((pool.range.value, Giver { shown, is_pool: true, place: &pool.range.place, order }));
        }
    }
    givers
}

/// Both give out some of the same addresses.
fn pools_overlap(one: &(AddressRange, Giver<'_>), other: &(AddressRange, Giver<'_>)) -> Problem {
    let (first, later) = if one.1.order < other.1.order { (one, other) } else { (other, one) };
    let shared = first.0.intersection(later.0).map_or_else(String::new, AddressRange::hl);
    collision(
        &POOLS_OVERLAP,
        format!("{} and {} both have {shared}", first.1.shown, later.1.shown),
        (first.1.place, format!("{} is set here", first.1.shown)),
        (later.1.place, format!("{} is set here", later.1.shown)),
    )
    .help("let each have addresses of its own: who asks last would get one that is in use")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, at, messages, network, range};
    use model::{Entity, Pool};

    fn lab(dhcp: &str, pools: &[(&str, &str)]) -> Vec<Entity> {
        let mut lan = network("lan");
        lan.dhcp = Some(at(range(dhcp)));
        for (name, pool) in pools {
            lan.pools.insert((*name).into(), Pool { range: at(range(pool)) });
        }
        vec![lan.into_entity()]
    }

    #[test]
    fn pools_share_no_addresses() {
        let pools = [("a", "192.168.1.120 .. 192.168.1.129"), ("b", "192.168.1.129 .. 192.168.1.140")];
        assert_eq!(
            messages(&POOLS_OVERLAP, &lab("192.168.1.100 .. 192.168.1.120", &pools)),
            [
                "the DHCP range of network 'lan' and pool 'lan.a' both have 192.168.1.120 .. 192.168.1.120",
                "pool 'lan.a' and pool 'lan.b' both have 192.168.1.129 .. 192.168.1.129",
            ]
        );
    }

    #[test]
    fn pools_side_by_side_are_fine() {
        let pools = [("a", "192.168.1.121 .. 192.168.1.129"), ("b", "192.168.1.130 .. 192.168.1.140")];
        assert_eq!(messages(&POOLS_OVERLAP, &lab("192.168.1.100 .. 192.168.1.120", &pools)), [""; 0]);
    }
}
