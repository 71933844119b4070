//! What is shown reads back as the same value.

use std::fmt::{Debug, Display};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use domain::{
    Address, AddressRange, Cidr, Cpu, Cron, DnsLabel, Duration, Hostname, ImageReference, Invalid, Mac, Port,
    Quantity, Size, UnixPath, Url, Version,
};
use proptest::prelude::*;

/// Shows `value`, reads it back and compares.
fn round_trip<T: Display + Debug + PartialEq>(value: &T, parse: fn(&str) -> Result<T, Invalid>) {
    assert_eq!(parse(&value.to_string()).as_ref(), Ok(value));
}

/// Reads `text`, and shows and reads what came of it.
fn reads_and_returns<T: Display + Debug + PartialEq>(text: &str, parse: fn(&str) -> Result<T, Invalid>) {
    round_trip(&parse(text).unwrap(), parse);
}

fn address() -> impl Strategy<Value = Address> {
    let v4 = any::<u32>().prop_map(|bits| Address::from(IpAddr::from(Ipv4Addr::from_bits(bits))));
    let v6 = any::<u128>().prop_map(|bits| Address::from(IpAddr::from(Ipv6Addr::from_bits(bits))));
    prop_oneof![v4, v6]
}

/// Numbers of every magnitude, with and without zeros at the end.
fn amount() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        (0_u64..1000, 0_u32..51).prop_map(|(number, shift)| number << shift),
        (0_u64..1000, 0_u32..6).prop_map(|(number, power)| number * 1000_u64.pow(power)),
        (0_u64..1_000_000).prop_map(|minutes| minutes * 60_000),
    ]
}

proptest! {
    #[test]
    fn addresses(address in address()) {
        round_trip(&address, Address::parse);
    }

    #[test]
    fn networks(address in address(), prefix in 0_u8..=128) {
        if let Some(cidr) = Cidr::of(address, prefix) {
            round_trip(&cidr, Cidr::parse);
        }
    }

    #[test]
    fn ranges(one in address(), other in address()) {
        if let Ok(range) = AddressRange::new(one, other) {
            round_trip(&range, AddressRange::parse);
            prop_assert_eq!(AddressRange::parse(&range.hl()), Ok(range));
        }
    }

    #[test]
    fn macs(text in "([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}") {
        reads_and_returns(&text, Mac::parse);
    }

    #[test]
    fn ports(number in 1_i64..=65535) {
        round_trip(&Port::new(number).unwrap(), Port::parse);
    }

    #[test]
    fn sizes(bytes in amount()) {
        round_trip(&Size::from_bytes(bytes), Size::parse);
    }

    #[test]
    fn cpu_shares(millis in amount()) {
        round_trip(&Cpu::from_millis(millis), Cpu::parse);
    }

    #[test]
    fn durations(milliseconds in amount()) {
        let duration = Duration::from_milliseconds(milliseconds);
        round_trip(&duration, Duration::parse);
        prop_assert_eq!(Duration::parse(&duration.go()), Ok(duration));
    }

    #[test]
    fn quantities(text in "[0-9]{1,4}(\\.[0-9])?(GiB|kB|m|d|h|)") {
        let quantity = Quantity::split(&text).unwrap();
        prop_assert_eq!(Quantity::split(&quantity.to_string()), Ok(quantity));
    }

    #[test]
    fn cron_lines(text in " ?(\\*|[0-5]?[0-9])(/[1-5])?  ([0-9]|1[0-9]|\\*/6) ([1-9]|\\*) (\\*|[1-9]|FEB) (\\*|[0-6]|MON-FRI)") {
        reads_and_returns(&text, Cron::parse);
    }

    #[test]
    fn host_names(text in "[a-z]([a-z0-9-]{0,20}[a-z0-9])?(\\.[a-z]([a-z0-9-]{0,20}[a-z0-9])?){0,4}") {
        reads_and_returns(&text, Hostname::parse);
        reads_and_returns(&format!("*.{text}"), Hostname::parse_wildcard);
        reads_and_returns(text.split('.').next().unwrap(), DnsLabel::parse);
    }

    #[test]
    fn urls(text in "(http|https|oci)://([a-z]{1,5}(:[a-z0-9]{1,5})?@)?[a-z]{1,9}(\\.[a-z]{1,5}){0,2}(:[1-9][0-9]{0,3})?(/[a-z0-9._-]{0,5}){0,3}(\\?[a-z]=%2F)?(#[a-z])?") {
        reads_and_returns(&text, Url::parse);
    }

    #[test]
    fn images(text in "(ghcr\\.io/|localhost:5000/|docker\\.io/)?[a-z0-9]{1,9}(/[a-z]{1,5}((\\.|_|__|-{1,3})[a-z0-9]{1,3}){0,2}){0,2}(:[A-Za-z0-9_][A-Za-z0-9._-]{0,9}@sha256:[0-9a-f]{64}|:[a-z0-9]{1,5}|@sha512:[0-9a-f]{128})") {
        reads_and_returns(&text, ImageReference::parse);
        let image = ImageReference::parse(&text).unwrap();
        prop_assert_eq!(ImageReference::parse(&image.familiar()), Ok(image));
    }

    #[test]
    fn versions(text in "v?[0-9]{1,5}(\\.[0-9]{1,5}){0,3}(-[a-z0-9-]{1,5}(\\.[0-9]{1,3})?)?(\\+[a-z0-9]{1,5})?") {
        reads_and_returns(&text, Version::parse);
    }

    #[test]
    fn paths(text in "(/[a-zA-Z0-9 _-][a-z.]{0,5}){0,5}/?") {
        if !text.is_empty() {
            reads_and_returns(&text, UnixPath::parse);
        }
    }
}
