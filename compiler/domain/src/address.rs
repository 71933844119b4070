//! Addresses of IPv4 and IPv6.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::Invalid;
use crate::invalid::{counted, quoted, shown};

/// An address; those of IPv4 stand before those of IPv6, and inside a family they are in numeric order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(IpAddr);

/// Which of the two kinds of address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    V4,
    V6,
}

impl Family {
    /// How many bits an address of the family has.
    pub(crate) const fn bits(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    /// The address of the family with this number, if the family reaches so far.
    pub(crate) fn address(self, number: u128) -> Option<Address> {
        match self {
            Self::V4 => u32::try_from(number).ok().map(|number| Address(Ipv4Addr::from_bits(number).into())),
            Self::V6 => Some(Address(Ipv6Addr::from_bits(number).into())),
        }
    }
}

impl Address {
    /// Reads `192.168.1.10` or `fd00::10`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::read(text).map_err(|cause| cause.of(text, "an address").settled(Self::read))
    }

    /// As `parse`, with the bare cause as the reason.
    pub(crate) fn read(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() {
            return Err(Invalid::new("it is empty"));
        }
        if let Some(cause) = something_more(text) {
            return Err(cause);
        }
        if text.contains(':') { read_v6(text) } else { read_v4(text) }
    }

    /// The address that `text` is, for those who expect a name: most texts need no look that ends in a cause.
    pub(crate) fn find(text: &str) -> Option<Self> {
        let is_plausible =
            text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') || text.contains(':');
        if is_plausible { Self::read(text).ok() } else { None }
    }

    /// The address as the standard library has it.
    pub const fn ip(self) -> IpAddr {
        self.0
    }

    /// Whether it is of IPv4.
    pub const fn is_v4(self) -> bool {
        self.0.is_ipv4()
    }

    /// Whether it is only for use inside a house or company (RFC 1918, RFC 4193).
    pub const fn is_private(self) -> bool {
        match self.0 {
            IpAddr::V4(ip) => ip.is_private(),
            IpAddr::V6(ip) => ip.is_unique_local(),
        }
    }

    /// Whether it means the machine itself.
    pub const fn is_loopback(self) -> bool {
        self.0.is_loopback()
    }

    /// The address `by` further on, or back where `by` is negative; `None` past either end of the family.
    pub fn plus(self, by: i128) -> Option<Self> {
        self.family().address(self.number().checked_add_signed(by)?)
    }

    /// The address `by` further back, or on where `by` is negative; `None` past either end of the family.
    pub fn minus(self, by: i128) -> Option<Self> {
        self.plus(by.checked_neg()?)
    }

    /// What has to be added to `other` to reach this address; `None` between families and out of range.
    pub fn offset_from(self, other: Self) -> Option<i128> {
        (self.family() == other.family()).then(|| self.number().checked_signed_diff(other.number()))?
    }

    pub(crate) const fn family(self) -> Family {
        if self.is_v4() { Family::V4 } else { Family::V6 }
    }

    pub(crate) const fn number(self) -> u128 {
        match self.0 {
            IpAddr::V4(ip) => ip.to_bits() as u128,
            IpAddr::V6(ip) => ip.to_bits(),
        }
    }
}

impl From<IpAddr> for Address {
    fn from(ip: IpAddr) -> Self {
        Self(ip)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The cause for a text that is an address with something around it.
fn something_more(text: &str) -> Option<Invalid> {
    let is_address = |text: &str| text.parse::<IpAddr>().is_ok();
    let more = |what: &str, address: &str| {
        is_address(address).then(|| Invalid::new(format!("it has {what}")).with_fix(address))
    };
    if let Some((address, _)) = text.split_once('/') {
        return more("a prefix length", address);
    }
    if let Some((address, _)) = text.split_once('%') {
        return more("a zone", address);
    }
    if let Some(inner) = text.strip_prefix('[') {
        return match inner.split_once(']')? {
            (address, "") => more("brackets", address),
            (address, _) => more("a port", address),
        };
    }
    if text.trim() != text {
        return more("space around it", text.trim());
    }
    let (address, _) = text.split_once(':')?;
    address.contains('.').then(|| more("a port", address))?
}

fn read_v4(text: &str) -> Result<Address, Invalid> {
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() != 4 {
        return Err(Invalid::new(format!("it has {} instead of 4", counted(parts.len(), "part")))
            .with_help("write four numbers with dots between them, such as 192.168.1.10"));
    }
    let mut octets = [0; 4];
    for (octet, part) in octets.iter_mut().zip(&parts) {
        *octet = read_octet(part)?;
    }
    if parts.iter().any(|part| part.len() > 1 && part.starts_with('0')) {
        return Err(Invalid::new("a part starts with 0, which some programs read as octal")
            .with_fix(Ipv4Addr::from_octets(octets).to_string()));
    }
    Ok(Address(Ipv4Addr::from_octets(octets).into()))
}

fn read_octet(part: &str) -> Result<u8, Invalid> {
    if part.is_empty() {
        return Err(Invalid::new("a part is empty"));
    }
    if !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Invalid::new(format!("{} is not a number", quoted(part))));
    }
    part.parse().map_err(|_| Invalid::new(format!("{} is more than 255", shown(part))))
}

