//! Whatever the text: no parser panics, every reason can be shown, and every fix is right.

use domain::{
    Address, AddressRange, Cidr, Cpu, Cron, Date, DnsLabel, Duration, Hostname, ImageReference, Invalid, Mac,
    Port, Quantity, RecipientKey, Size, UnixPath, Url, Version,
};
use proptest::prelude::*;

/// Reads a text and forgets what it was.
type Parser = fn(&str) -> Result<(), Invalid>;

/// Every parser, told apart by name.
const PARSERS: &[(&str, Parser)] = &[
    ("address", |text| Address::parse(text).map(drop)),
    ("range", |text| AddressRange::parse(text).map(drop)),
    ("cidr", |text| Cidr::parse(text).map(drop)),
    ("cpu", |text| Cpu::parse(text).map(drop)),
    ("cron", |text| Cron::parse(text).map(drop)),
    ("label", |text| DnsLabel::parse(text).map(drop)),
    ("day", |text| Date::parse(text).map(drop)),
    ("duration", |text| Duration::parse(text).map(drop)),
    ("hostname", |text| Hostname::parse(text).map(drop)),
    ("wildcard", |text| Hostname::parse_wildcard(text).map(drop)),
    ("image", |text| ImageReference::parse(text).map(drop)),
    ("mac", |text| Mac::parse(text).map(drop)),
    ("port", |text| Port::parse(text).map(drop)),
    ("quantity", |text| Quantity::parse(text).map(drop)),
    ("recipient", |text| RecipientKey::parse(text).map(drop)),
    ("size", |text| Size::parse(text).map(drop)),
    ("path", |text| UnixPath::parse(text).map(drop)),
    ("url", |text| Url::parse(text).map(drop)),
    ("version", |text| Version::parse(text).map(drop)),
];

/// Asks every parser about `text`.
fn ask_all(text: &str) {
    for (name, parse) in PARSERS {
        let Err(invalid) = parse(text) else { continue };
        assert!(!invalid.reason.is_empty() && !invalid.reason.ends_with('.'), "{name}: {text:?}");
        assert!(!invalid.reason.contains(['\n', '\r', '\0']), "{name}: {text:?} has control characters");
        assert!(invalid.reason.chars().count() < 300, "{name}: {:?} is long", invalid.reason);
        if let Some(fix) = &invalid.fix {
            assert_eq!(parse(fix), Ok(()), "{name}: {text:?} is to be {fix:?}");
        }
    }
}

/// Texts that are nearly a value.
const NEARLY: &[&str] = &[
    "192.168.1.10",
    "192.168.1.10/24",
    "10.0.0.1 .. 10.0.0.9",
    "fd00::1/64",
    "[fd00::1]:80",
    "52:54:00:ab:cd:ef",
    "8GiB",
    "1.5 gib",
    "250m",
    "1h30min",
    "0 22-6 * * MON-7",
    "*/15 0-6,22 1 JAN *",
    "N8N.Home_Lan.",
    "*.Home.lan",
    "https://User@N8N.lan:80/x?y#z",
    "ghcr.io/Owner/name:1.2.3@sha256:00",
    "v1.2.3-rc.1+build",
    "/a/../b//c/",
    "8080/tcp",
    "CRON_TZ=UTC 0 4 * * 7",
    "2026-05-22T20:16:23Z",
    "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIkNwhcuCJsc6oD3QEFYfC/8qSl56NqEJAJ7Hmru/APR a@b",
];

/// Letters that parsers look for, and some they do not expect.
const SPICE: &[char] = &[
    '.', ':', '/', '-', '*', ' ', '@', '0', '7', '9', 'g', 'A', '[', ']', '%', '~', ',', '_', '+', '?', '#',
    '\n', 'ü', '²', '\0',
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text(text in any::<String>()) {
        ask_all(&text);
    }

    #[test]
    fn text_of_what_parsers_look_for(text in "[0-9a-zA-Z.:/*@%~,_ +?#\\[\\]-]{0,30}") {
        ask_all(&text);
    }

    #[test]
    fn a_value_with_mistakes(
        text in prop::sample::select(NEARLY),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(SPICE), 0..3), 0..3),
    ) {
        let mut letters: Vec<char> = text.chars().collect();
        for (at, letter, how) in changes {
            let at = at.index(letters.len() + 1);
            match how {
                0 => letters.insert(at, letter),
                1 if at < letters.len() => letters[at] = letter,
                _ if at < letters.len() => drop(letters.remove(at)),
                _ => {}
            }
        }
        ask_all(&letters.into_iter().collect::<String>());
    }
}

#[test]
fn long_texts() {
    for text in ["9", "a", ".", ":", "-", "a.", "1h", "*,", "/", "ü"] {
        ask_all(&text.repeat(5000));
    }
}
