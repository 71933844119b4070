//! Networks in CIDR form.

use std::fmt;

use crate::invalid::{quoted, shown};
use crate::{Address, AddressRange, Invalid};

/// A network such as `192.168.1.0/24`; its host bits are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cidr {
    network: Address,
    prefix: u8,
}

impl Cidr {
    /// Reads `192.168.1.0/24` or `fd00::/64`, and refuses an address with host bits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::read(text).map_err(|cause| cause.settled(Self::read))
    }

    /// The network with this prefix length that `address` is in; `None` where the prefix is too long.
    pub fn of(address: Address, prefix: u8) -> Option<Self> {
        let host = host_mask(address, prefix)?;
        let network = address.family().address(address.number() & !host)?;
        Some(Self { network, prefix })
    }

    /// The first address, which names the network.
    pub const fn network(self) -> Address {
        self.network
    }

    /// How many leading bits name the network.
    pub const fn prefix(self) -> u8 {
        self.prefix
    }

    /// Whether it is of IPv4.
    pub const fn is_v4(self) -> bool {
        self.network.is_v4()
    }

    /// The last address, usable or not.
    pub fn last(self) -> Address {
        let last = self.network.number() | self.host_mask();
        self.network.family().address(last).unwrap_or(self.network)
    }

    /// The address that reaches every host; only networks of IPv4 that have more than two addresses have one.
    pub fn broadcast(self) -> Option<Address> {
        (self.is_v4() && self.prefix < 31).then(|| self.last())
    }

    /// The mask as an address: `255.255.255.0`.
    pub fn netmask(self) -> Address {
        let family = self.network.family();
        let all = u128::MAX >> (128 - family.bits());
        family.address(all & !self.host_mask()).unwrap_or(self.network)
    }

    /// The first address a host may have.
    pub fn first_host(self) -> Address {
        let reserved = self.prefix + 1 < self.network.family().bits();
        self.network.plus(i128::from(reserved)).unwrap_or(self.network)
    }

    /// The last address a host may have.
    pub fn last_host(self) -> Address {
        self.last().minus(i128::from(self.broadcast().is_some())).unwrap_or(self.network)
    }

    /// All addresses, from the network's to the last.
    pub fn range(self) -> AddressRange {
        AddressRange::between(self.network, self.last())
    }

    /// From the first to the last address that a host may have.
    pub fn hosts(self) -> AddressRange {
        AddressRange::between(self.first_host(), self.last_host())
    }

    /// How many addresses there are; `::/0`, which has one more than fits, counts as `u128::MAX`.
    #[expect(clippy::len_without_is_empty, reason = "a network is never empty")]
    pub fn len(self) -> u128 {
        self.host_mask().saturating_add(1)
    }

    /// The address at `index`, where 0 is the network's own.
    pub fn nth(self, index: u128) -> Option<Address> {
        self.range().nth(index)
    }

    /// Whether `address` is in the network.
    pub fn contains(self, address: Address) -> bool {
        self.range().contains(address)
    }

    /// Whether all of `other` is in the network.
    pub fn contains_cidr(self, other: Self) -> bool {
        self.prefix <= other.prefix && self.contains(other.network)
    }

    /// Whether all of `range` is in the network.
    pub fn contains_range(self, range: AddressRange) -> bool {
        self.range().contains_range(range)
    }

    /// Whether some address is in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.contains_cidr(other) || other.contains_cidr(self)
    }

    fn read(text: &str) -> Result<Self, Invalid> {
        let (address, prefix) = split(text).map_err(|cause| cause.of(text, "a network"))?;
        let cidr = Self::of(address, prefix)
            .ok_or_else(|| prefix_too_long(address, &prefix.to_string()).of(text, "a network"))?;
        if cidr.network != address {
            return Err(Invalid::new(format!("'{text}' is an address in the network {cidr}"))
                .with_help("write the network itself, with zeros after its prefix")
                .with_fix(cidr.to_string()));
        }
        Ok(cidr)
    }

    fn host_mask(self) -> u128 {
        host_mask(self.network, self.prefix).unwrap_or(0)
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.network, self.prefix)
    }
}

/// The bits that tell the hosts of a network apart; `None` where the prefix has more bits than the address.
fn host_mask(address: Address, prefix: u8) -> Option<u128> {
    let bits = address.family().bits().checked_sub(prefix)?;
    Some(u128::MAX.checked_shr(128 - u32::from(bits)).unwrap_or(0))
}

