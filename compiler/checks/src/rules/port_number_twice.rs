//! `port-number-twice`: two ports of an app with one number.

use std::collections::BTreeMap;

use diagnostics::{Problem, declare_rule};
use model::{App, Entity, Port, Protocol};

use super::collision;
use crate::facts::near;

declare_rule! { pub PORT_NUMBER_TWICE, "port-number-twice", error, since "0.1", "two ports of an app with one number", page "port_number_twice.md" }

/// Where a port has a number: what people call it, and which number it is.
type Side = (&'static str, fn(&Port) -> Option<u16>);

/// A number is taken once by the container, by its service, and on its host.
const SIDES: &[Side] = &[
    ("port", |port| Some(port.number.value)),
    ("service port", |port| Some(port.of_service())),
    ("host port", |port| port.host_port.as_ref().map(|port| port.value)),
];

/// Looks for ports that have the number of another one, by the same protocol.
pub(crate) fn check(entity: &Entity) -> Vec<Problem> {
    let Entity::App(app) = entity else { return Vec::new() };
    let mut problems = Vec::new();
    // Of two ports, one problem tells enough.
    let mut reported: Vec<&str> = Vec::new();
    for (side, number) in SIDES {
        let mut first: BTreeMap<(u16, Protocol), (&str, &Port)> = BTreeMap::new();
        for (name, port) in &app.ports {
            let Some(number) = number(port) else { continue };
            match first.get(&(number, port.protocol)) {
                Some(_) if reported.contains(&name.as_str()) => {}
                Some(earlier) => {
                    problems.push(port_number_twice(app, side, number, *earlier, (name, port)));
                    reported.push(name);
                }
                None => drop(first.insert((number, port.protocol), (name, port))),
            }
        }
    }
    problems
}

/// Both ports have the number.
fn port_number_twice(
    app: &App,
    side: &str,
    number: u16,
    earlier: (&str, &Port),
    later: (&str, &Port),
) -> Problem {
    let owner = &app.placement.place;
    let message = format!(
        "ports '{}' and '{}' of app '{}' are both {side} {number}",
        earlier.0, later.0, app.placement.name
    );
    collision(
        &PORT_NUMBER_TWICE,
        message,
        (&near(&earlier.1.number.place, owner), format!("port '{}'", earlier.0)),
        (&near(&later.1.number.place, owner), format!("port '{}'", later.0)),
    )
    .help(match side {
        "port" => "one declaration is enough for a port, whatever is spoken at it",
        "service port" => "give one of them another 'service-port'",
        _ => "give one of them another 'host-port'",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{IntoEntity as _, app, messages, port};

    fn found(ports: [Port; 2]) -> Vec<String> {
        let mut app = app("dns", "media");
        app.ports.extend(["a".to_owned(), "b".to_owned()].into_iter().zip(ports));
        messages(&PORT_NUMBER_TWICE, &[app.into_entity()])
    }

    #[test]
    fn numbers_are_taken_once() {
        assert_eq!(
            found([port(80, None), port(80, None)]),
            ["ports 'a' and 'b' of app 'dns' are both port 80"]
        );
        let udp = Port { protocol: Protocol::Udp, ..port(53, None) };
        assert_eq!(found([port(53, None), udp]), [""; 0]);
        let web = Port { service_port: Some(80), ..port(8080, None) };
        assert_eq!(found([web, port(80, None)]), ["ports 'a' and 'b' of app 'dns' are both service port 80"]);
        assert_eq!(
            found([port(80, Some(8080)), port(81, Some(8080))]),
            ["ports 'a' and 'b' of app 'dns' are both host port 8080"]
        );
    }
}
