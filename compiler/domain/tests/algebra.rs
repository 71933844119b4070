//! Networks, ranges and versions against their definitions, on nets small enough to count through.

use std::cmp::Ordering;

use domain::{Address, AddressRange, Cidr, Version};
use proptest::prelude::*;

/// The net that everything happens in: 64 addresses at the very end of IPv4.
fn base() -> Address {
    Address::parse("255.255.255.192").unwrap()
}

fn all() -> Vec<Address> {
    (0..64).map(|offset| base().plus(offset).unwrap()).collect()
}

fn address() -> impl Strategy<Value = Address> {
    (0_i128..64).prop_map(|offset| base().plus(offset).unwrap())
}

fn range() -> impl Strategy<Value = AddressRange> {
    (address(), address()).prop_map(|(one, other)| AddressRange::new(one.min(other), one.max(other)).unwrap())
}

fn cidr() -> impl Strategy<Value = Cidr> {
    (address(), 26_u8..=32).prop_map(|(address, prefix)| Cidr::of(address, prefix).unwrap())
}

fn of_range(range: AddressRange) -> Vec<Address> {
    all().into_iter().filter(|address| range.contains(*address)).collect()
}

fn of_cidr(cidr: Cidr) -> Vec<Address> {
    all().into_iter().filter(|address| cidr.contains(*address)).collect()
}

/// The fewest aligned blocks for `length` addresses from `start` on, by trying each first block.
fn fewest(start: usize, length: usize) -> usize {
    let mut best = vec![0; length + 1];
    for left in 1..=length {
        let at = start + length - left;
        let blocks =
            (0..7).map(|bits| 1_usize << bits).filter(|block| at.is_multiple_of(*block) && *block <= left);
        best[left] = blocks.map(|block| best[left - block] + 1).min().unwrap();
    }
    best[length]
}

proptest! {
    #[test]
    fn a_range_is_its_addresses(range in range()) {
        let members = of_range(range);
        prop_assert_eq!(range.len(), members.len() as u128);
        let listed: Vec<_> = (0..range.len()).map(|index| range.nth(index).unwrap()).collect();
        prop_assert_eq!(listed, members);
        prop_assert_eq!(range.nth(range.len()), None);
    }

    #[test]
    fn ranges_intersect_as_sets(one in range(), other in range()) {
        let (left, right) = (of_range(one), of_range(other));
        let both: Vec<_> = left.iter().copied().filter(|address| right.contains(address)).collect();
        prop_assert_eq!(one.intersection(other).map(of_range).unwrap_or_default(), both.clone());
        prop_assert_eq!(one.overlaps(other), !both.is_empty());
        prop_assert_eq!(one.contains_range(other), both == right);
    }

    #[test]
    fn networks_relate_as_sets(one in cidr(), other in cidr(), range in range()) {
        let (left, right) = (of_cidr(one), of_cidr(other));
        prop_assert_eq!(one.len(), left.len() as u128);
        prop_assert_eq!(one.overlaps(other), left.iter().any(|address| right.contains(address)));
        prop_assert_eq!(one.contains_cidr(other), right.iter().all(|address| left.contains(address)));
        prop_assert_eq!(one.contains_range(range), of_range(range).iter().all(|address| left.contains(address)));
        prop_assert_eq!((one.network(), one.last()), (left[0], left[left.len() - 1]));
        prop_assert!(one.contains(one.first_host()) && one.contains(one.last_host()));
        prop_assert!(one.first_host() <= one.last_host());
    }

    #[test]
    fn a_cover_is_exact_and_smallest(range in range()) {
        let networks = range.cidrs();
        let covered: Vec<_> = networks.iter().copied().flat_map(of_cidr).collect();
        prop_assert_eq!(covered, of_range(range));
        let start = usize::try_from(range.first().offset_from(base()).unwrap()).unwrap();
        prop_assert_eq!(networks.len(), fewest(start, usize::try_from(range.len()).unwrap()));
    }

    #[test]
    fn a_network_covers_its_own_range(cidr in cidr()) {
        prop_assert_eq!(cidr.range().cidrs(), vec![cidr]);
    }

    #[test]
    fn plus_and_offset_are_inverse(address in address(), by in any::<i32>()) {
        if let Some(moved) = address.plus(by.into()) {
            prop_assert_eq!(moved.offset_from(address), Some(by.into()));
            prop_assert_eq!(moved.minus(by.into()), Some(address));
        }
    }

    #[test]
    fn versions_are_in_one_order(texts in prop::collection::vec("v?[0-2](\\.[0-2]){0,3}(-[a0-2](\\.[b0-2])?)?", 3)) {
        let mut versions: Vec<Version> = texts.iter().map(|text| Version::parse(text).unwrap()).collect();
        versions.sort();
        prop_assert!(versions[0] <= versions[1] && versions[1] <= versions[2] && versions[0] <= versions[2]);
        prop_assert_ne!(versions[0].precedence(&versions[2]), Ordering::Greater);
        prop_assert_eq!(versions[0] == versions[1], versions[0].cmp(&versions[1]) == Ordering::Equal);
    }
}
