//! Shamir's secret sharing, as SOPS splits data keys with: byte by byte, over the field of AES.

use zeroize::Zeroizing;

use crate::data_key::LENGTH;
use crate::error::{Error, Problem};

/// A share of a data key: a value for each byte, and the one place that they are the values at.
pub(super) type Share = Zeroizing<[u8; LENGTH + 1]>;

/// Puts a data key together: the polynomial through all shares, at 0.
pub(super) fn combined(shares: &[Share]) -> Result<Zeroizing<[u8; LENGTH]>, Error> {
    let places: Vec<u8> = shares.iter().map(|share| share[LENGTH]).collect();
    let is_twice = |at: usize| places[..at].contains(&places[at]);
    if places.contains(&0) || (0..places.len()).any(is_twice) {
        return Err(Error::new(Problem::BadEntry("the groups of keys do not hold parts of one data key")));
    }
    let mut key = Zeroizing::new([0; LENGTH]);
    for (share, place) in shares.iter().zip(&places) {
        // What the other places make of this one, at 0. Subtraction is exclusive or.
        let others = places.iter().filter(|other| *other != place);
        let weight = others.fold(1, |weight, other| times(weight, times(*other, inverse(place ^ other))));
        for (byte, value) in key.iter_mut().zip(share.iter()) {
            *byte ^= times(*value, weight);
        }
    }
    Ok(key)
}

/// The product, in as many steps for every pair.
fn times(mut one: u8, mut other: u8) -> u8 {
    let mut product = 0;
    for _ in 0..8 {
        product ^= one & (other & 1).wrapping_neg();
        let carry = (one >> 7).wrapping_neg();
        one = (one << 1) ^ (carry & 0x1b);
        other >>= 1;
    }
    product
}

/// The number that it gives 1 with: its 254th power.
fn inverse(number: u8) -> u8 {
    (0..253).fold(number, |power, _| times(power, number))
}