fn read_v6(text: &str) -> Result<Address, Invalid> {
    if let Ok(ip) = text.parse::<Ipv6Addr>() {
        return Ok(Address(ip.into()));
    }
    let groups: Vec<&str> = text.split(':').collect();
    let bad = groups.iter().find(|group| {
        !group.contains('.') && (group.len() > 4 || !group.bytes().all(|byte| byte.is_ascii_hexdigit()))
    });
    let cause = if let Some(group) = bad {
        format!("{} is not one to four hexadecimal digits", quoted(group))
    } else if text.matches("::").count() > 1 {
        "'::' may stand only once".to_owned()
    } else if !text.contains("::") && !text.contains('.') && groups.len() != 8 {
        format!("it has {} instead of 8", counted(groups.len(), "group"))
    } else {
        "its groups do not make 128 bits".to_owned()
    };
    Err(Invalid::new(cause).with_help("write groups of hexadecimal digits, such as fd00::10"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    #[test]
    fn reads_and_shows() {
        for (text, shown) in [
            ("192.168.1.10", "192.168.1.10"),
            ("0.0.0.0", "0.0.0.0"),
            ("FD00:0:0::0010", "fd00::10"),
            ("::", "::"),
            ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
        ] {
            assert_eq!(address(text).to_string(), shown);
        }
    }

    #[test]
    fn refuses_with_a_cause() {
        for (text, cause, fix) in [
            ("192.168.1.300", "300 is more than 255", None),
            ("192.168.1", "it has 3 parts instead of 4", None),
            ("192.168..1", "a part is empty", None),
            ("192.168.1.x", "'x' is not a number", None),
            (
                "192.168.1.010",
                "a part starts with 0, which some programs read as octal",
                Some("192.168.1.10"),
            ),
            ("192.168.1.10/24", "it has a prefix length", Some("192.168.1.10")),
            ("192.168.1.10:80", "it has a port", Some("192.168.1.10")),
            ("[fd00::1]:80", "it has a port", Some("fd00::1")),
            ("[fd00::1]", "it has brackets", Some("fd00::1")),
            ("fe80::1%eth0", "it has a zone", Some("fe80::1")),
            (" 10.0.0.1", "it has space around it", Some("10.0.0.1")),
            ("fd00::zz", "'zz' is not one to four hexadecimal digits", None),
            ("1::2::3", "'::' may stand only once", None),
            ("1:2:3", "it has 3 groups instead of 8", None),
            ("", "it is empty", None),
        ] {
            let invalid = Address::parse(text).unwrap_err();
            assert_eq!(invalid.reason, format!("'{text}' is not an address: {cause}"));
            assert_eq!(invalid.fix.as_deref(), fix, "{text}");
        }
    }

    #[test]
    fn counts_and_stops_at_the_ends() {
        let last = address("255.255.255.255");
        assert_eq!(address("192.168.1.255").plus(1), Some(address("192.168.2.0")));
        assert_eq!(address("10.0.0.1").minus(1), Some(address("10.0.0.0")));
        assert_eq!(last.plus(1), None);
        assert_eq!(last.minus(i128::MIN), None);
        assert_eq!(address("0.0.0.0").minus(1), None);
        assert_eq!(address("::").plus(i128::MIN), None);
        assert_eq!(address("10.0.1.0").offset_from(address("10.0.0.0")), Some(256));
        assert_eq!(address("10.0.0.0").offset_from(address("10.0.1.0")), Some(-256));
        assert_eq!(address("10.0.0.0").offset_from(address("::")), None);
    }

    #[test]
    fn orders_by_number() {
        assert!(address("10.0.0.9") < address("10.0.0.10"));
        assert!(address("255.0.0.0") < address("::1"));
    }
}
