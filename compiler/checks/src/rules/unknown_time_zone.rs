//! `unknown-time-zone`: a time zone that does not exist.

use diagnostics::{Problem, closest, declare_rule, did_you_mean};
use domain::TimeZone;
use model::At;

use crate::lab::Lab;

declare_rule! { pub UNKNOWN_TIME_ZONE, "unknown-time-zone", error, since "0.1", "a time zone that does not exist", page "unknown_time_zone.md" }

/// Looks for a lab whose clocks would be in a zone that hosts and pods do not know.
pub(crate) fn check(lab: &Lab<'_>) -> Vec<Problem> {
    let own = lab.workloads.iter().filter_map(|work| work.timezone.as_ref());
    let zones = lab.labs.iter().map(|lab| &lab.timezone).chain(own);
    zones.filter(|zone| TimeZone::parse(zone).is_err()).map(unknown_time_zone).collect()
}

/// The list has no such zone.
fn unknown_time_zone(zone: &At<String>) -> Problem {
    let message = format!("there is no time zone '{}'", zone.value);
    let problem = Problem::new(&UNKNOWN_TIME_ZONE, zone.place.clone(), message);
    let city =
        |name: &'static str| name.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(zone));
    let names = || TimeZone::all().map(TimeZone::name);
    let near = match names().find(|name| city(name)) {
        Some(name) => vec![name],
        None => closest(zone, names(), 1),
    };
    match did_you_mean(&near) {
        Some(question) => problem.help(question),
        None => problem.help("zones are called like 'Europe/Lisbon': a continent and a city"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, lab, problems};
    use model::Entity;

    fn found(zone: &str) -> Option<String> {
        let Entity::Lab(mut lab) = lab("home") else { unreachable!() };
        lab.timezone = at(zone.to_owned());
        let found = problems(&UNKNOWN_TIME_ZONE, &[Entity::Lab(lab)]);
        found.first().map(|problem| problem.help.clone().unwrap_or_default())
    }

    #[test]
    fn zones_exist() {
        assert_eq!(found("Europe/Amsterdam"), None);
        assert!(found("Europe/Amsterdm").unwrap().contains("'Europe/Amsterdam'"));
        assert!(found("Lisbon").unwrap().contains("'Europe/Lisbon'"));
        assert!(found("x").is_some());
    }
}
