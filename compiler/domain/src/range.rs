//! Ranges of addresses.

use std::fmt;

use crate::{Address, Cidr, Invalid};

/// The addresses from a first to a last, both included and of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AddressRange {
    first: Address,
    last: Address,
}

impl AddressRange {
    /// Reads `192.168.1.100 .. 192.168.1.127`, or the same with `-` as load balancers write it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::read(text).map_err(|cause| cause.settled(Self::read))
    }

    /// The range from `first` to `last`; refused between families and where it would count down.
    pub fn new(first: Address, last: Address) -> Result<Self, Invalid> {
        if first.is_v4() != last.is_v4() {
            return Err(Invalid::new(format!("'{first} .. {last}' mixes IPv4 and IPv6"))
                .with_help("write both ends in one of them"));
        }
        if last < first {
            return Err(Invalid::new(format!("'{first} .. {last}' counts down"))
                .with_help("write the lower address first")
                .with_fix(Self::between(first, last).hl()));
        }
        Ok(Self { first, last })
    }

    fn read(text: &str) -> Result<Self, Invalid> {
        let what = "a range of addresses";
        let Some((first, last)) = text.split_once("..").or_else(|| text.split_once('-')) else {
            return Err(Invalid::new("it has no '..'")
                .with_help("write the first and the last address, such as 192.168.1.100 .. 192.168.1.127")
                .of(text, what));
        };
        let (first, last) = (first.trim(), last.trim());
        let start = Address::read(first)
            .map_err(|cause| cause.map_fix(|fix| format!("{fix} .. {last}")).of(text, what))?;
        let end = Address::read(last).map_err(|cause| match short_last(start, last) {
            Some(end) => Invalid::new("its last address is not written out")
                .with_fix(Self::between(start, end).hl())
                .of(text, what),
            None => cause.map_fix(|fix| format!("{first} .. {fix}")).of(text, what),
        })?;
        Self::new(start, end)
    }

    /// The range between two addresses of one family, in whichever order they come.
    pub(crate) fn between(one: Address, other: Address) -> Self {
        Self { first: one.min(other), last: one.max(other) }
    }

    /// The first address.
    pub const fn first(self) -> Address {
        self.first
    }

    /// The last address, which is part of the range.
    pub const fn last(self) -> Address {
        self.last
    }

    /// Whether it is of IPv4.
    pub const fn is_v4(self) -> bool {
        self.first.is_v4()
    }

    /// The form the language writes: `192.168.1.100 .. 192.168.1.127`.
    pub fn hl(self) -> String {
        format!("{} .. {}", self.first, self.last)
    }

    /// How many addresses there are; the whole of IPv6, which has one more than fits, counts as `u128::MAX`.
    #[expect(clippy::len_without_is_empty, reason = "a range is never empty")]
    pub fn len(self) -> u128 {
        (self.last.number() - self.first.number()).saturating_add(1)
    }

    /// The address at `index`, where 0 is the first.
    pub fn nth(self, index: u128) -> Option<Address> {
        let number = self.first.number().checked_add(index)?;
        self.first.family().address(number).filter(|address| *address <= self.last)
    }

    /// Whether `address` is in the range.
    pub fn contains(self, address: Address) -> bool {
        self.first <= address && address <= self.last
    }

    /// Whether all of `other` is in the range.
    pub fn contains_range(self, other: Self) -> bool {
        self.contains(other.first) && self.contains(other.last)
    }

    /// Whether some address is in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.intersection(other).is_some()
    }

    /// The addresses that are in both, if any.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (first <= last).then_some(Self { first, last })
    }

    /// The fewest networks that together are exactly the range, in order.
    pub fn cidrs(self) -> Vec<Cidr> {
        let bits = u32::from(self.first.family().bits());
        let last = self.last.number();
        let mut networks = Vec::new();
        let mut next = Some(self.first);
        while let Some(start) = next {
            let number = start.number();
            let aligned = number.trailing_zeros().min(bits);
            let fitting = (last - number).checked_add(1).map_or(128, u128::ilog2);
            let host_bits = aligned.min(fitting);
            let prefix = u8::try_from(bits - host_bits).unwrap_or_default();
            let Some(network) = Cidr::of(start, prefix) else { break };
            networks.push(network);
            next = network.last().plus(1).filter(|address| *address <= self.last);
        }
        networks
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}

/// The address that `127` means as the end of a range from `192.168.1.100`.
fn short_last(first: Address, last: &str) -> Option<Address> {
    let shown = first.to_string();
    let (start, _) = shown.rsplit_once('.')?;
    Address::read(&format!("{start}.{last}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> AddressRange {
        AddressRange::parse(text).unwrap()
    }

    #[test]
    fn reads_both_forms() {
        let pool = range("192.168.1.192 .. 192.168.1.223");
        assert_eq!(pool, range("192.168.1.192-192.168.1.223"));
        assert_eq!(pool.to_string(), "192.168.1.192-192.168.1.223");
        assert_eq!(pool.hl(), "192.168.1.192 .. 192.168.1.223");
        assert_eq!(pool.len(), 32);
        assert_eq!(range("fd00::1..fd00::f").len(), 15);
    }

    #[test]
    fn refuses_with_a_cause() {
        for (text, reason, fix) in [
            ("10.0.0.1", "'10.0.0.1' is not a range of addresses: it has no '..'", None),
            ("10.0.0.9 .. 10.0.0.1", "'10.0.0.9 .. 10.0.0.1' counts down", Some("10.0.0.1 .. 10.0.0.9")),
            ("10.0.0.9 .. ::1", "'10.0.0.9 .. ::1' mixes IPv4 and IPv6", None),
            (
                "10.0.0.1-99",
                "'10.0.0.1-99' is not a range of addresses: its last address is not written out",
                Some("10.0.0.1 .. 10.0.0.99"),
            ),
            (
                "10.0.0.1-10.0.0.999",
                "'10.0.0.1-10.0.0.999' is not a range of addresses: 999 is more than 255",
                None,
            ),
        ] {
            let invalid = AddressRange::parse(text).unwrap_err();
            assert_eq!((invalid.reason.as_str(), invalid.fix.as_deref()), (reason, fix));
        }
    }

    #[test]
    fn covers_with_the_fewest_networks() {
        for (text, networks) in [
            ("192.168.1.192-192.168.1.223", vec!["192.168.1.192/27"]),
            ("10.0.0.1-10.0.0.6", vec!["10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/31", "10.0.0.6/32"]),
            ("0.0.0.0-255.255.255.255", vec!["0.0.0.0/0"]),
            ("255.255.255.254-255.255.255.255", vec!["255.255.255.254/31"]),
            ("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", vec!["::/0"]),
        ] {
            let shown: Vec<String> = range(text).cidrs().iter().map(ToString::to_string).collect();
            assert_eq!(shown, networks, "{text}");
        }
    }

    #[test]
    fn intersects() {
        let (low, high) = (range("10.0.0.1-10.0.0.5"), range("10.0.0.4-10.0.0.9"));
        assert_eq!(low.intersection(high), Some(range("10.0.0.4-10.0.0.5")));
        assert_eq!(low.intersection(range("10.0.0.6-10.0.0.9")), None);
        assert_eq!(low.nth(4).map(|address| address.to_string()).as_deref(), Some("10.0.0.5"));
        assert_eq!(low.nth(5), None);
        assert_eq!(low.nth(u128::MAX), None);
    }
}