fn split(text: &str) -> Result<(Address, u8), Invalid> {
    let Some((address, prefix)) = text.split_once('/') else {
        let address = Address::read(text)?;
        let example = if address.is_v4() { "192.168.1.0/24" } else { "fd00::/64" };
        return Err(Invalid::new("it has no prefix length").with_help(format!(
            "write the number of bits that name the network after a slash, such as {example}"
        )));
    };
    let address = Address::read(address).map_err(|cause| cause.map_fix(|fix| format!("{fix}/{prefix}")))?;
    if let Some(length) = Address::read(prefix).ok().filter(|mask| mask.is_v4()).and_then(mask_length) {
        return Err(Invalid::new("it has a mask instead of a prefix length")
            .with_fix(Cidr::of(address, length).map_or_else(String::new, |cidr| cidr.to_string())));
    }
    if prefix.is_empty() || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Invalid::new(format!("its prefix length {} is not a number", quoted(prefix))));
    }
    let length: u8 = prefix.parse().map_err(|_| prefix_too_long(address, prefix))?;
    if length.to_string() != prefix {
        return Err(Invalid::new("its prefix length starts with 0").with_fix(format!("{address}/{length}")));
    }
    Ok((address, length))
}

/// The prefix length that a mask such as `255.255.255.0` stands for.
fn mask_length(mask: Address) -> Option<u8> {
    let bits = u32::try_from(mask.number()).ok()?;
    (bits.leading_ones() == bits.count_ones()).then(|| u8::try_from(bits.leading_ones()).ok())?
}

fn prefix_too_long(address: Address, prefix: &str) -> Invalid {
    Invalid::new(format!("its prefix length {} is more than {}", shown(prefix), address.family().bits()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cidr(text: &str) -> Cidr {
        Cidr::parse(text).unwrap()
    }

    #[test]
    fn refuses_with_a_cause() {
        for (text, reason, fix) in [
            (
                "192.168.1.10/24",
                "'192.168.1.10/24' is an address in the network 192.168.1.0/24",
                Some("192.168.1.0/24"),
            ),
            ("192.168.1.0", "'192.168.1.0' is not a network: it has no prefix length", None),
            (
                "192.168.1.0/33",
                "'192.168.1.0/33' is not a network: its prefix length 33 is more than 32",
                None,
            ),
            (
                "192.168.1.0/999",
                "'192.168.1.0/999' is not a network: its prefix length 999 is more than 32",
                None,
            ),
            ("fd00::/129", "'fd00::/129' is not a network: its prefix length 129 is more than 128", None),
            (
                "192.168.1.0/x",
                "'192.168.1.0/x' is not a network: its prefix length 'x' is not a number",
                None,
            ),
            ("192.168.300.0/24", "'192.168.300.0/24' is not a network: 300 is more than 255", None),
            (
                "192.168.1.0/255.255.255.0",
                "'192.168.1.0/255.255.255.0' is not a network: it has a mask instead of a prefix length",
                Some("192.168.1.0/24"),
            ),
        ] {
            let invalid = Cidr::parse(text).unwrap_err();
            assert_eq!((invalid.reason.as_str(), invalid.fix.as_deref()), (reason, fix));
        }
    }

    #[test]
    fn knows_its_special_addresses() {
        for (text, first, last, broadcast, netmask, len) in [
            ("192.168.1.0/24", "192.168.1.1", "192.168.1.254", Some("192.168.1.255"), "255.255.255.0", 256),
            ("10.0.0.0/31", "10.0.0.0", "10.0.0.1", None, "255.255.255.254", 2),
            ("10.0.0.1/32", "10.0.0.1", "10.0.0.1", None, "255.255.255.255", 1),
            ("0.0.0.0/0", "0.0.0.1", "255.255.255.254", Some("255.255.255.255"), "0.0.0.0", 1 << 32),
            ("fd00::/64", "fd00::1", "fd00::ffff:ffff:ffff:ffff", None, "ffff:ffff:ffff:ffff::", 1 << 64),
            ("::1/128", "::1", "::1", None, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1),
            ("::/0", "::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", None, "::", u128::MAX),
        ] {
            let net = cidr(text);
            assert_eq!(net.to_string(), text);
            assert_eq!(
                (net.first_host().to_string().as_str(), net.last_host().to_string().as_str()),
                (first, last)
            );
            assert_eq!(net.broadcast().map(|address| address.to_string()).as_deref(), broadcast);
            assert_eq!(net.netmask().to_string(), netmask);
            assert_eq!(net.len(), len);
        }
    }

    #[test]
    fn contains_and_overlaps() {
        let lan = cidr("192.168.1.0/24");
        assert!(lan.contains(Address::parse("192.168.1.255").unwrap()));
        assert!(!lan.contains(Address::parse("192.168.2.0").unwrap()));
        assert!(!lan.contains(Address::parse("::1").unwrap()));
        assert!(lan.contains_cidr(cidr("192.168.1.64/26")) && !cidr("192.168.1.64/26").contains_cidr(lan));
        assert!(lan.overlaps(cidr("192.168.0.0/16")) && !lan.overlaps(cidr("192.168.2.0/24")));
        assert!(!cidr("0.0.0.0/0").overlaps(cidr("::/0")));
        assert_eq!(lan.nth(10).map(|address| address.to_string()).as_deref(), Some("192.168.1.10"));
        assert_eq!(lan.nth(256), None);
    }
}
