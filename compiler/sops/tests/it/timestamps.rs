//! Times as files say them.

use proptest::prelude::*;
use sops::Timestamp;

#[test]
fn seconds_are_dates() {
    let dates = [
        (0, "1970-01-01T00:00:00Z"),
        (951_782_399, "2000-02-28T23:59:59Z"),
        (951_782_400, "2000-02-29T00:00:00Z"),
        (1_709_164_800, "2024-02-29T00:00:00Z"),
        (1_779_480_983, "2026-05-22T20:16:23Z"),
        (4_107_542_400, "2100-03-01T00:00:00Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"),
        (u64::MAX, "9999-12-31T23:59:59Z"),
    ];
    for (seconds, date) in dates {
        assert_eq!(Timestamp::from_unix(seconds).as_str(), date);
    }
}

#[test]
fn times_are_read_in_the_form_that_the_mac_is_bound_to() {
    let read = |text: &str| Timestamp::parse(text).map(|time| time.to_string());
    let same = "2026-05-22T20:16:23+02:00";
    assert_eq!(read(same).unwrap(), same);
    for utc in ["2026-05-22T20:16:23Z", "2026-05-22T20:16:23.123456Z", "2026-05-22T20:16:23+00:00"] {
        assert_eq!(read(utc).unwrap(), "2026-05-22T20:16:23Z");
    }
    let bad = [
        "",
        "2026-05-22",
        "2026-05-22 20:16:23Z",
        "2026-05-22T20:16:23",
        "2026-13-22T20:16:23Z",
        "2026-05-22T24:16:23Z",
        "2026-05-22T20:16:23.Z",
        "2026-05-22T20:16:23+2:00",
        "2026-05-22T20:16:23Zé",
        "éééééééééé",
    ];
    for text in bad {
        assert!(read(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn later_is_greater_and_reads_back(one in 0..253_402_300_799_u64, more in 1..400 * 24 * 3600_u64) {
        let (one, other) = (Timestamp::from_unix(one), Timestamp::from_unix(one + more));
        prop_assert!(one.as_str() < other.as_str() || other.as_str().starts_with("9999-12-31T23:59:59"));
        prop_assert_eq!(Timestamp::parse(one.as_str()).unwrap(), one);
    }
}
