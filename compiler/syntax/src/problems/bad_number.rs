//! `bad-number`: a number that is written wrongly.

use diagnostics::{Problem, declare_rule};
use source::Place;

declare_rule! {
    pub(crate) BAD_NUMBER, "bad-number", error, since "0.1",
    "a number that is written wrongly", page "bad_number.md"
}

/// `written` is no number, version or address.
pub(crate) fn bad_number(place: Place, written: &str) -> Problem {
    let is_address =
        written.matches('.').count() > 2 && written.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if is_address {
        let parts = written.split('.').count();
        return Problem::new(
            &BAD_NUMBER,
            place,
            format!("'{written}' has {parts} parts, and an address has 4"),
        )
        .help("write four numbers with dots between them, such as 192.168.1.10");
    }
    Problem::new(&BAD_NUMBER, place, format!("'{written}' is not a number"))
        .label("cannot be read as a number")
        .help("numbers look like 42, 1_000, 1.5, 8GiB, 1h30m, 1.2.3 or 192.168.1.1; anything else stands in quotes")
}

/// Whether `written` looks like an address of IPv6 or a MAC address: groups of a few digits with `:` between.
pub(crate) fn is_grouped(written: &str) -> bool {
    let is_group = |group: &str| group.len() <= 4 && group.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_digit = |byte: u8| byte.is_ascii_hexdigit() && !byte.is_ascii_digit();
    written.matches(':').count() > 1 && written.split(':').all(is_group) && written.bytes().any(is_digit)
}

/// `written` looks like an address of IPv6 or a MAC address, and is neither.
pub(crate) fn bad_groups(place: Place, written: &str) -> Problem {
    Problem::new(&BAD_NUMBER, place, format!("'{written}' is neither an address nor a MAC address"))
        .label("cannot be read as one")
        .help(
            "an address looks like fd00::10, a MAC address like 02:00:00:00:00:0a, with digits from 0 to f; a text stands in quotes",
        )
}

/// The number `written` has a comma for a point.
pub(crate) fn decimal_comma(place: Place, written: &str) -> Problem {
    let right = written.replace(',', ".");
    Problem::new(&BAD_NUMBER, place.clone(), format!("'{written}' has a comma where a number has a dot"))
        .label(format!("write '{right}'"))
        .fix(format!("change to '{right}'"), place, right)
}

/// A space stands between the number and the unit that are together `written`.
pub(crate) fn spaced_unit(place: Place, written: &str, gap: Place) -> Problem {
    let right: String = written.split_whitespace().collect();
    Problem::new(&BAD_NUMBER, place, format!("a number and its unit stand together: '{right}'"))
        .label("there is a space between")
        .fix("remove the space", gap, "")
}

/// `written` is two numbers with a colon between.
pub(crate) fn two_numbers(place: Place, written: &str) -> Problem {
    Problem::new(&BAD_NUMBER, place, format!("'{written}' is not one number"))
        .label("two numbers")
        .help("a port is one number, and that of the host a field of its own; times are written 1h30m; texts have quotes")
}

/// A number without digits on one side of its dot; `right` is how it is written.
pub(crate) fn bare_dot(place: Place, right: &str) -> Problem {
    Problem::new(&BAD_NUMBER, place.clone(), "a number has digits on both sides of its dot")
        .label(format!("write '{right}'"))
        .fix(format!("change to '{right}'"), place, right)
}

/// A `%` that was meant to say that a number is a percentage.
pub(crate) fn percentage(place: Place) -> Problem {
    Problem::new(&BAD_NUMBER, place, "there are no percentages: '%' is the rest of a division")
        .help("write the part itself, such as 0.5, or 500m of a CPU")
}
