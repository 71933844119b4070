//! What time it is.

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

use domain::Date;
use sops::Timestamp;

/// Seconds since the beginning of 1970; what `SOURCE_DATE_EPOCH` says, where it says anything, so that a build can be
/// done again (reproducible-builds.org).
fn seconds() -> u64 {
    let said = env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    said.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}

/// Now, as files say when they were changed.
pub fn now() -> Timestamp {
    Timestamp::from_unix(seconds())
}

/// The day.
pub fn today() -> Option<Date> {
    Date::of_seconds(seconds())
}
